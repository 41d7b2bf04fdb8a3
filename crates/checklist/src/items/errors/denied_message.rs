//! A user who denies permissions is told that the installation failed because of it.

use super::failed_attempt::{denied, message};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::wording::{Told, told_of_denial};
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
        Ok((attempt, page)) => message(flow, attempt, page, told_of_denial(page.it), DENIED, |told| match told {
            Told::Nothing => "the callback does not look at `error=access_denied`",
            _ => "the callback takes `error=access_denied` for any other failure",
        }),
        Err(verdict) => verdict,
    }
}
