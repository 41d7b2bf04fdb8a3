//! The consent page: who asks, for which account, for what, in plain words (D).

use askama::Template;

use super::error::{initial, page_of};
use crate::klaviyo::answer::Answer;
use crate::klaviyo::attempts::Attempt;
use crate::klaviyo::scopes::Permission;
use crate::klaviyo::session::Visit;
use crate::klaviyo::{Account, Client};

#[derive(Template)]
#[template(path = "klaviyo/pages/consent.html")]
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
