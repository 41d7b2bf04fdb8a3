//! What an app got into by itself: which incident it was, and how a failure tells of it.

use flowcheck_evidence::{AppEvent, Entry, Event, KlaviyoEvent, Setup, clip};

use crate::flow::{At, Flow, short};
use crate::verdict::{Blame, Finding, IncidentId, Statement, Value, statement};

/// Characters of the app's log that a failure quotes.
const LINE: usize = 100;

/// What browsers say of redirects without end.
const REDIRECTS: [&str; 2] = ["net::ERR_TOO_MANY_REDIRECTS", "NS_ERROR_REDIRECT_LOOP"];

/// What to do about an app that is slow and well.
const RAISE: &str =
    "raise `timing.page` in flowcheck.yaml, or run a build of the app that compiles nothing when it is asked";

/// Whether the app's process is gone after it.
pub(super) fn ends_the_app(event: &AppEvent) -> bool {
    matches!(event, AppEvent::Exited(_) | AppEvent::Stormed { .. })
}

/// Whether its page kept the user from going on, which no working page does.
pub(super) fn stops_the_user(event: &AppEvent) -> bool {
    matches!(event, AppEvent::BlockedTab { .. } | AppEvent::CrashedTab { .. } | AppEvent::CoveredControl { .. })
}

/// Whether nothing more is played after it, not even the rest of its step.
pub(super) fn ends_the_scenario(event: &AppEvent) -> bool {
    matches!(event, AppEvent::CrashedTab { .. })
}

/// A finding that an incident explains: what was seen is the incident.
pub(super) fn explained_by(finding: Finding, incident: At<'_, AppEvent>, flow: &Flow<'_>) -> Finding {
    let explained = Finding {
        saw: in_words(incident.it, flow.setup),
        likely: Some(cause(incident, flow)),
        incident: identity(incident, flow).map(Box::new),
        ..finding
    };
    if is_slow(incident, flow) {
        return Finding { remedy: Some(RAISE.into()), ..explained }.blame(Blame::Config);
    }
    explained
}

/// Whether flowcheck gave up on an app that would have answered: the same address did later in the scenario, and Klaviyo had not held it.
pub(super) fn is_slow(incident: At<'_, AppEvent>, flow: &Flow<'_>) -> bool {
    let AppEvent::Stalled { url, begun: false, .. } = incident.it else { return false };
    let held = |entry: &Entry| matches!(entry.event, Event::Klaviyo(KlaviyoEvent::FaultApplied(_)));
    let step = flow.events.since(flow.events.step_began(incident.seq)).before(incident.seq);
    // With its query: a callback that hangs for one decision may answer the other.
    let mut later = flow.events.after(incident.seq).hops();
    // And by its method: that a form is shown says nothing of an app that hangs when it is sent.
    let asked = flow.events.before(incident.seq).hops().rfind(|hop| hop.it.url == *url).map(|hop| &hop.it.method);
    let answered = later.any(|hop| {
        let is_same = hop.it.url == *url && asked.is_none_or(|asked| hop.it.method == *asked);
        is_same && hop.it.status.is_some() && hop.it.error.is_none()
    });
    answered && !step.entries().iter().any(held)
}

/// A finding with evidence of its own, in the step that an incident broke off: both are told.
pub(super) fn explained_beside(finding: Finding, incident: At<'_, AppEvent>, flow: &Flow<'_>) -> Finding {
    Finding {
        saw: statement!("{saw}; {incident}", saw = finding.saw, incident = in_words(incident.it, flow.setup)),
        likely: Some(cause(incident, flow)),
        ..finding
    }
}

