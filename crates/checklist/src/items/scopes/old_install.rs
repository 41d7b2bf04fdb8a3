//! An install from before the update goes on working with its old scopes.

use flowcheck_evidence::{AppEvent, Event, PageKind, Place, StepPhase};

use super::scope_update::{next_start, updated};
use crate::flow::{Flow, Window, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::install_state::{shows, signs};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::verdict::{Finding, Verdict, statement};

/// `scope.old-install`.
pub(crate) static ITEM: Item = Item {
    id: "scope.old-install",
    group: Group::Scopes,
    requirement: "An install from before the update goes on working with its old scopes",
    judged: "It still shows as installed, and the calls that it made before are still made and done",
    source: documents::HANDLING,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: remedies::SCOPE,
    guidance: Topic::Scopes,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let update = match updated(flow) {
        Ok(update) => update,
        Err(verdict) => return verdict,
    };
    if let Some(blocked) = without_tokens(flow) {
        return blocked;
    }
    let entries = flow.events.after(update.seq).before(next_start(flow, update.seq));
    let expected = "an install from before the update going on with its old scopes";
    let seen = entries.looks(|place| matches!(place, Place::Settings(_)));
    if let Some(page) = seen.iter().find(|page| shows(page.it, PageKind::NotInstalled)) {
        let saw = statement!("{page} shows {signs}", page = place(page.it, flow.setup), signs = signs(page.it));
        return Verdict::Fail(
            Finding::app(expected, saw).likely("installs that lack the new scopes are taken for none").at(page.seq),
        );
    }
    let before = flow.events.after(0).before(update.seq);
    let (worked_before, works) = (works(before, flow), works(entries, flow));
    match (worked_before, works) {
        (_, None) => cut_short(flow, "the app was made to call Klaviyo after the update"),
        (_, Some((_, true))) if seen.is_empty() => cut_short(flow, "the app's settings were looked at"),
        (_, Some((_, true))) => Verdict::Pass("still shown as installed, and its calls are done".into()),
        (Some((_, true)), Some((seq, false))) => Verdict::Fail(
            Finding::app(expected, "no call done after the update by the job that made some before")
                .likely("installs that lack the new scopes are left out of all work")
                .at(seq),
        ),
        (_, Some((seq, false))) => Verdict::Review(
            Finding::app(
                expected,
                "no call by the app's trigger, before the update or after; look whether it still works",
            )
            .at(seq),
        ),
    }
}

/// Whether the app's trigger made it call Klaviyo with success, and where it was set off last; none where it was not, or the end
/// of that was not seen.
fn works(entries: Window<'_>, flow: &Flow<'_>) -> Option<(u32, bool)> {
    let mut last = None;
    let mut begun = 0;
    let mut any = false;
    for entry in entries.entries() {
        match &entry.event {
            Event::Step(mark) if mark.phase == StepPhase::Began => begun = entry.seq,
            Event::App(AppEvent::Triggered(_)) if flow.events.ended_after(entry.seq).is_some() => {
                let window = flow.events.after(begun).before(entry.seq);
                any |= window.api_calls().any(|call| call.succeeded());
                last = Some(entry.seq);
            }
            _ => {}
        }
    }
    last.map(|seq| (seq, any))
}
