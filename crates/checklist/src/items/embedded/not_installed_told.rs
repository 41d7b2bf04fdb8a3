//! A user who has not installed the app on the host is told to install it from the host's app listing page and to try again.

use flowcheck_evidence::{Page, clip};

use crate::flow::{At, Attempt, Flow, is_below, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::scenario_user::with_host;
use crate::judging::stop::Stop;
use crate::judging::wording::{FailureMessage, message_of_listing, says_to_retry};
use crate::verdict::{Finding, Statement, Value, Verdict, statement};

/// `embedded.not-installed.told`.
pub(crate) static ITEM: Item = Item {
    id: "embedded.not-installed.told",
    group: Group::Embedded,
    requirement: "A user who has not installed the app on the host is told to install it from the host's app listing page and to try again",
    judged: "A message on the page after Install, naming the listing, with a link to it",
    source: documents::FLOW_ON_HOST,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: remedies::EMBEDDED_NOT_INSTALLED,
    guidance: Topic::Embedded,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    with_host(flow, |host, attempt| {
        let Some(page) = first_stop(attempt) else { return cut_short(flow, "the app said what is missing") };
        let expected = statement!(
            "a message to install the app from {host}'s listing and try again, with a link to it",
            host = Value::name(&host.name)
        );
        let fail = |saw: Statement, likely: &'static str| {
            Verdict::Fail(
                Finding::app(expected.clone(), saw).hops(attempt.hop_lines(page.seq)).likely(likely).at(page.seq),
            )
        };
        let at = place(page.it, flow.setup);
        if is_below(&page.it.url, &host.listing) {
            return fail(
                statement!("the listing itself at {at}, and no message", at),
                "the user is sent to the listing without being told why, and that the installation has to be tried again",
            );
        }
        match message_of_listing(flow, page, &host.name) {
            FailureMessage::Named => {}
            FailureMessage::Unknown | FailureMessage::Pictured => {
                let saw = statement!(
                    "a message at {at} in words that flowcheck does not know: \"{headline}\"",
                    at,
                    headline = Value::text(page.it.headline())
                );
                return Verdict::Review(Finding::app(expected, saw).hops(attempt.hop_lines(page.seq)).at(page.seq));
            }
            FailureMessage::Generic => {
                let saw = statement!(
                    "a message at {at} that does not say so: \"{headline}\"",
                    at,
                    headline = Value::text(page.it.headline())
                );
                return fail(saw, "that the host knows of no installation is taken for any other failure");
            }
            FailureMessage::Raw => {
                let saw = statement!("raw output at {at}: \"{text}\"", at, text = Value::text(clip(&page.it.text, 80)));
                return fail(saw, "the host's answer is printed as it came instead of being put in words");
            }
            FailureMessage::Nothing => {
                let saw = Stop::at_rest(page).words(flow.setup);
                return fail(saw, "the app does not ask the host whether it is installed there");
            }
        }
        if !page.it.controls.iter().any(|control| control.href.as_deref().is_some_and(|to| is_below(to, &host.listing)))
        {
            let saw = statement!(
                "no link to {listing} beside \"{headline}\"",
                listing = Value::address(&host.listing),
                headline = Value::text(page.it.headline())
            );
            return fail(saw, "the message leaves it to the user to find the listing");
        }
        if !says_to_retry(page.it) {
            let saw = statement!(
                "\"{headline}\", which does not say to try again",
                headline = Value::text(page.it.headline())
            );
            return Verdict::Review(Finding::app(expected, saw).at(page.seq));
        }
        Verdict::Pass(statement!(
            "{at} says: \"{headline}\", with a link to the listing",
            at,
            headline = Value::text(page.it.headline())
        ))
    })
}

/// The page at which the first attempt came to its end, before anything was installed on the host.
fn first_stop<'a>(attempt: &Attempt<'a>) -> Option<At<'a, Page>> {
    let end = attempt.events.ended_after(0)?.seq;
    attempt.events.before(end).pages().next_back()
}
