//! The consent page: who asks, for which account, for what, in plain words (D).

use askama::Template;

use super::error::{initial, page_of};
use crate::answer::Answer;
use crate::attempts::Attempt;
use crate::scopes::Permission;
use crate::session::Visit;
use crate::{Account, Client};

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
