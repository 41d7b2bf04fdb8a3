//! Why an item is not run: the evidence ends too early, or another item's failure blocks it.

use flowcheck_evidence::{
    Act, Event, Facts, FaultTarget, KlaviyoEvent, Purpose, SignInState, Start, StepKind, StepPhase, StepProblem,
    UninstalledBy,
};

use super::host_platform::for_kind;
use super::token_refusal::refused_request;
use crate::flow::{Attempt, Flow};
use crate::verdict::{Value, Verdict, statement};

/// Not run, because the evidence ends too early; `wanted` is what it ends before.
pub(crate) fn cut_short(flow: &Flow<'_>, wanted: &'static str) -> Verdict {
    let trouble = flow.events.entries().iter().rev().find_map(|entry| match &entry.event {
        Event::HarnessError(trouble) => Some(statement!(": {trouble}", trouble = Value::text(&trouble.what))),
        _ => None,
    });
    Verdict::not_run(statement!(
        "the scenario ended before {wanted}{trouble}",
        wanted,
        trouble = trouble.unwrap_or_else(|| "".into())
    ))
}

/// Not run, because no tokens were issued to judge anything by; none where they were.
pub(crate) fn without_tokens(flow: &Flow<'_>) -> Option<Verdict> {
    if flow.attempts.iter().any(|attempt| attempt.issued().is_some()) {
        return None;
    }
    match flow.attempts.iter().find(|attempt| attempt.decided(&Purpose::Allow).is_some()) {
        Some(attempt) if attempt.is_over() => {
            Some(Verdict::blocked_by("install.completes", "the installation did not complete"))
        }
        Some(_) => Some(cut_short(flow, "the installation was seen to its end")),
        None => Some(not_allowed_yet(flow)),
    }
}

/// Not run, because no user has allowed an installation.
pub(crate) fn not_allowed_yet(flow: &Flow<'_>) -> Verdict {
    flow.attempts.last().map_or_else(|| not_started(flow), |attempt| undecided(flow, attempt))
}

/// No attempt at all: blocked by whatever kept the runner from starting one.
pub(crate) fn not_started(flow: &Flow<'_>) -> Verdict {
    if let Some((_, why)) = failed_to_start_in_app(flow) {
        return Verdict::blocked_by("install.from-app", why);
    }
    match flow.events.failed_after(0) {
        Some(failed) => Verdict::not_run(failed.it),
        None => cut_short(flow, "an installation was started"),
    }
}

/// The step that should have started an installation in the app and could not, with the reason.
pub(crate) fn failed_to_start_in_app<'a>(flow: &Flow<'a>) -> Option<(u32, &'a StepProblem)> {
    flow.events.steps().find_map(|mark| match &mark.it.phase {
        StepPhase::Failed(why) if mark.it.step == StepKind::Install(Start::App) => Some((mark.seq, why)),
        _ => None,
    })
}

/// Not run, because nothing was decided on the consent page: it was not reached, or the evidence ends before.
pub(crate) fn undecided(flow: &Flow<'_>, attempt: &Attempt<'_>) -> Verdict {
    if attempt.path_is_over() && attempt.reached_klaviyo().is_none() {
        if waits_for_host(flow, attempt) {
            return Verdict::not_run("the app was yet to be installed on the host platform");
        }
        if let Some(blocked) = refused_request(attempt) {
            return blocked;
        }
        Verdict::blocked_by(blocker(flow, attempt), "the consent page was not reached")
    } else {
        cut_short(flow, "the user decided on the consent page")
    }
}

/// Whether an attempt was made before the user installed the app on the host platform.
fn waits_for_host(flow: &Flow<'_>, attempt: &Attempt<'_>) -> bool {
    let user = flow.setup.users.first();
    let mut before = flow.events.before(attempt.began).acts();
    user.is_some_and(|user| user.sign_in_state == SignInState::NotOnHost)
        && !before.any(|act| act.it.purpose == Purpose::InstallOnHost)
}

/// The item that has failed when an attempt did not reach consent.
fn blocker(flow: &Flow<'_>, attempt: &Attempt<'_>) -> &'static str {
    if let Some(item) = item_of_retry(flow, attempt) {
        return item;
    }
    let user = flow.setup.users.first();
    let twins = |standalone, on_host| for_kind(flow.setup, standalone, on_host);
    match (attempt.start, user.map(|user| user.sign_in_state)) {
        (_, Some(SignInState::NotOnHost)) => "embedded.not-installed.resumes",
        (Start::App, _) => "install.from-app",
        (Start::Message, _) => "error.expired.link",
        (Start::Notice, _) => "scope.forbidden.link",
        (Start::KlaviyoSubdomain, _) => "install.any-klaviyo-host",
        _ if user.is_some_and(|user| user.tenants.len() > 1) => {
            twins("install.tenant.resumes", "embedded.tenant.resumes")
        }
        (_, Some(SignInState::SignedOut)) => twins("install.signed-out.resumes", "embedded.signed-out.resumes"),
        (_, Some(SignInState::NoAccount)) => twins("install.no-account.resumes", "embedded.no-account.resumes"),
        (_, Some(SignInState::SignedIn) | None) => twins("install.signed-in.direct", "embedded.signed-in.direct"),
    }
}

/// The item that a second attempt judges, by how the first one ended.
fn item_of_retry(flow: &Flow<'_>, attempt: &Attempt<'_>) -> Option<&'static str> {
    flow.events.before(attempt.began).entries().iter().rev().find_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::Uninstalled { by: UninstalledBy::Klaviyo, .. }) => {
            Some("uninstall.klaviyo.reinstall")
        }
        Event::Act(Act { purpose: Purpose::Disconnect { control: true, .. }, .. }) => Some("uninstall.app.reinstall"),
        Event::Act(Act { purpose: Purpose::Deny, .. }) => Some("error.denied.retry"),
        Event::Act(Act { purpose: Purpose::Callback(_), .. }) => Some("oauth.state.checked"),
        Event::Klaviyo(KlaviyoEvent::FaultApplied(fault)) if fault.on == FaultTarget::Token => {
            Some("oauth.unavailable")
        }
        Event::Exchange(exchange) => match &exchange.facts {
            Facts::Decision(call) if call.code_expired => Some("error.expired.retry"),
            _ => None,
        },
        _ => None,
    })
}
