//! Access tokens that live an hour: refreshed unseen, rotated, once.

use super::not_run::{cut_short, without_tokens};
use super::state::{review, shows, signs};
use super::view::{At, acts, api_calls, ended_after, exchanges, looks, place, rest_of_step, steps, token_calls};
use super::{Finding, Verdict};
use flowcheck_evidence::{
    Entry, Event, Evidence, Exchange, Facts, KlaviyoEvent, Page, PageKind, Place, Purpose, Secret, StepPhase,
    TokenCall, TokenOutcome, TokenState, count,
};

/// Seconds that an access token lives (Klaviyo: 3600).
const TOKEN_LIFE_S: u64 = 3_600;
/// Refreshes of one install that much work at once may cost: one, and one by another process of the app's.
const AT_ONCE: usize = 2;

pub(super) fn refresh(evidence: &Evidence) -> Verdict {
    let expected = "an expired access token to be refreshed and the call repeated, and the user to see nothing of it";
    let expired = match nth_expiry(evidence, 0) {
        Ok(seq) => seq,
        Err(verdict) => return verdict,
    };
    let entries = before_next_expiry(evidence, expired);
    if let Some(call) = refreshes(entries).find(|call| matches!(call.it.outcome, TokenOutcome::Refused { .. })) {
        let TokenOutcome::Refused { error, reason } = &call.it.outcome else { return cut_short(evidence, expected) };
        return Verdict::Fail(
            Finding::app(expected, format!("the refresh was refused with {error}"))
                .likely(format!("Klaviyo's reason: {reason}"))
                .at(call.seq),
        );
    }
    let refused = api_calls(entries).find(|(call, ..)| call.it.token_state == TokenState::Expired);
    let refreshed = refreshes(entries).next();
    if let (Some((call, ..)), None) = (&refused, &refreshed)
        && ended_after(entries, call.seq).is_some()
    {
        let saw = format!("{} refused with 401, and no refresh token sent", operation(call.it.operation.as_deref()));
        return Verdict::Fail(
            Finding::app(expected, saw)
                .likely("a 401 is taken as the end of the install; an access token lives for an hour")
                .at(call.seq),
        );
    }
    if let (Some((call, ..)), Some(refreshed)) = (&refused, &refreshed) {
        let (rest, has_ended) = rest_of_step(entries, refreshed.seq);
        if has_ended && call.seq < refreshed.seq && !is_repeated(entries, call.seq, rest) {
            let saw = format!("{} not repeated after the refresh", operation(call.it.operation.as_deref()));
            return Verdict::Fail(
                Finding::app(expected, saw).likely("the call that met the 401 is given up").at(refreshed.seq),
            );
        }
    }
    let seen = looks(entries, |place| matches!(place, Place::Settings(_)));
    let disturbed = |page: &&At<'_, Page>| shows_trouble(page.it.kind, page.it.certainty);
    if let Some(page) = seen.iter().find(disturbed) {
        let saw = format!("{} shows {}", place(page.it, evidence), signs(page.it));
        return Verdict::Fail(
            Finding::app(expected, saw)
                .likely("an expired token is shown to the user as a lost connection")
                .at(page.seq),
        );
    }
    match (refreshed, seen.last()) {
        (None, _) if ended_steps(entries) > 1 => Verdict::Review(
            Finding::app(expected, "the app made no call in the hour after; nothing shows how it takes a 401")
                .at(expired),
        ),
        (Some(refreshed), Some(page)) if page.seq > refreshed.seq => {
            if shows(page.it, PageKind::Installed) {
                Verdict::Pass("refreshed, the call repeated, and the app shows itself as installed".to_owned())
            } else {
                review(expected.to_owned(), page, evidence)
            }
        }
        _ => cut_short(evidence, "the app was seen at work after an hour"),
    }
}

pub(super) fn rotation(evidence: &Evidence) -> Verdict {
    let expected = "a rotated refresh token to be stored, and sent the next time";
    let (first, second) = match (nth_expiry(evidence, 0), nth_expiry(evidence, 1)) {
        (Ok(first), Ok(second)) => (first, second),
        (Err(verdict), _) | (_, Err(verdict)) => return verdict,
    };
    let rotated =
        refreshes(before_next_expiry(evidence, first)).filter_map(|call| Some((call, issued(call.it)?))).last();
    let Some((earlier, new)) = rotated else {
        return Verdict::blocked_by("oauth.refresh", "the app did not refresh its token");
    };
    if sent(earlier.it).is_some_and(|old| old.fingerprint == new.fingerprint) {
        return Verdict::not_run("Klaviyo did not rotate the refresh token");
    }
    let entries = evidence.since(second);
    if let Some(call) =
        refreshes(entries).find(|call| sent(call.it).is_some_and(|sent| sent.fingerprint != new.fingerprint))
    {
        return Verdict::Fail(
            Finding::app(expected, "the refresh token from before the rotation sent again")
                .likely("of a refresh's answer only the access token is stored")
                .at(call.seq),
        );
    }
    let seen = looks(entries, |place| matches!(place, Place::Settings(_)));
    match (refreshes(entries).next(), seen.last()) {
        (Some(call), Some(page)) if page.seq > call.seq && shows(page.it, PageKind::Installed) => {
            Verdict::Pass("the new refresh token was sent the next time".to_owned())
        }
        (Some(call), Some(page)) if page.seq > call.seq => review(expected.to_owned(), page, evidence),
        (None, _) if ended_steps(entries) > 1 => Verdict::Review(
            Finding::app(expected, "the app made no call in the second hour; nothing shows what it has stored")
                .at(second),
        ),
        _ => cut_short(evidence, "the app was seen at work after a second hour"),
    }
}

