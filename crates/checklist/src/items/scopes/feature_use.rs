//! The use of a feature that needs the new scopes, by an install that lacks them, and what the user is told then.

use flowcheck_evidence::{Mail, Purpose};

use super::scope_update::{Update, updated};
use crate::flow::{Flow, Window, place};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::judging::notice::{mail_asks, notices};
use crate::verdict::{Statement, Value, Verdict, statement};

/// Where what the new scopes are for was first used, or refused.
pub(super) fn met(flow: &Flow<'_>, update: &Update) -> Option<u32> {
    let entries = flow.events.since(update.seq);
    let used = entries.acts().find(|act| act.it.purpose == Purpose::UseFeature).map(|act| act.seq);
    used.into_iter().chain(refusal(entries, update)).min()
}

/// The update, and where what it is for was used by an install from before.
pub(super) fn used(flow: &Flow<'_>) -> Result<(Update, u32), Verdict> {
    let update = updated(flow)?;
    if let Some(blocked) = without_tokens(flow) {
        return Err(blocked);
    }
    match met(flow, &update) {
        Some(met) => Ok((update, met)),
        None => Err(cut_short(flow, "what the new scopes are for was used")),
    }
}

/// The first call that Klaviyo refused for one of the new scopes.
pub(super) fn refusal(entries: Window<'_>, update: &Update) -> Option<u32> {
    entries
        .api_calls()
        .find(|call| {
            call.exchange.status == 403 && call.facts.missing_scopes.iter().any(|one| update.added.contains(one))
        })
        .map(|call| call.seq)
}

/// The first notice or mail among these entries, in words.
pub(super) fn first_notice(entries: Window<'_>, flow: &Flow<'_>) -> Option<(u32, Statement)> {
    let mail = asking_mails(entries)
        .next()
        .map(|(seq, mail)| (seq, statement!("a mail: \"{subject}\"", subject = Value::text(&mail.subject))));
    let page = entries.pages().find_map(|page| {
        let notice = notices(page.it).first().copied()?;
        Some((
            page.seq,
            statement!("{page}: \"{notice}\"", page = place(page.it, flow.setup), notice = Value::text(notice)),
        ))
    });
    mail.into_iter().chain(page).min_by_key(|(seq, _)| *seq)
}

/// The mails that ask the user to authorize again.
pub(super) fn asking_mails(events: Window<'_>) -> impl Iterator<Item = (u32, &Mail)> {
    events.mails().filter(|(_, mail)| mail_asks(mail))
}
