//! The path to Klaviyo's consent page: whether it leads there without the user's help, and where it stops.

use flowcheck_evidence::{PageKind, Purpose, count};

use super::not_run::cut_short;
use super::stop::{Stop, first_stop, no_tokens};
use super::token_refusal::refused_in_any_attempt;
use crate::flow::{Attempt, Flow};
use crate::verdict::{Blame, Finding, Verdict};

/// Whether Klaviyo is reached after a position with no acts but those allowed. `likely` names the cause of a stop on a page of the
/// app that shows no cause itself.
pub(crate) fn reaches_klaviyo(
    flow: &Flow<'_>,
    attempt: &Attempt<'_>,
    after: u32,
    allowed: &[Purpose],
    expected: &str,
    likely: impl Fn(&Stop<'_>) -> &'static str,
) -> Verdict {
    let stop = match first_stop(flow, attempt, after, |purpose| foreseen(purpose, allowed)) {
        Ok(None) => return Verdict::Pass(path_in_words(attempt)),
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
    let finding = stopped_at(flow, attempt, &stop, expected, cause);
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

/// Whether the checklist foresees an act on the path: a tenant's choice always, others where allowed.
pub(crate) fn foreseen(purpose: &Purpose, allowed: &[Purpose]) -> bool {
    matches!(purpose, Purpose::ChooseTenant(_) | Purpose::StartInstall(_)) || allowed.contains(purpose)
}

/// Whether an attempt reaches consent from where it was started, and completes.
pub(crate) fn completes_from_there(
    flow: &Flow<'_>,
    attempt: &Attempt<'_>,
    expected: &str,
    likely: &'static str,
) -> Verdict {
    match reaches_klaviyo(flow, attempt, 0, &[], expected, |_| likely) {
        Verdict::Pass(_) if attempt.issued().is_some() => Verdict::Pass(path_in_words(attempt)),
        Verdict::Pass(_) if attempt.is_over() => {
            refused_in_any_attempt(attempt).unwrap_or_else(|| Verdict::Fail(no_tokens(attempt)))
        }
        Verdict::Pass(_) => cut_short(flow, "the installation was seen to its end"),
        other => other,
    }
}

/// A finding about a stop on the path.
pub(crate) fn stopped_at(
    flow: &Flow<'_>,
    attempt: &Attempt<'_>,
    stop: &Stop<'_>,
    expected: &str,
    likely: &str,
) -> Finding {
    Finding::app(expected, stop.words(flow.setup)).hops(attempt.hop_lines(stop.seq())).likely(likely).at(stop.seq())
}

/// How Klaviyo was reached.
pub(crate) fn path_in_words(attempt: &Attempt<'_>) -> String {
    format!("Klaviyo reached after {}", count(attempt.path_to_klaviyo().hops().count(), "hop", "hops"))
}