pub(super) fn once(evidence: &Evidence) -> Verdict {
    let expected = format!("at most {AT_ONCE} refreshes where much is done at once");
    let expired = match nth_expiry(evidence, 0) {
        Ok(seq) => seq,
        Err(verdict) => return verdict,
    };
    let entries = evidence.since(expired);
    let rush = acts(entries).find_map(|act| match act.it.purpose {
        Purpose::Rush(times) => Some((act.seq, times)),
        _ => None,
    });
    let Some((rush, times)) = rush else {
        return cut_short(evidence, "the app was made to work several times at once");
    };
    let (rest, has_ended) = rest_of_step(entries, rush);
    let made = refreshes(rest).count();
    if made > AT_ONCE {
        let first = refreshes(rest).next().map_or(rush, |call| call.seq);
        let saw = format!("{made} refreshes when {times} pages were asked for at once");
        return Verdict::Fail(
            Finding::app(expected, saw)
                .likely("every request refreshes for itself; where Klaviyo rotates, all but one lose their token")
                .at(first),
        );
    }
    if !has_ended {
        return cut_short(evidence, "all that was asked for at once had been answered");
    }
    if made > 0 {
        return Verdict::Pass(format!("{} for {times} pages asked for at once", count(made, "refresh", "refreshes")));
    }
    match api_calls(rest).next() {
        Some(_) => Verdict::blocked_by("oauth.refresh", "the app did not refresh its token"),
        None => Verdict::Review(
            Finding::app(expected, "the app made no call; nothing shows how it refreshes when much is done at once")
                .at(rush),
        ),
    }
}

/// Where the access token has run out for the nth time, because an hour was let pass after tokens were issued.
fn nth_expiry(evidence: &Evidence, nth: usize) -> Result<u32, Verdict> {
    if let Some(blocked) = without_tokens(evidence) {
        return Err(blocked);
    }
    let found = expiries(&evidence.timeline).nth(nth);
    found.ok_or_else(|| cut_short(evidence, if nth == 0 { "an hour had passed" } else { "a second hour had passed" }))
}

fn expiries(entries: &[Entry]) -> impl Iterator<Item = u32> {
    entries.iter().filter_map(|entry| match entry.event {
        Event::Klaviyo(KlaviyoEvent::ClockMoved { by_s }) if by_s >= TOKEN_LIFE_S => Some(entry.seq),
        _ => None,
    })
}

fn before_next_expiry(evidence: &Evidence, expired: u32) -> &[Entry] {
    let entries = evidence.since(expired);
    let next = expiries(entries).find(|seq| *seq > expired);
    let end = next.and_then(|next| entries.iter().position(|entry| entry.seq == next));
    &entries[..end.unwrap_or(entries.len())]
}

/// Whether the very request at a place on the timeline was made again, with a token that was good.
fn is_repeated(entries: &[Entry], at: u32, later: &[Entry]) -> bool {
    let Some((first, _)) = exchanges(entries).find(|(exchange, _)| exchange.seq == at) else { return false };
    exchanges(later).any(|(again, _)| {
        let same = |one: &Exchange| (one.method.clone(), one.path.clone(), one.query.clone(), one.request_body.clone());
        let live = matches!(&again.it.facts, Facts::Api(call) if call.token_state == TokenState::Live);
        live && same(first.it) == same(again.it)
    })
}

fn refreshes(entries: &[Entry]) -> impl Iterator<Item = At<'_, TokenCall>> {
    token_calls(entries).filter(|call| call.it.refresh_token.is_some())
}

fn sent(call: &TokenCall) -> Option<&Secret> {
    call.refresh_token.as_ref()
}

fn issued(call: &TokenCall) -> Option<&Secret> {
    match &call.outcome {
        TokenOutcome::Issued { refresh_token, .. } => Some(refresh_token),
        TokenOutcome::Refused { .. } => None,
    }
}

fn ended_steps(entries: &[Entry]) -> usize {
    steps(entries).filter(|mark| mark.it.phase != StepPhase::Began).count().saturating_sub(1)
}

/// Whether a page tells the user of trouble: not installed, an error, no answer.
fn shows_trouble(kind: PageKind, certainty: u8) -> bool {
    certainty >= 60 && matches!(kind, PageKind::NotInstalled | PageKind::Error | PageKind::BrowserError)
}

fn operation(id: Option<&str>) -> String {
    id.map_or_else(|| "a call".to_owned(), |id| format!("the call {id}"))
}
