//! Scopes: what is asked for, and what an update of them means for those who installed before.

use super::attempt::{Attempt, attempts};
use super::not_run::{cut_short, not_started, without_tokens};
use super::state::{shows, signs};
use super::view::{api_calls, authorize_calls, ended_after, exchanges, lists_app, looks, pages, place, steps};
use super::{Finding, Verdict};
use flowcheck_evidence::{
    Act, AppEvent, Entry, Event, Evidence, Facts, KlaviyoEvent, PageKind, Place, Purpose, StepPhase, TokenState,
};

/// Klaviyo grants it whether it is asked for or not; `oauth.authorize.request` looks after it.
const ALWAYS: &str = "accounts:read";

/// The app's scopes being changed in its settings.
pub(super) struct Update {
    pub(super) seq: u32,
    /// What was added.
    pub(super) added: Vec<String>,
}

pub(super) fn requested(evidence: &Evidence) -> Verdict {
    let calls: Vec<_> = authorize_calls(&evidence.timeline).collect();
    let Some(last) = calls.last() else { return not_started(evidence) };
    for call in &calls {
        let declared = declared(evidence, call.seq);
        let missing: Vec<&str> = declared
            .iter()
            .filter(|scope| *scope != ALWAYS && !call.it.scopes.contains(scope))
            .map(String::as_str)
            .collect();
        let surplus: Vec<&str> = call.it.unknown_scopes.iter().map(String::as_str).collect();
        if missing.is_empty() && surplus.is_empty() {
            continue;
        }
        let of = |what: &str, scopes: &[&str]| match scopes {
            [] => None,
            scopes => Some(format!("{what} {}", scopes.join(" "))),
        };
        let parts: Vec<String> =
            [of("without", &missing), of("with undeclared", &surplus)].into_iter().flatten().collect();
        let likely = if update(evidence).is_some_and(|update| update.seq < call.seq) {
            "scopes added to the app's settings were not added to its authorization request"
        } else {
            "the app's request and its settings at Klaviyo (`klaviyo.scopes`) name different scopes"
        };
        return Verdict::Fail(
            Finding::app(
                "`scope` naming the scopes of the app's settings",
                format!("a request {}", parts.join(" and ")),
            )
            .likely(likely)
            .at(call.seq),
        );
    }
    if evidence.setup.app.scopes_copied && update(evidence).is_none() {
        return Verdict::Review(
            Finding::app(
                "`scope` naming the scopes of the app's settings",
                "scopes in flowcheck.yaml that were copied from the request: compare them with the settings at Klaviyo",
            )
            .at(last.seq),
        );
    }
    if let Some(update) = update(evidence)
        && update.seq > last.seq
    {
        return cut_short(evidence, "the app asked for its new scopes");
    }
    Verdict::Pass(format!("asked for {}", last.it.scopes.join(" ")))
}

pub(super) fn new_install(evidence: &Evidence) -> Verdict {
    let update = match updated(evidence) {
        Ok(update) => update,
        Err(verdict) => return verdict,
    };
    let Some(attempt) = attempt_after(evidence, update.seq) else { return not_started(evidence) };
    let expected = format!("a new install prompted for {}", update.added.join(" "));
    let Some(consent) = pages(attempt.entries).find(|page| page.it.kind == PageKind::KlaviyoConsent) else {
        return attempt.undecided();
    };
    let absent = absent_from(&update.added, |scope| consent.it.text.contains(scope));
    if !absent.is_empty() {
        return Verdict::Fail(
            Finding::app(expected, format!("a consent page without {}", absent.join(" ")))
                .likely("the authorization request still names the old scopes alone")
                .at(consent.seq),
        );
    }
    let Some(granted) = granted(attempt.entries) else {
        return match attempt.decided(&Purpose::Allow) {
            Some(_) if attempt.is_over() => {
                Verdict::blocked_by("install.completes", "the installation did not complete")
            }
            _ => cut_short(evidence, "the new install was seen to its end"),
        };
    };
    let absent = absent_from(&update.added, |scope| granted.contains(scope));
    if absent.is_empty() {
        Verdict::Pass(format!("consent shows {} and the token carries it", update.added.join(" ")))
    } else {
        Verdict::Fail(
            Finding::app(expected, format!("a token without {}", absent.join(" "))).likely("").at(consent.seq),
        )
    }
}

