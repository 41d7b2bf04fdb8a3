//! A user who denies permissions is told that the installation failed because of it.

use flowcheck_evidence::{Page, PageKind};

use super::failed_attempt::{denied, message};
use crate::flow::{Attempt, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::wording::{FailureMessage, message_of_denial};
use crate::verdict::Verdict;

const DENIED: &str = "a message that the installation failed because permissions were denied";

/// `error.denied.message`.
pub(crate) static ITEM: Item = Item {
    id: "error.denied.message",
    group: Group::Errors,
    requirement: "A user who denies permissions is told that the installation failed because of it",
    judged: "Visible text names the denial; none, a generic one or raw output fails",
    source: documents::ERRORS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::CALLBACK_WITHOUT_SESSION, &usual_causes::REDIRECT_LOOP],
    remedy: remedies::ERROR_DENIED,
    guidance: Topic::Errors,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    match denied(flow) {
        Ok((attempt, page)) => {
            message(flow, attempt, page, message_of_denial(flow, page), DENIED, |shown| likely(attempt, page.it, shown))
        }
        Err(verdict) => verdict,
    }
}

/// A cause, where what was seen points to one.
fn likely(attempt: &Attempt<'_>, page: &Page, shown: FailureMessage) -> Option<&'static str> {
    let passed_on = || page.url.split_once(['?', '#']).is_some_and(|(_, query)| query.contains("error"));
    let is_callback = || attempt.callback_answer().is_some_and(|hop| hop.it.url == page.url);
    match shown {
        FailureMessage::Nothing if !is_callback() && passed_on() => {
            Some("the callback passes the error on in the address, and the page there does not show it")
        }
        FailureMessage::Nothing if page.kind == PageKind::KlaviyoConsent => {
            Some("an answer without a page leaves the browser where it is")
        }
        FailureMessage::Nothing if page.kind == PageKind::Blank => {
            Some("the callback answers the denial with an empty page")
        }
        FailureMessage::Nothing => Some("the callback does not look at `error=access_denied`"),
        FailureMessage::Generic => Some("the callback takes `error=access_denied` for any other failure"),
        _ => None,
    }
}
