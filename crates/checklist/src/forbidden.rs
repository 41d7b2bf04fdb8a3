//! What the new scopes are for being used by an install that lacks them: the user told, once, and led to authorize again.

use super::attempt::no_tokens;
use super::not_run::{cut_short, without_tokens};
use super::notice::{mail_asks, notices};
use super::scopes::{Update, absent_from, attempt_after, between, next_start, updated};
use super::view::{acts, api_calls, ended_after, failed_after, pages, place};
use super::{Finding, Verdict};
use flowcheck_evidence::{Entry, Event, Evidence, Mail, Purpose, Start};

/// Uses of a feature that show whether its notice is repeated.
const USES: usize = 2;

pub(super) fn proactive(evidence: &Evidence) -> Verdict {
    let update = match updated(evidence) {
        Ok(update) => update,
        Err(verdict) => return verdict,
    };
    if let Some(blocked) = without_tokens(evidence) {
        return blocked;
    }
    let met = met(evidence, &update);
    let entries = between(evidence, update.seq, met.unwrap_or(u32::MAX));
    if let Some((_, told)) = first_told(entries, evidence) {
        return Verdict::Pass(told);
    }
    match met {
        Some(seq) => Verdict::Warn(
            Finding::app(
                "customers told of the new permissions before anything fails",
                "no mail and no notice in the app between the update and the first use of what is new",
            )
            .likely("best practice: a mail, or an indicator in the app, with a link to authorize again")
            .at(seq),
        ),
        None => cut_short(evidence, "what the new scopes are for was used"),
    }
}

