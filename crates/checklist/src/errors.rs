//! Errors while installing: denied, expired, left and returned to.

use super::again::{Again, again};
use super::attempt::{Attempt, Stop, attempts};
use super::not_run::{cut_short, without_tokens};
use super::refused::refused_always;
use super::view::{At, acts, allowed, failed_after, pages, place, token_calls};
use super::wording::{Told, told_of_denial, told_of_expiry};
use super::{Finding, Verdict};
use flowcheck_evidence::{Evidence, Page, PageKind, Purpose, Start, clip};

const DENIED: &str = "a message that the installation failed because permissions were denied";
const EXPIRED: &str = "a message that the session is no longer valid";

pub(super) fn denied_message(evidence: &Evidence) -> Verdict {
    match denied(evidence) {
        Ok((attempt, page)) => message(&attempt, page, told_of_denial(page.it), DENIED, |told| match told {
            Told::Nothing => "the callback does not look at `error=access_denied`",
            _ => "the callback takes `error=access_denied` for any other failure",
        }),
        Err(verdict) => verdict,
    }
}

pub(super) fn denied_dismiss(evidence: &Evidence) -> Verdict {
    let (attempt, page) = match denied(evidence) {
        Ok(seen) => seen,
        Err(verdict) => return verdict,
    };
    if told_of_denial(page.it) == Told::Nothing {
        return Verdict::blocked_by("error.denied.message", "there was no message to dismiss");
    }
    let expected = "a button, link or close control that leads from the message back to a working page";
    let Some(dismissed) = acts(attempt.entries).find(|act| act.it.purpose == Purpose::Dismiss) else {
        // That there is no such control means something only once it was looked for.
        return match failed_after(attempt.entries, page.seq) {
            Some(_) => Verdict::Fail(
                Finding::app(expected, format!("no such control beside \"{}\"", page.it.headline()))
                    .likely("the message is a dead end: nothing on it leads back into the app")
                    .at(page.seq),
            ),
            None => cut_short(evidence, "the message was dismissed"),
        };
    };
    match pages(attempt.entries).find(|after| after.seq > dismissed.seq) {
        Some(after) if is_broken(after.it) => Verdict::Fail(
            Finding::app(expected, format!("{} led to \"{}\"", dismissed.it.gesture, after.it.headline()))
                .hops(attempt.hop_lines(after.seq))
                .likely("the control leads to a page that does not work, or to the message again")
                .at(after.seq),
        ),
        Some(after) => Verdict::Pass(format!("{} led to {}", dismissed.it.gesture, place(after.it, evidence))),
        None => cut_short(evidence, "a page was seen behind the message"),
    }
}

pub(super) fn denied_retry(evidence: &Evidence) -> Verdict {
    let all = attempts(evidence);
    let Some(at) = all.iter().position(|attempt| attempt.decided(&Purpose::Deny).is_some()) else {
        return not_decided(evidence);
    };
    let (earlier, later) = all.split_at(at + 1);
    second_attempt(
        evidence,
        later.first(),
        earlier,
        "the same user to install after having denied",
        "a denial is remembered and blocks the next attempt",
    )
}

pub(super) fn expired_message(evidence: &Evidence) -> Verdict {
    match expired(evidence) {
        // Where Klaviyo was never asked rightly, it could not say that the code had expired.
        Ok((attempt, page)) if told_of_expiry(page.it) != Told::Named && refused_always(&attempt).is_some() => {
            refused_always(&attempt).unwrap_or_else(|| cut_short(evidence, "a token request was seen"))
        }
        Ok((attempt, page)) => message(
            &attempt,
            page,
            told_of_expiry(page.it),
            EXPIRED,
            |_| "`invalid_grant` of the token endpoint is not told from other failures",
        ),
        Err(verdict) => verdict,
    }
}

