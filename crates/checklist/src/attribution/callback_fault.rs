//! What the app's callback answered itself, where no token request followed: it tells an app whose callback is at fault from one
//! whose HTTP client could not come to Klaviyo.

use flowcheck_evidence::{AppEvent, Event, Hop, PageKind, Purpose, Setup};

use crate::flow::{At, Attempt, Flow, short};
use crate::judging::wording::{FailureMessage, message_of_outage};
use crate::verdict::{IncidentId, Statement, Value, statement};

/// Statuses of an address or method that nothing answers.
const NO_ROUTE: [u16; 4] = [404, 405, 410, 501];
/// What logs say of a client that did not come to its host, or does not trust it.
const CLIENT_TROUBLE: &[&str] = &[
    "a.klaviyo.com",
    "getaddrinfo",
    "fetch failed",
    "certificate",
    "resolve host",
    "name resolution",
    "service not known",
    "UnknownHost",
    "no such host",
    "SSL",
];

/// What a callback answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallbackAnswer {
    status: u16,
    to: Option<String>,
}

impl CallbackAnswer {
    /// The answer of a hop; none where it is not known.
    pub(crate) fn of(hop: &Hop, setup: &Setup) -> Option<Self> {
        let status = hop.status?;
        let redirects = (300..400).contains(&status);
        let to = hop.location.as_deref().filter(|_| redirects).map(|to| short(to, setup));
        Some(Self { status, to })
    }

    /// By which several scenarios know that they met the same.
    pub(crate) fn identity(&self) -> IncidentId {
        IncidentId::Callback { status: self.status, to: self.to.clone() }
    }

    /// The predicate of a sentence: `answered 404`, `redirected to /login`.
    pub(crate) fn words(&self) -> Statement {
        self.to.as_ref().map_or_else(
            || statement!("answered {status}", status = self.status),
            |to| statement!("redirected to {to}", to = Value::address(to)),
        )
    }
}

/// What the callback of an attempt that was allowed did instead of exchanging the code; none where it asked for tokens, where the
/// attempt was not seen to its end, and where its answer may be that of an app whose client could not come to Klaviyo.
pub(crate) fn callback_fault(flow: &Flow<'_>, attempt: &Attempt<'_>) -> Option<CallbackAnswer> {
    let allowed = attempt.decided(&Purpose::Allow)?;
    if !attempt.is_over() || attempt.events.token_calls().next().is_some() {
        return None;
    }
    let hop = attempt.callback_answer()?;
    let answer = CallbackAnswer::of(hop.it, flow.setup)?;
    let landing = attempt.landing(&Purpose::Allow);
    if NO_ROUTE.contains(&answer.status) {
        return Some(answer);
    }
    if tells_of_its_client(flow, allowed, landing.map_or(u32::MAX, |page| page.seq)) {
        return None;
    }
    let silent = || landing.is_some_and(|page| message_of_outage(flow, page) == FailureMessage::Nothing);
    let to_login = || landing.is_some_and(|page| page.it.kind == PageKind::Login);
    let stops = answer.status >= 400 || answer.to.is_some() && (to_login() || silent());
    stops.then_some(answer)
}

/// Whether the callback has no route that takes the browser's redirect. One that asked for tokens has answered with a status of its own.
pub(crate) fn has_no_route(attempt: &Attempt<'_>) -> Option<u16> {
    if attempt.events.token_calls().next().is_some() {
        return None;
    }
    let answer: At<'_, Hop> = attempt.callback_answer()?;
    answer.it.status.filter(|status| NO_ROUTE.contains(status))
}

/// Whether the app's log speaks of a client that did not come to Klaviyo.
fn tells_of_its_client(flow: &Flow<'_>, from: u32, to: u32) -> bool {
    flow.events.since(from).before(to).entries().iter().any(|entry| match &entry.event {
        Event::App(AppEvent::Log(line)) => CLIENT_TROUBLE.iter().any(|sign| line.contains(sign)),
        _ => false,
    })
}
