//! A user who is signed in to the app enters Klaviyo's OAuth page directly.

use flowcheck_evidence::{PageKind, SignInState};

use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::path_to_consent::reaches_klaviyo;
use crate::judging::scenario_user::with_user;
use crate::verdict::Verdict;

/// `install.signed-in.direct`.
pub(crate) static ITEM: Item = Item {
    id: "install.signed-in.direct",
    group: Group::Install,
    requirement: "A user who is signed in to the app enters Klaviyo's OAuth page directly",
    judged: "After Install, no page in between asks for a click or a field",
    source: documents::STANDALONE,
    tier: Tier::Gate,
    judge,
    causes: &[
        &usual_causes::APP_ENDED,
        &usual_causes::FORM_ACTION,
        &usual_causes::REDIRECT_LOOP,
        &usual_causes::CRASHED,
    ],
    remedy: "let the installation URL answer with a redirect to Klaviyo's authorization page, and nothing else",
    guidance: Topic::Resume,
    twin: Some("embedded.signed-in.direct"),
    over_the_run: None,
};

pub(crate) fn judge(flow: &Flow<'_>) -> Verdict {
    with_user(flow, SignInState::SignedIn, |attempt| {
        reaches_klaviyo(
            flow,
            attempt,
            0,
            &[],
            "Klaviyo's OAuth page right after Install, with nothing to click or fill in between",
            |stop| match stop.kind() {
                Some(PageKind::Login) => {
                    "the installation URL does not see the user's session; a SameSite=Strict cookie is not sent when coming from Klaviyo"
                }
                Some(PageKind::Error) => "the installation URL refuses this user",
                _ => "the installation URL shows a page of the app instead of redirecting to Klaviyo at once",
            },
        )
    })
}
