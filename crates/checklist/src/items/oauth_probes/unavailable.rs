//! 5xx, a timeout, a dropped connection or malformed JSON at the token endpoint gives a clear message and can be retried.

use flowcheck_evidence::{
    Entry, Event, FaultTarget, KlaviyoEvent, KlaviyoFault, Page, PageKind, Purpose, TokenOutcome, clip,
};

use crate::flow::{At, Attempt, Flow, Window, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::{cut_short, not_allowed_yet};
use crate::judging::retry_outcome::{RetryOutcome, retry_outcome};
use crate::judging::stop::Stop;
use crate::judging::wording::{FailureMessage, message_of_outage};
use crate::verdict::{Finding, Statement, Value, Verdict, counted, statement};

const EXPECTED: &str = "a clear message that Klaviyo could not be reached, and another attempt that works";

/// `oauth.unavailable`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.unavailable",
    group: Group::Oauth,
    requirement: "5xx, a timeout, a dropped connection or malformed JSON at the token endpoint gives a clear message and can be retried",
    judged: "Each of them after Allow; the page then shown, and the attempt after it",
    source: documents::OAUTH,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "give the token request a timeout, and answer its failure with a page that offers another try",
    guidance: Topic::Token,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let all = &flow.attempts;
    let mut handled = 0;
    let mut last = None;
    for (index, attempt) in all.iter().enumerate() {
        let Some((_, fault)) = faults(attempt.events).last() else { continue };
        last = Some((index, fault));
        if got_over_it(attempt) {
            handled += 1;
            continue;
        }
        let Some(allowed) = attempt.decided(&Purpose::Allow) else { continue };
        let Some(landing) = attempt.landing(&Purpose::Allow) else { continue };
        if let Some(verdict) = message(flow, attempt, landing, fault) {
            return verdict;
        }
        if attempt.events.ended_after(allowed).is_some() {
            handled += 1;
        }
    }
    let Some((index, fault)) = last else {
        return match all.iter().find(|attempt| attempt.decided(&Purpose::Allow).is_some() && attempt.is_over()) {
            Some(_) if armed(flow) => Verdict::blocked_by("install.completes", "no token request met the fault"),
            _ => not_allowed_yet(flow),
        };
    };
    let Some(next) = all.get(index + 1) else {
        return if all[index..].iter().all(got_over_it) && handled > 0 && over(all) {
            Verdict::Pass(statement!("the app got over {fault} by itself", fault))
        } else {
            cut_short(flow, "another attempt was made")
        };
    };
    let stuck = match retry_outcome(flow, next, &all[..=index], "another attempt was seen to its end") {
        RetryOutcome::AsWell => {
            return Verdict::Pass(statement!(
                "{failures} told, and another attempt worked",
                failures = counted(handled, "failure", "failures")
            ));
        }
        RetryOutcome::Unknown(verdict) => return verdict,
        RetryOutcome::Worse(stuck) => stuck,
    };
    let stop = Stop::last_page(next, stuck);
    Verdict::Fail(
        Finding::app(
            EXPECTED,
            statement!("the next attempt led to {stop}", stop = Value::clipped(stop.words(flow.setup), 100)),
        )
        .hops(next.hop_lines(stop.seq()))
        .likely("what is left of the failed attempt is in the way of the next")
        .at(stop.seq()),
    )
}

/// What is wrong with the message that the user saw; none where nothing is.
fn message(flow: &Flow<'_>, attempt: &Attempt<'_>, page: At<'_, Page>, fault: &KlaviyoFault) -> Option<Verdict> {
    let at = place(page.it, flow.setup);
    let (saw, likely): (Statement, _) = match message_of_outage(flow, page) {
        FailureMessage::Named => return None,
        _ if page.it.kind == PageKind::BrowserError => (
            Stop::at_rest(page).words(flow.setup),
            "the callback waits without a deadline of its own, or crashes; the app's log tells more",
        ),
        // The browser still shows what the user allowed on: the callback never answered.
        _ if page.it.kind == PageKind::KlaviyoConsent => {
            ("no answer at all".into(), "the callback calls the token endpoint without a deadline of its own")
        }
        FailureMessage::Unknown => {
            let saw = statement!(
                "after {fault}: \"{headline}\" at {at}, in words that flowcheck does not know",
                fault,
                headline = Value::text(clip(&page.it.headline(), 40)),
                at
            );
            return Some(Verdict::Review(Finding::app(EXPECTED, saw).hops(attempt.hop_lines(page.seq)).at(page.seq)));
        }
        FailureMessage::Pictured => {
            let saw =
                statement!("after {fault}: no text at {at}, but a picture, which flowcheck cannot read", fault, at);
            return Some(Verdict::Review(Finding::app(EXPECTED, saw).hops(attempt.hop_lines(page.seq)).at(page.seq)));
        }
        FailureMessage::Raw => (
            statement!("raw output at {at}: \"{text}\"", at, text = Value::text(clip(&page.it.text, 40))),
            "the failure is printed as it came instead of being put in words",
        ),
        FailureMessage::Generic => (
            statement!(
                "a message at {at} that says neither what nor how to go on: \"{headline}\"",
                at,
                headline = Value::text(clip(&page.it.headline(), 40))
            ),
            "a failed token request is not told from other failures",
        ),
        FailureMessage::Nothing => (
            statement!(
                "no message at all at {at} (\"{headline}\")",
                at,
                headline = Value::text(clip(&page.it.headline(), 40))
            ),
            "the callback goes on as if it had got tokens",
        ),
    };
    let saw = statement!("after {fault}: {saw}", fault, saw);
    Some(Verdict::Fail(Finding::app(EXPECTED, saw).hops(attempt.hop_lines(page.seq)).likely(likely).at(page.seq)))
}

/// The faults that code exchanges among these entries met.
fn faults(events: Window<'_>) -> impl DoubleEndedIterator<Item = (u32, &KlaviyoFault)> {
    events.entries().iter().filter_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::FaultApplied(fault)) if fault.on == FaultTarget::Token => Some((entry.seq, fault)),
        _ => None,
    })
}

fn armed(flow: &Flow<'_>) -> bool {
    let armed = |entry: &Entry| matches!(&entry.event, Event::Klaviyo(KlaviyoEvent::FaultArmed(fault)) if fault.on == FaultTarget::Token);
    flow.events.entries().iter().any(armed)
}

/// Whether the app asked again by itself, and got tokens.
fn got_over_it(attempt: &Attempt<'_>) -> bool {
    let mut well =
        attempt.events.code_exchanges().filter(|call| matches!(call.it.outcome, TokenOutcome::Issued { .. }));
    let last_fault = faults(attempt.events).last().map_or(0, |(seq, _)| seq);
    // A fault's own exchange follows it at once; one further on has met none.
    let exchanges_after = attempt.events.code_exchanges().filter(|call| call.seq > last_fault).count();
    exchanges_after > 1 && well.next_back().is_some_and(|call| call.seq > last_fault)
}

fn over(all: &[Attempt<'_>]) -> bool {
    all.last().is_some_and(Attempt::is_over)
}
