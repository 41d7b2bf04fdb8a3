//! A signed-out user who has an account is sent to the app's login page.

use flowcheck_evidence::{Page, PageKind, SignInState, StepProblem};

use crate::flow::{At, Attempt, Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::host_platform::{is_on_login_side, whose};
use crate::judging::not_run::cut_short;
use crate::judging::path_to_consent::stopped_at;
use crate::judging::scenario_user::with_user;
use crate::judging::stop::Stop;
use crate::verdict::{Blame, Finding, Verdict, statement};

/// `install.signed-out.login`.
pub(crate) static ITEM: Item = Item {
    id: "install.signed-out.login",
    group: Group::Install,
    requirement: "A signed-out user who has an account is sent to the app's login page",
    judged: "The first page that waits for the user has a login form, or asks for the user's workspace and leads to one",
    source: documents::STANDALONE,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: "redirect signed-out users from the installation URL to the login page, with a return target",
    guidance: Topic::Resume,
    twin: Some("embedded.signed-out.login"),
    over_the_run: None,
};

pub(crate) fn judge(flow: &Flow<'_>) -> Verdict {
    with_user(flow, SignInState::SignedOut, |attempt| match first_page(attempt) {
        Some(page) if page.it.kind == PageKind::Login && is_on_login_side(page.it, flow.setup) => {
            Verdict::Pass(statement!("a login form at {page}", page = place(page.it, flow.setup)))
        }
        Some(page) => Verdict::Fail(stopped_at(
            flow,
            attempt,
            &Stop { page: Some(page), act: None },
            statement!("{whose}'s login page", whose = whose(flow.setup)),
            match page.it.kind {
                PageKind::TenantChoice if is_undeclared(attempt, page.seq) => {
                    return Verdict::Fail(undeclared(flow, attempt, page));
                }
                PageKind::Login => "the app asks for an account of its own, and its users have one with the host",
                PageKind::KlaviyoConsent
                | PageKind::KlaviyoLogin
                | PageKind::KlaviyoAccounts
                | PageKind::KlaviyoError => "the app goes on to Klaviyo without knowing for whom it installs",
                PageKind::SignUp => "the installation URL takes everybody who is signed out for a new user",
                _ => "the installation URL refuses signed-out users instead of sending them to the login page",
            },
        )),
        None => cut_short(flow, "a page was seen after Install"),
    })
}

/// The first page of an attempt that waits for the user. Where the app asks first which workspace that is of, the one after it.
pub(crate) fn first_page<'a>(attempt: &Attempt<'a>) -> Option<At<'a, Page>> {
    let asks_for_workspace = |page: &At<'_, Page>| page.it.kind == PageKind::TenantChoice;
    attempt.events.pages().find(|page| !asks_for_workspace(page)).or_else(|| attempt.events.pages().next())
}

/// Whether `flowcheck.yaml` does not say what a page asks for before the login form.
fn is_undeclared(attempt: &Attempt<'_>, seq: u32) -> bool {
    attempt.events.failed_after(seq).is_some_and(|failed| *failed.it == StepProblem::TenantNotDeclared)
}

fn undeclared(flow: &Flow<'_>, attempt: &Attempt<'_>, page: At<'_, Page>) -> Finding {
    let expected = statement!("{whose}'s login page", whose = whose(flow.setup));
    let likely =
        "the app asks for the user's workspace first; `tenants` of that user in flowcheck.yaml says which it is";
    stopped_at(flow, attempt, &Stop { page: Some(page), act: None }, expected, likely).blame(Blame::Config)
}
