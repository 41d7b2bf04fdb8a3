//! An attempt that follows an earlier one: whether it went as well.

use flowcheck_evidence::{Act, AppEvent, Entry, Event, PageKind, Purpose};

use super::not_run::cut_short;
use super::token_refusal::refused_in_any_attempt;
use crate::flow::{At, Attempt, Flow};
use crate::verdict::{Value, Verdict, statement};

/// How an attempt went that an item asks to go as well as one before it.
pub(crate) enum RetryOutcome<'a> {
    /// Tokens were issued, and it took no step more than before.
    AsWell,
    /// It went worse; where the user did something that the earlier attempts had no need of, there.
    Worse(Option<At<'a, Act>>),
    /// The evidence does not show how, or shows a reason that is another item's.
    Unknown(Verdict),
}

/// How an attempt went, compared with those before it: a click that the app asks for each time is no fault of the second.
pub(crate) fn retry_outcome<'a>(
    flow: &Flow<'_>,
    attempt: &Attempt<'a>,
    earlier: &[Attempt<'_>],
    unseen: &'static str,
) -> RetryOutcome<'a> {
    let since = earlier.first().map_or(0, |attempt| attempt.began);
    if let Some(verdict) = started_again(flow, since, attempt.began) {
        return RetryOutcome::Unknown(verdict);
    }
    let stuck = undue(attempt, earlier);
    if stuck.is_none() && attempt.issued().is_some() {
        return RetryOutcome::AsWell;
    }
    if stuck.is_none() && !attempt.is_over() {
        return RetryOutcome::Unknown(cut_short(flow, unseen));
    }
    match refused_in_any_attempt(attempt) {
        Some(blocked) if stuck.is_none() => RetryOutcome::Unknown(blocked),
        _ => RetryOutcome::Worse(stuck),
    }
}

/// Not run, where the app ended between two positions and flowcheck started it again: a user would have found nobody there, and what
/// it had in memory is gone.
pub(crate) fn started_again(flow: &Flow<'_>, from: u32, to: u32) -> Option<Verdict> {
    let between = flow.events.since(from).before(to);
    let ended = between.entries().iter().rev().find_map(|entry| match &entry.event {
        Event::App(AppEvent::Exited(how)) => Some((entry.seq, Value::text(how))),
        Event::App(AppEvent::Stormed { endpoint, .. }) => {
            Some((entry.seq, statement!("called {endpoint} without end", endpoint = Value::address(endpoint)).into()))
        }
        _ => None,
    });
    let (seq, how) = ended?;
    let is_ready = |entry: &Entry| matches!(entry.event, Event::App(AppEvent::Ready(_)));
    let again = between.after(seq).entries().iter().any(is_ready);
    again.then(|| Verdict::not_run(statement!("the app {how} before it, and flowcheck had to start it again", how)))
}

/// The first act of a persistent user that an attempt took more of than those before it that went as far.
fn undue<'a>(attempt: &Attempt<'a>, earlier: &[Attempt<'_>]) -> Option<At<'a, Act>> {
    let most = |ended: fn(&Attempt<'_>) -> bool, counted: fn(&Attempt<'_>) -> usize| {
        earlier.iter().filter(|attempt| ended(attempt)).map(counted).max()
    };
    let until_consent = most(|attempt| attempt.reached_klaviyo().is_some(), |attempt| before_consent(attempt).count());
    let once_installed = most(is_completed, |attempt| after_consent(attempt).count());
    let early = before_consent(attempt).nth(until_consent.unwrap_or(0));
    // Acts after consent are compared only where an earlier attempt got as far.
    early.or_else(|| after_consent(attempt).nth(once_installed?))
}

/// Whether an attempt gave tokens and ended on a page of the app that is no error.
fn is_completed(attempt: &Attempt<'_>) -> bool {
    let landing = attempt.landing(&Purpose::Allow).map(|page| page.it.kind);
    let well = landing.is_some_and(|kind| !matches!(kind, PageKind::Error | PageKind::BrowserError));
    well && attempt.issued().is_some()
}

fn before_consent<'a>(attempt: &Attempt<'a>) -> impl Iterator<Item = At<'a, Act>> {
    let reached = attempt.reached_klaviyo().unwrap_or(u32::MAX);
    attempt.unforeseen_acts().filter(move |act| act.seq < reached)
}

fn after_consent<'a>(attempt: &Attempt<'a>) -> impl Iterator<Item = At<'a, Act>> {
    let allowed = attempt.decided(&Purpose::Allow).unwrap_or(u32::MAX);
    attempt.unforeseen_acts().filter(move |act| act.seq > allowed)
}
