//! The app asks for the least permissive set of scopes.

use std::collections::BTreeMap;

use flowcheck_evidence::{ACCOUNTS_READ, AppEvent, Declared, Event};

use crate::flow::{At, Attempt, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::no_calls::no_calls;
use crate::judging::not_run::{cut_short, not_started, without_tokens};
use crate::judging::scope_usage::{ScopeLine, scope_usage_of};
use crate::verdict::{Finding, Verdict};

/// `scope.least`.
pub(crate) static ITEM: Item = Item {
    id: "scope.least",
    group: Group::Scopes,
    requirement: "The app asks for the least permissive set of scopes",
    judged: "Over the whole run: a warning that lists each scope which is asked for and never exercised",
    source: documents::LEAST,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: "drop scopes that no feature needs",
    guidance: Topic::Scopes,
    twin: None,
    over_the_run: Some(judge_over_the_run),
};

/// One scenario alone.
fn judge(flow: &Flow<'_>) -> Verdict {
    judge_over_the_run(std::slice::from_ref(flow))
}

/// All scenarios of a run together: a scope that one of them exercises is needed.
fn judge_over_the_run(all: &[Flow<'_>]) -> Verdict {
    let Some(first) = all.first() else { return Verdict::not_run("nothing was recorded") };
    if !all.iter().any(|flow| without_tokens(flow).is_none()) {
        return without_tokens(first).unwrap_or_else(|| not_started(first));
    }
    let lines = scope_usage_of(all.iter().map(|flow| flow.events));
    let unused: Vec<&str> = lines
        .iter()
        .filter(|(scope, line)| line.requested && line.exercised.is_empty() && *scope != ACCOUNTS_READ)
        .map(|(scope, _)| scope.as_str())
        .collect();
    if unused.is_empty() {
        return Verdict::Pass(in_words(&lines));
    }
    let request = all.iter().find_map(|flow| flow.events.authorize_calls().next());
    let worked = all.iter().any(has_worked) || matches!(first.setup.app.trigger, Declared::Absent(_));
    match (worked, request) {
        (true, Some(At { seq, .. })) => Verdict::Warn(
            Finding::app("every scope that is asked for exercised by a call", format!("never: {}", unused.join(", ")))
                .likely("the scope is not needed, or what needs it was not set off by `trigger` or a page")
                .at(seq),
        ),
        _ if first.setup.app.trigger == Declared::Nothing => {
            no_calls(first, "", "nothing made the app do what needs its scopes", 0)
        }
        _ => cut_short(first, "the app was made to call Klaviyo"),
    }
}

/// Whether the app was made to do its work while it was installed, and the work was seen to its end.
fn has_worked(flow: &Flow<'_>) -> bool {
    let Some(issued) = flow.attempts.iter().find_map(Attempt::issued) else { return false };
    flow.events.after(issued.seq).entries().iter().any(|entry| {
        matches!(&entry.event, Event::App(AppEvent::Triggered(_))) && flow.events.ended_after(entry.seq).is_some()
    })
}

fn in_words(lines: &BTreeMap<String, ScopeLine>) -> String {
    let exercised = lines
        .iter()
        .filter(|(_, line)| !line.exercised.is_empty())
        .map(|(scope, line)| format!("{scope} by {}", line.exercised.keys().cloned().collect::<Vec<_>>().join(", ")));
    exercised.collect::<Vec<_>>().join("; ")
}
