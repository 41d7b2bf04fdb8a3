//! Installing: from Klaviyo's directory, for every kind of user, and from the app.

use super::view::{At, Attempt, Stop, attempts, exchanges, headline, lists_app, looks, no_tokens, pages, place, steps};
use super::{Finding, Verdict};
use crate::evidence::{Evidence, Facts, Page, PageKind, Place, Purpose, Standing, Start, StepPhase, Tenancy};

/// Below this certainty a person must look.
const SURE: u8 = 60;

pub(super) fn signed_in_direct(evidence: &Evidence) -> Verdict {
    with_user(evidence, Standing::SignedIn, |attempt| match attempt.first_stop(0, |purpose| foreseen(purpose, &[])) {
        None => Verdict::Pass(way_in_words(attempt)),
        Some(stop) => Verdict::Fail(strayed(
            attempt,
            &stop,
            "Klaviyo's OAuth page right after Install, with nothing to click or fill in between",
            match stop.page.map(|page| page.it.kind) {
                Some(PageKind::Login) => {
                    "the installation URL does not see the user's session; a SameSite=Strict cookie is not sent when coming from Klaviyo"
                }
                Some(PageKind::Error | PageKind::BrowserError) => "the installation URL fails by itself",
                _ => "the installation URL shows a page of the app instead of redirecting to Klaviyo at once",
            },
        )),
    })
}

pub(super) fn signed_out_login(evidence: &Evidence) -> Verdict {
    with_user(evidence, Standing::SignedOut, |attempt| match pages(attempt.entries).next() {
        Some(page) if page.it.kind == PageKind::Login => {
            Verdict::Pass(format!("a login form at {}", place(page.it, evidence)))
        }
        Some(page) => Verdict::Fail(strayed(
            attempt,
            &Stop { page: Some(page), act: None },
            "the app's login page",
            match page.it.kind {
                PageKind::KlaviyoConsent | PageKind::KlaviyoLogin => {
                    "the app goes on to Klaviyo without knowing for whom it installs"
                }
                _ => "the installation URL refuses signed-out users instead of sending them to the login page",
            },
        )),
        None => Verdict::not_run("no page was seen after Install"),
    })
}

pub(super) fn signed_out_resumes(evidence: &Evidence) -> Verdict {
    with_user(evidence, Standing::SignedOut, |attempt| {
        let login = super::view::acts(attempt.entries).find(|act| act.it.purpose == Purpose::LogIn);
        let first_page_is_login = pages(attempt.entries).next().is_some_and(|page| page.it.kind == PageKind::Login);
        match login {
            Some(login) if first_page_is_login => resumes(
                attempt,
                login.seq,
                &[Purpose::LogIn],
                "Klaviyo's OAuth page after the login form was sent",
                "the login form drops where the user was going",
            ),
            _ => Verdict::blocked_by("install.signed-out.login", "the login page was not reached"),
        }
    })
}

pub(super) fn no_account_sign_up(evidence: &Evidence) -> Verdict {
    with_user(evidence, Standing::NoAccount, |attempt| {
        let expected = "a way from the app's login page to creating an account";
        let signed_up = super::view::acts(attempt.entries).find(|act| act.it.purpose == Purpose::SignUp);
        let found = super::view::acts(attempt.entries).any(|act| act.it.purpose == Purpose::FindSignUp);
        let last = pages(attempt.way()).last();
        match (signed_up, last) {
            (Some(sign_up), _) => {
                let after = pages(attempt.entries).find(|page| page.seq > sign_up.seq);
                match after {
                    Some(page) if page.it.kind == PageKind::SignUp => Verdict::Fail(
                        Finding::app(
                            "the account to be created",
                            format!("the sign-up form again: \"{}\"", headline(page.it)),
                        )
                        .hops(attempt.hop_lines(page.seq))
                        .likely("the sign-up form does not accept ordinary input")
                        .at(page.seq),
                    ),
                    _ if found => {
                        Verdict::Pass("sign-up was reached from the login page, and the account was created".to_owned())
                    }
                    _ => Verdict::Review(
                        Finding::app(expected, "a sign-up form came first, without the login page").at(sign_up.seq),
                    ),
                }
            }
            (None, last) => Verdict::Fail(strayed(
                attempt,
                &Stop { page: last, act: None },
                expected,
                "the login page has no link to sign-up, or none that is named so",
            )),
        }
    })
}

