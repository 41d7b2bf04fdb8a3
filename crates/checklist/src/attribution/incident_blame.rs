//! An app that ended, hung, or called without end, or whose page kept the user from acting: the app is at fault, and the item in progress
//! fails by it.

use flowcheck_evidence::{AppEvent, Entry, Event};

use super::incident::{
    ends_the_app, ends_the_scenario, explained_beside, explained_by, in_words, is_slow, stops_the_user,
};
use crate::flow::{At, Flow};
use crate::item_id::ItemId;
use crate::items::is_gate;
use crate::judged_item::JudgedItem;
use crate::verdict::{Blame, Finding, Verdict};

/// Tells each verdict that an incident of the app explains by that incident. What was met before it stays as it is; the first
/// item that it kept from being judged fails, unless another already fails by it, and the rest are blocked by that one.
pub(crate) fn explain(mut judged: Vec<JudgedItem>, flow: &Flow<'_>) -> Vec<JudgedItem> {
    if flow.events.steps().next().is_none() {
        return before_the_first_step(judged, flow);
    }
    let mut is_told = false;
    for (index, incident) in flow.incidents.iter().enumerate() {
        is_told |= blame(&mut judged, *incident, index + 1 == flow.incidents.len(), flow);
    }
    // An app that ends has failed, whatever it was at, as has one whose page stops the user; one that ends again and again has failed
    // once. The first item that was not reached tells it, or else the last that passed.
    if let Some(end) = flow.incidents.iter().find(|incident| ends_the_app(incident.it) || stops_the_user(incident.it))
        && !is_told
    {
        // Until the step is over, what it was there for may still come.
        let is_over = flow.events.ended_after(end.seq).is_some() || ends_the_scenario(end.it);
        let is_open = |one: &JudgedItem| is_over && matches!(one.verdict, Verdict::NotRun { blocked_by: None, .. });
        let not_reached = judged.iter().position(is_open);
        let passed = || judged.iter().rposition(|one| matches!(one.verdict, Verdict::Pass(_)));
        if let Some(tells) = not_reached.or_else(passed) {
            judged[tells].verdict = fails(*end, flow);
        }
    }
    judged
}

/// An app that nobody could sign in to: nothing else was seen of it, so that its incident explains all that there is to judge.
fn before_the_first_step(mut judged: Vec<JudgedItem>, flow: &Flow<'_>) -> Vec<JudgedItem> {
    // Where it was given up too early once, what came after that may be for the same reason.
    let slow = flow.incidents.iter().find(|incident| is_slow(**incident, flow));
    let Some(incident) = slow.or(flow.incidents.last()) else { return judged };
    let applies = |one: &&JudgedItem| !matches!(one.verdict, Verdict::NotApplicable(_));
    let mut all = judged.iter().filter(applies);
    let Some(tells) = all.clone().find(|one| is_gate(&one.item)).or_else(|| all.next()).map(|one| one.item.clone())
    else {
        return judged;
    };
    for one in judged.iter_mut().filter(|one| applies(&&**one)) {
        one.verdict = if one.item == tells { fails(*incident, flow) } else { blocked(*incident, &tells, flow) };
    }
    judged
}

/// Blames an incident for what it explains: what was met in its step, and if nothing went well after it, all that was to come.
/// Whether an item fails by it.
fn blame(judged: &mut [JudgedItem], incident: At<'_, AppEvent>, is_last: bool, flow: &Flow<'_>) -> bool {
    // Until the step is over, what it was there for may still come.
    let over = match flow.events.ended_after(incident.seq) {
        Some(over) => over.seq,
        None if ends_the_scenario(incident.it) => u32::MAX,
        None => return false,
    };
    let ended_the_app = ends_the_app(incident.it);
    let continues = !is_last || started_again(incident, flow);
    let later = flow.events.since(over).entries();
    let cut_short = later.iter().any(|entry| matches!(entry.event, Event::HarnessError(_)));
    let nothing_more = is_last && cut_short || ended_the_app && !continues || ends_the_scenario(incident.it);
    let then = flow.events.step_began(incident.seq)..=if continues { over } else { u32::MAX };
    // What Klaviyo has on record of a call in another step is the app's own doing, whatever became of the app.
    let began = flow.events.step_began(incident.seq);
    let is_of_another = |at: u32| is_call(flow, at) && flow.events.step_began(at) != began;
    let mut blamed: Option<ItemId> = None;
    // In the order in which a scenario gets to its items.
    for one in judged.iter_mut() {
        let open = match &mut one.verdict {
            Verdict::Fail(finding)
                if finding.blame == Blame::App
                    && finding.at.is_some_and(|at| then.contains(&at) && !is_of_another(at)) =>
            {
                *finding = if finding.at.is_some_and(|at| is_call(flow, at))
                    && !matches!(incident.it, AppEvent::Stormed { .. })
                {
                    explained_beside(finding.clone(), incident, flow)
                } else {
                    explained_by(finding.clone(), incident, flow)
                };
                blamed.get_or_insert_with(|| one.item.clone());
                false
            }
            Verdict::NotRun { blocked_by: None, .. } => nothing_more,
            Verdict::Review(finding) => finding.at.is_none_or(|at| then.contains(&at) && !is_of_another(at)),
            _ => false,
        };
        if !open {
            continue;
        }
        one.verdict = if let Some(item) = &blamed {
            blocked(incident, item, flow)
        } else {
            blamed = Some(one.item.clone());
            fails(incident, flow)
        };
    }
    blamed.is_some()
}

fn is_call(flow: &Flow<'_>, at: u32) -> bool {
    let call = flow.events.since(at).before(at.saturating_add(1)).entries().first();
    call.is_some_and(|entry| matches!(entry.event, Event::Exchange(_)))
}

fn blocked(incident: At<'_, AppEvent>, by: &ItemId, flow: &Flow<'_>) -> Verdict {
    Verdict::NotRun { reason: in_words(incident.it, flow.setup), blocked_by: Some(by.clone()) }
}

fn fails(incident: At<'_, AppEvent>, flow: &Flow<'_>) -> Verdict {
    let finding = explained_by(Finding::app("the app to answer to the end", ""), incident, flow).at(incident.seq);
    match incident.it {
        // A person may know a way.
        AppEvent::CoveredControl { usable: true, .. } => Verdict::Review(finding),
        _ => Verdict::Fail(finding),
    }
}

/// Whether the app was started again after it had ended.
fn started_again(incident: At<'_, AppEvent>, flow: &Flow<'_>) -> bool {
    let is_ready = |entry: &Entry| matches!(entry.event, Event::App(AppEvent::Ready(_)));
    ends_the_app(incident.it) && flow.events.since(incident.seq).entries().iter().any(is_ready)
}