pub(super) fn expired_link(evidence: &Evidence) -> Verdict {
    let (_, page) = match expired(evidence) {
        Ok(seen) => seen,
        Err(verdict) => return verdict,
    };
    if matches!(told_of_expiry(page.it), Told::Nothing | Told::Raw) {
        return Verdict::blocked_by("error.expired.message", "there was no message to follow a link of");
    }
    let expected = "a link or button of the message that leads to Klaviyo's consent page again";
    let all = attempts(evidence);
    let after = all.iter().filter(|attempt| attempt.entries.first().is_some_and(|entry| entry.seq > page.seq));
    let Some(attempt) = after.clone().find(|attempt| attempt.start == Start::Message) else {
        // That there is no such control means something only once it was looked for, and another way was taken.
        return if after.count() > 0 || failed_after(&evidence.timeline, page.seq).is_some() {
            Verdict::Fail(
                Finding::app(expected, format!("no such control beside \"{}\"", page.it.headline()))
                    .likely("the message tells what happened, but not how to go on")
                    .at(page.seq),
            )
        } else {
            cut_short(evidence, "the installation was tried again from the message")
        };
    };
    match attempt.first_stop(0, |purpose| *purpose == Purpose::StartInstall(Start::Message)) {
        Ok(None) => Verdict::Pass("the message's link leads to consent".to_owned()),
        Ok(Some(stop)) => Verdict::Fail(
            Finding::app(expected, format!("it led to {}", stop.words(evidence)))
                .hops(attempt.hop_lines(stop.seq()))
                .likely("the link does not start the installation anew")
                .at(stop.seq()),
        ),
        Err(verdict) => verdict,
    }
}

pub(super) fn expired_retry(evidence: &Evidence) -> Verdict {
    let all = attempts(evidence);
    let Some(at) = all.iter().position(had_expired) else { return not_expired(evidence) };
    let (earlier, later) = all.split_at(at + 1);
    match later.first() {
        Some(attempt) if attempt.issued().is_some() => Verdict::Pass("the second attempt completed".to_owned()),
        other => second_attempt(
            evidence,
            other,
            earlier,
            "the second attempt to complete",
            "the first attempt's state is still in the way",
        ),
    }
}

pub(super) fn abandoned_return(evidence: &Evidence) -> Verdict {
    let all = attempts(evidence);
    let Some(attempt) = all.first() else { return not_decided(evidence) };
    let Some(left) = acts(attempt.entries).find(|act| act.it.purpose == Purpose::Leave) else {
        return attempt.undecided();
    };
    if attempt.issued().is_some_and(|issued| issued.seq > left.seq) {
        return Verdict::Pass("left, came back in time, allowed: the installation completed".to_owned());
    }
    if attempt.decided(&Purpose::Allow).is_none()
        && let Some(failed) = failed_after(attempt.entries, left.seq)
    {
        return Verdict::not_run(failed.it);
    }
    match attempt.landing(&Purpose::Allow) {
        Some(page) if attempt.is_over() => refused_always(attempt).unwrap_or_else(|| {
            Verdict::Fail(
                Finding::app(
                    "the installation to complete after coming back in time",
                    Stop::at_rest(page).words(evidence),
                )
                .hops(attempt.hop_lines(page.seq))
                .likely("what was kept for the attempt is gone once the user opens another page of the app")
                .at(page.seq),
            )
        }),
        _ => cut_short(evidence, "the installation was seen to its end"),
    }
}

/// The attempt that was denied, with the page the app then showed.
fn denied(evidence: &Evidence) -> Result<(Attempt<'_>, At<'_, Page>), Verdict> {
    let attempt = attempts(evidence).into_iter().find(|attempt| attempt.decided(&Purpose::Deny).is_some());
    let attempt = attempt.ok_or_else(|| not_decided(evidence))?;
    let page =
        attempt.landing(&Purpose::Deny).ok_or_else(|| cut_short(evidence, "a page was seen after the denial"))?;
    Ok((attempt, page))
}

/// The attempt whose code had expired, with the page the app then showed.
fn expired(evidence: &Evidence) -> Result<(Attempt<'_>, At<'_, Page>), Verdict> {
    let attempt = attempts(evidence).into_iter().find(had_expired).ok_or_else(|| not_expired(evidence))?;
    let page = attempt
        .landing(&Purpose::Allow)
        .ok_or_else(|| cut_short(evidence, "a page was seen after the expired code"))?;
    Ok((attempt, page))
}

