//! The install that a user ended in the app or in Klaviyo, and what was seen after it.

use flowcheck_evidence::{
    Act, Control, Entry, Event, Facts, Gesture, KlaviyoEvent, Mail, Page, PageKind, Place, Purpose, TokenState,
    UninstalledBy,
};
use flowcheck_lexicon::{Key, says};

use crate::flow::{At, Attempt, Flow, Window, place};
use crate::judging::install_state::{shows, signs};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::judging::retry_outcome::{RetryOutcome, retry_outcome, started_again};
use crate::judging::stop::Stop;
use crate::verdict::{Finding, Value, Verdict, statement};

/// Where the app's disconnect control was used, and the install that should have ended.
pub(super) fn disconnected(flow: &Flow<'_>) -> Result<(u32, Option<String>), Verdict> {
    if let Some(blocked) = without_tokens(flow) {
        return Err(blocked);
    }
    let used = flow.events.acts().find(|act| matches!(act.it.purpose, Purpose::Disconnect { control: true, .. }));
    let used = used.ok_or_else(|| match flow.events.failed_after(installed_at(flow)) {
        Some(_) => Verdict::blocked_by("uninstall.app.findable", "no disconnect control was found"),
        None => cut_short(flow, "a disconnect control was looked for"),
    })?;
    if question_left(flow).is_some() {
        return Err(Verdict::blocked_by(
            "uninstall.app.findable",
            "the app may have asked something that was not answered",
        ));
    }
    let issued = flow.attempts.iter().filter_map(Attempt::issued).rfind(|call| call.seq < used.seq);
    Ok((used.seq, issued.and_then(|call| call.it.install.clone())))
}

/// What a disconnect control brought on the page where it stands, and flowcheck did not answer: it may be a question. The page after it,
/// and the first control that is new there.
pub(super) fn question_left<'a>(flow: &Flow<'a>) -> Option<(At<'a, Page>, &'a Control)> {
    let used = |act: &At<'_, Act>| matches!(act.it.purpose, Purpose::Disconnect { control: true, .. });
    let first = flow.events.acts().find(used)?;
    let (step, _) = flow.events.rest_of_step(first.seq);
    let last = step.acts().rfind(used).unwrap_or(first);
    let before = flow.events.before(last.seq).pages().next_back()?;
    let since = step.after(last.seq);
    let after = since.pages().next_back()?;
    let went_on = since.hops().next().is_some()
        || since.exchanges().any(|exchange| matches!(exchange.it.facts, Facts::Revoke(_)))
        || before.it.url != after.it.url;
    let told = after.it.alerts.iter().any(|alert| !before.it.alerts.contains(alert) && says(alert, Key::Error));
    if went_on || told || !shows(after.it, PageKind::Installed) || after.it.text.len() <= before.it.text.len() {
        return None;
    }
    let count = |page: &Page, name: &str| page.controls.iter().filter(|control| control.name == name).count();
    let is_new = |control: &&Control| count(after.it, &control.name) > count(before.it, &control.name);
    after.it.controls.iter().find(is_new).map(|control| (after, control))
}

/// The error that the app answered disconnecting with, where it did nothing else.
pub(super) fn refused<'a>(flow: &Flow<'a>, after: u32) -> Option<At<'a, Page>> {
    let (step, _) = flow.events.rest_of_step(after);
    let is_error = |page: &At<'_, Page>| matches!(page.it.kind, PageKind::Error | PageKind::BrowserError);
    let is_over = step.pages().any(|page| shows(page.it, PageKind::NotInstalled));
    step.pages().rfind(is_error).filter(|_| !is_over)
}

/// A mail with a link that came of disconnecting, to somebody whose mailbox the user does not have: it may ask them to approve it. None where
/// the app shows that it is over, or the user followed a link of it.
pub(super) fn left_to_somebody<'a>(flow: &Flow<'a>, after: u32) -> Option<(u32, &'a Mail)> {
    let (step, _) = flow.events.rest_of_step(after);
    let shows_it_is_over = step.pages().next_back().is_some_and(|page| shows(page.it, PageKind::NotInstalled));
    let followed = |act: &At<'_, Act>| {
        matches!(act.it.purpose, Purpose::Disconnect { .. }) && matches!(act.it.gesture, Gesture::Opened { .. })
    };
    if shows_it_is_over || step.acts().any(|act| followed(&act)) {
        return None;
    }
    let is_about_it = |text: &String| text.to_lowercase().contains("klaviyo");
    let asks = |mail: &Mail| !mail.links.is_empty() && [&mail.subject, &mail.text].into_iter().any(is_about_it);
    before_next_start(flow, after).mails().find(|(_, mail)| asks(mail))
}

/// Left to a person, because the app has asked somebody by mail whether to disconnect.
pub(super) fn review_mail(expected: &'static str, (seq, mail): (u32, &Mail)) -> Verdict {
    let saw = statement!(
        "a mail \"{subject}\" to {to}, whose mailbox the user does not have: it may ask to approve it",
        subject = Value::text(&mail.subject),
        to = Value::text(mail.to.first().map_or("nobody", String::as_str))
    );
    let likely = "look at it by hand: follow the link of that mail, and see whether the app is off Klaviyo's integrations page then";
    Verdict::Review(Finding::app(expected, saw).likely(likely).at(seq))
}

