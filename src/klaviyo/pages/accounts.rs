//! The account choice, for users with several accounts (D).

use askama::Template;

use super::error::page_of;
use crate::klaviyo::answer::Answer;
use crate::klaviyo::attempts::Attempt;
use crate::klaviyo::session::Visit;
use crate::klaviyo::{Account, Client};

#[derive(Template)]
#[template(path = "klaviyo/pages/accounts.html")]
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