fn had_expired(attempt: &Attempt<'_>) -> bool {
    attempt.decision().is_some_and(|decision| allowed(decision.it) && decision.it.code_expired)
}

fn message(
    attempt: &Attempt<'_>,
    page: At<'_, Page>,
    told: Told,
    expected: &str,
    likely: impl Fn(Told) -> &'static str,
) -> Verdict {
    let at = place(page.it, attempt.evidence);
    let saw = match told {
        Told::Named if page.it.status.is_some_and(|status| status >= 500) => {
            let status = page.it.status.unwrap_or_default();
            return Verdict::Warn(
                Finding::app(
                    "a readable message with a status below 500",
                    format!("status {status} with \"{}\"", page.it.headline()),
                )
                .hops(attempt.hop_lines(page.seq))
                .likely("the message is rendered by the handler for crashes; monitoring will count it as one")
                .at(page.seq),
            );
        }
        Told::Named => return Verdict::Pass(format!("{at} says: \"{}\"", page.it.headline())),
        Told::Generic => format!("a message at {at} that does not say why: \"{}\"", page.it.headline()),
        Told::Raw => format!("raw output at {at}: \"{}\"", clip(&page.it.text, 80)),
        Told::Nothing if page.it.kind == PageKind::BrowserError => Stop::at_rest(page).words(attempt.evidence),
        Told::Nothing => format!("no message at all at {at} (\"{}\")", page.it.headline()),
    };
    let likely = match told {
        Told::Raw => "the failure is printed as it came instead of being put in words",
        _ if page.it.kind == PageKind::BrowserError => "the app crashed or hung at the callback; its log tells more",
        _ => likely(told),
    };
    Verdict::Fail(Finding::app(expected, saw).hops(attempt.hop_lines(page.seq)).likely(likely).at(page.seq))
}

fn second_attempt(
    evidence: &Evidence,
    attempt: Option<&Attempt<'_>>,
    earlier: &[Attempt<'_>],
    expected: &str,
    likely: &str,
) -> Verdict {
    let Some(attempt) = attempt else { return cut_short(evidence, "a second attempt was made") };
    // A page in between, on the way from Klaviyo, may say what happened the last time.
    if attempt.start == Start::Klaviyo && attempt.issued().is_some() && !started_anew(attempt) {
        return Verdict::Pass("the second attempt completed".to_owned());
    }
    let stuck = match again(attempt, earlier, "the second attempt was seen to its end") {
        Again::Well => return Verdict::Pass("the second attempt completed".to_owned()),
        Again::Unknown(verdict) => return verdict,
        Again::Badly(stuck) => stuck,
    };
    let until = stuck.map_or(u32::MAX, |act| act.seq);
    let stop = Stop { page: pages(attempt.entries).take_while(|page| page.seq < until).last(), act: None };
    let refused = token_calls(attempt.entries).any(|call| call.seq < until);
    let likely = if refused { "Klaviyo refused the second attempt's token request" } else { likely };
    Verdict::Fail(
        Finding::app(expected, stop.words(evidence)).hops(attempt.hop_lines(stop.seq())).likely(likely).at(stop.seq()),
    )
}

fn started_anew(attempt: &Attempt<'_>) -> bool {
    attempt.ways_around().any(|act| matches!(act.it.purpose, Purpose::StartAnew(_)))
}

fn is_broken(page: &Page) -> bool {
    matches!(page.kind, PageKind::Error | PageKind::BrowserError | PageKind::Blank)
        || page.status.is_some_and(|status| status >= 400)
}

/// Nothing was decided on the consent page.
fn not_decided(evidence: &Evidence) -> Verdict {
    match attempts(evidence).first() {
        Some(attempt) => attempt.undecided(),
        None => without_tokens(evidence).unwrap_or_else(|| Verdict::not_run("no installation was started")),
    }
}

/// No code that had expired was delivered.
fn not_expired(evidence: &Evidence) -> Verdict {
    let Some(attempt) = attempts(evidence).into_iter().next() else { return not_decided(evidence) };
    match failed_after(attempt.entries, 0) {
        Some(failed) if attempt.reached_klaviyo().is_some() => Verdict::not_run(failed.it),
        _ => attempt.undecided(),
    }
}
