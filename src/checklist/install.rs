//! Installing: from Klaviyo's directory, for every kind of user, and from the app.

use super::view::{
    At, Attempt, Stop, acts, api_calls, attempts, clip, cut_short, failed_after, headline, lists_app, looks, no_tokens,
    pages, place, signs, steps,
};
use super::{Fault, Finding, Verdict};
use crate::evidence::{
    Entry, Evidence, Page, PageKind, Place, Purpose, Seen, Standing, Start, StepPhase, Tenancy, UserSeen,
};

/// Below this certainty a person must look.
const SURE: u8 = 60;
/// Characters of the runner's words that a likely cause quotes.
const QUOTED: usize = 80;

pub(super) fn signed_in_direct(evidence: &Evidence) -> Verdict {
    with_user(evidence, Standing::SignedIn, |attempt| {
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
    with_user(evidence, Standing::SignedOut, |attempt| match pages(attempt.entries).next() {
        Some(page) if page.it.kind == PageKind::Login => {
            Verdict::Pass(format!("a login form at {}", place(page.it, evidence)))
        }
        Some(page) => Verdict::Fail(strayed(
            attempt,
            &Stop { page: Some(page), act: None },
            "the app's login page",
            match page.it.kind {
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
    with_user(evidence, Standing::SignedOut, |attempt| {
        let login = acts(attempt.entries).find(|act| act.it.purpose == Purpose::LogIn);
        let first = pages(attempt.entries).next();
        match (first, login) {
            (Some(page), Some(login)) if page.it.kind == PageKind::Login => goes_on(
                attempt,
                login.seq,
                &[Purpose::LogIn],
                "Klaviyo's OAuth page after the login form was sent",
                |_| "the login form drops where the user was going",
            ),
            (Some(page), None) if page.it.kind == PageKind::Login => {
                cut_short(evidence, "the login form was filled in")
            }
            (Some(_), _) => Verdict::blocked_by("install.signed-out.login", "the login page was not reached"),
            (None, _) => cut_short(evidence, "a page was seen after Install"),
        }
    })
}

pub(super) fn no_account_sign_up(evidence: &Evidence) -> Verdict {
    with_user(evidence, Standing::NoAccount, |attempt| {
        let expected = "a way from the app's login page to creating an account";
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
                    PageKind::SignUp => format!("the sign-up form again: \"{}\"", headline(after.it)),
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
                Finding::app(expected, "a sign-up form came first, without the login page").at(sign_up.seq),
            ),
        }
    })
}

pub(super) fn no_account_resumes(evidence: &Evidence) -> Verdict {
    with_user(evidence, Standing::NoAccount, |attempt| {
        match acts(attempt.entries).filter(|act| act.it.purpose == Purpose::SignUp).last() {
            Some(act) => goes_on(
                attempt,
                act.seq,
                &[Purpose::LogIn],
                "Klaviyo's OAuth page after the account was created",
                |_| "the sign-up form drops where the user was going",
            ),
            None if attempt.way_is_over() => {
                Verdict::blocked_by("install.no-account.sign-up", "no account could be created")
            }
            None => cut_short(evidence, "the user could sign up"),
        }
    })
}

pub(super) fn tenant_chosen(evidence: &Evidence) -> Verdict {
    with_tenants(evidence, |attempt, _| {
        let consent = attempt.reached_klaviyo();
        let until = consent.unwrap_or(u32::MAX);
        let asked = pages(attempt.entries).find(|page| page.it.kind == PageKind::TenantChoice && page.seq < until);
        if let Some(page) = asked {
            return Verdict::Pass(format!("asked at {} (\"{}\")", place(page.it, evidence), headline(page.it)));
        }
        if !attempt.way_is_over() {
            return cut_short(evidence, "the app asked for the tenant");
        }
        let expected = match evidence.setup.app.tenancy {
            Tenancy::TextBox => "a page with a box for the store's URL before Klaviyo's consent page",
            _ => "a page that offers the user's tenants before Klaviyo's consent page",
        };
        Verdict::Fail(match consent {
            Some(seq) => Finding::app(expected, "Klaviyo's consent page, and no such page before it")
                .hops(attempt.hop_lines(seq))
                .likely("the app silently takes one of the user's tenants")
                .at(seq),
            None => strayed(
                attempt,
                &Stop { page: pages(attempt.way()).last(), act: None },
                expected,
                "the installation URL stops before it asks which tenant to install for",
            ),
        })
    })
}

pub(super) fn tenant_resumes(evidence: &Evidence) -> Verdict {
    with_tenants(evidence, |attempt, _| {
        let chosen = acts(attempt.entries).filter(|act| matches!(act.it.purpose, Purpose::ChooseTenant(_))).last();
        match chosen {
            Some(act) => goes_on(attempt, act.seq, &[], "Klaviyo's OAuth page after the tenant was chosen", |stop| {
                match stop.kind() {
                    Some(PageKind::TenantChoice) => "the app does not take the choice",
                    _ => "the choice drops the installation that it was made for",
                }
            }),
            None if attempt.way_is_over() => {
                Verdict::blocked_by("install.tenant.chosen", "the app never asked for the tenant")
            }
            None => cut_short(evidence, "the app asked for the tenant"),
        }
    })
}

pub(super) fn tenant_isolated(evidence: &Evidence) -> Verdict {
    with_tenants(evidence, |_, user| {
        if let Some(blocked) = without_tokens(evidence) {
            return blocked;
        }
        let (chosen, others) = (&user.tenants[0], &user.tenants[1..]);
        let settings_of = |tenant: &String| {
            looks(&evidence.timeline, |place| *place == Place::Settings(Some(tenant.clone()))).last().copied()
        };
        let own = settings_of(chosen);
        let seen: Vec<_> = others.iter().filter_map(|tenant| Some((tenant, settings_of(tenant)?))).collect();
        let expected = format!("\"{chosen}\" shown as installed, and no other tenant");
        let wrong: Vec<_> = seen.iter().filter(|(_, page)| shows(page.it, PageKind::Installed)).collect();
        if let Some((_, first)) = wrong.first() {
            let names: Vec<String> = wrong.iter().map(|(tenant, _)| format!("\"{tenant}\"")).collect();
            let saw = format!("{} shown as installed at {}", names.join(", "), place(first.it, evidence));
            let likely = if own.is_some_and(|own| shows(own.it, PageKind::Installed)) {
                "the installation is kept for the user, so that all tenants share it"
            } else {
                "the installation is kept for another tenant, often the user's first; bind the choice to `state`"
            };
            return Verdict::Fail(Finding::app(expected, saw).likely(likely).at(first.seq));
        }
        let Some(own) = own else { return cut_short(evidence, "the settings of the chosen tenant were looked at") };
        if shows(own.it, PageKind::NotInstalled) {
            return Verdict::Fail(
                Finding::app(expected, format!("\"{chosen}\" not shown as installed at {}", place(own.it, evidence)))
                    .likely("the tenant that was chosen is lost on the way through Klaviyo; bind it to `state`")
                    .at(own.seq),
            );
        }
        if seen.len() < others.len() {
            return cut_short(evidence, "the settings of every other tenant were looked at");
        }
        match seen.iter().map(|(_, page)| page).chain([&own]).find(|page| is_unsure(page.it)) {
            Some(unsure) => review(expected, unsure, evidence),
            None => Verdict::Pass(format!("\"{chosen}\" shows as installed, {} other(s) do not", seen.len())),
        }
    })
}

pub(super) fn completes(evidence: &Evidence) -> Verdict {
    let Some(attempt) = attempts(evidence).into_iter().rfind(|attempt| attempt.decided(&Purpose::Allow).is_some())
    else {
        return not_allowed_yet(evidence);
    };
    let landing = attempt.landing(&Purpose::Allow);
    if let Some(landing) = landing
        && matches!(landing.it.kind, PageKind::Error | PageKind::BrowserError)
        && attempt.issued().is_some()
    {
        let finding =
            Finding::app("a landing page without an error after Allow", Stop::at_rest(landing).words(evidence))
                .hops(attempt.hop_lines(landing.seq))
                .likely(match landing.it.status {
                    Some(404 | 410) => "the callback redirects to a page that does not exist",
                    _ => "tokens were issued, and what the callback does with them then fails",
                })
                .at(landing.seq);
        return Verdict::Fail(finding);
    }
    if !attempt.is_over() {
        return cut_short(evidence, "the installation was seen to its end");
    }
    if attempt.issued().is_none() {
        return Verdict::Fail(no_tokens(&attempt));
    }
    if landing.is_none() {
        return cut_short(evidence, "a page was seen after Allow");
    }
    match looks(attempt.entries, |place| *place == Place::Integrations).first() {
        Some(page) if lists_app(page.it, evidence) => {
            Verdict::Pass("the code was exchanged, and Klaviyo's integrations page lists the app".to_owned())
        }
        Some(page) => Verdict::Fail(
            Finding::app("the app listed on Klaviyo's integrations page", "it is not listed there")
                .likely("the app revoked its tokens right after it got them")
                .at(page.seq),
        ),
        None => cut_short(evidence, "Klaviyo's integrations page was looked at"),
    }
}

pub(super) fn shown(evidence: &Evidence) -> Verdict {
    if let Some(blocked) = without_tokens(evidence) {
        return blocked;
    }
    let Some(attempt) = attempts(evidence).into_iter().rfind(|attempt| attempt.issued().is_some()) else {
        return not_started(evidence);
    };
    let expected = "the app showing itself as installed after Allow";
    let settings = looks(attempt.entries, |place| matches!(place, Place::Settings(_))).first().copied();
    let landing = attempt.landing(&Purpose::Allow).filter(|_| attempt.is_over());
    let denies = |page: &At<'_, Page>| shows(page.it, PageKind::NotInstalled);
    if let Some(page) = [settings, landing].into_iter().flatten().find(denies) {
        let saw = format!("{} shows {}", place(page.it, evidence), signs(page.it));
        let finding = Finding::app(expected, saw)
            .likely("the tokens are kept where the page does not look for them")
            .at(page.seq);
        return Verdict::Fail(finding);
    }
    match settings {
        Some(settings) if shows(settings.it, PageKind::Installed) => {
            Verdict::Pass(format!("{} shows {}", place(settings.it, evidence), signs(settings.it)))
        }
        Some(settings) => review(expected.to_owned(), &settings, evidence),
        None => cut_short(evidence, "the app's settings were looked at"),
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
    let known =
        |at: &str| at == own || hosts.iter().any(|klaviyo| at == *klaviyo || at.ends_with(&format!(".{klaviyo}")));
    let stray = attempt.way().iter().find_map(|entry| match &entry.seen {
        Seen::Hop(hop) if hop.url.starts_with("http") => {
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
    let list: Vec<String> = avoidable.iter().map(|act| act.it.what.replace(&evidence.setup.app.url, "")).collect();
    let steps = if list.len() == 1 { "1 avoidable step" } else { &format!("{} avoidable steps", list.len()) };
    let saw = format!("{steps}: {}", list.join(", "));
    let likely = match &first.it.purpose {
        Purpose::Recover(what) => {
            format!("the app could do by itself what it stops the user for: {}", clip(what, QUOTED))
        }
        Purpose::StartAnew(what) => {
            format!("the way ends, and the user has to begin anew in the app: {}", clip(what, QUOTED))
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
                    .map_or(why, |page| format!("none at {} (\"{}\")", place(page.it, evidence), headline(page.it)));
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

pub(super) fn any_klaviyo_session(evidence: &Evidence) -> Verdict {
    if let Some(blocked) = without_tokens(evidence) {
        return blocked;
    }
    let mut installed_for: Vec<String> = Vec::new();
    let mut last = None;
    for attempt in attempts(evidence).iter().filter(|attempt| attempt.issued().is_some()) {
        let verdict = shows_the_account_chosen(attempt);
        if !matches!(verdict, Verdict::Pass(_)) {
            return verdict;
        }
        installed_for.extend(attempt.decision().map(|decision| decision.it.account.clone()));
        last = Some(verdict);
    }
    installed_for.dedup();
    let several = evidence.setup.accounts.len() > 1;
    match last {
        // An app that always shows the first account it met looks right until there is a second.
        Some(_) if several && installed_for.len() < 2 => {
            cut_short(evidence, "the app was installed for a second Klaviyo account")
        }
        Some(verdict) => verdict,
        None => not_started(evidence),
    }
}

fn shows_the_account_chosen(attempt: &Attempt<'_>) -> Verdict {
    let evidence = attempt.evidence;
    let (Some(chosen), Some(issued)) = (attempt.decision().map(|decision| &decision.it.account), attempt.issued())
    else {
        return Verdict::not_run("Klaviyo saw no decision");
    };
    let name = |id: &str| {
        let account = evidence.setup.accounts.iter().find(|account| account.id == id);
        account.map_or_else(|| id.to_owned(), |account| account.name.clone())
    };
    let expected = format!("the app to show and use the account that was chosen, {} ({chosen})", name(chosen));
    // Until it has the new tokens, the app may well go on with those of an earlier installation.
    let foreign_call = api_calls(attempt.entries)
        .filter(|(call, ..)| call.seq > issued.seq)
        .find_map(|(call, ..)| call.it.account.as_ref().filter(|account| *account != chosen).map(|id| (call.seq, id)));
    if let Some((seq, account)) = foreign_call {
        let saw = format!("an API call with a token of {} ({account})", name(account));
        return Verdict::Fail(
            Finding::app(expected, saw).likely("tokens of an earlier installation are still used").at(seq),
        );
    }
    let Some(settings) = looks(attempt.entries, |place| matches!(place, Place::Settings(_))).last().copied() else {
        return cut_short(evidence, "the app's settings were looked at after each installation");
    };
    let names = |id: &str| settings.it.text.contains(id) || settings.it.text.contains(&name(id));
    let at = place(settings.it, evidence);
    match (names(chosen), evidence.setup.accounts.iter().find(|account| account.id != *chosen && names(&account.id))) {
        (true, None) => Verdict::Pass(format!("{at} names {}", name(chosen))),
        (true, Some(other)) => Verdict::Review(
            Finding::app(expected, format!("{at} names both it and {}; look which one it means", other.name))
                .at(settings.seq),
        ),
        (false, Some(other)) => Verdict::Fail(
            Finding::app(expected, format!("{at} names {} ({})", other.name, other.id))
                .likely("the account's name is kept from an earlier installation")
                .at(settings.seq),
        ),
        (false, None) => Verdict::Review(
            Finding::app(expected, format!("{at} names no Klaviyo account at all; look which one it means"))
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

fn with_tenants(evidence: &Evidence, judge: impl Fn(&Attempt<'_>, &UserSeen) -> Verdict) -> Verdict {
    match evidence.setup.users.first().filter(|user| user.tenants.len() > 1) {
        Some(user) => {
            first_from_klaviyo(evidence).map_or_else(|| not_started(evidence), |attempt| judge(&attempt, user))
        }
        None => Verdict::NotApplicable("the user has no choice of tenants".to_owned()),
    }
}

fn first_from_klaviyo(evidence: &Evidence) -> Option<Attempt<'_>> {
    attempts(evidence).into_iter().find(|attempt| attempt.start == Start::Klaviyo)
}

/// Nothing but Klaviyo after a place on the way, the acts allowed excepted. `likely` is for stops on pages of the app that tell
/// nothing of their own.
fn goes_on(
    attempt: &Attempt<'_>,
    after: u32,
    allowed: &[Purpose],
    expected: &str,
    likely: impl Fn(&Stop<'_>) -> &'static str,
) -> Verdict {
    let stop = match attempt.first_stop(after, |purpose| foreseen(purpose, allowed)) {
        Ok(None) => return Verdict::Pass(way_in_words(attempt)),
        Ok(Some(stop)) => stop,
        Err(verdict) => return verdict,
    };
    let cause = match stop.kind() {
        Some(PageKind::KlaviyoError) => {
            "Klaviyo refuses the authorization request; what its page says is wrong with it"
        }
        Some(PageKind::BrowserError) => "the app crashed or hung; its log tells more",
        Some(PageKind::Error) if stop.status() >= Some(500) => "the app itself fails here; its log tells more",
        _ => likely(&stop),
    };
    let finding = strayed(attempt, &stop, expected, cause);
    // A login form that comes back with a message is about the login, and that is from flowcheck.yaml.
    let refused = stop.page.filter(|page| page.it.kind == PageKind::Login && !page.it.alerts.is_empty());
    match refused {
        Some(page) if allowed.contains(&Purpose::LogIn) => Verdict::Fail(
            Finding { saw: format!("the login form again: \"{}\"", headline(page.it)), ..finding }
                .likely("the login or the password in flowcheck.yaml is not this user's")
                .fault(Fault::Config),
        ),
        _ => Verdict::Fail(finding),
    }
}

/// Whether the checklist foresees an act on the way: a tenant's choice always, others where allowed.
fn foreseen(purpose: &Purpose, allowed: &[Purpose]) -> bool {
    matches!(purpose, Purpose::ChooseTenant(_) | Purpose::StartInstall(_)) || allowed.contains(purpose)
}

fn began_there(attempt: &Attempt<'_>, expected: &str, likely: &'static str) -> Verdict {
    match goes_on(attempt, 0, &[], expected, |_| likely) {
        Verdict::Pass(_) if attempt.issued().is_some() => Verdict::Pass(way_in_words(attempt)),
        Verdict::Pass(_) if attempt.is_over() => Verdict::Fail(no_tokens(attempt)),
        Verdict::Pass(_) => cut_short(attempt.evidence, "the installation was seen to its end"),
        other => other,
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
        return None;
    }
    match all.iter().find(|attempt| attempt.decided(&Purpose::Allow).is_some()) {
        Some(attempt) if attempt.is_over() => {
            Some(Verdict::blocked_by("install.completes", "the installation did not complete"))
        }
        Some(_) => Some(cut_short(evidence, "the installation was seen to its end")),
        None => Some(not_allowed_yet(evidence)),
    }
}

fn not_allowed_yet(evidence: &Evidence) -> Verdict {
    attempts(evidence).last().map_or_else(|| not_started(evidence), Attempt::undecided)
}

/// No attempt at all: blocked by whatever kept the runner from starting one.
fn not_started(evidence: &Evidence) -> Verdict {
    if let Some((_, why)) = failed_to_start_in_app(evidence) {
        return Verdict::blocked_by("install.from-app", why);
    }
    match failed_after(&evidence.timeline, 0) {
        Some(failed) => Verdict::not_run(failed.it),
        None => cut_short(evidence, "an installation was started"),
    }
}

/// The step that should have started an installation in the app and could not, with the reason.
fn failed_to_start_in_app(evidence: &Evidence) -> Option<(u32, String)> {
    steps(&evidence.timeline).find_map(|mark| match &mark.it.phase {
        StepPhase::Failed(why) if mark.it.title == "install from the app" => Some((mark.seq, why.clone())),
        _ => None,
    })
}

/// Whether a page surely is of this kind.
fn shows(page: &Page, kind: PageKind) -> bool {
    page.kind == kind && page.certainty >= SURE
}

fn is_unsure(page: &Page) -> bool {
    !shows(page, PageKind::Installed) && !shows(page, PageKind::NotInstalled)
}

fn review(expected: String, page: &At<'_, Page>, evidence: &Evidence) -> Verdict {
    let saw = format!(
        "{} could not be read for sure ({}, {} %): look at its picture",
        place(page.it, evidence),
        signs(page.it),
        page.it.certainty
    );
    Verdict::Review(Finding::app(expected, saw).at(page.seq))
}

fn way_in_words(attempt: &Attempt<'_>) -> String {
    let hops = attempt.way().iter().filter(|entry| matches!(entry.seen, Seen::Hop(_))).count();
    format!("Klaviyo reached after {hops} hop(s)")
}

fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned()
}
