//! A challenge of the edge before Klaviyo is not taken for a missing scope, and the app works afterwards.

use flowcheck_evidence::{AppEvent, Entry, Event, FaultEffect, KlaviyoEvent, PageKind, StepKind};

use crate::flow::{ApiRequest, Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::no_calls::no_calls;
use crate::judging::not_run::{cut_short, without_tokens};
use crate::judging::notice::{mail_asks, notices};
use crate::verdict::{Finding, Value, Verdict, counted, statement};

const EXPECTED: &str = "nobody asked to authorize again, and calls that go on later";
/// Why an app takes the one for the other.
const LIKELY: &str =
    "every 403 is taken for a missing scope; one with an HTML page and `cf-mitigated` is not Klaviyo's answer";

/// `api.edge-challenge`.
pub(crate) static ITEM: Item = Item {
    id: "api.edge-challenge",
    group: Group::Api,
    requirement: "A challenge of the edge before Klaviyo is not taken for a missing scope, and the app works afterwards",
    judged: "After a 403 with `cf-mitigated: challenge`: no notice and no mail that asks to authorize again, the connection kept, and a call that succeeds later; another mail is for review",
    source: documents::EDGE,
    tier: Tier::Hardening,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "look at the answer's content type before its status: what is no JSON is not from Klaviyo; try again later",
    guidance: Topic::Api,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    if let Some(blocked) = without_tokens(flow) {
        return blocked;
    }
    let challenged: Vec<ApiRequest<'_>> = flow.events.api_calls().filter(ApiRequest::is_challenged).collect();
    let (Some(first), Some(last)) = (challenged.first(), challenged.last()) else { return not_challenged(flow) };
    // What was started again has forgotten what it kept in memory, and has met no challenge.
    let has_ended = |entry: &Entry| matches!(entry.event, Event::App(AppEvent::Exited(_) | AppEvent::Stormed { .. }));
    if flow.events.after(first.seq).entries().iter().any(has_ended) {
        return cut_short(flow, "the app was seen after the challenge");
    }
    asked_again(flow, first.seq)
        .or_else(|| given_up(flow, first.seq))
        .or_else(|| mailed(flow, first.seq))
        .unwrap_or_else(|| works_after(flow, last.seq, counted(challenged.len(), "challenge", "challenges")))
}

/// No call met the challenge.
fn not_challenged(flow: &Flow<'_>) -> Verdict {
    let armed = flow.events.entries().iter().find_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::FaultArmed(fault)) if fault.effect == FaultEffect::Challenged => Some(entry.seq),
        _ => None,
    });
    let Some(armed) = armed else { return Verdict::not_run("the edge challenged nothing here") };
    let worked = triggered(flow, armed).any(|seq| flow.events.ended_after(seq).is_some());
    match flow.events.failed_after(0) {
        Some(failed) => Verdict::not_run(failed.it),
        None if worked => {
            no_calls(flow, EXPECTED, "the app made no call to Klaviyo while the edge would have challenged it", 0)
        }
        None => cut_short(flow, "a call was challenged"),
    }
}

/// A failure, where a page or a mail asks the user to authorize again, and none did before.
fn asked_again(flow: &Flow<'_>, since: u32) -> Option<Verdict> {
    let before: Vec<&str> = flow.events.before(since).pages().flat_map(|page| notices(page.it)).collect();
    let notice = flow.events.after(since).pages().find_map(|page| {
        let notice = notices(page.it).into_iter().find(|notice| !before.contains(notice))?;
        Some((
            page.seq,
            statement!("{page}: \"{notice}\"", page = place(page.it, flow.setup), notice = Value::text(notice)),
        ))
    });
    let mail = flow.events.after(since).mails().find(|(_, mail)| mail_asks(mail));
    let mail = mail.map(|(seq, mail)| (seq, statement!("a mail: \"{subject}\"", subject = Value::text(&mail.subject))));
    let (seq, saw) = notice.into_iter().chain(mail).min_by_key(|(seq, _)| *seq)?;
    Some(Verdict::Fail(Finding::app(EXPECTED, saw).likely(LIKELY).at(seq)))
}

/// A failure, where the app took the challenge for the end of the connection.
fn given_up(flow: &Flow<'_>, since: u32) -> Option<Verdict> {
    let ended = flow.events.after(since).entries().iter().find_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::Uninstalled { .. }) => Some((entry.seq, "the app ended its install".into())),
        _ => None,
    });
    let shown = || {
        let was_shown = flow.events.before(since).pages().any(|page| page.it.kind == PageKind::Installed);
        let page = flow.events.after(since).pages().find(|page| page.it.kind == PageKind::NotInstalled);
        page.filter(|_| was_shown).map(|page| {
            (page.seq, statement!("{page} shows no connection any more", page = place(page.it, flow.setup)))
        })
    };
    let (seq, saw) = ended.or_else(shown)?;
    Some(Verdict::Fail(Finding::app(EXPECTED, saw).likely("any 403 is taken for the end of the connection").at(seq)))
}

/// A mail that asks for nothing of the kind may have nothing to do with it.
fn mailed(flow: &Flow<'_>, since: u32) -> Option<Verdict> {
    let (seq, mail) = flow.events.after(since).mails().next()?;
    let saw = statement!(
        "a mail after the challenge: \"{subject}\"; look whether it is about it",
        subject = Value::text(&mail.subject)
    );
    Some(Verdict::Review(Finding::app(EXPECTED, saw).at(seq)))
}

/// Whether a call succeeded once the challenges were over.
fn works_after(flow: &Flow<'_>, last: u32, challenges: Value) -> Verdict {
    // The app must have had work to do once the edge let it pass.
    let let_pass = flow.events.after(last).steps().find(|mark| mark.it.step == StepKind::NoFaults);
    let was_over =
        let_pass.is_some_and(|mark| triggered(flow, mark.seq).any(|seq| flow.events.ended_after(seq).is_some()));
    let is_one = |call: &ApiRequest<'_>| !call.is_preflight() && call.facts.install.is_some();
    let calls: Vec<ApiRequest<'_>> = flow.events.after(last).api_calls().filter(is_one).collect();
    match calls.iter().find(|call| call.succeeded()) {
        Some(call) => {
            Verdict::Pass(statement!("after {challenges}, {request} succeeded", challenges, request = call.request()))
        }
        None if !was_over => cut_short(flow, "the app was made to call Klaviyo after the challenge"),
        None => {
            let saw = if let Some(call) = calls.first() {
                statement!(
                    "after {challenges}, {request} was answered {status}",
                    challenges,
                    request = call.request(),
                    status = call.exchange.status
                )
            } else {
                statement!("after {challenges}, no further call", challenges)
            };
            Verdict::Review(Finding::app(EXPECTED, saw).at(last))
        }
    }
}

/// Where the app was made to work, after a place on the timeline.
fn triggered<'a>(flow: &Flow<'a>, since: u32) -> impl Iterator<Item = u32> + use<'a> {
    let is_one = |entry: &&Entry| matches!(&entry.event, Event::App(AppEvent::Triggered(_)));
    flow.events.after(since).entries().iter().filter(is_one).map(|entry| entry.seq)
}
