//! The consent page: which app asks, for which account, and for what, in plain language (D).

use askama::Template;

use crate::http::response::Response;
use crate::model::account::Account;
use crate::model::client::Client;
use crate::model::scopes::Permission;
use crate::pages::error::{initial, page_of};
use crate::state::attempts::Attempt;
use crate::state::sessions::RequestSession;

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

/// The consent page of an attempt.
pub(crate) fn consent(
    current: &RequestSession,
    attempt: &Attempt,
    client: &Client,
    account: &Account,
    user: &str,
    granted: &[String],
    warn: bool,
) -> Response {
    page_of(&Consent {
        app: &client.name,
        initial: initial(&client.name),
        account,
        user,
        permissions: granted.iter().map(|scope| Permission::of(scope)).collect(),
        scopes: granted.join(" "),
        warn,
        csrf: &current.session.csrf,
        attempt: &attempt.id,
    })
}
