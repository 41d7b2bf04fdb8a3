//! A new user reaches Klaviyo's OAuth page after signing up.

use flowcheck_evidence::{Page, Purpose, SignInState};

use crate::flow::{At, Attempt, Flow};
use crate::items::install::no_account_sign_up;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::host_platform::{for_kind, host};
use crate::judging::not_run::cut_short;
use crate::judging::path_to_consent::reaches_klaviyo;
use crate::judging::scenario_user::with_user;
use crate::judging::wording::{FailureMessage, message_of_listing};
use crate::verdict::{Finding, Verdict};

/// `install.no-account.resumes`.
pub(crate) static ITEM: Item = Item {
    id: "install.no-account.resumes",
    group: Group::Install,
    requirement: "A new user reaches Klaviyo's OAuth page after signing up",
    judged: "No click between sign-up (and login, where the app asks for it) and Klaviyo",
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
    remedy: "keep where the user was going through sign-up, and go there afterwards",
    guidance: Topic::Resume,
    twin: Some("embedded.no-account.resumes"),
    over_the_run: None,
};

pub(crate) fn judge(flow: &Flow<'_>) -> Verdict {
    with_user(flow, SignInState::NoAccount, |attempt| {
        let created = no_account_sign_up::judge(flow);
        match attempt.events.acts().rfind(|act| act.it.purpose == Purpose::SignUp) {
            Some(act) if let Some(At { seq: page, .. }) = has_yet_to_install(flow, attempt, act.seq) => {
                Verdict::Review(
                    Finding::app(
                        "Klaviyo's OAuth page after the account was created",
                        "a message to install the app on the host first; a new account may not have it",
                    )
                    .hops(attempt.hop_lines(page))
                    .at(page),
                )
            }
            Some(_)
                if matches!(created, Verdict::Fail(_) | Verdict::Review(_)) && attempt.reached_klaviyo().is_none() =>
            {
                Verdict::blocked_by(
                    for_kind(flow.setup, "install.no-account.sign-up", "embedded.no-account.sign-up"),
                    "no account could be created",
                )
            }
            Some(act) => reaches_klaviyo(
                flow,
                attempt,
                act.seq,
                &[Purpose::LogIn],
                "Klaviyo's OAuth page after the account was created",
                |_| "the sign-up form drops where the user was going",
            ),
            None if attempt.path_is_over() => Verdict::blocked_by(
                for_kind(flow.setup, "install.no-account.sign-up", "embedded.no-account.sign-up"),
                "no account could be created",
            ),
            None => cut_short(flow, "the user could sign up"),
        }
    })
}

/// The message that the app has to be installed on its host, where that is what the user saw next.
fn has_yet_to_install<'a>(flow: &Flow<'_>, attempt: &Attempt<'a>, after: u32) -> Option<At<'a, Page>> {
    let host = host(flow.setup)?;
    let next = attempt.events.pages().find(|page| page.seq > after)?;
    (message_of_listing(flow, next, &host.name) == FailureMessage::Named).then_some(next)
}
