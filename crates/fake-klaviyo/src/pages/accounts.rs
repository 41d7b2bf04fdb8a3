//! The account choice, for users with several accounts (D).

use askama::Template;

use crate::http::response::Answer;
use crate::model::account::Account;
use crate::model::client::Client;
use crate::pages::error::page_of;
use crate::state::attempts::Attempt;
use crate::state::sessions::Visit;

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