pub(super) fn forbidden_told(evidence: &Evidence) -> Verdict {
    let (update, met) = match used(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let window = between(evidence, met, next_start(evidence, met));
    let refused = refusal(window, &update);
    // An app that knows what it lacks need not ask Klaviyo first; then the page itself must say so.
    let from = refused.unwrap_or(met);
    if let Some((_, told)) = first_told(between(evidence, from, next_start(evidence, met)), evidence) {
        return Verdict::Pass(told);
    }
    let expected = "a notice in the app or a mail that asks the user to authorize again";
    if next_start(evidence, met) == u32::MAX && failed_after(&evidence.timeline, met).is_none() {
        return cut_short(evidence, "the user looked for a way to authorize again");
    }
    let page = pages(window).find(|page| page.seq > from);
    let saw = page.map_or_else(
        || "no page at all".to_owned(),
        |page| format!("{}: \"{}\"", place(page.it, evidence), page.it.headline()),
    );
    if refused.is_none() {
        let done = api_calls(window).find(|(call, status, _)| {
            (200..300).contains(status) && call.it.scopes.iter().any(|scope| update.added.contains(scope))
        });
        let prompt = if done.is_some() {
            "Klaviyo let the call pass, so the install had the new scopes already"
        } else {
            "the page at `scopes_update.feature` neither called Klaviyo by a new scope nor said anything"
        };
        return Verdict::Review(Finding::app(expected, prompt).at(page.map_or(met, |page| page.seq)));
    }
    Verdict::Fail(
        Finding::app(expected, saw)
            .likely("a 403 is taken for any other failure, or for an empty answer")
            .at(page.map_or(from, |page| page.seq)),
    )
}

pub(super) fn forbidden_link(evidence: &Evidence) -> Verdict {
    let (update, met) = match told(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let expected = format!("a link that leads to consent with {}", update.added.join(" "));
    let Some(attempt) = attempt_after(evidence, met) else {
        return match failed_after(&evidence.timeline, met) {
            Some(failed) => Verdict::not_run(failed.it),
            None => cut_short(evidence, "the notice's link was followed"),
        };
    };
    let began = attempt.entries.first().map_or(met, |entry| entry.seq);
    if attempt.start != Start::Notice {
        return Verdict::Fail(
            Finding::app(expected, "no link or button in the notice that asks for it")
                .likely("the notice says what is missing, but not how to give it")
                .at(began),
        );
    }
    let around = |purpose: &Purpose| matches!(purpose, Purpose::LogIn | Purpose::Recover(_));
    let allowed = |purpose: &Purpose| super::way::foreseen(purpose, &[]) || around(purpose);
    match attempt.first_stop(0, allowed) {
        Ok(None) => {}
        Ok(Some(stop)) => {
            return Verdict::Fail(
                Finding::app(expected, format!("it led to {}", stop.words(evidence)))
                    .hops(attempt.hop_lines(stop.seq()))
                    .likely("the link does not start an authorization")
                    .at(stop.seq()),
            );
        }
        Err(verdict) => return verdict,
    }
    let call = attempt.authorize_calls().last();
    let absent = absent_from(&update.added, |scope| call.is_some_and(|call| call.it.scopes.contains(scope)));
    if let (Some(call), false) = (call, absent.is_empty()) {
        return Verdict::Fail(
            Finding::app(expected, format!("an authorization request without {}", absent.join(" ")))
                .hops(attempt.hop_lines(call.seq))
                .likely("the link starts the authorization that the app always had, with the old scopes")
                .at(call.seq),
        );
    }
    let reached = attempt.reached_klaviyo().unwrap_or(u32::MAX);
    let detour = attempt.ways_around().find(|act| act.seq < reached);
    match (call, detour) {
        (None, _) => cut_short(evidence, "the authorization request was seen"),
        (Some(_), Some(act)) => Verdict::Warn(
            Finding::app(expected, format!("consent only after one more page: {}", act.it.gesture))
                .likely("the link leads to a page of the app instead of to the authorization itself")
                .at(act.seq),
        ),
        (Some(_), None) => Verdict::Pass("the notice's link leads to consent with the new scopes".to_owned()),
    }
}

pub(super) fn forbidden_no_spam(evidence: &Evidence) -> Verdict {
    let (update, met) = match told(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let allowed = attempt_after(evidence, met).and_then(|attempt| attempt.decided(&Purpose::Allow));
    let until = allowed.unwrap_or(u32::MAX);
    let from = refusal(between(evidence, met, until), &update).unwrap_or(met);
    let entries = between(evidence, from, until);
    let expected = "one notice, however often Klaviyo refuses";
    let mails: Vec<(u32, &Mail)> = asking_mails(entries).collect();
    if let [_, (seq, mail), ..] = mails.as_slice() {
        return Verdict::Fail(
            Finding::app(expected, format!("{} mails, \"{}\" the last", mails.len(), mail.subject))
                .likely("each 403 sends a mail; when the user was last told is not kept")
                .at(*seq),
        );
    }
    for page in pages(entries) {
        let told = notices(page.it);
        let repeated = told.iter().enumerate().find(|(index, notice)| told[..*index].contains(notice));
        if let Some((_, notice)) = repeated {
            return Verdict::Fail(
                Finding::app(
                    expected,
                    format!("the same notice several times on {}: \"{notice}\"", place(page.it, evidence)),
                )
                .likely("each 403 leaves a notice, and all of them are shown")
                .at(page.seq),
            );
        }
    }
    let uses = acts(between(evidence, update.seq, until)).filter(|act| act.it.purpose == Purpose::UseFeature).count();
    match allowed {
        Some(_) if uses >= USES => Verdict::Pass(format!("used {uses} times, told once")),
        Some(_) => Verdict::not_run("what the new scopes are for was used only once"),
        None => cut_short(evidence, "the user authorized again"),
    }
}

pub(super) fn reauthorized(evidence: &Evidence) -> Verdict {
    let (update, met) = match used(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let Some(attempt) = attempt_after(evidence, met) else {
        return match failed_after(&evidence.timeline, met) {
            Some(failed) => Verdict::not_run(failed.it),
            None => cut_short(evidence, "the user authorized again"),
        };
    };
    if attempt.decided(&Purpose::Allow).is_none() {
        return attempt.undecided();
    }
    let Some(issued) = attempt.issued() else {
        return if attempt.is_over() {
            Verdict::Fail(no_tokens(&attempt))
        } else {
            cut_short(evidence, "the authorization was seen to its end")
        };
    };
    let expected = "what was refused before done after authorizing again";
    let by_new = |scopes: &[String]| scopes.iter().any(|scope| update.added.contains(scope));
    let calls = || api_calls(evidence.since(issued.seq)).filter(|(call, ..)| by_new(&call.it.scopes));
    if let Some((call, ..)) = calls().find(|(_, status, _)| (200..300).contains(status)) {
        return Verdict::Pass(format!("{} is done now", call.it.operation.as_deref().unwrap_or("the call")));
    }
    let used = acts(evidence.since(issued.seq)).find(|act| act.it.purpose == Purpose::UseFeature);
    let Some(used) = used.filter(|used| ended_after(&evidence.timeline, used.seq).is_some()) else {
        return cut_short(evidence, "what the new scopes are for was used again");
    };
    let asked_for_new = attempt.authorize_calls().last().is_some_and(|call| by_new(&call.it.scopes));
    Verdict::Fail(match calls().last() {
        Some((call, status, _)) => {
            Finding::app(expected, format!("{status} for {} again", call.it.operation.as_deref().unwrap_or("it")))
                .likely(if asked_for_new {
                    "the new tokens are not kept, or do not take the place of the old ones"
                } else {
                    "the authorization did not ask for the new scopes either"
                })
                .at(call.seq)
        }
        None => Finding::app(expected, "no call to Klaviyo at all")
            .likely("the app remembers that it was refused, and does not forget that when tokens are new")
            .at(used.seq),
    })
}

/// Where what the new scopes are for was first used, or refused.
fn met(evidence: &Evidence, update: &Update) -> Option<u32> {
    let entries = evidence.since(update.seq);
    let used = acts(entries).find(|act| act.it.purpose == Purpose::UseFeature).map(|act| act.seq);
    used.into_iter().chain(refusal(entries, update)).min()
}

/// The update, and where what it is for was used by an install from before.
fn used(evidence: &Evidence) -> Result<(Update, u32), Verdict> {
    let update = updated(evidence)?;
    if let Some(blocked) = without_tokens(evidence) {
        return Err(blocked);
    }
    match met(evidence, &update) {
        Some(met) => Ok((update, met)),
        None => Err(cut_short(evidence, "what the new scopes are for was used")),
    }
}

/// The same, where the user was told.
fn told(evidence: &Evidence) -> Result<(Update, u32), Verdict> {
    let found = used(evidence)?;
    match forbidden_told(evidence) {
        Verdict::Pass(_) => Ok(found),
        Verdict::NotRun { reason, blocked_by } => Err(Verdict::NotRun { reason, blocked_by }),
        _ => Err(Verdict::blocked_by("scope.forbidden.told", "the user was not told")),
    }
}

/// The first call that Klaviyo refused for one of the new scopes.
fn refusal(entries: &[Entry], update: &Update) -> Option<u32> {
    api_calls(entries)
        .find(|(call, status, _)| *status == 403 && call.it.missing_scopes.iter().any(|one| update.added.contains(one)))
        .map(|(call, ..)| call.seq)
}

/// The first notice or mail among these entries, in words.
fn first_told(entries: &[Entry], evidence: &Evidence) -> Option<(u32, String)> {
    let mail = asking_mails(entries).next().map(|(seq, mail)| (seq, format!("a mail: \"{}\"", mail.subject)));
    let page = pages(entries).find_map(|page| {
        let notice = notices(page.it).first().copied()?.to_owned();
        Some((page.seq, format!("{}: \"{notice}\"", place(page.it, evidence))))
    });
    mail.into_iter().chain(page).min_by_key(|(seq, _)| *seq)
}

fn asking_mails(entries: &[Entry]) -> impl Iterator<Item = (u32, &Mail)> {
    entries.iter().filter_map(|entry| match &entry.event {
        Event::Mail(mail) if mail_asks(mail) => Some((entry.seq, mail.as_ref())),
        _ => None,
    })
}
