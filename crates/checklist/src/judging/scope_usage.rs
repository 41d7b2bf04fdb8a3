//! Which scopes an app asks for, is granted and uses.

use std::collections::BTreeMap;

use flowcheck_evidence::{Event, Evidence, KlaviyoEvent};

use crate::flow::{ApiRequest, Timeline, Window};

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

/// What became of each scope in some scenarios' evidence.
pub fn scope_usage<'a>(all: impl IntoIterator<Item = &'a Evidence>) -> BTreeMap<String, ScopeLine> {
    let mut lines: BTreeMap<String, ScopeLine> = BTreeMap::new();
    for evidence in all {
        add(&mut lines, Timeline::read(evidence).whole());
    }
    lines
}

/// What became of each scope, over some timelines.
pub(crate) fn scope_usage_of<'a>(all: impl IntoIterator<Item = Window<'a>>) -> BTreeMap<String, ScopeLine> {
    let mut lines: BTreeMap<String, ScopeLine> = BTreeMap::new();
    for events in all {
        add(&mut lines, events);
    }
    lines
}

fn add(lines: &mut BTreeMap<String, ScopeLine>, events: Window<'_>) {
    for call in events.authorize_calls() {
        for scope in call.it.scopes.iter().filter(|scope| !call.it.unknown_scopes.contains(scope)) {
            lines.entry(scope.clone()).or_default().requested = true;
        }
    }
    for entry in events.entries() {
        if let Event::Klaviyo(KlaviyoEvent::Installed { scopes, .. }) = &entry.event {
            for scope in scopes {
                lines.entry(scope.clone()).or_default().granted = true;
            }
        }
    }
    for call in events.api_calls().filter(ApiRequest::succeeded) {
        let Some(operation) = &call.facts.operation else { continue };
        for scope in &call.facts.scopes {
            let exercised = &mut lines.entry(scope.clone()).or_default().exercised;
            *exercised.entry(operation.clone()).or_default() += 1;
        }
    }
}
