//! Errors while installing: denied, expired, left and returned to.

use super::install::without_tokens;
use super::view::{At, Attempt, acts, allowed, attempts, headline, pages, place, steps};
use super::wording::{Told, told_of_denial, told_of_expiry};
use super::{Finding, Verdict};
use crate::evidence::{Evidence, Page, PageKind, Purpose, Start, StepPhase};

const DENIED: &str = "a message that the installation failed because permissions were denied";
const EXPIRED: &str = "a message that the session is no longer valid";

pub(super) fn denied_message(evidence: &Evidence) -> Verdict {
    match denied(evidence) {
        Ok((attempt, page)) => message(
            &attempt,
            page,
            told_of_denial(page.it),
            DENIED,
            "the callback does not look at `error=access_denied`",
        ),
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
    let dismissed = acts(attempt.entries).find(|act| act.it.purpose == Purpose::Dismiss);
    let Some(dismissed) = dismissed else {
        return Verdict::Fail(
            Finding::app(expected, format!("no such control beside \"{}\"", headline(page.it)))
                .likely("the message is a dead end")
                .at(page.seq),
        );
    };
    match pages(attempt.entries).find(|after| after.seq > dismissed.seq) {
        Some(after) if is_broken(after.it) => Verdict::Fail(
            Finding::app(expected, format!("{} led to \"{}\"", dismissed.it.what, headline(after.it))).at(after.seq),
        ),
        Some(after) => Verdict::Pass(format!("{} led to {}", dismissed.it.what, place(after.it, evidence))),
        None => Verdict::not_run("nothing was seen after the message was dismissed"),
    }
}

pub(super) fn denied_retry(evidence: &Evidence) -> Verdict {
    let all = attempts(evidence);
    let Some(at) = all.iter().position(|attempt| attempt.decided(&Purpose::Deny).is_some()) else {
        return not_decided(evidence);
    };
    second_attempt(
        all.get(at + 1),
        "the same user to install after having denied",
        "a denial is remembered and blocks the next attempt",
    )
}

pub(super) fn expired_message(evidence: &Evidence) -> Verdict {
    match expired(evidence) {
        Ok((attempt, page)) => message(
            &attempt,
            page,
            told_of_expiry(page.it),
            EXPIRED,
            "`invalid_grant` of the token endpoint is not told from other failures",
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
    let retry = attempts(evidence).into_iter().find(|attempt| attempt.start == Start::Message);
    match retry {
        Some(attempt) if attempt.reached_klaviyo().is_some() && attempt.ways_around().next().is_none() => {
            Verdict::Pass("the message's link leads to consent".to_owned())
        }
        Some(attempt) => {
            let last = pages(attempt.way()).last();
            let saw = last
                .map_or_else(|| "nothing after it".to_owned(), |last| format!("it led to \"{}\"", headline(last.it)));
            let seq = last.map_or(page.seq, |last| last.seq);
            Verdict::Fail(Finding::app(expected, saw).hops(attempt.hop_lines(seq)).at(seq))
        }
        None => Verdict::Fail(
            Finding::app(expected, format!("no such control beside \"{}\"", headline(page.it)))
                .likely("the message tells what happened, but not how to go on")
                .at(page.seq),
        ),
    }
}

pub(super) fn expired_retry(evidence: &Evidence) -> Verdict {
    let all = attempts(evidence);
    let Some(at) = all.iter().position(had_expired) else { return not_expired(evidence) };
    match all.get(at + 1) {
        Some(attempt) if attempt.issued().is_some() => Verdict::Pass("the second attempt completed".to_owned()),
        other => {
            second_attempt(other, "the second attempt to complete", "the first attempt's state is still in the way")
        }
    }
}

pub(super) fn abandoned_return(evidence: &Evidence) -> Verdict {
    let all = attempts(evidence);
    let Some(attempt) = all.first() else { return not_decided(evidence) };
    if acts(attempt.entries).all(|act| act.it.purpose != Purpose::Leave) {
        return Verdict::blocked_by(attempt.blocker(), "the consent page was not reached");
    }
    if attempt.issued().is_some() {
        return Verdict::Pass("left, came back in time, allowed: the installation completed".to_owned());
    }
    let Some(page) = attempt.landing(&Purpose::Allow) else {
        return Verdict::not_run("the consent page could not be returned to");
    };
    Verdict::Fail(
        Finding::app("the installation to complete after coming back in time", format!("\"{}\"", headline(page.it)))
            .hops(attempt.hop_lines(page.seq))
            .likely("what was kept for the attempt is gone once the user opens another page of the app")
            .at(page.seq),
    )
}

/// The attempt that was denied, with the page the app then showed.
fn denied(evidence: &Evidence) -> Result<(Attempt<'_>, At<'_, Page>), Verdict> {
    let attempt = attempts(evidence).into_iter().find(|attempt| attempt.decided(&Purpose::Deny).is_some());
    let attempt = attempt.ok_or_else(|| not_decided(evidence))?;
    let page = attempt.landing(&Purpose::Deny).ok_or_else(|| Verdict::not_run("no page was seen after the denial"))?;
    Ok((attempt, page))
}

/// The attempt whose code had expired, with the page the app then showed.
fn expired(evidence: &Evidence) -> Result<(Attempt<'_>, At<'_, Page>), Verdict> {
    let attempt = attempts(evidence).into_iter().find(had_expired).ok_or_else(|| not_expired(evidence))?;
    let page =
        attempt.landing(&Purpose::Allow).ok_or_else(|| Verdict::not_run("no page was seen after the expired code"))?;
    Ok((attempt, page))
}

fn had_expired(attempt: &Attempt<'_>) -> bool {
    attempt.decision().is_some_and(|decision| allowed(decision.it) && decision.it.code_expired)
}

fn message(attempt: &Attempt<'_>, page: At<'_, Page>, told: Told, expected: &str, likely: &str) -> Verdict {
    let at = place(page.it, attempt.evidence);
    let saw = match told {
        Told::Named if page.it.status.is_some_and(|status| status >= 500) => {
            let status = page.it.status.unwrap_or_default();
            return Verdict::Warn(
                Finding::app(
                    "a readable message with a status below 500",
                    format!("status {status} with \"{}\"", headline(page.it)),
                )
                .hops(attempt.hop_lines(page.seq))
                .at(page.seq),
            );
        }
        Told::Named => return Verdict::Pass(format!("{at} says: \"{}\"", headline(page.it))),
        Told::Generic => format!("a generic message at {at}: \"{}\"", headline(page.it)),
        Told::Raw => format!("raw output at {at}: \"{}\"", page.it.text.chars().take(100).collect::<String>()),
        Told::Nothing => format!("no message at all at {at}"),
    };
    Verdict::Fail(Finding::app(expected, saw).hops(attempt.hop_lines(page.seq)).likely(likely).at(page.seq))
}

fn second_attempt(attempt: Option<&Attempt<'_>>, expected: &str, likely: &str) -> Verdict {
    let Some(attempt) = attempt else { return Verdict::not_run("there was no second attempt") };
    if attempt.succeeded_directly()
        || attempt.start == Start::Klaviyo && attempt.issued().is_some() && !started_anew(attempt)
    {
        return Verdict::Pass("the second attempt completed".to_owned());
    }
    let stuck = acts(attempt.entries).find(|act| matches!(act.it.purpose, Purpose::StartAnew(_) | Purpose::Recover(_)));
    let until = stuck.map_or(u32::MAX, |act| act.seq);
    let page = pages(attempt.entries).take_while(|page| page.seq < until).last();
    let saw = page.map_or_else(|| "no page".to_owned(), |page| format!("\"{}\"", headline(page.it)));
    let seq = page.map_or(0, |page| page.seq);
    Verdict::Fail(Finding::app(expected, saw).hops(attempt.hop_lines(seq)).likely(likely).at(seq))
}

fn started_anew(attempt: &Attempt<'_>) -> bool {
    attempt.ways_around().any(|act| matches!(act.it.purpose, Purpose::StartAnew(_)))
}

fn is_broken(page: &Page) -> bool {
    matches!(page.kind, PageKind::Error | PageKind::BrowserError | PageKind::Blank)
}

/// Consent was never reached, so nothing was decided.
fn not_decided(evidence: &Evidence) -> Verdict {
    match attempts(evidence).first() {
        Some(attempt) => Verdict::blocked_by(attempt.blocker(), "the consent page was not reached"),
        None => without_tokens(evidence).unwrap_or_else(|| Verdict::not_run("no installation was started")),
    }
}

fn not_expired(evidence: &Evidence) -> Verdict {
    let failed = steps(&evidence.timeline).find_map(|mark| match &mark.it.phase {
        StepPhase::Failed(why) => Some(why.clone()),
        _ => None,
    });
    match (attempts(evidence).first(), failed) {
        (Some(attempt), Some(why)) => Verdict::blocked_by(attempt.blocker(), why),
        _ => Verdict::not_run("no expired code was delivered"),
    }
}
