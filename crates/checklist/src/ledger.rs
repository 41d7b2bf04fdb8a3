//! The ledger of scopes: asked for, granted, exercised, scope by scope.

use std::collections::BTreeMap;

use super::not_run::{cut_short, not_started, without_tokens};
use super::view::{At, api_calls, authorize_calls, ended_after};
use super::{Finding, Verdict};
use flowcheck_evidence::{AppEvent, Event, Evidence, KlaviyoEvent};

/// Klaviyo wants it of every app, and grants it unasked.
const ALWAYS: &str = "accounts:read";

/// What became of one scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeLine {
    /// Whether the app asked for it.
    pub requested: bool,
    /// Whether it was granted.
    pub granted: bool,
    /// The operations that needed it and were done, each with how often.
    pub exercised: BTreeMap<String, usize>,
}

/// The ledger of some scenarios' evidence, by scope.
pub fn ledger<'a>(all: impl IntoIterator<Item = &'a Evidence>) -> BTreeMap<String, ScopeLine> {
    let mut lines: BTreeMap<String, ScopeLine> = BTreeMap::new();
    for evidence in all {
        let entries = &evidence.timeline;
        for call in authorize_calls(entries) {
            for scope in call.it.scopes.iter().filter(|scope| !call.it.unknown_scopes.contains(scope)) {
                lines.entry(scope.clone()).or_default().requested = true;
            }
        }
        for entry in entries {
            if let Event::Klaviyo(KlaviyoEvent::Installed { scopes, .. }) = &entry.event {
                for scope in scopes {
                    lines.entry(scope.clone()).or_default().granted = true;
                }
            }
        }
        for (call, status, _) in api_calls(entries) {
            let Some(operation) = call.it.operation.as_ref().filter(|_| (200..300).contains(&status)) else { continue };
            for scope in &call.it.scopes {
                let exercised = &mut lines.entry(scope.clone()).or_default().exercised;
                *exercised.entry(operation.clone()).or_default() += 1;
            }
        }
    }
    lines
}

/// One scenario alone.
pub(super) fn least(evidence: &Evidence) -> Verdict {
    least_over(&[evidence])
}

/// All scenarios of a run together: a scope that one of them exercises is needed.
pub(super) fn least_over(all: &[&Evidence]) -> Verdict {
    let Some(first) = all.first() else { return Verdict::not_run("nothing was recorded") };
    if !all.iter().any(|evidence| without_tokens(evidence).is_none()) {
        return without_tokens(first).unwrap_or_else(|| not_started(first));
    }
    let lines = ledger(all.iter().copied());
    let unused: Vec<&str> = lines
        .iter()
        .filter(|(scope, line)| line.requested && line.exercised.is_empty() && *scope != ALWAYS)
        .map(|(scope, _)| scope.as_str())
        .collect();
    if unused.is_empty() {
        return Verdict::Pass(in_words(&lines));
    }
    let request = all.iter().find_map(|evidence| authorize_calls(&evidence.timeline).next());
    match (all.iter().any(|evidence| has_worked(evidence)), request) {
        (true, Some(At { seq, .. })) => Verdict::Warn(
            Finding::app("every scope that is asked for exercised by a call", format!("never: {}", unused.join(", ")))
                .likely("the scope is not needed, or what needs it was not set off by `trigger` or a page")
                .at(seq),
        ),
        _ => cut_short(first, "the app was made to call Klaviyo"),
    }
}

/// Whether the app was made to do its work, and the work was seen to its end.
fn has_worked(evidence: &Evidence) -> bool {
    evidence.timeline.iter().any(|entry| {
        matches!(&entry.event, Event::App(AppEvent::Triggered(_)))
            && ended_after(&evidence.timeline, entry.seq).is_some()
    })
}

fn in_words(lines: &BTreeMap<String, ScopeLine>) -> String {
    let exercised = lines
        .iter()
        .filter(|(_, line)| !line.exercised.is_empty())
        .map(|(scope, line)| format!("{scope} by {}", line.exercised.keys().cloned().collect::<Vec<_>>().join(", ")));
    exercised.collect::<Vec<_>>().join("; ")
}
