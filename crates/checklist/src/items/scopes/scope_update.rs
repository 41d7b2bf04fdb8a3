//! The update of the app's scopes in its settings at Klaviyo.

use flowcheck_evidence::{Event, KlaviyoEvent, StepPhase};

use crate::flow::Flow;
use crate::judging::not_run::cut_short;
use crate::verdict::Verdict;

/// The app's scopes being changed in its settings.
pub(super) struct Update {
    pub(super) seq: u32,
    /// What was added.
    pub(super) added: Vec<String>,
}

pub(super) fn update(flow: &Flow<'_>) -> Option<Update> {
    flow.events.entries().iter().find_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::ScopesChanged { scopes, .. }) => {
            let known = &flow.setup.app.scopes;
            let added = scopes.iter().filter(|scope| !known.contains(scope)).cloned().collect();
            Some(Update { seq: entry.seq, added })
        }
        _ => None,
    })
}

/// The update, once the app has taken it.
pub(super) fn updated(flow: &Flow<'_>) -> Result<Update, Verdict> {
    let update = update(flow).ok_or_else(|| cut_short(flow, "the app's scopes were updated"))?;
    match flow.events.steps().find(|mark| mark.seq > update.seq).map(|mark| &mark.it.phase) {
        Some(StepPhase::Failed(why)) => Err(Verdict::not_run(why)),
        Some(_) => Ok(update),
        None => Err(cut_short(flow, "the app's scopes were updated")),
    }
}

/// Those of the scopes that are not there.
pub(super) fn absent_from(scopes: &[String], there: impl Fn(&String) -> bool) -> Vec<&str> {
    scopes.iter().filter(|scope| !there(scope)).map(String::as_str).collect()
}

/// Where the next installation is started; the largest number there is, where none is.
pub(super) fn next_start(flow: &Flow<'_>, after: u32) -> u32 {
    flow.events.after(after).next_start().unwrap_or(u32::MAX)
}
