//! A signed-out user reaches Klaviyo's OAuth page after login.

use flowcheck_evidence::{Page, PageKind, Purpose, SignInState};

use crate::flow::Flow;
use crate::items::install::signed_out_login::first_page;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::host_platform::{for_kind, host, is_on_login_side};
use crate::judging::not_run::cut_short;
use crate::judging::path_to_consent::reaches_klaviyo;
use crate::judging::scenario_user::with_user;
use crate::verdict::Verdict;

/// `install.signed-out.resumes`.
pub(crate) static ITEM: Item = Item {
    id: "install.signed-out.resumes",
    group: Group::Install,
    requirement: "A signed-out user reaches Klaviyo's OAuth page after login",
    judged: "No click between sending the login form and Klaviyo",
    source: documents::STANDALONE,
    tier: Tier::Gate,
    judge,
    causes: &[
        &usual_causes::APP_ENDED,
        &usual_causes::FETCHED_REDIRECT,
        &usual_causes::FORM_ACTION,
        &usual_causes::REDIRECT_LOOP,
        &usual_causes::NO_RETURN_TARGET,
        &usual_causes::RETURN_TARGET_DROPPED,
        &usual_causes::CRASHED,
    ],
    remedy: "keep where the user was going through the login, and go there afterwards",
    guidance: Topic::Resume,
    twin: Some("embedded.signed-out.resumes"),
    over_the_run: None,
};

pub(crate) fn judge(flow: &Flow<'_>) -> Verdict {
    with_user(flow, SignInState::SignedOut, |attempt| {
        let login = attempt.events.acts().find(|act| act.it.purpose == Purpose::LogIn);
        let first = first_page(attempt);
        let is_login = |page: &Page| page.kind == PageKind::Login && is_on_login_side(page, flow.setup);
        match (first, login) {
            (Some(page), Some(login)) if is_login(page.it) => reaches_klaviyo(
                flow,
                attempt,
                login.seq,
                &[Purpose::LogIn],
                "Klaviyo's OAuth page after the login form was sent",
                |_| match host(flow.setup) {
                    Some(_) => "the app sends users to the host's login without saying where they go on from there",
                    None => "the login form drops where the user was going",
                },
            ),
            (Some(page), None) if is_login(page.it) => cut_short(flow, "the login form was filled in"),
            (Some(_), _) => Verdict::blocked_by(
                for_kind(flow.setup, "install.signed-out.login", "embedded.signed-out.login"),
                "the login page was not reached",
            ),
            (None, _) => cut_short(flow, "a page was seen after Install"),
        }
    })
}
