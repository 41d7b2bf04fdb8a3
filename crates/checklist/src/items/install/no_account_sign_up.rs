//! A user who has no account reaches the login page and can create an account from there.

use flowcheck_evidence::{Page, PageKind, Purpose, SignInState};

use crate::flow::{At, Attempt, Flow, host_of, short};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::host_platform::whose;
use crate::judging::not_run::cut_short;
use crate::judging::path_to_consent::{foreseen, stopped_at};
use crate::judging::scenario_user::with_user;
use crate::judging::stop::{Stop, first_stop};
use crate::verdict::{Blame, Finding, Value, Verdict, statement};

/// `install.no-account.sign-up`.
pub(crate) static ITEM: Item = Item {
    id: "install.no-account.sign-up",
    group: Group::Install,
    requirement: "A user who has no account reaches the login page and can create an account from there",
    judged: "Sign-up is reached from the login page, and the account is created",
    source: documents::STANDALONE,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: "link to sign-up from the login page, and carry the return target along",
    guidance: Topic::Resume,
    twin: Some("embedded.no-account.sign-up"),
    over_the_run: None,
};

pub(crate) fn judge(flow: &Flow<'_>) -> Verdict {
    with_user(flow, SignInState::NoAccount, |attempt| {
        let expected = statement!("a way from {whose}'s login page to creating an account", whose = whose(flow.setup));
        let Some(sign_up) = attempt.events.acts().find(|act| act.it.purpose == Purpose::SignUp) else {
            let until_there = |purpose: &Purpose| foreseen(purpose, &[Purpose::LogIn, Purpose::FindSignUp]);
            let stop = match first_stop(flow, attempt, 0, until_there) {
                Ok(Some(stop)) => stop,
                Ok(None) => Stop {
                    page: attempt.events.pages().find(|page| attempt.reached_klaviyo() == Some(page.seq)),
                    act: None,
                },
                Err(verdict) => return verdict,
            };
            let likely = match stop.kind() {
                Some(PageKind::Login | PageKind::TenantChoice) => {
                    "the login page has no link to sign-up, or none that is named so"
                }
                Some(PageKind::KlaviyoConsent | PageKind::KlaviyoLogin | PageKind::KlaviyoAccounts) => {
                    "the app goes on to Klaviyo without knowing for whom it installs"
                }
                _ if attempt.events.acts().any(|act| act.it.purpose == Purpose::FindSignUp) => {
                    "what the login page offers for signing up leads nowhere"
                }
                _ => "the installation URL refuses signed-out users instead of sending them to the login page",
            };
            return Verdict::Fail(stopped_at(flow, attempt, &stop, expected, likely));
        };
        // Of a form that was sent again, the last time counts; but what led on to Klaviyo once made the account.
        let last =
            attempt.events.acts().rfind(|act| act.it.purpose == Purpose::SignUp).map_or(sign_up.seq, |act| act.seq);
        let Some(after) = attempt.events.pages().find(|page| page.seq > last) else {
            return cut_short(flow, "a page was seen after sign-up");
        };
        let came_from_login = attempt.events.acts().any(|act| act.it.purpose == Purpose::FindSignUp)
            || attempt.events.before(sign_up.seq).pages().any(|page| page.it.kind == PageKind::Login);
        let refused =
            matches!(after.it.kind, PageKind::SignUp | PageKind::Error | PageKind::BrowserError | PageKind::Blank);
        if refused && !leads_to_klaviyo(flow, attempt, sign_up.seq) {
            return refusal(flow, attempt, sign_up.seq, after);
        }
        if came_from_login {
            return Verdict::Pass("sign-up was reached from the login page, and the account was created".into());
        }
        Verdict::Review(Finding::app(expected, "a sign-up form came first, without the login page").at(sign_up.seq))
    })
}

/// Whether the app sent the user on to the installation or to Klaviyo after a position, wherever that ended: it knows by then for
/// whom it installs.
fn leads_to_klaviyo(flow: &Flow<'_>, attempt: &Attempt<'_>, after: u32) -> bool {
    let later = attempt.events.after(after);
    let install = short(&flow.setup.app.install_url, flow.setup);
    let leads_there = |address: &str| {
        let at = host_of(address);
        let on_klaviyo = |host: &String| at == *host || at.ends_with(&format!(".{host}"));
        short(address, flow.setup) == install || flow.setup.klaviyo_hosts.iter().any(on_klaviyo)
    };
    later.authorize_calls().next().is_some()
        || later.hops().any(|hop| hop.it.location.as_deref().is_some_and(leads_there))
}

/// What to make of a sign-up form that was not accepted: what flowcheck filled in may be what it does not take.
fn refusal(flow: &Flow<'_>, attempt: &Attempt<'_>, sign_up: u32, after: At<'_, Page>) -> Verdict {
    let page = after.it;
    let saw = match page.kind {
        PageKind::SignUp => {
            statement!("the sign-up form again: \"{headline}\"", headline = Value::text(page.headline()))
        }
        _ => Stop { page: Some(after), act: None }.words(flow.setup),
    };
    let finding = Finding::app("the account created once the sign-up form was sent", saw)
        .hops(attempt.hop_lines(after.seq))
        .at(after.seq);
    let earlier: Vec<&str> =
        attempt.events.before(sign_up).pages().flat_map(|page| &page.it.alerts).map(String::as_str).collect();
    let message = page.alerts.iter().find(|alert| !earlier.contains(&alert.as_str()));
    let objects = message.is_some() || matches!(page.status, Some(400 | 409 | 422));
    match (&page.bot_check, page.kind) {
        (Some(check), _) => Verdict::Fail(
            finding
                .likely(statement!("a bot check stands in the way ({check}); use its test keys where flowcheck runs", check = Value::text(check)))
                .blame(Blame::Config),
        ),
        (None, PageKind::SignUp | PageKind::Error) if objects && page.status.is_none_or(|status| status < 500) => {
            Verdict::Fail(
                finding
                    .likely("the form does not take what flowcheck filled in; `newcomer` in flowcheck.yaml says what to answer")
                    .blame(Blame::Config),
            )
        }
        (None, PageKind::SignUp) => Verdict::Review(finding),
        _ => Verdict::Fail(finding.likely("the app fails over the sign-up form; its log tells more")),
    }
}
