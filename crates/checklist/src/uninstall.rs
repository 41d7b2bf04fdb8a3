//! Uninstalling, from the app's side and from Klaviyo's.

use super::again::{Again, again};
use super::attempt::{Attempt, Stop, attempts};
use super::not_run::{cut_short, without_tokens};
use super::state::{shows, signs};
use super::unshown::never_shown;
use super::view::{acts, ended_after, exchanges, failed_after, lists_app, looks, pages, place, steps};
use super::{Finding, Verdict};
use flowcheck_evidence::{
    AppEvent, Entry, Event, Evidence, Facts, KlaviyoEvent, PageKind, Place, Purpose, RevokeCall, StepPhase,
    TokenOutcome, TokenState, UninstalledBy,
};

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
        Some((act, clicks)) if clicks <= EASY => Verdict::Pass(format!("{}, click {clicks}", act.it.gesture)),
        Some((act, clicks)) => {
            Verdict::Fail(Finding::app(expected, format!("{} is {clicks} clicks away", act.it.gesture)).at(act.seq))
        }
        None => match failed_after(&evidence.timeline, installed_at(evidence)) {
            Some(failed) => {
                if let Some(blocked) = never_shown(evidence, failed.seq) {
                    return blocked;
                }
                let page = pages(&evidence.timeline).take_while(|page| page.seq < failed.seq).last();
                if page.is_some_and(|page| !page.it.kind.is_the_apps()) {
                    // It came to no page of the app's.
                    return cut_short(evidence, "a disconnect control was looked for");
                }
                let saw = page.map_or_else(
                    || "none".to_owned(),
                    |page| format!("none at {} (\"{}\")", place(page.it, evidence), page.it.headline()),
                );
                Verdict::Fail(
                    Finding::app(expected, saw)
                        .likely("the app has no way to disconnect, or its name does not say so")
                        .at(page.map_or(failed.seq, |page| page.seq)),
                )
            }
            None => cut_short(evidence, "a disconnect control was looked for"),
        },
    }
}

