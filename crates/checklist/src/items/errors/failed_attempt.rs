//! The attempt that was denied or whose code had expired, the message about it, and the attempt after it.

use flowcheck_evidence::{Decision, Page, PageKind, Purpose, Start, clip};

use crate::attribution::callback_fault::has_no_route;
use crate::flow::{At, Attempt, Flow, place};
use crate::judging::message::message as message_of;
use crate::judging::not_run::{cut_short, undecided, without_tokens};
use crate::judging::retry_outcome::{RetryOutcome, retry_outcome};
use crate::judging::stop::Stop;
use crate::judging::wording::FailureMessage;
use crate::verdict::{Finding, Statement, Value, Verdict, statement};

/// Characters of a message that a finding quotes.
const MOST_QUOTED: usize = 80;

/// The attempt that was denied, with the page the app then showed.
pub(super) fn denied<'f, 'a>(flow: &'f Flow<'a>) -> Result<(&'f Attempt<'a>, At<'a, Page>), Verdict> {
    let attempt = flow.attempts.iter().find(|attempt| attempt.decided(&Purpose::Deny).is_some());
    let attempt = attempt.ok_or_else(|| not_decided(flow))?;
    no_route(flow, attempt)?;
    let page = attempt.landing(&Purpose::Deny).ok_or_else(|| cut_short(flow, "a page was seen after the denial"))?;
    Ok((attempt, page))
}

/// The attempt whose code had expired, with the page the app then showed.
pub(super) fn expired<'f, 'a>(flow: &'f Flow<'a>) -> Result<(&'f Attempt<'a>, At<'a, Page>), Verdict> {
    let attempt = flow.attempts.iter().find(|attempt| had_expired(attempt)).ok_or_else(|| not_expired(flow))?;
    no_route(flow, attempt)?;
    let page =
        attempt.landing(&Purpose::Allow).ok_or_else(|| cut_short(flow, "a page was seen after the expired code"))?;
    Ok((attempt, page))
}

/// A page for a route that does not exist tells nothing of the attempt.
fn no_route(flow: &Flow<'_>, attempt: &Attempt<'_>) -> Result<(), Verdict> {
    let works = flow.attempts.iter().any(|attempt| attempt.issued().is_some());
    match has_no_route(attempt) {
        Some(status) if !works => {
            Err(Verdict::blocked_by("install.completes", statement!("the callback answered {status}", status)))
        }
        _ => Ok(()),
    }
}

pub(super) fn had_expired(attempt: &Attempt<'_>) -> bool {
    attempt.decision().is_some_and(|decision| decision.it.decision == Decision::Allowed && decision.it.code_expired)
}

