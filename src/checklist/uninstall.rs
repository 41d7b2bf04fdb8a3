//! Uninstalling, from the app's side and from Klaviyo's.

use super::install::without_tokens;
use super::view::{
    Attempt, acts, api_calls, attempts, exchanges, headline, lists_app, looks, pages, place, steps, token_calls,
};
use super::{Finding, Verdict};
use crate::evidence::{
    AppEvent, Entry, Evidence, Facts, PageKind, Place, Purpose, RevokeCall, Seen, StepPhase, TokenOutcome, TokenState,
};

/// Below this certainty a person must look.
const SURE: u8 = 60;
/// Clicks within which a disconnect control is easy to find.
const EASY: u32 = 2;
/// Calls with dead tokens, for each trigger, that are no nuisance.
const API_CALLS: usize = 3;
const TOKEN_CALLS: usize = 2;
/// Milliseconds after the first 401 in which they are counted.
const COUNTED_MS: u64 = 10_000;

pub(super) fn app_findable(evidence: &Evidence) -> Verdict {
    if let Some(blocked) = without_tokens(evidence) {
        return blocked;
    }
    let expected = "a control with a telling name that disconnects Klaviyo, at most two clicks from the app's settings";
    let found = acts(&evidence.timeline).find_map(|act| match act.it.purpose {
        Purpose::Disconnect { clicks, control: true } => Some((act, clicks)),
        _ => None,
    });
    match found {
        Some((act, clicks)) if clicks <= EASY => Verdict::Pass(format!("{}, click {clicks}", act.it.what)),
        Some((act, clicks)) => {
            Verdict::Fail(Finding::app(expected, format!("{} is {clicks} clicks away", act.it.what)).at(act.seq))
        }
        None => {
            let seq = failed_step(evidence).map_or(0, |(seq, _)| seq);
            let page = pages(&evidence.timeline).take_while(|page| page.seq < seq).last();
            let saw = page.map_or_else(
                || "none".to_owned(),
                |page| format!("none at {} (\"{}\")", place(page.it, evidence), headline(page.it)),
            );
            Verdict::Fail(
                Finding::app(expected, saw)
                    .likely("the app has no way to disconnect, or its name does not say so")
                    .at(page.map_or(seq, |page| page.seq)),
            )
        }
    }
}

