//! The consent page: who asks, for which account, for what, in plain words (D).

use askama::Template;

use crate::http::response::Answer;
use crate::model::account::Account;
use crate::model::client::Client;
use crate::model::scopes::Permission;
use crate::pages::error::{initial, page_of};
use crate::state::attempts::Attempt;
use crate::state::sessions::Visit;

#[derive(Template)]
#[template(path = "pages/consent.html")]
struct Consent<'a> {
    app: &'a str,
    initial: String,
    account: &'a Account,
    user: &'a str,
    permissions: Vec<Permission>,
    scopes: String,
    warn: bool,
    csrf: &'a str,
    attempt: &'a str,
}

/// Asks for consent.
pub(crate) fn consent(
    visit: &Visit,
    attempt: &Attempt,
    client: &Client,
    account: &Account,
    user: &str,
    warn: bool,
) -> Answer {
    page_of(&Consent {
        app: &client.name,
        initial: initial(&client.name),
        account,
        user,
        permissions: attempt.wish.scopes.iter().map(|scope| Permission::of(scope)).collect(),
        scopes: attempt.wish.scopes.join(" "),
        warn,
        csrf: &visit.session.csrf,
        attempt: &attempt.id,
    })
}
