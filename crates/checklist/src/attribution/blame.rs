//! Whose fault a failure is, where the evidence shows that it is not the app's.

use super::unreached_klaviyo::unreached;
use flowcheck_evidence::{AppEvent, Entry, Event, PageKind};

use crate::flow::{Flow, foreign_host, host_of, is_below};
use crate::verdict::{Blame, Finding, Value, Verdict, statement};

/// A failure with the one to blame for it; any other verdict as it is.
pub(crate) fn attribute(verdict: Verdict, flow: &Flow<'_>) -> Verdict {
    let Verdict::Fail(finding) = verdict else { return verdict };
    let foreign = foreign_client(&finding, flow)
        .or_else(|| unreachable_host(&finding, flow))
        .or_else(|| closed_by_authentication(&finding, flow))
        .or_else(|| silent_platform(&finding, flow))
        .or_else(|| unreached(&finding, flow));
    Verdict::Fail(foreign.or_else(|| mock_gap(&finding, flow)).unwrap_or(finding))
}

/// The app is another than the one `flowcheck.yaml` describes: nothing can be said of it.
fn foreign_client(finding: &Finding, flow: &Flow<'_>) -> Option<Finding> {
    let stranger = flow.events.authorize_calls().find(|call| !call.it.client_known)?;
    let likely = statement!(
        "the app asks as client {sent}, and flowcheck.yaml says {configured}: one of the two is wrong",
        sent = Value::name_or(stranger.it.client_id.as_deref(), "(none)"),
        configured = Value::name(&flow.setup.app.client_id)
    );
    Some(finding.clone().likely(likely).blame(Blame::Config))
}

/// The page that the finding rests on is of a host that is not the app's and that the browser could not reach.
fn unreachable_host(finding: &Finding, flow: &Flow<'_>) -> Option<Finding> {
    let at = finding.at?;
    let page = flow.events.since(at).pages().next().filter(|page| page.seq == at)?;
    let host = foreign_host(&page.it.url, flow.setup).filter(|_| page.it.kind == PageKind::BrowserError)?;
    let likely = statement!(
        "{host} cannot be reached from where flowcheck runs, and is not the app's own host; let the app use one that can, or make it \
         reachable",
        host = Value::name(host)
    );
    Some(finding.clone().likely(likely).blame(Blame::Config))
}

/// The app's host wants HTTP authentication before it shows any page, as staging sites do; what is behind it was never seen.
fn closed_by_authentication(finding: &Finding, flow: &Flow<'_>) -> Option<Finding> {
    let until_there = finding.at.map_or(flow.events, |at| flow.events.before(at.saturating_add(1)));
    let host = host_of(&flow.setup.app.url);
    // One page of many that asks for it is a mistake of the app's.
    let first = until_there.hops().find(|hop| host_of(&hop.it.url) == host && hop.it.status.is_some())?;
    let scheme = first.it.asks_for.as_deref()?;
    let likely = statement!(
        "{host} asks for a user and a password before it shows any page (HTTP authentication, {scheme}): name those that it takes in \
         flowcheck.yaml, `access.basic_auth`",
        host = Value::name(host),
        scheme = Value::name(scheme)
    );
    Some(finding.clone().likely(likely).blame(Blame::Config))
}

/// The platform that the app lives in gave no answer in the step that failed; it is none of the app's.
fn silent_platform(finding: &Finding, flow: &Flow<'_>) -> Option<Finding> {
    let (host, at) = (flow.setup.app.host.as_ref()?, finding.at?);
    let until_there = flow.events.since(flow.events.step_began(at)).before(at.saturating_add(1));
    let is_silent = |entry: &Entry| match &entry.event {
        Event::App(AppEvent::Stalled { url, begun: false, .. }) => is_below(url, &host.url),
        Event::Hop(hop) => hop.status.is_none() && hop.error.is_some() && is_below(&hop.url, &host.url),
        _ => false,
    };
    until_there.entries().iter().any(is_silent).then(|| {
        let likely = statement!("{host} did not answer, and not the app; see that it works where flowcheck runs: `kind.embedded.host` in flowcheck.yaml", host = Value::name(&host.name));
        finding.clone().likely(likely).blame(Blame::Config)
    })
}

/// In the step that failed, the app asked for something that Klaviyo publishes and the fake does not model.
fn mock_gap(finding: &Finding, flow: &Flow<'_>) -> Option<Finding> {
    let at = finding.at?;
    let until_there = flow.events.since(flow.events.step_began(at)).before(at.saturating_add(1));
    let gap = until_there.api_calls().find(|call| call.facts.mock_gap)?;
    let operation = gap.facts.operation.as_deref()?;
    let likely = statement!(
        "the fake Klaviyo does not model {operation} and answered 501; the real one would not",
        operation = Value::name(operation)
    );
    Some(finding.clone().likely(likely).blame(Blame::MockGap))
}
