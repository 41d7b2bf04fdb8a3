//! Installing: the way from where it is started to Klaviyo, for every kind of user.

use super::attempt::{Attempt, Stop, attempts};
use super::kind::{self, is_on_login_side, twin, whose};
use super::not_run::{cut_short, failed_to_start_in_app, not_started};
use super::view::{At, acts, pages, place};
use super::way::{began_there, first_from_klaviyo, foreseen, goes_on, strayed, way_in_words};
use super::wording::{Told, told_of_listing};
use super::{Finding, Verdict};
use flowcheck_evidence::{Event, Evidence, Page, PageKind, Purpose, SignInState, Start, clip};

/// Characters of the runner's words that a likely cause quotes.
const QUOTED: usize = 80;

pub(super) fn signed_in_direct(evidence: &Evidence) -> Verdict {
    with_user(evidence, SignInState::SignedIn, |attempt| {
        goes_on(
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

pub(super) fn signed_out_login(evidence: &Evidence) -> Verdict {
    with_user(evidence, SignInState::SignedOut, |attempt| match pages(attempt.entries).next() {
        Some(page) if page.it.kind == PageKind::Login && is_on_login_side(page.it, evidence) => {
            Verdict::Pass(format!("a login form at {}", place(page.it, evidence)))
        }
        Some(page) => Verdict::Fail(strayed(
            attempt,
            &Stop { page: Some(page), act: None },
            &format!("{}'s login page", whose(evidence)),
            match page.it.kind {
                PageKind::Login => "the app asks for an account of its own, and its users have one with the host",
                PageKind::KlaviyoConsent
                | PageKind::KlaviyoLogin
                | PageKind::KlaviyoAccounts
                | PageKind::KlaviyoError => "the app goes on to Klaviyo without knowing for whom it installs",
                PageKind::SignUp => "the installation URL takes everybody who is signed out for a new user",
                _ => "the installation URL refuses signed-out users instead of sending them to the login page",
            },
        )),
        None => cut_short(evidence, "a page was seen after Install"),
    })
}

pub(super) fn signed_out_resumes(evidence: &Evidence) -> Verdict {
    with_user(evidence, SignInState::SignedOut, |attempt| {
        let login = acts(attempt.entries).find(|act| act.it.purpose == Purpose::LogIn);
        let first = pages(attempt.entries).next();
        let is_login = |page: &Page| page.kind == PageKind::Login && is_on_login_side(page, evidence);
        match (first, login) {
            (Some(page), Some(login)) if is_login(page.it) => goes_on(
                attempt,
                login.seq,
                &[Purpose::LogIn],
                "Klaviyo's OAuth page after the login form was sent",
                |_| match kind::host(evidence) {
                    Some(_) => "the app sends users to the host's login without saying where they go on from there",
                    None => "the login form drops where the user was going",
                },
            ),
            (Some(page), None) if is_login(page.it) => cut_short(evidence, "the login form was filled in"),
            (Some(_), _) => {
                Verdict::blocked_by(twin(evidence, "install.signed-out.login"), "the login page was not reached")
            }
            (None, _) => cut_short(evidence, "a page was seen after Install"),
        }
    })
}

pub(super) fn no_account_sign_up(evidence: &Evidence) -> Verdict {
    with_user(evidence, SignInState::NoAccount, |attempt| {
        let expected = &format!("a way from {}'s login page to creating an account", whose(evidence));
        let Some(sign_up) = acts(attempt.entries).find(|act| act.it.purpose == Purpose::SignUp) else {
            let until_there = |purpose: &Purpose| foreseen(purpose, &[Purpose::LogIn, Purpose::FindSignUp]);
            let stop = match attempt.first_stop(0, until_there) {
                Ok(Some(stop)) => stop,
                Ok(None) => Stop {
                    page: pages(attempt.entries).find(|page| attempt.reached_klaviyo() == Some(page.seq)),
                    act: None,
                },
                Err(verdict) => return verdict,
            };
            let likely = match stop.kind() {
                Some(PageKind::Login) => "the login page has no link to sign-up, or none that is named so",
                Some(PageKind::KlaviyoConsent | PageKind::KlaviyoLogin | PageKind::KlaviyoAccounts) => {
                    "the app goes on to Klaviyo without knowing for whom it installs"
                }
                _ if acts(attempt.entries).any(|act| act.it.purpose == Purpose::FindSignUp) => {
                    "what the login page offers for signing up leads nowhere"
                }
                _ => "the installation URL refuses signed-out users instead of sending them to the login page",
            };
            return Verdict::Fail(strayed(attempt, &stop, expected, likely));
        };
        let Some(after) = pages(attempt.entries).find(|page| page.seq > sign_up.seq) else {
            return cut_short(evidence, "a page was seen after sign-up");
        };
        match after.it.kind {
            PageKind::SignUp | PageKind::Error | PageKind::BrowserError | PageKind::Blank => {
                let saw = match after.it.kind {
                    PageKind::SignUp => format!("the sign-up form again: \"{}\"", after.it.headline()),
                    _ => Stop { page: Some(after), act: None }.words(evidence),
                };
                Verdict::Fail(
                    Finding::app("the account created once the sign-up form was sent", saw)
                        .hops(attempt.hop_lines(after.seq))
                        .likely("the sign-up form does not accept ordinary input")
                        .at(after.seq),
                )
            }
            _ if acts(attempt.entries).any(|act| act.it.purpose == Purpose::FindSignUp) => {
                Verdict::Pass("sign-up was reached from the login page, and the account was created".to_owned())
            }
            _ => Verdict::Review(
                Finding::app(expected.as_str(), "a sign-up form came first, without the login page").at(sign_up.seq),
            ),
        }
    })
}

pub(super) fn no_account_resumes(evidence: &Evidence) -> Verdict {
    with_user(evidence, SignInState::NoAccount, |attempt| {
        match acts(attempt.entries).filter(|act| act.it.purpose == Purpose::SignUp).last() {
            Some(act) if let Some(At { seq: page, .. }) = has_yet_to_install(attempt, act.seq) => Verdict::Review(
                Finding::app(
                    "Klaviyo's OAuth page after the account was created",
                    "a message to install the app on the host first; a new account may not have it",
                )
                .hops(attempt.hop_lines(page))
                .at(page),
            ),
            Some(act) => goes_on(
                attempt,
                act.seq,
                &[Purpose::LogIn],
                "Klaviyo's OAuth page after the account was created",
                |_| "the sign-up form drops where the user was going",
            ),
            None if attempt.way_is_over() => {
                Verdict::blocked_by(twin(evidence, "install.no-account.sign-up"), "no account could be created")
            }
            None => cut_short(evidence, "the user could sign up"),
        }
    })
}

pub(super) fn no_detour(evidence: &Evidence) -> Verdict {
    let Some(attempt) = first_from_klaviyo(evidence) else { return not_started(evidence) };
    let expected = "consent, without the installation being started again elsewhere";
    if let Some(act) = attempt.ways_around().find(|act| matches!(act.it.purpose, Purpose::StartAnew(_))) {
        let page = pages(attempt.entries).take_while(|page| page.seq < act.seq).last();
        return Verdict::Fail(strayed(
            &attempt,
            &Stop { page, act: Some(act) },
            expected,
            "the installation URL does not start an installation; it expects the user to start one in the app",
        ));
    }
    let own = host(&evidence.setup.app.url);
    let platform = kind::host(evidence).map(|platform| host(&platform.url));
    let hosts = &evidence.setup.klaviyo_hosts;
    let known = |at: &str| {
        at == own
            || platform.as_deref() == Some(at)
            || hosts.iter().any(|klaviyo| at == *klaviyo || at.ends_with(&format!(".{klaviyo}")))
    };
    let stray = attempt.way().iter().find_map(|entry| match &entry.event {
        Event::Hop(hop) if hop.url.starts_with("http") => {
            let at = host(&hop.url);
            (!known(&at)).then_some((entry.seq, at))
        }
        _ => None,
    });
    match (stray, attempt.reached_klaviyo()) {
        // It may be the app's own identity provider, or another of its hosts: that is no detour.
        (Some((seq, at)), _) => Verdict::Review(
            Finding::app(expected, format!("the way led over {at}, which is neither the app's host nor Klaviyo's"))
                .hops(attempt.hop_lines(seq))
                .likely("a login service is fine there; a page that sends the user off to begin anew is not")
                .at(seq),
        ),
        (None, Some(_)) => Verdict::Pass(way_in_words(&attempt)),
        (None, None) => attempt.undecided(),
    }
}

pub(super) fn no_manual_steps(evidence: &Evidence) -> Verdict {
    let all = attempts(evidence);
    let Some(attempt) = all.first() else { return not_started(evidence) };
    let avoidable: Vec<_> = attempt.ways_around().collect();
    let Some(first) = avoidable.first() else {
        // Some apps ask for more only after consent, so the decision must have been seen to its end, too.
        let decided = attempt.decided(&Purpose::Allow).or(attempt.decided(&Purpose::Deny));
        return if decided.is_some() && attempt.is_over() {
            Verdict::Pass("no click and no field beyond login, sign-up, tenant and consent".to_owned())
        } else {
            attempt.undecided()
        };
    };
    let platform = kind::host(evidence).map(|platform| platform.url.as_str());
    let path_only = |what: &str| {
        let what = what.replace(&evidence.setup.app.url, "");
        platform.map_or_else(|| what.clone(), |platform| what.replace(platform, ""))
    };
    let list: Vec<String> = avoidable.iter().map(|act| path_only(&act.it.gesture.to_string())).collect();
    let steps = if list.len() == 1 { "1 avoidable step" } else { &format!("{} avoidable steps", list.len()) };
    let saw = format!("{steps}: {}", list.join(", "));
    let likely = match &first.it.purpose {
        Purpose::Recover(what) => {
            format!("the app could do by itself what it stops the user for: {}", clip(&what.to_string(), QUOTED))
        }
        Purpose::StartAnew(what) => {
            format!("the way ends, and the user has to begin anew in the app: {}", clip(&what.to_string(), QUOTED))
        }
        _ => String::new(),
    };
    Verdict::Fail(
        Finding::app("no step beyond login, sign-up, tenant and consent", saw)
            .hops(attempt.hop_lines(first.seq))
            .likely(likely)
            .at(first.seq),
    )
}

pub(super) fn from_app(evidence: &Evidence) -> Verdict {
    let Some(attempt) = attempts(evidence).into_iter().find(|attempt| attempt.start == Start::App) else {
        return match failed_to_start_in_app(evidence) {
            Some((seq, why)) => {
                let page = pages(&evidence.timeline).take_while(|page| page.seq < seq).last();
                let saw = page
                    .map_or(why, |page| format!("none at {} (\"{}\")", place(page.it, evidence), page.it.headline()));
                Verdict::Fail(
                    Finding::app("a control in the app's settings that connects Klaviyo", saw)
                        .likely("the app has none, its name does not say so, or `pages.settings` in flowcheck.yaml names another page")
                        .at(page.map_or(seq, |page| page.seq)),
                )
            }
            None => cut_short(evidence, "the installation was started in the app"),
        };
    };
    began_there(
        &attempt,
        "the app's own connect control to lead to Klaviyo's consent page, and the installation to complete",
        "the connect control does not start an installation",
    )
}

pub(super) fn any_klaviyo_host(evidence: &Evidence) -> Verdict {
    let Some(attempt) = attempts(evidence).into_iter().find(|attempt| attempt.start == Start::KlaviyoSubdomain) else {
        return not_started(evidence);
    };
    began_there(
        &attempt,
        "the same way to consent from a listing on another of Klaviyo's subdomains",
        "the installation URL looks at where the user comes from and knows www.klaviyo.com only",
    )
}

/// The message that the app has to be installed on its host, where that is what the user saw next.
fn has_yet_to_install<'a>(attempt: &Attempt<'a>, after: u32) -> Option<At<'a, Page>> {
    let host = kind::host(attempt.evidence)?;
    let next = pages(attempt.entries).find(|page| page.seq > after)?;
    (told_of_listing(next.it, &host.name) == Told::Named).then_some(next)
}

/// An item for one kind of user, judged on the first attempt from Klaviyo.
fn with_user(evidence: &Evidence, sign_in_state: SignInState, judge: impl Fn(&Attempt<'_>) -> Verdict) -> Verdict {
    if evidence.setup.users.first().map(|user| user.sign_in_state) != Some(sign_in_state) {
        return Verdict::not_run("the scenario has another kind of user");
    }
    first_from_klaviyo(evidence).map_or_else(|| not_started(evidence), |attempt| judge(&attempt))
}

fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned()
}