pub(super) fn old_install(evidence: &Evidence) -> Verdict {
    let update = match updated(evidence) {
        Ok(update) => update,
        Err(verdict) => return verdict,
    };
    if let Some(blocked) = without_tokens(evidence) {
        return blocked;
    }
    let entries = between(evidence, update.seq, next_start(evidence, update.seq));
    let expected = "an install from before the update going on with its old scopes";
    let seen = looks(entries, |place| matches!(place, Place::Settings(_)));
    if let Some(page) = seen.iter().find(|page| shows(page.it, PageKind::NotInstalled)) {
        let saw = format!("{} shows {}", place(page.it, evidence), signs(page.it));
        return Verdict::Fail(
            Finding::app(expected, saw).likely("installs that lack the new scopes are taken for none").at(page.seq),
        );
    }
    let before = between(evidence, 0, update.seq);
    let (worked_before, works) = (works(before, evidence), works(entries, evidence));
    match (worked_before, works) {
        (_, None) => cut_short(evidence, "the app was made to call Klaviyo after the update"),
        (_, Some((_, true))) if seen.is_empty() => cut_short(evidence, "the app's settings were looked at"),
        (_, Some((_, true))) => Verdict::Pass("still shown as installed, and its calls are done".to_owned()),
        (Some((_, true)), Some((seq, false))) => Verdict::Fail(
            Finding::app(expected, "no call done after the update by the job that made some before")
                .likely("installs that lack the new scopes are left out of all work")
                .at(seq),
        ),
        (_, Some((seq, false))) => Verdict::Review(
            Finding::app(
                expected,
                "no call by the app's trigger, before the update or after; look whether it still works",
            )
            .at(seq),
        ),
    }
}

pub(super) fn outdated_revoked(evidence: &Evidence) -> Verdict {
    let update = match updated(evidence) {
        Ok(update) => update,
        Err(verdict) => return verdict,
    };
    if let Some(blocked) = without_tokens(evidence) {
        return blocked;
    }
    let entries = evidence.since(update.seq);
    let ended = entries.iter().find_map(|entry| match &entry.event {
        Event::App(AppEvent::Triggered(_)) => ended_after(&evidence.timeline, entry.seq).map(|_| entry.seq),
        _ => None,
    });
    let Some(ended) = ended else { return cut_short(evidence, "the app was made to revoke outdated installs") };
    let expected = "the outdated install revoked by a live token, gone from Klaviyo, and not shown as installed";
    let revoked = exchanges(entries).any(|(exchange, _)| {
        matches!(&exchange.it.facts, Facts::Revoke(call) if call.client_ok && call.token_state == TokenState::Live)
    });
    if !revoked {
        return Verdict::Fail(
            Finding::app(expected, "no live token revoked")
                .likely("the app forgets the install, but does not tell Klaviyo")
                .at(ended),
        );
    }
    let settings = looks(entries, |place| matches!(place, Place::Settings(_)));
    if let Some(page) = settings.iter().find(|page| shows(page.it, PageKind::Installed)) {
        let saw = format!("{} shows {}", place(page.it, evidence), signs(page.it));
        return Verdict::Fail(Finding::app(expected, saw).likely("what the page shows is not changed").at(page.seq));
    }
    let integrations = looks(entries, |place| *place == Place::Integrations);
    match (settings.last(), integrations.last()) {
        (Some(_), Some(page)) if lists_app(page.it, evidence) => Verdict::Fail(
            Finding::app(expected, "still listed on Klaviyo's integrations page")
                .likely("the token revoked was another install's")
                .at(page.seq),
        ),
        (Some(_), Some(_)) => Verdict::Pass("revoked, gone from Klaviyo, and not shown as installed".to_owned()),
        _ => cut_short(evidence, "the app's settings and Klaviyo's integrations page were looked at"),
    }
}

