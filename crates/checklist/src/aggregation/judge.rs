//! From a scenario's evidence to the verdicts of its items.

use flowcheck_evidence::{Event, Evidence};

use super::outcome::ScenarioEnd;
use crate::attribution::applicability::not_for_kind;
use crate::attribution::blame::attribute;
use crate::attribution::callback_blame;
use crate::attribution::downgrade_to_review::downgrade_to_review;
use crate::attribution::failed_trigger;
use crate::attribution::incident_blame;
use crate::flow::{Flow, Timeline};
use crate::item_id::ItemId;
use crate::items::{Item, find, usual_causes};
use crate::judged_item::JudgedItem;
use crate::judging::never_shown_installed::unless_never_shown;
use crate::verdict::{Blame, Finding, Statement, Value, Verdict, statement};

/// Judges the items a scenario expects; depends on nothing but these arguments.
pub fn judge(expects: &[(ItemId, u32)], end: &ScenarioEnd, evidence: Option<&Evidence>) -> Vec<JudgedItem> {
    let timeline = evidence.map(Timeline::read);
    let flow = timeline.as_ref().map(Flow::of);
    let flow = flow.as_ref();
    let judged: Vec<JudgedItem> = expects
        .iter()
        .map(|(id, _)| {
            let verdict = match (end, flow) {
                (ScenarioEnd::NotApplicable(why), _) => Verdict::NotApplicable(others_words(why)),
                (ScenarioEnd::Completed, Some(flow)) => verdict(id, flow),
                (ScenarioEnd::Completed, None) => Verdict::not_run("nothing was recorded"),
                (ScenarioEnd::Harness(why), flow) => failed_before(id, flow, others_words(why)),
                (ScenarioEnd::Interrupted, flow) => failed_before(id, flow, "the run was interrupted".into()),
                (ScenarioEnd::Undeclared(why), _) => Verdict::not_run(others_words(why)),
                (ScenarioEnd::Config(why) | ScenarioEnd::AppUnavailable(why) | ScenarioEnd::OutOfReach(why), _) => {
                    Verdict::not_run(others_words(why))
                }
            };
            JudgedItem { item: id.clone(), verdict }
        })
        .collect();
    match (end, flow) {
        (ScenarioEnd::Completed, Some(flow)) => {
            let judged = callback_blame::explain(judged, flow);
            let judged = callback_blame::explain(with_blockers(judged, flow), flow);
            failed_trigger::explain(incident_blame::explain(judged, flow), flow)
        }
        _ => judged,
    }
}

/// What somebody else than a judge says: the runner, or `flowcheck.yaml`.
fn others_words(words: &impl ToString) -> Statement {
    statement!("{words}", words = Value::text(words.to_string()))
}

/// Adds the items that others are blocked by, where this evidence shows that they fail: what was not run must not hide why.
fn with_blockers(mut judged: Vec<JudgedItem>, flow: &Flow<'_>) -> Vec<JudgedItem> {
    let mut causes: Vec<JudgedItem> = Vec::new();
    for one in &judged {
        let Verdict::NotRun { blocked_by: Some(blocker), .. } = &one.verdict else { continue };
        if judged.iter().chain(&causes).any(|other| other.item == *blocker) {
            continue;
        }
        let verdict = verdict(blocker, flow);
        if matches!(&verdict, Verdict::Fail(finding) if finding.blame == Blame::App) {
            causes.push(JudgedItem { item: blocker.clone(), verdict });
        }
    }
    judged.extend(causes);
    judged
}

fn verdict(id: &ItemId, flow: &Flow<'_>) -> Verdict {
    let Some(item) = find(id.as_str()) else { return Verdict::not_run("this version of flowcheck has no such item") };
    if let Some(verdict) = not_for_kind(item, flow) {
        return verdict;
    }
    let verdict = unless_never_shown(item.id, attribute((item.judge)(flow), flow), flow);
    explained(item, downgrade_to_review(verdict, item, flow), flow)
}

/// Findings against the app get the best cause there is; others know theirs.
fn explained(item: &Item, verdict: Verdict, flow: &Flow<'_>) -> Verdict {
    let explain = |finding: Finding| {
        if finding.blame == Blame::App { usual_causes::explain(item, finding, flow) } else { finding }
    };
    match verdict {
        Verdict::Fail(finding) => Verdict::Fail(explain(finding)),
        Verdict::Warn(finding) => Verdict::Warn(explain(finding)),
        Verdict::Review(finding) => Verdict::Review(explain(finding)),
        other => other,
    }
}

/// What a scenario that was broken off still shows: the app's failures up to then. Anything better could have changed later.
fn failed_before(id: &ItemId, flow: Option<&Flow<'_>>, why: Statement) -> Verdict {
    match flow.map(|flow| (verdict(id, flow), trusted_until(flow))) {
        Some((Verdict::Fail(finding), until))
            if finding.blame == Blame::App && finding.at.is_none_or(|at| at < until) =>
        {
            Verdict::Fail(finding)
        }
        _ => Verdict::not_run(why),
    }
}

/// Where the step began in which the harness had trouble: what was seen in that may be the trouble, and not the app.
fn trusted_until(flow: &Flow<'_>) -> u32 {
    let mut trouble = flow.events.entries().iter().filter(|entry| matches!(entry.event, Event::HarnessError(_)));
    trouble.next().map_or(u32::MAX, |entry| flow.events.step_began(entry.seq))
}
