//! Users who install from Klaviyo are not sent elsewhere to start the installation.

use flowcheck_evidence::{PageKind, Purpose};

use crate::flow::{Attempt, Flow, host_of};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::host_platform::host;
use crate::judging::not_run::{not_started, undecided};
use crate::judging::path_to_consent::{path_in_words, stopped_at};
use crate::judging::stop::Stop;
use crate::judging::token_refusal::refused_before;
use crate::verdict::{Finding, Value, Verdict, statement};

/// `install.no-detour`.
pub(crate) static ITEM: Item = Item {
    id: "install.no-detour",
    group: Group::Install,
    requirement: "Users who install from Klaviyo are not sent elsewhere to start the installation",
    judged: "The way stays on the app's and Klaviyo's hosts and leads to consent without starting anew in the app",
    source: documents::NOT_ELSEWHERE,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: "let the installation URL start the installation itself",
    guidance: Topic::Resume,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let Some(attempt) = flow.first_from_klaviyo() else { return not_started(flow) };
    let expected = "consent, without the installation being started again elsewhere";
    if let Some(act) = attempt.unforeseen_acts().find(|act| matches!(act.it.purpose, Purpose::StartAnew(_))) {
        if let Some(blocked) = refused_before(attempt, act.seq) {
            return blocked;
        }
        let page = attempt.events.before(act.seq).pages().next_back();
        return Verdict::Fail(stopped_at(
            flow,
            attempt,
            &Stop { page, act: Some(act) },
            expected,
            "the installation URL does not start an installation; it expects the user to start one in the app",
        ));
    }
    let app = &flow.setup.app;
    let own: Vec<String> =
        [&app.url, &app.install_url].into_iter().chain(&app.redirect_uris).map(|address| host_of(address)).collect();
    let platform = host(flow.setup).map(|platform| host_of(&platform.url));
    let hosts = &flow.setup.klaviyo_hosts;
    let known = |at: &str| {
        own.iter().any(|host| host == at)
            || platform.as_deref() == Some(at)
            || hosts.iter().any(|klaviyo| at == *klaviyo || at.ends_with(&format!(".{klaviyo}")))
    };
    let mut hops = attempt.path_to_klaviyo().hops().filter(|hop| hop.it.url.starts_with("http"));
    let stray = hops.find_map(|hop| {
        let at = host_of(&hop.it.url);
        (!known(&at)).then_some((hop.seq, at))
    });
    match (stray, attempt.reached_klaviyo()) {
        // Users logged in there and came back by themselves: it is the app's own identity provider.
        (Some((_, at)), Some(_)) if logs_in_at(attempt, &at) => Verdict::Pass(path_in_words(attempt)),
        // It may be that, or another of the app's hosts: that is no detour.
        (Some((seq, at)), _) => Verdict::Review(
            Finding::app(
                expected,
                statement!(
                    "the way led over {at}, which is neither the app's host nor Klaviyo's",
                    at = Value::name(at)
                ),
            )
            .hops(attempt.hop_lines(seq))
            .likely("a login service is fine there; a page that sends the user off to begin anew is not")
            .at(seq),
        ),
        (None, Some(_)) => Verdict::Pass(path_in_words(attempt)),
        (None, None) => undecided(flow, attempt),
    }
}

/// Whether all that the user did on the way at a host was to log in or to sign up.
fn logs_in_at(attempt: &Attempt<'_>, at: &str) -> bool {
    let path = attempt.path_to_klaviyo();
    let mut there = path.pages().filter(|page| host_of(&page.it.url) == at).peekable();
    there.peek().is_some() && there.all(|page| matches!(page.it.kind, PageKind::Login | PageKind::SignUp))
}