pub(super) fn no_account_resumes(evidence: &Evidence) -> Verdict {
    with_user(evidence, Standing::NoAccount, |attempt| {
        let signed_up = super::view::acts(attempt.entries).filter(|act| act.it.purpose == Purpose::SignUp).last();
        match signed_up {
            Some(act) => resumes(
                attempt,
                act.seq,
                &[Purpose::LogIn],
                "Klaviyo's OAuth page after the account was created",
                "the sign-up form drops where the user was going",
            ),
            None => Verdict::blocked_by("install.no-account.sign-up", "no account could be created"),
        }
    })
}

pub(super) fn tenant_chosen(evidence: &Evidence) -> Verdict {
    with_tenants(evidence, |attempt| {
        let asked = pages(attempt.entries).find(|page| page.it.kind == PageKind::TenantChoice);
        let consent = attempt.reached_klaviyo();
        match (asked, consent) {
            (Some(page), consent) if consent.is_none_or(|consent| page.seq < consent) => {
                Verdict::Pass(format!("asked at {} (\"{}\")", place(page.it, evidence), headline(page.it)))
            }
            _ => {
                let until = consent.unwrap_or(u32::MAX);
                let last = pages(attempt.entries).take_while(|page| page.seq <= until).last();
                let expected = match evidence.setup.app.tenancy {
                    Tenancy::TextBox => "a page with a box for the store's URL before Klaviyo's consent page",
                    _ => "a page that offers the user's tenants before Klaviyo's consent page",
                };
                Verdict::Fail(strayed(
                    attempt,
                    &Stop { page: last, act: None },
                    expected,
                    "the app silently takes one of the user's tenants",
                ))
            }
        }
    })
}

pub(super) fn tenant_resumes(evidence: &Evidence) -> Verdict {
    with_tenants(evidence, |attempt| {
        let chosen =
            super::view::acts(attempt.entries).filter(|act| matches!(act.it.purpose, Purpose::ChooseTenant(_))).last();
        match chosen {
            Some(act) => resumes(
                attempt,
                act.seq,
                &[],
                "Klaviyo's OAuth page after the tenant was chosen",
                "the choice drops the installation that it was made for",
            ),
            None => Verdict::blocked_by("install.tenant.chosen", "the app never asked for the tenant"),
        }
    })
}

pub(super) fn tenant_isolated(evidence: &Evidence) -> Verdict {
    let Some(chosen) = evidence.setup.users.first().and_then(|user| user.tenants.first()) else {
        return Verdict::NotApplicable("the user has no tenants".to_owned());
    };
    if let Some(blocked) = without_tokens(evidence) {
        return blocked;
    }
    let own = looks(&evidence.timeline, |place| *place == Place::Settings(Some(chosen.clone())));
    let others = looks(&evidence.timeline, |place| matches!(place, Place::Settings(Some(name)) if name != chosen));
    let (Some(own), false) = (own.last().copied(), others.is_empty()) else {
        return Verdict::not_run("the scenario does not look at the settings of all tenants");
    };
    let expected = format!("\"{chosen}\" shown as installed, and no other tenant");
    if let Some(wrong) = others.iter().find(|page| page.it.kind == PageKind::Installed) {
        let saw = format!("another tenant shown as installed at {}", place(wrong.it, evidence));
        return Verdict::Fail(
            Finding::app(expected, saw)
                .likely("the installation is kept for the user, or for the first tenant, not for the tenant that was chosen")
                .at(wrong.seq),
        );
    }
    if own.it.kind == PageKind::NotInstalled {
        return Verdict::Fail(
            Finding::app(expected, format!("\"{chosen}\" not shown as installed at {}", place(own.it, evidence)))
                .likely("the tenant that was chosen is lost on the way through Klaviyo; bind it to `state`")
                .at(own.seq),
        );
    }
    match others.iter().chain([&own]).find(|page| is_unsure(page.it)) {
        Some(unsure) => review(expected, unsure, evidence),
        None => Verdict::Pass(format!("\"{chosen}\" shows as installed, {} other(s) do not", others.len())),
    }
}

