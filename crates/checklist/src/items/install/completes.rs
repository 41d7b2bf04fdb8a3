//! The installation works on Klaviyo's end.

use flowcheck_evidence::{Act, Obstacle, Page, PageKind, Place, Purpose};

use crate::flow::{At, Attempt, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::install_state::lists_app;
use crate::judging::not_run::{cut_short, not_allowed_yet};
use crate::judging::stop::{Stop, no_tokens};
use crate::verdict::{Finding, Verdict};

/// `install.completes`.
pub(crate) static ITEM: Item = Item {
    id: "install.completes",
    group: Group::Install,
    requirement: "The installation works on Klaviyo's end",
    judged: "The code is exchanged, Klaviyo's integrations page lists the app, and the app's landing page shows no error",
    source: documents::BOTH_SIDES,
    tier: Tier::Gate,
    judge,
    causes: &[
        &usual_causes::APP_ENDED,
        &usual_causes::REDIRECT_LOOP,
        &usual_causes::EXCHANGE_REFUSED,
        &usual_causes::CALLBACK_MISSING,
        &usual_causes::SESSION_LOST,
        &usual_causes::CALLBACK_WITHOUT_SESSION,
        &usual_causes::CRASHED,
        &usual_causes::NEVER_EXCHANGED,
    ],
    remedy: "end the callback by storing the tokens and redirecting to a page that exists",
    guidance: Topic::Callback,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let Some(attempt) = flow.attempts.iter().rfind(|attempt| attempt.decided(&Purpose::Allow).is_some()) else {
        return not_allowed_yet(flow);
    };
    let landing = attempt.landing(&Purpose::Allow).map(|page| before_refused_input(attempt, page));
    if let Some(landing) = landing
        && matches!(landing.it.kind, PageKind::Error | PageKind::BrowserError)
        && attempt.issued().is_some()
    {
        let finding =
            Finding::app("a landing page without an error after Allow", Stop::at_rest(landing).words(flow.setup))
                .hops(attempt.hop_lines(landing.seq))
                .likely(match landing.it.status {
                    Some(401 | 403) if landing.it.frame.is_some() => {
                        "in the host's frame the app asks for a cookie, and browsers block it there; use the host's session token"
                    }
                    Some(404 | 410) => "the callback redirects to a page that does not exist",
                    _ => "tokens were issued, and what the callback does with them then fails",
                })
                .at(landing.seq);
        return Verdict::Fail(finding);
    }
    if !attempt.is_over() {
        return cut_short(flow, "the installation was seen to its end");
    }
    if attempt.issued().is_none() {
        return Verdict::Fail(no_tokens(attempt, flow.setup));
    }
    if landing.is_none() {
        return cut_short(flow, "a page was seen after Allow");
    }
    match attempt.events.looks(|place| *place == Place::Integrations).first() {
        Some(page) if lists_app(page.it, flow.setup) => {
            Verdict::Pass("the code was exchanged, and Klaviyo's integrations page lists the app".into())
        }
        Some(page) => Verdict::Fail(
            Finding::app("the app listed on Klaviyo's integrations page", "it is not listed there")
                .likely("the app revoked its tokens right after it got them")
                .at(page.seq),
        ),
        None => cut_short(flow, "Klaviyo's integrations page was looked at"),
    }
}

/// The page before a form that the app shows after consent, where it refuses what flowcheck filled in there: that tells nothing of the
/// installation, and that there is a form at all is another item's.
fn before_refused_input<'a>(attempt: &Attempt<'a>, landing: At<'a, Page>) -> At<'a, Page> {
    let fills_in = |act: &At<'_, Act>| matches!(act.it.purpose, Purpose::Recover(Obstacle::MoreAfterConsent(_)));
    let since = attempt.decided(&Purpose::Allow).unwrap_or_default();
    let form = attempt.events.since(since).before(landing.seq).acts().find(fills_in);
    let before = form.and_then(|act| attempt.events.since(since).before(act.seq).pages().next_back());
    let path = |page: &Page| page.url.split(['?', '#']).next().unwrap_or_default().to_owned();
    let refuses = |before: &At<'_, Page>| match landing.it.status {
        Some(400 | 409 | 422) => true,
        Some(200) => path(before.it) == path(landing.it),
        _ => false,
    };
    before.filter(refuses).unwrap_or(landing)
}
