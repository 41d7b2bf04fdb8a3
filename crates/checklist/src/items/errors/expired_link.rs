//! That message leads to re-attempting the installation.

use flowcheck_evidence::{Page, Purpose, Start};
use flowcheck_lexicon::{Key, says};

use super::failed_attempt::expired;
use crate::flow::{At, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::stop::first_stop;
use crate::judging::wording::{FailureMessage, message_of_expiry};
use crate::verdict::{Finding, Value, Verdict, statement};

/// `error.expired.link`.
pub(crate) static ITEM: Item = Item {
    id: "error.expired.link",
    group: Group::Errors,
    requirement: "That message leads to re-attempting the installation",
    judged: "A link or button of it reaches consent again",
    source: documents::ERRORS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: remedies::ERROR_EXPIRED,
    guidance: Topic::Errors,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let (_, page) = match expired(flow) {
        Ok(seen) => seen,
        Err(verdict) => return verdict,
    };
    if matches!(message_of_expiry(flow, page), FailureMessage::Nothing | FailureMessage::Raw) {
        return Verdict::blocked_by("error.expired.message", "there was no message to follow a link of");
    }
    let expected = "a link or button of the message that leads to Klaviyo's consent page again";
    let all = &flow.attempts;
    let after = all.iter().filter(|attempt| attempt.began > page.seq);
    let Some(attempt) = after.clone().find(|attempt| attempt.start == Start::Message) else {
        // That there is no such control means something only once it was looked for, and another way was taken.
        return if after.count() > 0 || flow.events.failed_after(page.seq).is_some() {
            if let Some(name) = unread_control(flow, page) {
                let saw = statement!(
                    "beside \"{headline}\" a control in words that flowcheck does not know: \"{name}\"",
                    headline = Value::text(page.it.headline()),
                    name = Value::text(name)
                );
                let likely = "use it by hand; where it leads to another attempt, `overrides.retry` in flowcheck.yaml can name it";
                return Verdict::Review(Finding::app(expected, saw).likely(likely).at(page.seq));
            }
            Verdict::Fail(
                Finding::app(
                    expected,
                    statement!("no such control beside \"{headline}\"", headline = Value::text(page.it.headline())),
                )
                .likely("the message tells what happened, but not how to go on")
                .at(page.seq),
            )
        } else {
            cut_short(flow, "the installation was tried again from the message")
        };
    };
    match first_stop(flow, attempt, 0, |purpose| *purpose == Purpose::StartInstall(Start::Message)) {
        Ok(None) => Verdict::Pass("the message's link leads to consent".into()),
        Ok(Some(stop)) => Verdict::Fail(
            Finding::app(expected, statement!("it led to {stop}", stop = stop.words(flow.setup)))
                .hops(attempt.hop_lines(stop.seq()))
                .likely("the link does not start the installation anew")
                .at(stop.seq()),
        ),
        Err(verdict) => verdict,
    }
}

/// What controls do that surely do not lead to another attempt.
const LEADS_ELSEWHERE: &[Key] = &[
    Key::Dismiss,
    Key::BackOut,
    Key::Settings,
    Key::Integrations,
    Key::Disconnect,
    Key::Remove,
    Key::SignIn,
    Key::SignUp,
    Key::SignOut,
];

/// The name of a control that came with the message, and may lead to another attempt for all that its words say.
fn unread_control<'a>(flow: &Flow<'a>, page: At<'a, Page>) -> Option<&'a str> {
    let others = || flow.events.pages().filter(|other| other.it.user == page.it.user && other.seq != page.seq);
    let stood_there = |name: &str| others().any(|other| other.it.controls.iter().any(|control| control.name == name));
    let leads_away = |url: &str| !url.starts_with("http");
    let own = page.it.controls.iter().filter(|control| !control.in_navigation && !control.name.trim().is_empty());
    own.filter(|control| !control.href.as_deref().is_some_and(leads_away))
        .map(|control| control.name.as_str())
        .find(|name| !LEADS_ELSEWHERE.iter().any(|key| says(name, *key)) && !stood_there(name))
}