pub(super) fn app_revokes(evidence: &Evidence) -> Verdict {
    let (after, install) = match disconnected(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let expected = "a call to Klaviyo's revocation endpoint with a live token of that install";
    let until = next_start(evidence, after);
    let calls: Vec<_> = exchanges(evidence.since(after))
        .filter(|(exchange, _)| exchange.seq < until)
        .filter_map(|(exchange, _)| match &exchange.it.facts {
            Facts::Revoke(call) => Some((exchange, call)),
            _ => None,
        })
        .collect();
    let good = |call: &RevokeCall| call.client_ok && call.token_state == TokenState::Live && call.install == install;
    if let Some((exchange, _)) = calls.iter().find(|(_, call)| good(call)) {
        return Verdict::Pass(format!("{} {} with a live token", exchange.it.method, exchange.it.path));
    }
    match calls.first() {
        None => Verdict::Fail(
            Finding::app(expected, "no call to the revocation endpoint")
                .likely("disconnecting only forgets the tokens in the app")
                .at(after),
        ),
        Some((exchange, call)) => Verdict::Fail(
            Finding::app(expected, format!("a revocation of {}", token_in_words(call)))
                .likely("the token sent is not the one that was kept for this install")
                .at(exchange.seq),
        ),
    }
}

pub(super) fn app_removed(evidence: &Evidence) -> Verdict {
    let (after, _) = match disconnected(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    match looks(evidence.since(after), |place| *place == Place::Integrations).first() {
        Some(page) if lists_app(page.it, evidence) => Verdict::Fail(
            Finding::app("the app gone from Klaviyo's integrations page", "it is still listed there")
                .likely("no live token was revoked, so Klaviyo still counts the app as installed")
                .at(page.seq),
        ),
        Some(_) => Verdict::Pass("the integrations page no longer lists the app".to_owned()),
        None => Verdict::not_run("the scenario does not look at Klaviyo's integrations page"),
    }
}

pub(super) fn app_shown(evidence: &Evidence) -> Verdict {
    let (after, _) = match disconnected(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    shown_as_uninstalled(evidence, after, next_start(evidence, after))
}

pub(super) fn app_reinstall(evidence: &Evidence) -> Verdict {
    match disconnected(evidence) {
        Ok((after, _)) => reinstalls(evidence, after),
        Err(verdict) => verdict,
    }
}

pub(super) fn klaviyo_shown(evidence: &Evidence) -> Verdict {
    let after = match uninstalled_in_klaviyo(evidence) {
        Ok(after) => after,
        Err(verdict) => return verdict,
    };
    let until = next_start(evidence, after);
    let verdict = shown_as_uninstalled(evidence, after, until);
    let told = evidence.since(after).iter().take_while(|entry| entry.seq < until).any(could_have_told);
    match verdict {
        Verdict::Fail(finding) if !told => Verdict::Review(Finding {
            saw: format!("{}; but the app has neither met a 401 nor had a trigger to call Klaviyo", finding.saw),
            ..finding
        }),
        other => other,
    }
}

pub(super) fn klaviyo_quiet(evidence: &Evidence) -> Verdict {
    let after = match uninstalled_in_klaviyo(evidence) {
        Ok(after) => after,
        Err(verdict) => return verdict,
    };
    let until = next_start(evidence, after);
    let entries: Vec<&Entry> = evidence.since(after).iter().take_while(|entry| entry.seq < until).collect();
    let expected = format!(
        "at most {API_CALLS} API and {TOKEN_CALLS} token calls within {} s of the first 401, for each trigger",
        COUNTED_MS / 1000
    );
    // Each step that makes the app work is a trigger of its own.
    for window in entries.split(|entry| matches!(&entry.seen, Seen::Step(mark) if mark.phase == StepPhase::Began)) {
        let window: Vec<Entry> = window.iter().map(|entry| (*entry).clone()).collect();
        let dead: Vec<_> = api_calls(&window).filter(|(call, ..)| call.it.token_state == TokenState::Revoked).collect();
        let Some((first, _, began)) = dead.first() else { continue };
        let counted = dead.iter().filter(|(.., at)| *at <= began + COUNTED_MS).count();
        let tokens = token_calls(&window)
            .filter(|call| call.it.refresh_token.is_some() && matches!(call.it.outcome, TokenOutcome::Refused { .. }))
            .count();
        if counted > API_CALLS || tokens > TOKEN_CALLS {
            return Verdict::Fail(
                Finding::app(expected, format!("{counted} API and {tokens} token calls with dead tokens"))
                    .likely("a 401 is repeated instead of being taken as the end of the install")
                    .at(first.seq),
            );
        }
    }
    if entries.iter().any(|entry| could_have_told(entry)) {
        Verdict::Pass("no more calls with dead tokens than it takes to learn of the uninstall".to_owned())
    } else {
        Verdict::Review(
            Finding::app(expected, "the app made no call after the uninstall; nothing shows how it takes a 401")
                .at(after),
        )
    }
}

pub(super) fn klaviyo_reinstall(evidence: &Evidence) -> Verdict {
    match uninstalled_in_klaviyo(evidence) {
        Ok(after) => reinstalls(evidence, after),
        Err(verdict) => verdict,
    }
}

/// Where the app's disconnect control was used, and the install that should have ended.
fn disconnected(evidence: &Evidence) -> Result<(u32, Option<String>), Verdict> {
    if let Some(blocked) = without_tokens(evidence) {
        return Err(blocked);
    }
    let used = acts(&evidence.timeline)
        .find(|act| matches!(act.it.purpose, Purpose::Disconnect { control: true, .. }))
        .ok_or_else(|| Verdict::blocked_by("uninstall.app.findable", "no disconnect control was found"))?;
    let install = attempts(evidence).iter().find_map(Attempt::issued).and_then(|call| call.it.install.clone());
    Ok((used.seq, install))
}

/// Where the app was uninstalled on Klaviyo's side.
fn uninstalled_in_klaviyo(evidence: &Evidence) -> Result<u32, Verdict> {
    if let Some(blocked) = without_tokens(evidence) {
        return Err(blocked);
    }
    acts(&evidence.timeline)
        .filter(|act| act.it.purpose == Purpose::KlaviyoUninstall)
        .last()
        .map(|act| act.seq)
        .ok_or_else(|| Verdict::not_run("the app was not uninstalled in Klaviyo"))
}

/// Where the next installation was started.
fn next_start(evidence: &Evidence, after: u32) -> u32 {
    acts(evidence.since(after))
        .find(|act| matches!(act.it.purpose, Purpose::StartInstall(_)))
        .map_or(u32::MAX, |act| act.seq)
}

fn shown_as_uninstalled(evidence: &Evidence, after: u32, until: u32) -> Verdict {
    let expected = "the app no longer showing itself as installed";
    let entries = evidence.since(after);
    let before_next = &entries[..entries.partition_point(|entry| entry.seq < until)];
    let seen = looks(before_next, |place| matches!(place, Place::Settings(_)));
    if let Some(page) = seen.iter().find(|page| page.it.kind == PageKind::Installed && page.it.certainty >= SURE) {
        let again = acts(before_next).any(|act| act.it.purpose == Purpose::SignInAgain && act.seq < page.seq);
        let when = if again { " after signing in again" } else { "" };
        return Verdict::Fail(
            Finding::app(expected, format!("{}{when} shows: {}", place(page.it, evidence), page.it.why.join("; ")))
                .likely("the page shows what the app once stored, not whether the tokens are still good")
                .at(page.seq),
        );
    }
    let unsure = seen.iter().find(|page| page.it.kind != PageKind::NotInstalled || page.it.certainty < SURE);
    match (unsure, seen.last()) {
        (Some(page), _) => Verdict::Review(
            Finding::app(
                expected,
                format!("{} could not be read for sure: look at its picture", place(page.it, evidence)),
            )
            .at(page.seq),
        ),
        (None, Some(page)) => Verdict::Pass(format!("{} shows: {}", place(page.it, evidence), page.it.why.join("; "))),
        (None, None) => Verdict::not_run("the scenario does not look at the app's settings"),
    }
}

fn reinstalls(evidence: &Evidence, after: u32) -> Verdict {
    let expected = "the user to install the app again";
    let all = attempts(evidence);
    let Some(attempt) = all.iter().find(|attempt| attempt.entries.first().is_some_and(|entry| entry.seq > after))
    else {
        return Verdict::not_run("the scenario does not install again");
    };
    if attempt.succeeded_directly() {
        return Verdict::Pass("installed again".to_owned());
    }
    let stuck = attempt.ways_around().next().map_or(u32::MAX, |act| act.seq);
    let page = pages(attempt.entries).take_while(|page| page.seq < stuck).last();
    let saw = page.map_or_else(
        || "no page".to_owned(),
        |page| format!("{}: \"{}\"", place(page.it, evidence), headline(page.it)),
    );
    let seq = page.map_or(after, |page| page.seq);
    Verdict::Fail(
        Finding::app(expected, saw)
            .hops(attempt.hop_lines(seq))
            .likely("what is left of the old installation is in the way of the new one")
            .at(seq),
    )
}

/// Whether an entry could have told the app of the uninstall: a 401, or a trigger that made it work.
fn could_have_told(entry: &Entry) -> bool {
    match &entry.seen {
        Seen::Exchange(exchange) => {
            matches!(&exchange.facts, Facts::Api(call) if call.token_state == TokenState::Revoked)
        }
        Seen::App(AppEvent::Triggered(_)) => true,
        _ => false,
    }
}

fn failed_step(evidence: &Evidence) -> Option<(u32, String)> {
    steps(&evidence.timeline).find_map(|mark| match &mark.it.phase {
        StepPhase::Failed(why) => Some((mark.seq, why.clone())),
        _ => None,
    })
}

fn token_in_words(call: &RevokeCall) -> &'static str {
    if !call.client_ok {
        return "a token with the wrong client credentials";
    }
    match call.token_state {
        TokenState::Missing => "no token at all",
        TokenState::PrivateKey => "a private API key",
        TokenState::Unknown => "a token that Klaviyo never issued",
        TokenState::Live => "a live token of another install",
        TokenState::Expired => "a token that had expired",
        TokenState::Revoked => "a token that had ended before",
    }
}
