//! The way to Klaviyo: whether it goes on by itself, and where it stops.

use super::attempt::{Attempt, Stop, attempts, no_tokens};
use super::not_run::cut_short;
use super::refused::refused_always;
use super::{Blame, Finding, Verdict};
use flowcheck_evidence::{Event, Evidence, PageKind, Purpose, Start, count};

pub(super) fn first_from_klaviyo(evidence: &Evidence) -> Option<Attempt<'_>> {
    attempts(evidence).into_iter().find(|attempt| attempt.start == Start::Klaviyo)
}

/// Nothing but Klaviyo after a place on the way, the acts allowed excepted. `likely` is for stops on pages of the app that tell
/// nothing of their own.
pub(super) fn goes_on(
    attempt: &Attempt<'_>,
    after: u32,
    allowed: &[Purpose],
    expected: &str,
    likely: impl Fn(&Stop<'_>) -> &'static str,
) -> Verdict {
    let stop = match attempt.first_stop(after, |purpose| foreseen(purpose, allowed)) {
        Ok(None) => return Verdict::Pass(way_in_words(attempt)),
        Ok(Some(stop)) => stop,
        Err(verdict) => return verdict,
    };
    let cause = match stop.kind() {
        Some(PageKind::KlaviyoError) => {
            "Klaviyo refuses the authorization request; what its page says is wrong with it"
        }
        Some(PageKind::BrowserError) if stop.page.is_some_and(|page| page.it.frame.is_some()) => {
            "the app goes on to Klaviyo within the host's frame, in which Klaviyo is not shown; leave it with target=\"_top\""
        }
        Some(PageKind::BrowserError) => "the app crashed or hung; its log tells more",
        Some(PageKind::Error) if stop.status() >= Some(500) => "the app itself fails here; its log tells more",
        _ => likely(&stop),
    };
    let finding = strayed(attempt, &stop, expected, cause);
    // A login form that comes back with a message is about the login, and that is from flowcheck.yaml.
    let refused = stop.page.filter(|page| page.it.kind == PageKind::Login && !page.it.alerts.is_empty());
    match refused {
        Some(page) if allowed.contains(&Purpose::LogIn) => Verdict::Fail(
            Finding { saw: format!("the login form again: \"{}\"", page.it.headline()), ..finding }
                .likely("the login or the password in flowcheck.yaml is not this user's")
                .blame(Blame::Config),
        ),
        _ => Verdict::Fail(finding),
    }
}

/// Whether the checklist foresees an act on the way: a tenant's choice always, others where allowed.
pub(super) fn foreseen(purpose: &Purpose, allowed: &[Purpose]) -> bool {
    matches!(purpose, Purpose::ChooseTenant(_) | Purpose::StartInstall(_)) || allowed.contains(purpose)
}

pub(super) fn began_there(attempt: &Attempt<'_>, expected: &str, likely: &'static str) -> Verdict {
    match goes_on(attempt, 0, &[], expected, |_| likely) {
        Verdict::Pass(_) if attempt.issued().is_some() => Verdict::Pass(way_in_words(attempt)),
        Verdict::Pass(_) if attempt.is_over() => {
            refused_always(attempt).unwrap_or_else(|| Verdict::Fail(no_tokens(attempt)))
        }
        Verdict::Pass(_) => cut_short(attempt.evidence, "the installation was seen to its end"),
        other => other,
    }
}

pub(super) fn strayed(attempt: &Attempt<'_>, stop: &Stop<'_>, expected: &str, likely: &str) -> Finding {
    Finding::app(expected, stop.words(attempt.evidence))
        .hops(attempt.hop_lines(stop.seq()))
        .likely(likely)
        .at(stop.seq())
}

pub(super) fn way_in_words(attempt: &Attempt<'_>) -> String {
    let hops = attempt.way().iter().filter(|entry| matches!(entry.event, Event::Hop(_))).count();
    format!("Klaviyo reached after {}", count(hops, "hop", "hops"))
}