pub(super) fn message(
    flow: &Flow<'_>,
    attempt: &Attempt<'_>,
    page: At<'_, Page>,
    shown: FailureMessage,
    expected: &'static str,
    likely: impl Fn(FailureMessage) -> Option<&'static str>,
) -> Verdict {
    let at = place(page.it, flow.setup);
    let saw: Statement = match shown {
        FailureMessage::Named if page.it.status.is_some_and(|status| status >= 500) => {
            let status = page.it.status.unwrap_or_default();
            return Verdict::Warn(
                Finding::app(
                    "a readable message with a status below 500",
                    statement!(
                        "status {status} with \"{headline}\"",
                        status,
                        headline = Value::text(page.it.headline())
                    ),
                )
                .hops(attempt.hop_lines(page.seq))
                .likely("the message is rendered by the handler for crashes; monitoring will count it as one")
                .at(page.seq),
            );
        }
        FailureMessage::Named => {
            return Verdict::Pass(statement!(
                "{at} says: \"{headline}\"",
                at,
                headline = Value::text(page.it.headline())
            ));
        }
        FailureMessage::Unknown => {
            let told = message_of(flow, page).unwrap_or_else(|| page.it.headline());
            let saw = statement!(
                "a message at {at} in words that flowcheck does not know: \"{message}\"",
                at,
                message = Value::text(clip(&told, MOST_QUOTED))
            );
            return Verdict::Review(Finding::app(expected, saw).hops(attempt.hop_lines(page.seq)).at(page.seq));
        }
        FailureMessage::Pictured => {
            let saw = statement!(
                "no text at {at}, but a picture, which flowcheck cannot read: \"{headline}\"",
                at,
                headline = Value::text(page.it.headline())
            );
            return Verdict::Review(Finding::app(expected, saw).hops(attempt.hop_lines(page.seq)).at(page.seq));
        }
        FailureMessage::Generic => statement!(
            "a message at {at} that does not say why: \"{headline}\"",
            at,
            headline = Value::text(page.it.headline())
        ),
        FailureMessage::Raw => {
            statement!("raw output at {at}: \"{text}\"", at, text = Value::text(clip(&page.it.text, MOST_QUOTED)))
        }
        FailureMessage::Nothing if page.it.kind == PageKind::BrowserError => Stop::at_rest(page).words(flow.setup),
        FailureMessage::Nothing if page.it.kind == PageKind::KlaviyoConsent => {
            let answer = attempt.callback_answer().and_then(|hop| hop.it.status);
            let answer =
                answer.map_or_else(|| "".into(), |status| statement!(": the callback answered {status}", status));
            statement!("no page of the app, the browser still shows Klaviyo's consent page{answer}", answer)
        }
        FailureMessage::Nothing => {
            statement!("no message at all at {at} (\"{headline}\")", at, headline = Value::text(page.it.headline()))
        }
    };
    let likely = match shown {
        FailureMessage::Raw => Some("the failure is printed as it came instead of being put in words"),
        _ if page.it.kind == PageKind::BrowserError => {
            Some("the app crashed or hung at the callback; its log tells more")
        }
        _ => likely(shown),
    };
    let finding = Finding::app(expected, saw).hops(attempt.hop_lines(page.seq)).at(page.seq);
    Verdict::Fail(match likely {
        Some(likely) => finding.likely(likely),
        None => finding,
    })
}

pub(super) fn second_attempt(
    flow: &Flow<'_>,
    attempt: Option<&Attempt<'_>>,
    earlier: &[Attempt<'_>],
    expected: &'static str,
    likely: &'static str,
) -> Verdict {
    let Some(attempt) = attempt else { return cut_short(flow, "a second attempt was made") };
    // A page in between, on the way from Klaviyo, may say what happened the last time.
    if attempt.start == Start::Klaviyo && attempt.issued().is_some() && !started_anew(attempt) {
        return Verdict::Pass("the second attempt completed".into());
    }
    let stuck = match retry_outcome(flow, attempt, earlier, "the second attempt was seen to its end") {
        RetryOutcome::AsWell => return Verdict::Pass("the second attempt completed".into()),
        RetryOutcome::Unknown(verdict) => return verdict,
        RetryOutcome::Worse(stuck) => stuck,
    };
    let stop = Stop::last_page(attempt, stuck);
    let until = stuck.map_or(u32::MAX, |act| act.seq);
    let refused = attempt.events.before(until).token_calls().next().is_some();
    let likely = if refused { "Klaviyo refused the second attempt's token request" } else { likely };
    Verdict::Fail(
        Finding::app(expected, stop.words(flow.setup))
            .hops(attempt.hop_lines(stop.seq()))
            .likely(likely)
            .at(stop.seq()),
    )
}

pub(super) fn started_anew(attempt: &Attempt<'_>) -> bool {
    attempt.unforeseen_acts().any(|act| matches!(act.it.purpose, Purpose::StartAnew(_)))
}

/// Nothing was decided on the consent page.
pub(super) fn not_decided(flow: &Flow<'_>) -> Verdict {
    match flow.attempts.first() {
        Some(attempt) => undecided(flow, attempt),
        None => without_tokens(flow).unwrap_or_else(|| Verdict::not_run("no installation was started")),
    }
}

/// No code that had expired was delivered.
pub(super) fn not_expired(flow: &Flow<'_>) -> Verdict {
    let Some(attempt) = flow.attempts.first() else { return not_decided(flow) };
    match attempt.events.failed_after(0) {
        Some(failed) if attempt.reached_klaviyo().is_some() => Verdict::not_run(failed.it),
        _ => undecided(flow, attempt),
    }
}
