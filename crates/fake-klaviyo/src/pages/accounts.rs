//! The account choice, for users with several accounts (D).

use askama::Template;

use crate::http::response::Response;
use crate::model::account::Account;
use crate::model::client::Client;
use crate::pages::error::page_of;
use crate::state::attempts::Attempt;
use crate::state::sessions::RequestSession;

#[derive(Template)]
#[template(path = "pages/accounts.html")]
struct Choice<'a> {
    app: &'a str,
    csrf: &'a str,
    attempt: &'a str,
    accounts: &'a [Account],
}

/// The page that asks which account to install the app for.
pub(crate) fn account_choice(
    current: &RequestSession,
    attempt: &Attempt,
    client: &Client,
    accounts: &[Account],
) -> Response {
    page_of(&Choice { app: &client.name, csrf: &current.session.csrf, attempt: &attempt.id, accounts })
}
