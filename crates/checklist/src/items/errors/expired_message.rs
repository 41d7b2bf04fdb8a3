//! A user who comes back after the code has expired is told that the session is no longer valid.

use flowcheck_evidence::TokenOutcome;

use super::failed_attempt::{expired, message};
use crate::flow::{Attempt, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::token_refusal::refused_in_any_attempt;
use crate::judging::wording::{FailureMessage, message_of_expiry};
use crate::verdict::Verdict;

const EXPIRED: &str = "a message that the session is no longer valid";

/// `error.expired.message`.
pub(crate) static ITEM: Item = Item {
    id: "error.expired.message",
    group: Group::Errors,
    requirement: "A user who comes back after the code has expired is told that the session is no longer valid",
    judged: "Visible text names the expiry; none, a generic one or raw output fails",
    source: documents::ERRORS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::CALLBACK_WITHOUT_SESSION, &usual_causes::REDIRECT_LOOP],
    remedy: remedies::ERROR_EXPIRED,
    guidance: Topic::Errors,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    match expired(flow) {
        // Where Klaviyo was never asked rightly, it could not say that the code had expired.
        Ok((attempt, page))
            if message_of_expiry(flow, page) != FailureMessage::Named && refused_in_any_attempt(attempt).is_some() =>
        {
            refused_in_any_attempt(attempt).unwrap_or_else(|| cut_short(flow, "a token request was seen"))
        }
        Ok((attempt, page)) => message(flow, attempt, page, message_of_expiry(flow, page), EXPIRED, |_| {
            refused_as_expired(attempt)
                .then_some("`invalid_grant` of the token endpoint is not told from other failures")
        }),
        Err(verdict) => verdict,
    }
}

/// Whether Klaviyo told the app so.
fn refused_as_expired(attempt: &Attempt<'_>) -> bool {
    attempt
        .events
        .token_calls()
        .any(|call| matches!(&call.it.outcome, TokenOutcome::Refused { error, .. } if error == "invalid_grant"))
}
