//! An installation brings examples of the app's data.

use std::collections::BTreeMap;

use flowcheck_evidence::{Declared, StepKind, StepPhase, clip};

use crate::flow::{Attempt, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::cut_short;
use crate::verdict::{Finding, Value, Verdict, statement};

use super::accepted::{accepted, nothing_of_the_kind};

/// `data.examples`.
pub(crate) static ITEM: Item = Item {
    id: "data.examples",
    group: Group::Data,
    requirement: "An installation brings examples of the app's data",
    judged: "A new user installs, who has no data in the app yet: an app that asks to write events sends one by the end of its next job, and one that asks to write profiles alone a profile. Whether there is one of each core metric is left to a check by hand",
    source: documents::SEEDING,
    tier: Tier::Hardening,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "after the callback send an example profile with the properties that the app sets, and an event of each core metric",
    guidance: Topic::Data,
    twin: None,
    over_the_run: None,
};

/// What the app asks to write, of what there can be examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Events,
    Profiles,
}

fn judge(flow: &Flow<'_>) -> Verdict {
    let mut metrics: BTreeMap<&str, u32> = BTreeMap::new();
    let mut profiles = false;
    for call in accepted(flow) {
        profiles |= call.facts.sent.profiles > 0;
        for metric in &call.facts.sent.metrics {
            metrics.entry(metric.name.as_str()).or_insert(call.seq);
        }
    }
    let Some(kind) = asked(flow) else {
        return nothing_of_the_kind(flow, "the app asks to write neither events nor profiles");
    };
    if !metrics.is_empty() {
        let names = metrics.keys().map(|name| statement!("\"{name}\"", name = Value::name(clip(name, 60))));
        return Verdict::Pass(statement!(
            "for a new user's account: {metrics}; look whether these are all core metrics",
            metrics = Value::list(", ", names)
        ));
    }
    if profiles && kind == Kind::Profiles {
        return Verdict::Pass("for a new user's account: a profile".into());
    }
    match nothing_of_the_kind(flow, "the app sent nothing for the new user's account") {
        Verdict::NotApplicable(_) => {}
        other => return other,
    }
    let expected = match kind {
        Kind::Events => "an example profile and an event of each core metric, in the account that has just installed",
        Kind::Profiles => "an example profile, in the account that has just installed",
    };
    let saw = if profiles { "a profile, and no event" } else { "neither a profile nor an event" };
    let at = flow.attempts.iter().find_map(Attempt::issued).map_or(0, |call| call.seq);
    let finding = Finding::app(expected, saw).at(at);
    // Nothing but a timer of its own makes the app work, and that may come later.
    if matches!(flow.setup.app.trigger, Declared::Absent(_)) {
        return Verdict::Review(finding.likely("the app sends them later, by a timer of its own, or not at all"));
    }
    let Some(trigger) = flow.events.steps().find(|mark| mark.it.step == StepKind::Trigger) else {
        return cut_short(flow, "the app was made to call Klaviyo");
    };
    if !seen_after(flow, trigger.seq) {
        return cut_short(flow, "the app was looked at after its work");
    }
    let (work, _) = flow.events.rest_of_step(trigger.seq);
    if !work.api_calls().any(|call| call.facts.install.is_some()) {
        return Verdict::Review(finding.likely("`trigger` made no call for this account; look what it is for"));
    }
    Verdict::Fail(finding.likely("customers cannot build on its metrics until they have data of their own"))
}

/// What the app asked to write when it was installed.
fn asked(flow: &Flow<'_>) -> Option<Kind> {
    let asks = |scope: &str| flow.events.authorize_calls().any(|call| call.it.scopes.iter().any(|one| one == scope));
    match (asks("events:write"), asks("profiles:write")) {
        (true, _) => Some(Kind::Events),
        (false, true) => Some(Kind::Profiles),
        (false, false) => None,
    }
}

/// Whether a step after the one that begins here has ended: what a job sends may come a little later than its answer.
fn seen_after(flow: &Flow<'_>, began: u32) -> bool {
    let ended = flow.events.steps().filter(|mark| mark.seq > began && mark.it.phase != StepPhase::Began);
    ended.count() > 1
}
