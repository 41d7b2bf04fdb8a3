//! Reading the timeline: what the user did, the pages seen, the calls made.

use flowcheck_evidence::{
    Act, ApiCall, AuthorizeCall, Decision, DecisionCall, Entry, Event, Evidence, Exchange, Facts, Page, Place, Purpose,
    StepMark, StepPhase, StepProblem, TokenCall,
};

/// A thing with its place on the timeline.
#[derive(Debug)]
pub(super) struct At<'a, T: ?Sized> {
    pub(super) seq: u32,
    pub(super) it: &'a T,
}

// Derived, these would ask the same of `T`, which is only referred to.
impl<T: ?Sized> Clone for At<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for At<'_, T> {}

/// The acts among these entries.
pub(super) fn acts(entries: &[Entry]) -> impl Iterator<Item = At<'_, Act>> {
    entries.iter().filter_map(|entry| match &entry.event {
        Event::Act(act) => Some(At { seq: entry.seq, it: act }),
        _ => None,
    })
}

/// The pages among these entries.
pub(super) fn pages(entries: &[Entry]) -> impl Iterator<Item = At<'_, Page>> {
    entries.iter().filter_map(|entry| match &entry.event {
        Event::Page(page) => Some(At { seq: entry.seq, it: page.as_ref() }),
        _ => None,
    })
}

/// The exchanges among these entries, each with the real time in milliseconds at which it was answered.
pub(super) fn exchanges(entries: &[Entry]) -> impl Iterator<Item = (At<'_, Exchange>, u64)> {
    entries.iter().filter_map(|entry| match &entry.event {
        Event::Exchange(exchange) => Some((At { seq: entry.seq, it: exchange.as_ref() }, entry.at_ms)),
        _ => None,
    })
}

/// The steps among these entries.
pub(super) fn steps(entries: &[Entry]) -> impl Iterator<Item = At<'_, StepMark>> {
    entries.iter().filter_map(|entry| match &entry.event {
        Event::Step(mark) => Some(At { seq: entry.seq, it: mark }),
        _ => None,
    })
}

/// The authorization requests among these entries.
pub(super) fn authorize_calls(entries: &[Entry]) -> impl Iterator<Item = At<'_, AuthorizeCall>> {
    exchanges(entries).filter_map(|(exchange, _)| match &exchange.it.facts {
        Facts::Authorize(call) => Some(At { seq: exchange.seq, it: call }),
        _ => None,
    })
}

/// The token requests among these entries.
pub(super) fn token_calls(entries: &[Entry]) -> impl Iterator<Item = At<'_, TokenCall>> {
    exchanges(entries).filter_map(|(exchange, _)| match &exchange.it.facts {
        Facts::Token(call) => Some(At { seq: exchange.seq, it: call }),
        _ => None,
    })
}

/// The API calls among these entries, with status and real time in milliseconds.
pub(super) fn api_calls(entries: &[Entry]) -> impl Iterator<Item = (At<'_, ApiCall>, u16, u64)> {
    exchanges(entries).filter_map(|(exchange, at_ms)| match &exchange.it.facts {
        Facts::Api(call) => Some((At { seq: exchange.seq, it: call }, exchange.it.status, at_ms)),
        _ => None,
    })
}

/// The first end of a step after a place on the timeline. Only with it does it mean something that more was not seen.
pub(super) fn ended_after(entries: &[Entry], seq: u32) -> Option<At<'_, StepMark>> {
    steps(entries).find(|mark| mark.seq > seq && has_ended(mark.it))
}

/// What was seen from a place on the timeline to the end of the step it is in, and whether that end was seen.
pub(super) fn rest_of_step(entries: &[Entry], seq: u32) -> (&[Entry], bool) {
    let from = entries.partition_point(|entry| entry.seq <= seq);
    let rest = &entries[from.min(entries.len())..];
    match rest.iter().position(|entry| matches!(&entry.event, Event::Step(mark) if has_ended(mark))) {
        Some(end) => (&rest[..end], true),
        None => (rest, false),
    }
}

/// The token requests among these entries that show a code.
pub(super) fn code_exchanges(entries: &[Entry]) -> impl Iterator<Item = At<'_, TokenCall>> {
    token_calls(entries).filter(|call| call.it.grant_type.as_deref() == Some("authorization_code"))
}

/// The first step after a place on the timeline that could not be done, with the reason.
pub(super) fn failed_after(entries: &[Entry], seq: u32) -> Option<At<'_, StepProblem>> {
    steps(entries).filter(|mark| mark.seq > seq).find_map(|mark| match &mark.it.phase {
        StepPhase::Failed(why) => Some(At { seq: mark.seq, it: why }),
        _ => None,
    })
}

/// The pages that the user went to see at a place: for each look, the last page of its step, or before the next look.
pub(super) fn looks(entries: &[Entry], at: impl Fn(&Place) -> bool) -> Vec<At<'_, Page>> {
    acts(entries)
        .filter(|act| matches!(&act.it.purpose, Purpose::Look(place) if at(place)))
        .filter_map(|look| {
            let ended = ended_after(entries, look.seq).map(|mark| mark.seq);
            let next = acts(entries)
                .find(|act| act.seq > look.seq && matches!(act.it.purpose, Purpose::Look(_)))
                .map(|act| act.seq);
            // Until the look is over, the page in front of the user may be one on the way there, such as a login form.
            let over = [ended, next].into_iter().flatten().min()?;
            pages(entries).filter(|page| page.seq > look.seq && page.seq < over).last()
        })
        .collect()
}

/// Whether Klaviyo's integrations page lists the app.
pub(super) fn lists_app(page: &Page, evidence: &Evidence) -> bool {
    let name = &evidence.setup.app.name;
    page.controls.iter().any(|control| control.name.starts_with("Uninstall") && control.near.contains(name))
}

pub(super) fn has_ended(mark: &StepMark) -> bool {
    mark.phase != StepPhase::Began
}

/// Whether the decision was to allow.
pub(super) fn allowed(call: &DecisionCall) -> bool {
    call.decision == Decision::Allowed
}

/// Where a page is: its path on the app's own host, or after the name of the platform that the app lives in, else host and path.
pub(super) fn place(page: &Page, evidence: &Evidence) -> String {
    short(&page.url, evidence)
}

pub(super) fn short(address: &str, evidence: &Evidence) -> String {
    let without_query = address.split(['?', '#']).next().unwrap_or(address);
    let own = evidence.setup.app.url.trim_end_matches('/');
    let host = evidence.setup.app.host.as_ref();
    let on_host = host.and_then(|host| Some((host, without_query.strip_prefix(host.url.trim_end_matches('/'))?)));
    match (without_query.strip_prefix(own), on_host) {
        (Some(""), _) => "/".to_owned(),
        (Some(path), _) if path.starts_with('/') => path.to_owned(),
        (_, Some((host, path))) if path.is_empty() || path.starts_with('/') => format!("{}{path}", host.name),
        _ => without_query.trim_start_matches("http://").trim_start_matches("https://").to_owned(),
    }
}