/// What a failure says was seen.
pub(super) fn in_words(event: &AppEvent, setup: &Setup) -> Statement {
    let at = |url: &str| Value::address(short(url, setup));
    match event {
        AppEvent::Exited(how) => statement!("the app {how}", how = Value::text(how)),
        AppEvent::Stalled { url, begun: false, after_ms } => {
            statement!("the app answered nothing for {after} at {at}", after = seconds(*after_ms), at = at(url))
        }
        AppEvent::Stalled { url, begun: true, after_ms } => {
            statement!("{at} was still loading after {after} without news", at = at(url), after = seconds(*after_ms))
        }
        AppEvent::Stormed { endpoint, calls, within_ms, status } => {
            let answered = match *status {
                0 => "".into(),
                status => statement!(", and the last was answered {status}", status),
            };
            statement!(
                "the app called {endpoint} {calls} times in {within}{answered}",
                endpoint = Value::address(endpoint),
                calls = *calls,
                within = seconds(*within_ms),
                answered
            )
        }
        AppEvent::LimitedLogin(how) => statement!("the app refused the login: {how}", how = Value::text(how)),
        AppEvent::BlockedTab { url } => {
            statement!("a script of {at} kept the tab busy until flowcheck ended the script", at = at(url))
        }
        AppEvent::CrashedTab { url, how } => {
            statement!("{at} crashed its tab, in two browsers (\"{how}\")", at = at(url), how = Value::text(how))
        }
        AppEvent::CoveredControl { url, control, cover, .. } => {
            statement!(
                "{cover} covers \"{control}\" of {at}, so that it cannot be clicked",
                cover = Value::text(cover),
                control = Value::text(control),
                at = at(url)
            )
        }
        AppEvent::NoPage { url, error } => {
            if REDIRECTS.contains(&error.as_str()) {
                statement!("{at} redirects without end", at = at(url))
            } else {
                statement!(
                    "the app broke the connection off at {at} ({error})",
                    at = at(url),
                    error = Value::text(error)
                )
            }
        }
        _ => "".into(),
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
        AppEvent::BlockedTab { url } => Some(IncidentId::BlockedTab { at: short(url, flow.setup) }),
        AppEvent::CrashedTab { url, .. } => Some(IncidentId::CrashedTab { at: short(url, flow.setup) }),
        AppEvent::CoveredControl { url, control, .. } => {
            Some(IncidentId::CoveredControl { at: short(url, flow.setup), control: control.clone() })
        }
        AppEvent::NoPage { url, error } => {
            Some(IncidentId::NoPage { at: short(url, flow.setup), error: error.clone() })
        }
        _ => None,
    }
}

fn cause(incident: At<'_, AppEvent>, flow: &Flow<'_>) -> Statement {
    match incident.it {
        AppEvent::Exited(_) => match last_line(incident.seq, flow) {
            Some(line) => statement!("its last words: {line}", line = Value::text(clip(line, LINE))),
            None => "it crashed; its log tells more".into(),
        },
        AppEvent::Stalled { .. } if is_slow(incident, flow) => {
            "the app is slower than `timing.page` of flowcheck.yaml allows, and answers later".into()
        }
        AppEvent::Stalled { begun: false, .. } => {
            "it waits for something that does not come; calls to Klaviyo need a deadline of their own".into()
        }
        AppEvent::Stalled { begun: true, .. } => "it begins an answer and never ends it".into(),
        AppEvent::Stormed { status: 1..400, .. } => "a call is made again and again, though it is answered".into(),
        AppEvent::Stormed { .. } => "a call that fails is repeated at once and without end".into(),
        AppEvent::LimitedLogin(_) => "it limits logins; allow more of them where flowcheck runs".into(),
        AppEvent::BlockedTab { .. } => "a loop in the page's own script has no end, or one that is too far off".into(),
        AppEvent::CrashedTab { .. } => "the page's own script uses up the tab's memory".into(),
        AppEvent::CoveredControl { usable: true, .. } => {
            "see by hand whether a person knows how to get it out of the way".into()
        }
        AppEvent::CoveredControl { usable: false, .. } => "there is nothing in it by which it could be closed".into(),
        AppEvent::NoPage { error, .. } if REDIRECTS.contains(&error.as_str()) => {
            "each of its redirects leads to another; where a cookie or a session is missing, a page must say so".into()
        }
        AppEvent::NoPage { .. } => match last_line(incident.seq, flow) {
            Some(line) => statement!("its last words: {line}", line = Value::text(clip(line, LINE))),
            None => "its log tells more".into(),
        },
        _ => "".into(),
    }
}

/// The last line that the app wrote before it ended: what follows its next start is of another process.
fn last_line<'a>(ended: u32, flow: &Flow<'a>) -> Option<&'a str> {
    let is_ready = |entry: &&Entry| matches!(entry.event, Event::App(AppEvent::Ready(_)));
    let began = flow.events.before(ended).entries().iter().rfind(is_ready).map_or(0, |entry| entry.seq);
    let again = flow.events.after(ended).entries().iter().find(is_ready);
    // A program that is started again writes its first lines before it is ready.
    let until = if again.is_some() { ended } else { u32::MAX };
    flow.events.since(began).before(until).entries().iter().rev().find_map(|entry| match &entry.event {
        Event::App(AppEvent::Log(line)) => Some(line.as_str()),
        _ => None,
    })
}

/// Whole seconds, at least one.
fn seconds(ms: u64) -> Value {
    Value::Seconds((ms + 500) / 1_000 + u64::from(ms < 500))
}
