//! A user who has no account reaches the login page and can create an account from there.

use flowcheck_evidence::{PageKind, Purpose, SignInState};

use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::host_platform::whose;
use crate::judging::not_run::cut_short;
use crate::judging::path_to_consent::{foreseen, stopped_at};
use crate::judging::scenario_user::with_user;
use crate::judging::stop::{Stop, first_stop};
use crate::verdict::{Finding, Verdict};

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
        let expected = &format!("a way from {}'s login page to creating an account", whose(flow.setup));
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
                Some(PageKind::Login) => "the login page has no link to sign-up, or none that is named so",
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
        let Some(after) = attempt.events.pages().find(|page| page.seq > sign_up.seq) else {
            return cut_short(flow, "a page was seen after sign-up");
        };
        match after.it.kind {
            PageKind::SignUp | PageKind::Error | PageKind::BrowserError | PageKind::Blank => {
                let saw = match after.it.kind {
                    PageKind::SignUp => format!("the sign-up form again: \"{}\"", after.it.headline()),
                    _ => Stop { page: Some(after), act: None }.words(flow.setup),
                };
                Verdict::Fail(
                    Finding::app("the account created once the sign-up form was sent", saw)
                        .hops(attempt.hop_lines(after.seq))
                        .likely("the sign-up form does not accept ordinary input")
                        .at(after.seq),
                )
            }
            _ if attempt.events.acts().any(|act| act.it.purpose == Purpose::FindSignUp) => {
                Verdict::Pass("sign-up was reached from the login page, and the account was created".to_owned())
            }
            _ => Verdict::Review(
                Finding::app(expected.as_str(), "a sign-up form came first, without the login page").at(sign_up.seq),
            ),
        }
    })
}