pub(super) fn app_revokes(evidence: &Evidence) -> Verdict {
    let (after, install) = match disconnected(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let expected = "a call to Klaviyo's revocation endpoint with a live token of that install";
    let calls: Vec<_> = exchanges(before_next_start(evidence, after))
        .filter_map(|(exchange, _)| match &exchange.it.facts {
            Facts::Revoke(call) => Some((exchange, call)),
            _ => None,
        })
        .collect();
    let good = |call: &RevokeCall| call.client_ok && call.token_state == TokenState::Live && call.install == install;
    if let Some((exchange, _)) = calls.iter().find(|(_, call)| good(call)) {
        return Verdict::Pass(format!("{} {} with a live token", exchange.it.method, exchange.it.path));
    }
    if ended_after(&evidence.timeline, after).is_none() {
        return cut_short(evidence, "disconnecting was seen to its end");
    }
    match calls.first() {
        None => Verdict::Fail(
            Finding::app(expected, "no call to the revocation endpoint")
                .likely("disconnecting only forgets the tokens in the app")
                .at(after),
        ),
        Some((exchange, call)) => Verdict::Fail(
            Finding::app(expected, format!("a revocation of {}", token_in_words(call)))
                .likely(why_no_revocation(call))
                .at(exchange.seq),
        ),
    }
}

pub(super) fn app_removed(evidence: &Evidence) -> Verdict {
    let (after, _) = match disconnected(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    match looks(before_next_start(evidence, after), |place| *place == Place::Integrations).first() {
        Some(page) if lists_app(page.it, evidence) => Verdict::Fail(
            Finding::app("the app gone from Klaviyo's integrations page", "it is still listed there")
                .likely("no live token was revoked, so Klaviyo still counts the app as installed")
                .at(page.seq),
        ),
        Some(_) => Verdict::Pass("the integrations page no longer lists the app".to_owned()),
        None => cut_short(evidence, "Klaviyo's integrations page was looked at"),
    }
}

pub(super) fn app_shown(evidence: &Evidence) -> Verdict {
    let (after, _) = match disconnected(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    match shown_as_uninstalled(evidence, after, "disconnecting does not change what the page shows") {
        // Some apps forget the state of a session, and read it anew from what they stored at the next login.
        Verdict::Pass(_) if !looked_again(evidence, after) => {
            cut_short(evidence, "the app's settings were looked at after signing in again")
        }
        other => other,
    }
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
    let told_before = |seq: u32| evidence.since(after).iter().take_while(|entry| entry.seq < seq).any(could_have_told);
    let likely = "the page shows what the app once stored, not whether the tokens are still good";
    match shown_as_uninstalled(evidence, after, likely) {
        Verdict::Fail(finding) if !told_before(finding.at.unwrap_or(u32::MAX)) => Verdict::Review(Finding {
            saw: format!("{}; but the app had met no 401 and had no trigger to call Klaviyo", finding.saw),
            likely: None,
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
    let entries = before_next_start(evidence, after);
    let expected = format!(
        "at most {API_CALLS} API and {TOKEN_CALLS} token calls within {} s of the first refusal, for each trigger",
        COUNTED_MS / 1000
    );
    // Each step that makes the app work is a trigger of its own.
    for window in entries.split(|entry| matches!(&entry.event, Event::Step(mark) if mark.phase == StepPhase::Began)) {
        let (api, token): (Vec<_>, Vec<_>) = refusals(window).into_iter().partition(|refusal| refusal.of_api);
        let Some(first) = api.iter().chain(&token).min_by_key(|refusal| refusal.seq) else { continue };
        let counted = |refusals: &[Refusal]| {
            refusals.iter().filter(|refusal| refusal.at_ms <= first.at_ms.saturating_add(COUNTED_MS)).count()
        };
        let (api, token) = (counted(&api), counted(&token));
        if api > API_CALLS || token > TOKEN_CALLS {
            return Verdict::Fail(
                Finding::app(expected, format!("{api} API and {token} token calls with dead tokens"))
                    .likely("a 401 is repeated instead of being taken as the end of the install")
                    .at(first.seq),
            );
        }
    }
    match entries.iter().find(|entry| could_have_told(entry)) {
        // More may come until the step is over that made the app call.
        Some(told) if ended_after(entries, told.seq).is_none() => {
            cut_short(evidence, "the app's calls were seen to their end")
        }
        Some(_) => Verdict::Pass("no more calls with dead tokens than it takes to learn of the uninstall".to_owned()),
        None if steps(entries).filter(|mark| mark.it.phase != StepPhase::Began).count() < 2 => {
            cut_short(evidence, "the app had a trigger to call Klaviyo")
        }
        None => Verdict::Review(
            Finding::app(expected, "the app made no call after the uninstall; nothing shows how it takes a 401")
                .at(after),
        ),
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
    let used = acts(&evidence.timeline).find(|act| matches!(act.it.purpose, Purpose::Disconnect { control: true, .. }));
    let used = used.ok_or_else(|| match failed_after(&evidence.timeline, installed_at(evidence)) {
        Some(_) => Verdict::blocked_by("uninstall.app.findable", "no disconnect control was found"),
        None => cut_short(evidence, "a disconnect control was looked for"),
    })?;
    let all = attempts(evidence);
    let issued = all.iter().filter_map(Attempt::issued).rfind(|call| call.seq < used.seq);
    Ok((used.seq, issued.and_then(|call| call.it.install.clone())))
}

/// Where Klaviyo ended the install, because the user uninstalled the app there.
fn uninstalled_in_klaviyo(evidence: &Evidence) -> Result<u32, Verdict> {
    if let Some(blocked) = without_tokens(evidence) {
        return Err(blocked);
    }
    let ended = |entry: &Entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::Uninstalled { by: UninstalledBy::Klaviyo, .. }) => Some(entry.seq),
        _ => None,
    };
    evidence.timeline.iter().find_map(ended).ok_or_else(|| match failed_after(&evidence.timeline, 0) {
        Some(failed) => Verdict::not_run(failed.it),
        None => cut_short(evidence, "the app was uninstalled in Klaviyo"),
    })
}

/// Where the first tokens were issued.
fn installed_at(evidence: &Evidence) -> u32 {
    attempts(evidence).iter().find_map(Attempt::issued).map_or(0, |call| call.seq)
}

/// A call that Klaviyo refused because the install had ended.
struct Refusal {
    seq: u32,
    at_ms: u64,
    /// Of a call to the API, not to the token endpoint.
    of_api: bool,
}

fn refusals(entries: &[Entry]) -> Vec<Refusal> {
    exchanges(entries)
        .filter_map(|(exchange, at_ms)| {
            let of_api = match &exchange.it.facts {
                Facts::Api(call) if call.token_state == TokenState::Revoked => true,
                Facts::Token(call)
                    if call.refresh_token.is_some() && matches!(call.outcome, TokenOutcome::Refused { .. }) =>
                {
                    false
                }
                _ => return None,
            };
            Some(Refusal { seq: exchange.seq, at_ms, of_api })
        })
        .collect()
}

/// What was seen after a place on the timeline, and before the next installation was started.
fn before_next_start(evidence: &Evidence, after: u32) -> &[Entry] {
    let entries = evidence.since(after);
    let next = entries
        .iter()
        .position(|entry| matches!(&entry.event, Event::Act(act) if matches!(act.purpose, Purpose::StartInstall(_))));
    &entries[..next.unwrap_or(entries.len())]
}

/// Whether the settings were looked at after the user had signed in again.
fn looked_again(evidence: &Evidence, after: u32) -> bool {
    let entries = before_next_start(evidence, after);
    let again = acts(entries).filter(|act| act.it.purpose == Purpose::SignInAgain).last();
    let seen = looks(entries, |place| matches!(place, Place::Settings(_)));
    again.is_some_and(|again| seen.iter().any(|page| page.seq > again.seq))
}

fn shown_as_uninstalled(evidence: &Evidence, after: u32, likely: &str) -> Verdict {
    let expected = "the app no longer showing itself as installed";
    let before_next = before_next_start(evidence, after);
    let seen = looks(before_next, |place| matches!(place, Place::Settings(_)));
    if let Some(page) = seen.iter().find(|page| shows(page.it, PageKind::Installed)) {
        let again = acts(before_next).any(|act| act.it.purpose == Purpose::SignInAgain && act.seq < page.seq);
        let (when, likely) = if again {
            (" after signing in again", "signing in brings back what the app once stored")
        } else {
            ("", likely)
        };
        let saw = format!("{}{when} shows {}", place(page.it, evidence), signs(page.it));
        return Verdict::Fail(Finding::app(expected, saw).likely(likely).at(page.seq));
    }
    let unsure = seen.iter().find(|page| !shows(page.it, PageKind::NotInstalled));
    match (unsure, seen.last()) {
        (Some(page), _) => Verdict::Review(
            Finding::app(
                expected,
                format!("{} could not be read for sure: look at its picture", place(page.it, evidence)),
            )
            .at(page.seq),
        ),
        (None, Some(page)) => Verdict::Pass(format!("{} shows {}", place(page.it, evidence), signs(page.it))),
        (None, None) => cut_short(evidence, "the app's settings were looked at"),
    }
}

fn reinstalls(evidence: &Evidence, after: u32) -> Verdict {
    let expected = "the user to install the app again";
    let all = attempts(evidence);
    let first = all.partition_point(|attempt| attempt.entries.first().is_none_or(|entry| entry.seq <= after));
    let (earlier, later) = all.split_at(first);
    let Some(attempt) = later.first() else { return cut_short(evidence, "the app was installed again") };
    let stuck = match again(attempt, earlier, "the second installation was seen to its end") {
        Again::Well => return Verdict::Pass("installed again".to_owned()),
        Again::Unknown(verdict) => return verdict,
        Again::Badly(stuck) => stuck,
    };
    let until = stuck.map_or(u32::MAX, |act| act.seq);
    let stop = Stop { page: pages(attempt.entries).take_while(|page| page.seq < until).last(), act: None };
    Verdict::Fail(
        Finding::app(expected, stop.words(evidence))
            .hops(attempt.hop_lines(stop.seq()))
            .likely("what is left of the old installation is in the way of the new one")
            .at(stop.seq()),
    )
}

/// Whether an entry could have told the app of the uninstall: a 401, or a trigger that made it work.
fn could_have_told(entry: &Entry) -> bool {
    match &entry.event {
        Event::Exchange(exchange) => {
            matches!(&exchange.facts, Facts::Api(call) if call.token_state == TokenState::Revoked)
        }
        Event::App(AppEvent::Triggered(_)) => true,
        _ => false,
    }
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

fn why_no_revocation(call: &RevokeCall) -> &'static str {
    if !call.client_ok {
        return "revoking takes the same Basic credentials as the token request";
    }
    match call.token_state {
        TokenState::Missing => "the token goes in the form body, as `token`",
        TokenState::Expired => "a kept access token may be past its hour; revoke the refresh token",
        TokenState::Revoked => "the token was kept from an earlier installation, or was revoked twice",
        TokenState::Unknown => {
            "what is sent is not the token as Klaviyo gave it: another field, cut, or still encrypted"
        }
        _ => "the token sent is not the one that was kept for this install",
    }
}