/// Where Klaviyo ended the install, because the user uninstalled the app there.
pub(super) fn uninstalled_in_klaviyo(flow: &Flow<'_>) -> Result<u32, Verdict> {
    if let Some(blocked) = without_tokens(flow) {
        return Err(blocked);
    }
    let ended = |entry: &Entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::Uninstalled { by: UninstalledBy::Klaviyo, .. }) => Some(entry.seq),
        _ => None,
    };
    flow.events.entries().iter().find_map(ended).ok_or_else(|| match flow.events.failed_after(0) {
        Some(failed) => Verdict::not_run(failed.it),
        None => cut_short(flow, "the app was uninstalled in Klaviyo"),
    })
}

/// Where the first tokens were issued.
pub(super) fn installed_at(flow: &Flow<'_>) -> u32 {
    flow.attempts.iter().find_map(Attempt::issued).map_or(0, |call| call.seq)
}

/// What was seen after a place on the timeline, and before the next installation was started.
pub(super) fn before_next_start<'a>(flow: &Flow<'a>, after: u32) -> Window<'a> {
    let later = flow.events.since(after);
    later.before(later.next_start().unwrap_or(u32::MAX))
}

pub(super) fn shown_as_uninstalled(flow: &Flow<'_>, after: u32, likely: &'static str) -> Verdict {
    let expected = "the app no longer showing itself as installed";
    let before_next = before_next_start(flow, after);
    let seen = before_next.looks(|place| matches!(place, Place::Settings(_)));
    if let Some(page) = seen.iter().find(|page| shows(page.it, PageKind::Installed)) {
        if let Some(mail) = left_to_somebody(flow, after) {
            return review_mail(expected, mail);
        }
        let again = before_next.acts().any(|act| act.it.purpose == Purpose::SignInAgain && act.seq < page.seq);
        let (when, likely) = if again {
            (" after signing in again", "signing in brings back what the app once stored")
        } else {
            ("", likely)
        };
        let saw =
            statement!("{page}{when} shows {signs}", page = place(page.it, flow.setup), when, signs = signs(page.it));
        return Verdict::Fail(Finding::app(expected, saw).likely(likely).at(page.seq));
    }
    if let Some(verdict) = seen.last().and_then(|page| started_again(flow, after, page.seq)) {
        return verdict;
    }
    let unsure = seen.iter().find(|page| !shows(page.it, PageKind::NotInstalled));
    match (unsure, seen.last()) {
        (Some(page), _) => Verdict::Review(
            Finding::app(
                expected,
                statement!("{page} could not be read for sure: look at its picture", page = place(page.it, flow.setup)),
            )
            .at(page.seq),
        ),
        (None, Some(page)) => {
            Verdict::Pass(statement!("{page} shows {signs}", page = place(page.it, flow.setup), signs = signs(page.it)))
        }
        (None, None) => cut_short(flow, "the app's settings were looked at"),
    }
}

pub(crate) fn reinstalls(flow: &Flow<'_>, after: u32) -> Verdict {
    let expected = "the user to install the app again";
    let (earlier, later) = flow.attempts_around(after);
    let Some(attempt) = later.first() else { return cut_short(flow, "the app was installed again") };
    let stuck = match retry_outcome(flow, attempt, earlier, "the second installation was seen to its end") {
        RetryOutcome::AsWell => return shown_again(flow, attempt),
        RetryOutcome::Unknown(verdict) => return verdict,
        RetryOutcome::Worse(stuck) => stuck,
    };
    let stop = Stop::last_page(attempt, stuck);
    Verdict::Fail(
        Finding::app(expected, stop.words(flow.setup))
            .hops(attempt.hop_lines(stop.seq()))
            .likely("what is left of the old installation is in the way of the new one")
            .at(stop.seq()),
    )
}

/// Whether the app shows an installation that it has been given tokens for again.
fn shown_again(flow: &Flow<'_>, attempt: &Attempt<'_>) -> Verdict {
    let looks = attempt.events.looks(|place| matches!(place, Place::Settings(_)));
    match looks.last() {
        Some(page) if shows(page.it, PageKind::NotInstalled) => {
            let saw = statement!(
                "Klaviyo gave tokens again, and {page} shows {signs}",
                page = place(page.it, flow.setup),
                signs = signs(page.it)
            );
            let likely = "something of the old connection stays, such as the time at which it ended, and is taken for the new one";
            Verdict::Fail(Finding::app("the app showing itself as installed again", saw).likely(likely).at(page.seq))
        }
        _ => Verdict::Pass("installed again".into()),
    }
}

/// Whether an entry told the app of the uninstall: Klaviyo refused a call with a token of the install that has ended.
pub(super) fn met_refusal(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Exchange(exchange)
        if matches!(&exchange.facts, Facts::Api(call) if call.token_state == TokenState::Revoked))
}
