//! Calls of the API carry a dated revision that is not retired.

use time::macros::{date, format_description};
use time::{Date, Duration};

use super::every_call::{called, judged};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::verdict::{Finding, Verdict};

/// The newest revision that the fake Klaviyo's tables describe (P).
const NEWEST: Date = date!(2026 - 07 - 15);
/// How long after its release a revision is retired (D: stable for a year, deprecated for another).
const SERVED_FOR: Duration = Duration::days(2 * 365);

/// `api.revision`.
pub(crate) static ITEM: Item = Item {
    id: "api.revision",
    group: Group::Api,
    requirement: "Calls of the API carry a dated revision that is not retired",
    judged: "Every call below /api: a date, and not more than two years before the newest revision",
    source: documents::VERSIONS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::API,
    guidance: Topic::Api,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let oldest = NEWEST - SERVED_FOR;
    let expected = format!("a revision header with the date of a revision that is still served, {oldest} or later");
    judged(flow, "each with a revision that is served", |call| {
        let (saw, likely) = match call.facts.revision.as_deref().map(|text| (text, dated(text))) {
            None if call.is_preflight() => return None,
            None if with_revision(flow) => ("no revision".to_owned(), "the header is set on some calls only"),
            None => ("no revision".to_owned(), "no call sets the header"),
            Some((text, None)) => (format!("revision: {text}"), "it is not a date"),
            Some((text, Some(date))) if date < oldest => {
                (format!("revision: {text}"), "revisions are retired two years after their release")
            }
            Some(_) => return None,
        };
        let saw = format!("{} with {saw}", called(call));
        Some(Verdict::Fail(Finding::app(expected.clone(), saw).likely(likely).at(call.seq)))
    })
}

/// Whether any call carries a revision.
fn with_revision(flow: &Flow<'_>) -> bool {
    flow.events.api_calls().any(|call| call.facts.revision.is_some())
}

/// A revision's date; those of beta endpoints end in `.pre`.
fn dated(text: &str) -> Option<Date> {
    let date = text.trim();
    let date = date.strip_suffix(".pre").unwrap_or(date);
    Date::parse(date, format_description!("[year]-[month]-[day]")).ok()
}
