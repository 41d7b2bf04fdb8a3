//! The callback as Klaviyo never sends it: with another `state`, from another browser, twice, or with anything in it.

use super::again::{Again, again};
use super::attempt::{Attempt, Stop, attempts};
use super::not_run::{cut_short, without_tokens};
use super::state::{review, shows, signs};
use super::view::{At, acts, code_exchanges, has_ended, looks, pages, place, rest_of_step};
use super::{Finding, Verdict};
use flowcheck_evidence::{
    Act, Event, Evidence, Page, PageKind, Place, Probe, Purpose, StepPhase, Tampering, TokenCall, TokenOutcome, count,
};

/// Inputs that a failure names; more would bury the point.
const NAMED: usize = 3;

pub(super) fn state_checked(evidence: &Evidence) -> Verdict {
    let expected = "a callback whose state is missing or altered to be refused, without a token request";
    let mut ended = Vec::new();
    let tampered = |act: &At<'_, Act>| {
        matches!(act.it.purpose, Purpose::Callback(Tampering::Missing | Tampering::Altered)).then_some(act.seq)
    };
    for act in acts(&evidence.timeline).filter(|act| tampered(act).is_some()) {
        let (rest, has_ended) = rest_of_step(&evidence.timeline, act.seq);
        let missing = act.it.purpose == Purpose::Callback(Tampering::Missing);
        let what = if missing { "without a state" } else { "with an altered state" };
        if let Some(call) = code_exchanges(rest).next() {
            let finding = Finding::app(expected, format!("{} after a callback {what}", in_words(&call)))
                .likely(if missing {
                    "the callback looks at state only where there is one"
                } else {
                    "the callback does not compare state with the one that was sent"
                })
                .at(call.seq);
            return Verdict::Fail(finding);
        }
        if let Some(page) = pages(rest).find(|page| page.it.kind == PageKind::BrowserError) {
            let saw = format!("no answer to a callback {what}");
            return Verdict::Fail(
                Finding::app(expected, saw).likely("the app crashed or hung over it; its log tells more").at(page.seq),
            );
        }
        if has_ended {
            ended.push((missing, act.seq));
        }
    }
    let (Some(last), true, true) = (
        ended.iter().map(|(_, seq)| *seq).max(),
        ended.iter().any(|(missing, _)| *missing),
        ended.iter().any(|(missing, _)| !*missing),
    ) else {
        return not_opened(evidence, "callbacks without and with an altered state were opened");
    };
    survives_refusing(evidence, last, expected)
}

/// After callbacks that were refused, the user can still install.
fn survives_refusing(evidence: &Evidence, last: u32, expected: &str) -> Verdict {
    let all = attempts(evidence);
    let first = all.partition_point(|attempt| attempt.entries.first().is_none_or(|entry| entry.seq <= last));
    let (earlier, later) = all.split_at(first);
    let Some(attempt) = later.first() else { return cut_short(evidence, "the app was installed after that") };
    let stuck = match again(attempt, earlier, "the installation after that was seen to its end") {
        Again::Well => {
            let saw = "both refused without a token request, and the user could install after it";
            return Verdict::Pass(saw.to_owned());
        }
        Again::Unknown(verdict) => return verdict,
        Again::Badly(stuck) => stuck,
    };
    let until = stuck.map_or(u32::MAX, |act| act.seq);
    let stop = Stop { page: pages(attempt.entries).take_while(|page| page.seq < until).last(), act: None };
    let saw = format!("installing after it leads to {}", stop.words(evidence));
    Verdict::Fail(
        Finding::app(expected, saw)
            .hops(attempt.hop_lines(stop.seq()))
            .likely("one bad callback is remembered against the user")
            .at(stop.seq()),
    )
}

pub(super) fn state_bound(evidence: &Evidence) -> Verdict {
    let expected = "a browser that did not begin an installation to be refused, without a token request";
    let Some(act) = callback(evidence, Tampering::Foreign) else {
        return not_opened(evidence, "the other user's callback was opened");
    };
    let (rest, has_ended) = rest_of_step(&evidence.timeline, act.seq);
    match code_exchanges(rest).next() {
        Some(call) => Verdict::Fail(
            Finding::app(expected, format!("{} in the other user's browser", in_words(&call)))
                .likely("state is looked up among all users' attempts, not tied to the browser that began it")
                .at(call.seq),
        ),
        None if has_ended => Verdict::Pass("refused in a browser that had not begun it".to_owned()),
        None => cut_short(evidence, "the app had answered the other user's callback"),
    }
}

