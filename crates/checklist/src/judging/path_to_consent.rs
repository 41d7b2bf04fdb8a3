//! The path to Klaviyo's consent page: whether it leads there without the user's help, and where it stops.

use flowcheck_evidence::{Page, PageKind, Purpose, clip};

use super::not_run::cut_short;
use super::stop::{Stop, first_stop, no_tokens};
use super::token_refusal::{refused_before, refused_in_any_attempt};
use crate::flow::{At, Attempt, Flow};
use crate::verdict::{Blame, Finding, Statement, Value, Verdict, counted, statement};

/// Characters of a message that a finding quotes.
const MESSAGE: usize = 120;

/// Whether Klaviyo is reached after a position with no acts but those allowed. `likely` names the cause of a stop on a page of the
/// app that shows no cause itself.
pub(crate) fn reaches_klaviyo(
    flow: &Flow<'_>,
    attempt: &Attempt<'_>,
    after: u32,
    allowed: &[Purpose],
    expected: impl Into<Statement>,
    likely: impl Fn(&Stop<'_>) -> &'static str,
) -> Verdict {
    let stop = match first_stop(flow, attempt, after, |purpose| foreseen(purpose, allowed)) {
        Ok(None) => return Verdict::Pass(path_in_words(attempt)),
        Ok(Some(stop)) => stop,
        Err(verdict) => return verdict,
    };
    if let Some(blocked) = refused_before(attempt, stop.seq()) {
        return blocked;
    }
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
    let again = stop.page.filter(|page| page.it.kind == PageKind::Login && allowed.contains(&Purpose::LogIn));
    match again {
        Some(page) => login_form_again(attempt, after, page, finding),
        None if allowed.contains(&Purpose::LogIn) && asks_for_login_next(attempt, &stop) => Verdict::Fail(
            finding
                .likely("the login is not complete: the app asks for another one right after that page")
                .blame(Blame::Config),
        ),
        None => Verdict::Fail(finding),
    }
}

/// Whether the page at which the path stopped left the user signed out: the app's settings, opened next, wanted a login.
fn asks_for_login_next(attempt: &Attempt<'_>, stop: &Stop<'_>) -> bool {
    let of_step = stop.page.is_some_and(|page| matches!(page.it.kind, PageKind::Other | PageKind::Notice));
    let later = attempt.events.after(stop.seq());
    let starts_anew = later.acts().next().is_some_and(|act| matches!(act.it.purpose, Purpose::StartAnew(_)));
    of_step && starts_anew && later.pages().next().is_some_and(|page| page.it.kind == PageKind::Login)
}

/// What to make of a login form that came back. One that objects is about the login, which is from flowcheck.yaml; one that is as it
/// was before is the app's.
fn login_form_again(attempt: &Attempt<'_>, sent: u32, page: At<'_, Page>, finding: Finding) -> Verdict {
    let earlier = attempt.events.before(sent);
    let said = |alert: &String| earlier.pages().any(|page| page.it.alerts.contains(alert));
    let refuses = matches!(page.it.status, Some(400 | 401 | 403 | 409 | 422));
    let first = earlier.pages().find(|page| page.it.kind == PageKind::Login);
    let new = first.map_or("", |first| what_is_new(&first.it.text, &page.it.text));
    if let Some(check) = &page.it.bot_check {
        let likely = statement!(
            "a bot check stands in the way ({check}); use its test keys where flowcheck runs",
            check = Value::text(check)
        );
        return Verdict::Fail(finding.likely(likely).blame(Blame::Config));
    }
    let message = page.it.alerts.iter().find(|alert| !said(alert)).map(String::as_str);
    match message.or(Some(new).filter(|new| refuses && !new.is_empty())) {
        Some(message) => Verdict::Fail(
            Finding {
                saw: statement!("the login form again: \"{message}\"", message = Value::text(clip(message, MESSAGE))),
                ..finding
            }
            .likely("the login or the password in flowcheck.yaml is not this user's")
            .blame(Blame::Config),
        ),
        // Only a person can tell whether that is an objection.
        None if !new.is_empty() => {
            let saw =
                statement!("the login form again, which now says \"{new}\"", new = Value::text(clip(new, MESSAGE)));
            Verdict::Review(Finding { saw, ..finding })
        }
        None => Verdict::Fail(finding),
    }
}

/// The part of a text that another, like it otherwise, does not have.
fn what_is_new<'t>(before: &str, text: &'t str) -> &'t str {
    let same = before.chars().zip(text.chars()).take_while(|(one, other)| one == other);
    let start: usize = same.map(|(_, letter)| letter.len_utf8()).sum();
    let same = before[start.min(before.len())..].chars().rev().zip(text[start..].chars().rev());
    let end: usize = same.take_while(|(one, other)| one == other).map(|(_, letter)| letter.len_utf8()).sum();
    text[start..text.len() - end].trim()
}

/// Whether the checklist foresees an act on the path: a tenant's choice always, others where allowed.
pub(crate) fn foreseen(purpose: &Purpose, allowed: &[Purpose]) -> bool {
    matches!(purpose, Purpose::ChooseTenant(_) | Purpose::StartInstall(_)) || allowed.contains(purpose)
}

/// Whether an attempt reaches consent from where it was started, and completes.
pub(crate) fn completes_from_there(
    flow: &Flow<'_>,
    attempt: &Attempt<'_>,
    expected: impl Into<Statement>,
    likely: &'static str,
) -> Verdict {
    match reaches_klaviyo(flow, attempt, 0, &[], expected, |_| likely) {
        Verdict::Pass(_) if attempt.issued().is_some() => Verdict::Pass(path_in_words(attempt)),
        Verdict::Pass(_) if attempt.is_over() => {
            refused_in_any_attempt(attempt).unwrap_or_else(|| Verdict::Fail(no_tokens(attempt, flow.setup)))
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
    expected: impl Into<Statement>,
    likely: impl Into<Statement>,
) -> Finding {
    Finding::app(expected, stop.words(flow.setup)).hops(attempt.hop_lines(stop.seq())).likely(likely).at(stop.seq())
}

/// How Klaviyo was reached.
pub(crate) fn path_in_words(attempt: &Attempt<'_>) -> Statement {
    statement!("Klaviyo reached after {hops}", hops = counted(attempt.path_to_klaviyo().hops().count(), "hop", "hops"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_says_more_than_before_is_found() {
        let before = "Log in E-mail Password Log in New here?";
        assert_eq!(what_is_new(before, "Log in E-mail Password That is wrong. Log in New here?"), "That is wrong.");
        assert_eq!(what_is_new(before, before), "");
        assert_eq!(what_is_new(before, "Log in E-mail Log in New here?"), "");
        assert_eq!(what_is_new("Zurück", "Zurück – falsch"), "– falsch");
    }
}
