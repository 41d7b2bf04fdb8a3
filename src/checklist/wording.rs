//! What a message says: whether it names the denial or the expiry, or is raw output that no user should see.

use crate::evidence::{Page, says_any};

const DENIALS: &[&str] = &[
    "denied",
    "declined",
    "refused",
    "rejected",
    "cancelled",
    "canceled",
    "not grant",
    "not granted",
    "didn't grant",
    "not allow",
    "not allowed",
    "didn't allow",
    "not authorize",
    "not authorized",
    "didn't authorize",
    "not approve",
    "not approved",
    "didn't approve",
    "not given",
    "turned down",
    "without permission",
    "without the permissions",
];
const OF_PERMISSION: &[&str] = &[
    "permission",
    "permissions",
    "access",
    "authorization",
    "authorisation",
    "consent",
    "klaviyo",
    "install",
    "installed",
    "installation",
    "connect",
    "connection",
    "request",
    "scopes",
];
const EXPIRIES: &[&str] = &[
    "expired",
    "expire",
    "no longer valid",
    "not valid any more",
    "not valid anymore",
    "isn't valid any more",
    "timed out",
    "took too long",
    "too long ago",
    "too old",
    "has ended",
];
const GENERIC: &[&str] = &[
    "went wrong",
    "error",
    "failed",
    "failure",
    "problem",
    "oops",
    "unable",
    "could not",
    "couldn't",
    "try again",
    "contact support",
];

/// What a page tells of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// The cause that was asked for, by a readable message.
    Named,
    /// Something went wrong, but not what.
    Generic,
    /// Output that was not made for people: a stack trace, bare JSON.
    Raw,
    /// Nothing.
    Nothing,
}

/// What a page tells of a denial.
pub(super) fn told_of_denial(page: &Page) -> Told {
    told(page, |sentence| says_any(sentence, DENIALS) && says_any(sentence, OF_PERMISSION))
}

/// What a page tells of an expired code.
pub(super) fn told_of_expiry(page: &Page) -> Told {
    told(page, |sentence| says_any(sentence, EXPIRIES))
}

fn told(page: &Page, names: impl Fn(&str) -> bool) -> Told {
    if is_raw(page) {
        return Told::Raw;
    }
    // The protocol's own words are for programs: a page that shows only them names nothing to a user.
    let text = page.text.replace("access_denied", " ").replace("invalid_grant", " ");
    if text.split(['.', '!', '?']).any(names) {
        Told::Named
    } else if says_any(&text, GENERIC)
        || page.status.is_some_and(|status| status >= 400)
        || text.len() < page.text.len()
    {
        Told::Generic
    } else {
        Told::Nothing
    }
}

/// Whether a page is output that was not made for people.
fn is_raw(page: &Page) -> bool {
    let json = page.media_type.as_deref().is_some_and(|kind| kind.contains("json"))
        || page.text.trim_start().starts_with(['{', '[']);
    let trace = ["Traceback (most recent call last)", "stack backtrace:", "Stack trace:", "panicked at", "Caused by:"]
        .iter()
        .any(|sign| page.text.contains(sign))
        || page.text.contains(" at ") && page.text.matches(".js:").count() > 2;
    json || trace
}