pub(super) fn completes(evidence: &Evidence) -> Verdict {
    let Some(attempt) = attempts(evidence).into_iter().rfind(|attempt| attempt.decided(&Purpose::Allow).is_some())
    else {
        return not_allowed_yet(evidence);
    };
    if attempt.issued().is_none() {
        return Verdict::Fail(no_tokens(&attempt));
    }
    if let Some(landing) = attempt.landing(&Purpose::Allow)
        && matches!(landing.it.kind, PageKind::Error | PageKind::BrowserError)
    {
        let saw = format!("an error at {}: \"{}\"", place(landing.it, evidence), headline(landing.it));
        return Verdict::Fail(
            Finding::app("a landing page without an error after Allow", saw)
                .hops(attempt.hop_lines(landing.seq))
                .at(landing.seq),
        );
    }
    match looks(&evidence.timeline, |place| *place == Place::Integrations).last() {
        Some(page) if lists_app(page.it, evidence) => {
            Verdict::Pass("the code was exchanged, and Klaviyo's integrations page lists the app".to_owned())
        }
        Some(page) => Verdict::Fail(
            Finding::app("the app listed on Klaviyo's integrations page", "it is not listed there").at(page.seq),
        ),
        None => Verdict::not_run("the scenario does not look at Klaviyo's integrations page"),
    }
}

pub(super) fn shown(evidence: &Evidence) -> Verdict {
    if let Some(blocked) = without_tokens(evidence) {
        return blocked;
    }
    let expected = "the app showing itself as installed after Allow";
    let Some(settings) = looks(&evidence.timeline, |place| matches!(place, Place::Settings(_))).last().copied() else {
        return Verdict::not_run("the scenario does not look at the app's settings");
    };
    let landing = attempts(evidence).last().and_then(|attempt| attempt.landing(&Purpose::Allow));
    let denies = |page: &At<'_, Page>| page.it.kind == PageKind::NotInstalled && page.it.certainty >= SURE;
    if let Some(page) = [Some(settings), landing].into_iter().flatten().find(denies) {
        let saw = format!("{} shows: {}", place(page.it, evidence), page.it.why.join("; "));
        return Verdict::Fail(
            Finding::app(expected, saw)
                .likely("the tokens are kept where the page does not look for them")
                .at(page.seq),
        );
    }
    if settings.it.kind == PageKind::Installed && settings.it.certainty >= SURE {
        Verdict::Pass(format!("{} shows: {}", place(settings.it, evidence), settings.it.why.join("; ")))
    } else {
        review(expected.to_owned(), &settings, evidence)
    }
}

pub(super) fn no_detour(evidence: &Evidence) -> Verdict {
    let Some(attempt) = first_from_klaviyo(evidence) else { return not_started(evidence) };
    let expected = "the installation begun in Klaviyo to lead to consent, without being started again elsewhere";
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
    let hosts = &evidence.setup.klaviyo_hosts;
    let stray = attempt.way().iter().find_map(|entry| match &entry.seen {
        crate::evidence::Seen::Hop(hop) => {
            let at = host(&hop.url);
            let known = at == own || hosts.iter().any(|klaviyo| at == *klaviyo || at.ends_with(&format!(".{klaviyo}")));
            (!known).then_some((entry.seq, at))
        }
        _ => None,
    });
    match (stray, attempt.reached_klaviyo()) {
        (Some((seq, at)), _) => Verdict::Fail(
            Finding::app(expected, format!("the way led over {at}, which is neither the app's host nor Klaviyo's"))
                .hops(attempt.hop_lines(seq))
                .at(seq),
        ),
        (None, Some(_)) => Verdict::Pass(way_in_words(&attempt)),
        (None, None) => Verdict::blocked_by(attempt.blocker(), "the consent page was not reached"),
    }
}

