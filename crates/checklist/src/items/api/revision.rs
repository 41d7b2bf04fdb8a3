//! Calls of the API carry a dated revision that is not retired.

use flowcheck_evidence::RevisionStatus;

use super::every_call::judged;
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::verdict::{Finding, Statement, Value, Verdict, statement};

/// `api.revision`.
pub(crate) static ITEM: Item = Item {
    id: "api.revision",
    group: Group::Api,
    requirement: "Calls of the API carry a dated revision that is not retired",
    judged: "Every call below /api: a revision that Klaviyo serves. A deprecated one warns; a date that flowcheck's tables do not know is review",
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
    let expected = "a revision header with the date of a revision that Klaviyo serves";
    let set_on_others = flow.events.api_calls().any(|call| call.facts.revision.is_some());
    judged(flow, "each with a revision that is served", |call| {
        let sent = call.facts.revision.as_deref().unwrap_or_default();
        let found = |saw: Statement| {
            Finding::app(expected, statement!("{request} with {saw}", request = call.request(), saw)).at(call.seq)
        };
        let dated = || found(statement!("revision: {sent}", sent = Value::name(sent)));
        match call.facts.revision_status {
            RevisionStatus::Missing if call.is_preflight() => None,
            RevisionStatus::Missing => {
                let finding = found("no revision".into());
                let some_have_it = "the header is set on some calls only";
                Some(Verdict::Fail(if set_on_others { finding.likely(some_have_it) } else { finding }))
            }
            RevisionStatus::Malformed => Some(Verdict::Fail(dated().likely("it is not a date"))),
            RevisionStatus::Retired => {
                Some(Verdict::Fail(dated().likely("revisions are retired two years after their release")))
            }
            RevisionStatus::Unknown => {
                Some(Verdict::Review(dated().likely("it is the date of no revision that flowcheck knows")))
            }
            RevisionStatus::Deprecated => {
                Some(Verdict::Warn(dated().likely("the revision is deprecated, and is retired within a year")))
            }
            RevisionStatus::Stable => None,
        }
    })
}
