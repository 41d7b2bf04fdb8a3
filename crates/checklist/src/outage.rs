//! Klaviyo's token endpoint out of order while an installation is completed.

use super::again::{Again, again};
use super::attempt::{Attempt, Stop, attempts};
use super::not_run::{cut_short, not_allowed_yet};
use super::view::{At, code_exchanges, ended_after, pages, place};
use super::wording::{Told, told_of_outage};
use super::{Finding, Verdict};
use flowcheck_evidence::{
    Entry, Event, Evidence, FaultTarget, KlaviyoEvent, KlaviyoFault, Page, PageKind, Purpose, TokenOutcome, clip, count,
};

const EXPECTED: &str = "a clear message that Klaviyo could not be reached, and another attempt that works";

pub(super) fn unavailable(evidence: &Evidence) -> Verdict {
    let all = attempts(evidence);
    let mut told = 0;
    let mut last = None;
    for (index, attempt) in all.iter().enumerate() {
        let Some((_, fault)) = faults(attempt.entries).last() else { continue };
        last = Some((index, fault));
        if got_over_it(attempt) {
            told += 1;
            continue;
        }
        let Some(allowed) = attempt.decided(&Purpose::Allow) else { continue };
        let Some(landing) = attempt.landing(&Purpose::Allow) else { continue };
        if let Some(verdict) = message(attempt, landing, fault) {
            return verdict;
        }
        if ended_after(attempt.entries, allowed).is_some() {
            told += 1;
        }
    }
    let Some((index, fault)) = last else {
        return match all.iter().find(|attempt| attempt.decided(&Purpose::Allow).is_some() && attempt.is_over()) {
            Some(_) if armed(evidence) => Verdict::blocked_by("install.completes", "no token request met the fault"),
            _ => not_allowed_yet(evidence),
        };
    };
    let Some(next) = all.get(index + 1) else {
        return if all[index..].iter().all(got_over_it) && told > 0 && over(&all) {
            Verdict::Pass(format!("the app got over {fault} by itself"))
        } else {
            cut_short(evidence, "another attempt was made")
        };
    };
    let stuck = match again(next, &all[..=index], "another attempt was seen to its end") {
        Again::Well => {
            return Verdict::Pass(format!("{} told, and another attempt worked", count(told, "failure", "failures")));
        }
        Again::Unknown(verdict) => return verdict,
        Again::Badly(stuck) => stuck,
    };
    let until = stuck.map_or(u32::MAX, |act| act.seq);
    let stop = Stop { page: pages(next.entries).take_while(|page| page.seq < until).last(), act: None };
    Verdict::Fail(
        Finding::app(EXPECTED, format!("the next attempt led to {}", clip(&stop.words(evidence), 100)))
            .hops(next.hop_lines(stop.seq()))
            .likely("what is left of the failed attempt is in the way of the next")
            .at(stop.seq()),
    )
}

/// What is wrong with what the user was told; none where it is fine.
fn message(attempt: &Attempt<'_>, page: At<'_, Page>, fault: &KlaviyoFault) -> Option<Verdict> {
    let at = place(page.it, attempt.evidence);
    // A page of the app's own has many words; only what it says as a message is one.
    let is_state = matches!(page.it.kind, PageKind::Installed | PageKind::NotInstalled);
    let (saw, likely) = match told_of_outage(page.it) {
        Told::Named if !is_state => return None,
        _ if page.it.kind == PageKind::BrowserError => (
            Stop::at_rest(page).words(attempt.evidence),
            "the callback waits without a deadline of its own, or crashes; the app's log tells more",
        ),
        // The browser still shows what the user allowed on: the callback never answered.
        _ if page.it.kind == PageKind::KlaviyoConsent => {
            ("no answer at all".to_owned(), "the callback calls the token endpoint without a deadline of its own")
        }
        Told::Raw => (
            format!("raw output at {at}: \"{}\"", clip(&page.it.text, 40)),
            "the failure is printed as it came instead of being put in words",
        ),
        Told::Generic => (
            format!("a message at {at} that says neither what nor how to go on: \"{}\"", clip(&page.it.headline(), 40)),
            "a failed token request is not told from other failures",
        ),
        Told::Named | Told::Nothing => (
            format!("no message at all at {at} (\"{}\")", clip(&page.it.headline(), 40)),
            "the callback goes on as if it had got tokens",
        ),
    };
    let saw = format!("after {fault}: {saw}");
    Some(Verdict::Fail(Finding::app(EXPECTED, saw).hops(attempt.hop_lines(page.seq)).likely(likely).at(page.seq)))
}

/// The faults that code exchanges among these entries met.
fn faults(entries: &[Entry]) -> impl Iterator<Item = (u32, &KlaviyoFault)> {
    entries.iter().filter_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::FaultApplied(fault)) if fault.on == FaultTarget::Token => Some((entry.seq, fault)),
        _ => None,
    })
}

fn armed(evidence: &Evidence) -> bool {
    let armed = |entry: &Entry| matches!(&entry.event, Event::Klaviyo(KlaviyoEvent::FaultArmed(fault)) if fault.on == FaultTarget::Token);
    evidence.timeline.iter().any(armed)
}

/// Whether the app asked again by itself, and got tokens.
fn got_over_it(attempt: &Attempt<'_>) -> bool {
    let well = code_exchanges(attempt.entries).filter(|call| matches!(call.it.outcome, TokenOutcome::Issued { .. }));
    let last_fault = faults(attempt.entries).last().map_or(0, |(seq, _)| seq);
    // A fault's own exchange follows it at once; one further on has met none.
    let exchanges_after = code_exchanges(attempt.entries).filter(|call| call.seq > last_fault).count();
    exchanges_after > 1 && well.last().is_some_and(|call| call.seq > last_fault)
}

fn over(all: &[Attempt<'_>]) -> bool {
    all.last().is_some_and(Attempt::is_over)
}
