//! A user who denies permissions is told that the installation failed because of it.

use flowcheck_evidence::{Page, PageKind};
use percent_encoding::percent_decode_str;

use super::failed_attempt::{denied, message};
use crate::flow::{At, Attempt, Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::wording::{FailureMessage, message_of_denial, message_of_denial_besides};
use crate::verdict::{Finding, Value, Verdict, statement};

const DENIED: &str = "a message that the installation failed because permissions were denied";

/// `error.denied.message`.
pub(crate) static ITEM: Item = Item {
    id: "error.denied.message",
    group: Group::Errors,
    requirement: "A user who denies permissions is told that the installation failed because of it",
    judged: "Visible text names the denial; none, a generic one or raw output fails, and Klaviyo's `error_description` alone is for review",
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
        Ok((attempt, page)) if shows_klaviyos_words(flow, attempt, page) => Verdict::Review(
            Finding::app(
                DENIED,
                statement!(
                    "at {at} nothing but the words that Klaviyo sends along for developers: \"{headline}\"",
                    at = place(page.it, flow.setup),
                    headline = Value::text(page.it.headline())
                ),
            )
            .hops(attempt.hop_lines(page.seq))
            .likely("`error_description` is shown as it came, instead of a message of the app's own")
            .at(page.seq),
        ),
        Ok((attempt, page)) => {
            message(flow, attempt, page, message_of_denial(flow, page), DENIED, |shown| likely(attempt, page.it, shown))
        }
        Err(verdict) => verdict,
    }
}

/// Whether the denial is named by nothing but what the callback's address had in `error_description`.
fn shows_klaviyos_words(flow: &Flow<'_>, attempt: &Attempt<'_>, page: At<'_, Page>) -> bool {
    let described = attempt.callback_answer().and_then(|hop| description(&hop.it.url));
    message_of_denial(flow, page) == FailureMessage::Named
        && described.is_some_and(|text| message_of_denial_besides(flow, page, &text) != FailureMessage::Named)
}

/// The value of `error_description` in an address.
fn description(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let value = query.split(['&', '#']).find_map(|query| query.strip_prefix("error_description="))?;
    let value = value.replace('+', " ");
    let text = percent_decode_str(&value).decode_utf8_lossy();
    (!text.trim().is_empty()).then(|| text.into_owned())
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