/// The scopes of the app's settings at a place on the timeline.
fn declared(evidence: &Evidence, seq: u32) -> Vec<String> {
    let changes = evidence.timeline.iter().take_while(|entry| entry.seq < seq).filter_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::ScopesChanged { scopes, .. }) => Some(scopes.clone()),
        _ => None,
    });
    changes.last().unwrap_or_else(|| evidence.setup.app.scopes.clone())
}

pub(super) fn update(evidence: &Evidence) -> Option<Update> {
    evidence.timeline.iter().find_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::ScopesChanged { scopes, .. }) => {
            let known = &evidence.setup.app.scopes;
            let added = scopes.iter().filter(|scope| !known.contains(scope)).cloned().collect();
            Some(Update { seq: entry.seq, added })
        }
        _ => None,
    })
}

/// The update, once the app has taken it.
pub(super) fn updated(evidence: &Evidence) -> Result<Update, Verdict> {
    let update = update(evidence).ok_or_else(|| cut_short(evidence, "the app's scopes were updated"))?;
    match steps(&evidence.timeline).find(|mark| mark.seq > update.seq).map(|mark| &mark.it.phase) {
        Some(StepPhase::Failed(why)) => Err(Verdict::not_run(why)),
        Some(_) => Ok(update),
        None => Err(cut_short(evidence, "the app's scopes were updated")),
    }
}

/// Whether the app's trigger made it call Klaviyo with success, and where it was set off last; none where it was not, or the end
/// of that was not seen.
fn works(entries: &[Entry], evidence: &Evidence) -> Option<(u32, bool)> {
    let mut last = None;
    let mut begun = 0;
    let mut any = false;
    for entry in entries {
        match &entry.event {
            Event::Step(mark) if mark.phase == StepPhase::Began => begun = entry.seq,
            Event::App(AppEvent::Triggered(_)) if ended_after(&evidence.timeline, entry.seq).is_some() => {
                let window = between(evidence, begun, entry.seq);
                any |= api_calls(window).any(|(_, status, _)| (200..300).contains(&status));
                last = Some(entry.seq);
            }
            _ => {}
        }
    }
    last.map(|seq| (seq, any))
}

fn granted(entries: &[Entry]) -> Option<&Vec<String>> {
    entries.iter().find_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::Installed { scopes, .. }) => Some(scopes),
        _ => None,
    })
}

/// Those of the scopes that are not there.
pub(super) fn absent_from(scopes: &[String], there: impl Fn(&String) -> bool) -> Vec<&str> {
    scopes.iter().filter(|scope| !there(scope)).map(String::as_str).collect()
}

pub(super) fn attempt_after(evidence: &Evidence, seq: u32) -> Option<Attempt<'_>> {
    attempts(evidence).into_iter().find(|attempt| attempt.entries.first().is_some_and(|entry| entry.seq > seq))
}

/// Where the next installation is started; the largest number there is, where none is.
pub(super) fn next_start(evidence: &Evidence, after: u32) -> u32 {
    let starts = |entry: &&Entry| matches!(&entry.event, Event::Act(Act { purpose: Purpose::StartInstall(_), .. }));
    evidence.since(after.saturating_add(1)).iter().find(starts).map_or(u32::MAX, |entry| entry.seq)
}

/// The entries after a place on the timeline and before another.
pub(super) fn between(evidence: &Evidence, after: u32, before: u32) -> &[Entry] {
    let entries = evidence.since(after.saturating_add(1));
    &entries[..entries.partition_point(|entry| entry.seq < before)]
}
