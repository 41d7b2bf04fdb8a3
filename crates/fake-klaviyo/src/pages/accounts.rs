//! The account choice, for users with several accounts (D).

use askama::Template;

use super::error::page_of;
use crate::answer::Answer;
use crate::attempts::Attempt;
use crate::session::Visit;
use crate::{Account, Client};

#[derive(Template)]
#[template(path = "pages/accounts.html")]
struct Choice<'a> {
    app: &'a str,
    csrf: &'a str,
    attempt: &'a str,
    accounts: &'a [Account],
}

/// Asks which account the app is for.
pub(crate) fn account_choice(visit: &Visit, attempt: &Attempt, client: &Client, accounts: &[Account]) -> Answer {
    page_of(&Choice { app: &client.name, csrf: &visit.session.csrf, attempt: &attempt.id, accounts })
}
