//! What an app got into by itself: which incident it was, and how a failure tells of it.

use flowcheck_evidence::{AppEvent, Event, Setup, clip};

use crate::flow::{At, Flow, short};
use crate::verdict::{Finding, IncidentId};

/// Characters of the app's log that a failure quotes.
const LINE: usize = 100;

/// Whether the app's process is gone after it.
pub(super) fn ends_the_app(event: &AppEvent) -> bool {
    matches!(event, AppEvent::Exited(_) | AppEvent::Stormed { .. })
}

/// A finding that an incident explains: what was seen is the incident.
pub(super) fn told(finding: Finding, incident: At<'_, AppEvent>, flow: &Flow<'_>) -> Finding {
    Finding {
        saw: in_words(incident.it, flow.setup),
        likely: Some(cause(incident.it, flow)),
        incident: identity(incident, flow).map(Box::new),
        ..finding
    }
}

/// A finding with evidence of its own, in the step that an incident broke off: both are told.
pub(super) fn told_beside(finding: Finding, incident: At<'_, AppEvent>, flow: &Flow<'_>) -> Finding {
    Finding {
        saw: format!("{}; {}", finding.saw, in_words(incident.it, flow.setup)),
        likely: Some(cause(incident.it, flow)),
        ..finding
    }
}

/// What a failure says was seen.
pub(super) fn in_words(event: &AppEvent, setup: &Setup) -> String {
    match event {
        AppEvent::Exited(how) => format!("the app {how}"),
        AppEvent::Stalled { url, begun: false, after_ms } => {
            format!("the app answered nothing for {} s at {}", seconds(*after_ms), short(url, setup))
        }
        AppEvent::Stalled { url, begun: true, after_ms } => {
            let place = short(url, setup);
            format!("{place} was still loading after {} s without news", seconds(*after_ms))
        }
        AppEvent::Stormed { endpoint, calls, within_ms, status } => {
            let answered = if *status > 0 { format!(", and the last was answered {status}") } else { String::new() };
            format!("the app called {endpoint} {calls} times in {} s{answered}", seconds(*within_ms))
        }
        AppEvent::LimitedLogin(how) => format!("the app refused the login: {how}"),
        _ => String::new(),
    }
}

fn identity(incident: At<'_, AppEvent>, flow: &Flow<'_>) -> Option<IncidentId> {
    match incident.it {
        AppEvent::Exited(how) => {
            let asked = flow.events.before(incident.seq).hops().next_back();
            let at = asked.map(|hop| short(&hop.it.url, flow.setup)).unwrap_or_default();
            Some(IncidentId::Ended { how: how.clone(), at })
        }
        AppEvent::Stalled { url, begun, .. } => Some(IncidentId::Stalled { at: short(url, flow.setup), begun: *begun }),
        AppEvent::Stormed { endpoint, .. } => Some(IncidentId::Stormed { endpoint: endpoint.clone() }),
        AppEvent::LimitedLogin(_) => Some(IncidentId::LimitedLogin),
        _ => None,
    }
}

fn cause(event: &AppEvent, flow: &Flow<'_>) -> String {
    match event {
        AppEvent::Exited(_) => {
            let last = flow.events.entries().iter().rev().find_map(|entry| match &entry.event {
                Event::App(AppEvent::Log(line)) => Some(line.as_str()),
                _ => None,
            });
            match last {
                Some(line) => format!("its last words: {}", clip(line, LINE)),
                None => "it crashed; its log tells more".to_owned(),
            }
        }
        AppEvent::Stalled { begun: false, .. } => {
            "it waits for something that does not come; calls to Klaviyo need a deadline of their own".to_owned()
        }
        AppEvent::Stalled { begun: true, .. } => "it begins an answer and never ends it".to_owned(),
        AppEvent::Stormed { status: 1..400, .. } => "a call is made again and again, though it is answered".to_owned(),
        AppEvent::Stormed { .. } => "a call that fails is repeated at once and without end".to_owned(),
        AppEvent::LimitedLogin(_) => "it limits logins; allow more of them where flowcheck runs".to_owned(),
        _ => String::new(),
    }
}

/// Whole seconds, at least one.
fn seconds(ms: u64) -> u64 {
    (ms + 500) / 1_000 + u64::from(ms < 500)
}