pub(super) fn no_manual_steps(evidence: &Evidence) -> Verdict {
    let all = attempts(evidence);
    let Some(attempt) = all.first() else { return not_started(evidence) };
    let avoidable: Vec<_> = attempt.ways_around().collect();
    let Some(first) = avoidable.first() else {
        return match attempt.reached_klaviyo() {
            Some(_) => Verdict::Pass("no click and no field beyond login, sign-up, tenant and consent".to_owned()),
            None => Verdict::blocked_by(attempt.blocker(), "the consent page was not reached"),
        };
    };
    let list: Vec<&str> = avoidable.iter().map(|act| act.it.what.as_str()).collect();
    let saw = format!("{} avoidable step(s): {}", list.len(), list.join(", "));
    let likely = match &first.it.purpose {
        Purpose::Recover(what) | Purpose::StartAnew(what) => {
            format!("a page asks for what the app could do by itself: {what}")
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
    let expected = "the app's own connect control to lead to Klaviyo's consent page, and the installation to complete";
    let Some(attempt) = attempts(evidence).into_iter().find(|attempt| attempt.start == Start::App) else {
        let failed = steps(&evidence.timeline).find_map(|mark| match &mark.it.phase {
            StepPhase::Failed(why) => Some((mark.seq, why.clone())),
            _ => None,
        });
        return match failed {
            Some((seq, why)) => {
                let page = pages(&evidence.timeline).take_while(|page| page.seq < seq).last();
                Verdict::Fail(Finding::app(expected, why).at(page.map_or(seq, |page| page.seq)))
            }
            None => Verdict::not_run("the installation was not started in the app"),
        };
    };
    began_there(&attempt, expected, "the connect control does not start an installation")
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

pub(super) fn any_klaviyo_session(evidence: &Evidence) -> Verdict {
    if let Some(blocked) = without_tokens(evidence) {
        return blocked;
    }
    let Some(attempt) = attempts(evidence).into_iter().rfind(|attempt| attempt.issued().is_some()) else {
        return not_started(evidence);
    };
    let Some(chosen) = attempt.decision().map(|decision| decision.it.account.clone()) else {
        return Verdict::not_run("Klaviyo saw no decision");
    };
    let name = |id: &str| {
        evidence
            .setup
            .accounts
            .iter()
            .find(|account| account.id == id)
            .map_or_else(|| id.to_owned(), |account| account.name.clone())
    };
    let expected = format!("the app to show and use the account that was chosen, {} ({chosen})", name(&chosen));
    let foreign_call = exchanges(attempt.entries).find_map(|(exchange, _)| match &exchange.it.facts {
        Facts::Api(call) => {
            call.account.clone().filter(|account| *account != chosen).map(|account| (exchange.seq, account))
        }
        _ => None,
    });
    if let Some((seq, account)) = foreign_call {
        let saw = format!("a call with a token of {} ({account})", name(&account));
        return Verdict::Fail(
            Finding::app(expected, saw).likely("tokens of an earlier installation are still used").at(seq),
        );
    }
    let Some(settings) = looks(attempt.entries, |place| matches!(place, Place::Settings(_))).last().copied() else {
        return Verdict::not_run("the scenario does not look at the app's settings");
    };
    let shows = |id: &str| settings.it.text.contains(id) || settings.it.text.contains(&name(id));
    let other = evidence.setup.accounts.iter().find(|account| account.id != chosen && shows(&account.id));
    match other {
        _ if shows(&chosen) => Verdict::Pass(format!("the app shows {}", name(&chosen))),
        Some(other) => Verdict::Fail(
            Finding::app(expected, format!("the app shows {} ({})", other.name, other.id))
                .likely("the account's name is kept from an earlier installation")
                .at(settings.seq),
        ),
        None => Verdict::Review(
            Finding::app(expected, "the settings page names no Klaviyo account at all; look which one it means")
                .at(settings.seq),
        ),
    }
}

/// An item for one kind of user, judged on the first attempt from Klaviyo.
fn with_user(evidence: &Evidence, standing: Standing, judge: impl Fn(&Attempt<'_>) -> Verdict) -> Verdict {
    if evidence.setup.users.first().map(|user| user.standing) != Some(standing) {
        return Verdict::not_run("the scenario has another kind of user");
    }
    first_from_klaviyo(evidence).map_or_else(|| not_started(evidence), |attempt| judge(&attempt))
}

fn with_tenants(evidence: &Evidence, judge: impl Fn(&Attempt<'_>) -> Verdict) -> Verdict {
    if evidence.setup.users.first().is_none_or(|user| user.tenants.len() < 2) {
        return Verdict::NotApplicable("the user has no choice of tenants".to_owned());
    }
    first_from_klaviyo(evidence).map_or_else(|| not_started(evidence), |attempt| judge(&attempt))
}

fn first_from_klaviyo(evidence: &Evidence) -> Option<Attempt<'_>> {
    attempts(evidence).into_iter().find(|attempt| attempt.start == Start::Klaviyo)
}

/// Nothing but Klaviyo after an act, the acts allowed excepted.
fn resumes(attempt: &Attempt<'_>, after: u32, allowed: &[Purpose], expected: &str, likely: &str) -> Verdict {
    match attempt.first_stop(after, |purpose| foreseen(purpose, allowed)) {
        None => Verdict::Pass(way_in_words(attempt)),
        Some(stop) => Verdict::Fail(strayed(attempt, &stop, expected, likely)),
    }
}

/// Whether the checklist foresees an act on the way: a tenant's choice always, others where allowed.
fn foreseen(purpose: &Purpose, allowed: &[Purpose]) -> bool {
    matches!(purpose, Purpose::ChooseTenant(_) | Purpose::StartInstall(_)) || allowed.contains(purpose)
}

fn began_there(attempt: &Attempt<'_>, expected: &str, likely: &str) -> Verdict {
    match attempt.first_stop(0, |purpose| foreseen(purpose, &[])) {
        Some(stop) => Verdict::Fail(strayed(attempt, &stop, expected, likely)),
        None if attempt.issued().is_none() => Verdict::Fail(no_tokens(attempt)),
        None => Verdict::Pass(way_in_words(attempt)),
    }
}

fn strayed(attempt: &Attempt<'_>, stop: &Stop<'_>, expected: &str, likely: &str) -> Finding {
    Finding::app(expected, stop.words(attempt.evidence))
        .hops(attempt.hop_lines(stop.seq()))
        .likely(likely)
        .at(stop.seq())
}

/// Not run, because no tokens were issued to judge anything by; none where they were.
pub(super) fn without_tokens(evidence: &Evidence) -> Option<Verdict> {
    let all = attempts(evidence);
    if all.iter().any(|attempt| attempt.issued().is_some()) {
        None
    } else if all.iter().any(|attempt| attempt.decided(&Purpose::Allow).is_some()) {
        Some(Verdict::blocked_by("install.completes", "the installation did not complete"))
    } else {
        Some(not_allowed_yet(evidence))
    }
}

fn not_allowed_yet(evidence: &Evidence) -> Verdict {
    match attempts(evidence).last() {
        Some(attempt) => Verdict::blocked_by(attempt.blocker(), "the consent page was not reached"),
        None => not_started(evidence),
    }
}

/// No attempt at all: blocked by whatever kept the runner from starting one.
fn not_started(evidence: &Evidence) -> Verdict {
    let failed = steps(&evidence.timeline).find_map(|mark| match &mark.it.phase {
        StepPhase::Failed(why) => Some((mark.it.title.clone(), why.clone())),
        _ => None,
    });
    match failed {
        Some((title, why)) if title == "install from the app" => Verdict::blocked_by("install.from-app", why),
        Some((title, why)) => Verdict::not_run(format!("{title}: {why}")),
        None => Verdict::not_run("no installation was started"),
    }
}

fn is_unsure(page: &Page) -> bool {
    !matches!(page.kind, PageKind::Installed | PageKind::NotInstalled) || page.certainty < SURE
}

fn review(expected: String, page: &At<'_, Page>, evidence: &Evidence) -> Verdict {
    let saw = format!(
        "{} could not be read for sure ({}, {} %): look at its picture",
        place(page.it, evidence),
        page.it.why.join("; "),
        page.it.certainty
    );
    Verdict::Review(Finding::app(expected, saw).at(page.seq))
}

fn way_in_words(attempt: &Attempt<'_>) -> String {
    let hops = attempt.way().iter().filter(|entry| matches!(entry.seen, crate::evidence::Seen::Hop(_))).count();
    format!("Klaviyo reached after {hops} hop(s)")
}

fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned()
}