pub(super) fn code_replay(evidence: &Evidence) -> Verdict {
    if let Some(blocked) = without_tokens(evidence) {
        return blocked;
    }
    let expected = "reloading and revisiting the callback to change nothing";
    let installed = attempts(evidence).iter().find_map(Attempt::issued).map_or(0, |call| call.seq);
    let mut replayed = None;
    for act in acts(evidence.since(installed)) {
        match act.it.purpose {
            Purpose::Revisit(_) => {}
            Purpose::Callback(Tampering::Replayed) => replayed = Some(act.seq),
            _ => continue,
        }
        let (rest, _) = rest_of_step(&evidence.timeline, act.seq);
        if let Some(call) = code_exchanges(rest).next() {
            let saw = format!("the code sent to the token endpoint a second time: {}", act.it.gesture);
            return Verdict::Fail(
                Finding::app(expected, saw)
                    .likely("a state that was used works again; Klaviyo may end the installation's tokens over it")
                    .at(call.seq),
            );
        }
        let broken = |page: &At<'_, Page>| breaks(page.it.kind, page.it.status);
        if let Some(page) = pages(rest).find(broken) {
            let saw = format!("{}: {}", act.it.gesture, Stop::at_rest(page).words(evidence));
            return Verdict::Fail(
                Finding::app(expected, saw).likely("an attempt that is over is taken for a bug").at(page.seq),
            );
        }
    }
    let first = acts(evidence.since(installed)).find(|act| matches!(act.it.purpose, Purpose::Revisit(_)));
    let after = first.map_or(u32::MAX, |act| act.seq);
    let seen = looks(evidence.since(after), |place| matches!(place, Place::Settings(_)));
    if let Some(page) = seen.iter().find(|page| shows(page.it, PageKind::NotInstalled)) {
        let saw = format!("{} then shows {}", place(page.it, evidence), signs(page.it));
        return Verdict::Fail(
            Finding::app(expected, saw).likely("the second visit puts away what the first had stored").at(page.seq),
        );
    }
    match (replayed, seen.last()) {
        (Some(replayed), Some(page)) if page.seq > replayed => {
            if shows(page.it, PageKind::Installed) {
                Verdict::Pass("no second token request, and still installed".to_owned())
            } else {
                review(expected.to_owned(), page, evidence)
            }
        }
        _ => cut_short(evidence, "the app's settings were looked at after all that"),
    }
}

pub(super) fn survives(evidence: &Evidence) -> Verdict {
    let expected = "an answer below 500 to every callback input";
    let all: Vec<At<'_, Probe>> = probes(evidence).collect();
    let broken: Vec<_> = all.iter().filter(|probe| probe.it.status.is_none_or(|status| status >= 500)).collect();
    if let Some(first) = broken.first() {
        let mut told: Vec<String> = broken.iter().take(NAMED).map(|probe| told(probe.it)).collect();
        if broken.len() > NAMED {
            told.push(format!("and {} more", broken.len() - NAMED));
        }
        let likely = if broken.iter().any(|probe| probe.it.status.is_none()) {
            "the callback crashes or waits for ever over what it cannot read; the app's log tells more"
        } else {
            "the callback trusts its parameters to be there, once, and readable"
        };
        return Verdict::Fail(Finding::app(expected, told.join("; ")).likely(likely).at(first.seq));
    }
    let Some(act) = callback(evidence, Tampering::Hostile) else {
        return not_opened(evidence, "hostile inputs were sent to the callback");
    };
    if !rest_of_step(&evidence.timeline, act.seq).1 {
        return cut_short(evidence, "all inputs were sent");
    }
    match looks(evidence.since(act.seq), |place| matches!(place, Place::Settings(_))).first() {
        Some(page) if breaks(page.it.kind, page.it.status) => Verdict::Fail(
            Finding::app("the app to work after all of them", Stop::at_rest(*page).words(evidence))
                .likely("one of the inputs has broken the app for good")
                .at(page.seq),
        ),
        Some(_) => Verdict::Pass(format!("{} answered, and the app works", count(all.len(), "input", "inputs"))),
        None => cut_short(evidence, "the app's settings were looked at after that"),
    }
}

fn told(probe: &Probe) -> String {
    match (probe.status, &probe.error) {
        (Some(status), _) => format!("{}: {status}", probe.input),
        (None, Some(error)) => format!("{}: {error}", probe.input),
        (None, None) => format!("{}: no answer", probe.input),
    }
}

fn probes(evidence: &Evidence) -> impl Iterator<Item = At<'_, Probe>> {
    evidence.timeline.iter().filter_map(|entry| match &entry.event {
        Event::Probe(probe) => Some(At { seq: entry.seq, it: probe }),
        _ => None,
    })
}

fn callback(evidence: &Evidence, with: Tampering) -> Option<At<'_, Act>> {
    acts(&evidence.timeline).find(|act| act.it.purpose == Purpose::Callback(with))
}

fn breaks(kind: PageKind, status: Option<u16>) -> bool {
    kind == PageKind::BrowserError || status.is_some_and(|status| status >= 500)
}

fn in_words(call: &At<'_, TokenCall>) -> &'static str {
    match call.it.outcome {
        TokenOutcome::Issued { .. } => "tokens issued",
        TokenOutcome::Refused { .. } => "a token request",
    }
}

/// Why a callback was not opened: consent was not reached, or the evidence ends before.
fn not_opened(evidence: &Evidence, wanted: &str) -> Verdict {
    let failed = evidence.timeline.iter().any(
        |entry| matches!(&entry.event, Event::Step(mark) if has_ended(mark) && matches!(mark.phase, StepPhase::Failed(_))),
    );
    match attempts(evidence).last() {
        Some(attempt) if failed && attempt.reached_klaviyo().is_none() => attempt.undecided(),
        _ => cut_short(evidence, wanted),
    }
}
