//! The app asks for the least permissive set of scopes.

use std::collections::{BTreeMap, BTreeSet};

use flowcheck_evidence::{ACCOUNTS_READ, AppEvent, Declared, Event, KlaviyoEvent};

use crate::flow::{At, Attempt, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::no_calls::no_calls;
use crate::judging::not_run::{cut_short, not_started, without_tokens};
use crate::judging::scope_usage::{ScopeLine, scope_usage_of};
use crate::verdict::{Finding, Statement, Value, Verdict, statement};

/// `scope.least`.
pub(crate) static ITEM: Item = Item {
    id: "scope.least",
    group: Group::Scopes,
    requirement: "The app asks for the least permissive set of scopes",
    judged: "Over the whole run: a 403 for a scope that is never asked for fails; for review, with a list, where scopes are asked for and never exercised",
    source: documents::LEAST,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: "ask for the scopes that features need, and drop the others",
    guidance: Topic::Scopes,
    twin: None,
    over_the_run: Some(|all| Some(judge_over_the_run(all))),
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
    if let Some(verdict) = refused(all) {
        return verdict;
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
        (true, Some(At { seq, .. })) => Verdict::Review(
            Finding::app(
                "every scope that is asked for exercised by a call",
                statement!("never: {scopes}", scopes = Value::list(", ", unused.into_iter().map(Value::name))),
            )
            .likely("the scope is not needed, or what needs it was not set off by `trigger` or a page")
            .at(seq),
        ),
        _ if first.setup.app.trigger == Declared::Nothing => {
            no_calls(first, "", "nothing made the app do what needs its scopes", 0)
        }
        _ => cut_short(first, "the app was made to call Klaviyo"),
    }
}

/// A failure, where Klaviyo refused a call for a scope that the app never asks for. One that an update adds is asked for later.
fn refused(all: &[Flow<'_>]) -> Option<Verdict> {
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    for flow in all {
        asked.extend(flow.events.authorize_calls().flat_map(|call| &call.it.scopes).map(String::as_str));
        asked.extend(flow.events.entries().iter().flat_map(|entry| match &entry.event {
            Event::Klaviyo(KlaviyoEvent::ScopesChanged { scopes, .. }) => scopes.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }));
    }
    all.iter().flat_map(|flow| flow.events.api_calls()).find_map(|call| {
        let missing = call.facts.missing_scopes.iter().find(|scope| !asked.contains(scope.as_str()))?;
        let saw = statement!("{request} answered 403: {missing} is never asked for", request = call.request(), missing = Value::name(missing));
        (call.exchange.status == 403 && !call.is_challenged()).then(|| {
            Verdict::Fail(
                Finding::app("calls that need no other scopes than the app asks for", saw)
                    .likely("the call was added without its scope, or the scope is missing from the list that the app asks for")
                    .at(call.seq),
            )
        })
    })
}

/// Whether the app was made to do its work while it was installed, and the work was seen to its end.
fn has_worked(flow: &Flow<'_>) -> bool {
    let Some(issued) = flow.attempts.iter().find_map(Attempt::issued) else { return false };
    flow.events.after(issued.seq).entries().iter().any(|entry| {
        matches!(&entry.event, Event::App(AppEvent::Triggered(_))) && flow.events.ended_after(entry.seq).is_some()
    })
}

fn in_words(lines: &BTreeMap<String, ScopeLine>) -> Statement {
    let exercised = lines.iter().filter(|(_, line)| !line.exercised.is_empty()).map(|(scope, line)| {
        statement!(
            "{scope} by {operations}",
            scope = Value::name(scope),
            operations = Value::list(", ", line.exercised.keys().map(Value::name))
        )
    });
    statement!("{scopes}", scopes = Value::list("; ", exercised))
}
