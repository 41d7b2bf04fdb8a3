//! What exploring the app showed.

use url::Url;

use super::scene_timeline::{hop, is_apps, is_behind_a_click, linked_address, links, pages, request};
use super::url_template::{as_written, page};
use crate::browser::{matches_continue, matches_sign_in, matches_sign_up};
use crate::checklist::{Problem, ScenarioEnd, ScenarioOutcome};
use crate::doctor::{Blame, Finding, ready, remedy_or};
use crate::evidence::{AuthorizeCall, Control, Entry, Event, Hop, Page, PageKind, Purpose, Start, StepPhase};
use crate::scenario::AppFile;

/// What exploring the app showed. Addresses are written as in `flowcheck.yaml`.
#[derive(Debug, Clone, Default)]
pub struct Exploration {
    /// Its name, according to its pages' titles.
    pub name: Option<String>,
    /// Where a user logs in.
    pub login: Option<String>,
    /// Whether it asks people to log in, at whatever host.
    pub asks_to_log_in: bool,
    /// Whether its login page leads to signing up; none where that cannot be told.
    pub sign_up: Option<bool>,
    /// Where a user arrives after logging in.
    pub home: Option<String>,
    /// Where it shows whether it is installed.
    pub settings: Option<String>,
    /// The control that connects.
    pub connect: Option<String>,
    /// The URL that this control requests, where it does so by GET.
    pub connect_url: Option<String>,
    /// The last URL of the app's on the way from there to Klaviyo, where that is another.
    pub led_from: Option<String>,
    /// The app's authorization request, with the redirect URI written as in `flowcheck.yaml`.
    pub request: Option<AuthorizeCall>,
    /// Whether the app did not accept the user's login.
    pub login_refused: bool,
    /// The host of a login form at which no password was typed, as it is not the app's own.
    pub password_elsewhere: Option<String>,
    /// Links that were seen: name and address.
    pub links: Vec<(String, String)>,
    /// Findings to print.
    pub findings: Vec<Finding>,
}

const LOGIN: &str = "login";
const SETTINGS: &str = "settings";
const REQUEST: &str = "request to Klaviyo";

/// Reads the outcome of exploring the app.
pub fn read_exploration(outcome: &ScenarioOutcome, app: &AppFile) -> Exploration {
    let timeline = outcome.evidence.as_ref().map_or([].as_slice(), |evidence| &evidence.timeline);
    let mut exploration =
        Exploration { findings: vec![reached(&outcome.end, timeline, app)], ..Exploration::default() };
    let base = outcome.evidence.as_ref().map_or(app.url.value.as_str(), |evidence| &evidence.setup.app.url);
    let written = |seen: &str| as_written(seen, base, &app.url.value);
    // Also of an app in which not all was seen.
    let form = pages(timeline).find(|page| page.kind == PageKind::Login);
    if let Some(form) = form {
        exploration.asks_to_log_in = true;
        exploration.sign_up = leads_to_sign_up(timeline);
        // Another host's form may be at another address next time; the app leads there.
        exploration.login = is_at(&form.url, [base, app.login_page()]).then(|| written(&page(&form.url)));
    }
    exploration.home = after_login(timeline).map(|home| written(&linked_address(&home.url, timeline)));
    exploration.name = name(pages(timeline).filter(|page| is_apps(page)).map(|page| page.title.as_str()));
    exploration.links = links(timeline).map(|(name, link)| (name, written(&link))).collect();
    match &outcome.end {
        ScenarioEnd::AppUnavailable(_)
        | ScenarioEnd::Interrupted
        | ScenarioEnd::NotApplicable(_)
        | ScenarioEnd::Undeclared(_)
        | ScenarioEnd::OutOfReach(_) => return exploration,
        ScenarioEnd::Harness(problem) => {
            exploration.findings.push(browser_fails(problem));
            return exploration;
        }
        ScenarioEnd::Config(problem) => {
            exploration.login_refused = pages(timeline).any(|page| page.kind == PageKind::Login);
            exploration.password_elsewhere = form_elsewhere(timeline, [base, app.login_page()]);
            let own = problem.remedy.as_deref().filter(|_| exploration.password_elsewhere.is_some());
            let remedy = own.unwrap_or(NO_LOGIN);
            exploration.findings.push(Finding::fails(LOGIN, Blame::Configuration, &problem.what, remedy));
            return exploration;
        }
        ScenarioEnd::Completed => {}
    }
    if let (Some(form), Some(user)) = (form, app.users.first()) {
        let saw = format!("{} is logged in by {}", user.value.login, page(&form.url));
        exploration.findings.push(Finding::holds(LOGIN, saw));
    }
    let Some(start) = timeline.iter().position(starts) else {
        exploration.findings.push(nothing_to_click(timeline));
        return exploration;
    };
    let before = pages(&timeline[..start]).last();
    exploration.connect = clicked(&timeline[start]);
    // What has to be opened by a click first, a tab or a menu, is not what its address alone shows.
    let shown_at = before.filter(|_| !is_behind_a_click(&timeline[..start]));
    exploration.settings = shown_at.map(|seen| written(&linked_address(&seen.url, timeline)));
    if let (Some(seen), Some(connect)) = (before, &exploration.connect) {
        exploration.findings.push(Finding::holds(SETTINGS, format!("{} has \"{connect}\"", page(&seen.url))));
    }
    exploration.connect_url =
        timeline[start..].iter().find_map(hop).filter(|hop| hop.method == "GET").map(|hop| written(&hop.url));
    let to_klaviyo = timeline[start..].iter().position(|entry| request(entry).is_some()).map(|at| start + at);
    exploration.led_from = to_klaviyo.and_then(|to| last_of_app(&timeline[start..to], base)).map(|url| written(&url));
    exploration.request = timeline[start..].iter().find_map(request).cloned();
    if let Some(asked) = &mut exploration.request {
        asked.redirect_uri = asked.redirect_uri.as_deref().map(written);
        exploration.findings.push(asked_for(asked));
    } else {
        let saw = match pages(&timeline[start..]).last() {
            Some(page) => format!("it led to {}, which says \"{}\", and not to Klaviyo", page.url, page.headline()),
            None => "it led nowhere".to_owned(),
        };
        let remedy = "see by hand whether it begins an installation: flowcheck init … --headed";
        exploration.findings.push(Finding::fails(REQUEST, Blame::App, saw, remedy));
    }
    exploration
}

/// Whether the app answers. Where it does not, and flowcheck did not start it, the remedy names `init`'s flags.
fn reached(end: &ScenarioEnd, timeline: &[Entry], app: &AppFile) -> Finding {
    match end {
        ScenarioEnd::AppUnavailable(problem) if app.start.is_none() => {
            let remedy = "start it first, or say how flowcheck starts it: --start COMMAND; or correct the address";
            Finding::fails("app", Blame::Environment, &problem.what, remedy)
        }
        _ => ready(end, timeline, app),
    }
}

/// Reads the outcome of signing up: whether the user whose login the plan names has an account now.
pub fn read_sign_up(outcome: &ScenarioOutcome, app: &AppFile) -> Vec<Finding> {
    const SIGN_UP: &str = "sign-up";
    let timeline = outcome.evidence.as_ref().map_or([].as_slice(), |evidence| &evidence.timeline);
    let user = app.users.first().map_or("", |user| &user.value.login);
    let reached = reached(&outcome.end, timeline, app);
    match &outcome.end {
        ScenarioEnd::Completed => vec![Finding::holds(SIGN_UP, format!("{user} has an account now"))],
        ScenarioEnd::Config(problem) => {
            let remedy = "create the account by hand and leave --sign-up out; or name the login page: --login-page";
            vec![reached, Finding::fails(SIGN_UP, Blame::Configuration, problem.to_string(), remedy)]
        }
        ScenarioEnd::Harness(problem) => vec![browser_fails(problem)],
        ScenarioEnd::AppUnavailable(_)
        | ScenarioEnd::Interrupted
        | ScenarioEnd::NotApplicable(_)
        | ScenarioEnd::Undeclared(_)
        | ScenarioEnd::OutOfReach(_) => vec![reached],
    }
}

/// The browser, or what drives it, could not do its work.
fn browser_fails(problem: &Problem) -> Finding {
    let remedy = remedy_or(problem, "try another browser with --browser, or --no-bidi");
    Finding::fails("browser", Blame::Environment, &problem.what, remedy)
}

const NO_LOGIN: &str = "name a user who exists in the app: --login, with the password in FLOWCHECK_PASSWORD; and the login page, where \
                        nothing at the base URL leads to it: --login-page";

fn asked_for(asked: &AuthorizeCall) -> Finding {
    let Some(id) = &asked.client_id else {
        let saw = "the app's request names no client_id";
        return Finding::fails(REQUEST, Blame::App, saw, "let it send the client id of its settings at Klaviyo");
    };
    let Some(uri) = &asked.redirect_uri else {
        let saw = "the app's request names no redirect_uri";
        return Finding::fails(REQUEST, Blame::App, saw, "let it send the redirect URI of its settings at Klaviyo");
    };
    Finding::holds(REQUEST, format!("client {id}, redirect URI {uri}, scopes {}", asked.scopes.join(" ")))
}

/// Why no connect control was clicked: what was seen instead.
fn nothing_to_click(timeline: &[Entry]) -> Finding {
    let visited: Vec<String> =
        pages(timeline).filter(|page| is_apps(page)).map(|seen| page(&seen.url)).fold(Vec::new(), |mut all, url| {
            if !all.contains(&url) {
                all.push(url);
            }
            all
        });
    if let Some(installed) =
        pages(timeline).find(|page| page.kind == PageKind::Installed && page.certainty >= Page::SURE)
    {
        return Finding::fails(
            SETTINGS,
            Blame::Configuration,
            format!("{} shows that Klaviyo is connected already", page(&installed.url)),
            "disconnect it first, or let the app be started with fresh data: --start, with {data} for a folder of its own",
        );
    }
    let why = timeline.iter().rev().find_map(|entry| match &entry.event {
        Event::Step(step) => match &step.phase {
            StepPhase::Failed(problem) => Some(problem.to_string()),
            _ => None,
        },
        _ => None,
    });
    let saw = format!("{}; seen: {}", why.unwrap_or_else(|| "nothing connects Klaviyo".to_owned()), visited.join(", "));
    Finding::fails(
        SETTINGS,
        Blame::Configuration,
        saw,
        "name the page with the control that connects Klaviyo: --settings URL",
    )
}

/// Whether the app's login pages lead to signing up. None where one has something that may, or not: what it is called says nothing.
fn leads_to_sign_up(timeline: &[Entry]) -> Option<bool> {
    let forms = pages(timeline).filter(|page| page.kind == PageKind::Login);
    let controls: Vec<&Control> = forms.flat_map(|page| &page.controls).collect();
    let address = |control: &Control| control.href.as_deref().map(|link| link.replace(['/', '-', '_', '?'], " "));
    let says_so = |control: &&Control| {
        matches_sign_up(&control.name) || address(control).is_some_and(|words| matches_sign_up(&words))
    };
    if controls.iter().any(says_so) {
        return Some(true);
    }
    let is_known = |control: &&Control| {
        let about_password =
            |words: String| ["password", "forgot", "reset", "recover"].iter().any(|of| words.contains(of));
        let name = &control.name;
        // A link that says so may lead to an offer ("Start for free").
        let by_name = matches_sign_in(name) || control.href.is_none() && matches_continue(name);
        by_name || control.in_navigation || address(control).is_some_and(about_password)
    };
    controls.iter().all(is_known).then_some(false)
}

/// The host of the login form in front of the user in the end, where that is none of the app's.
fn form_elsewhere(timeline: &[Entry], own: [&str; 2]) -> Option<String> {
    let form = pages(timeline).last().filter(|page| page.kind == PageKind::Login)?;
    host(&form.url).filter(|_| !is_at(&form.url, own))
}

/// Whether an address is at the host of one of these.
fn is_at(address: &str, own: [&str; 2]) -> bool {
    let there = host(address);
    there.is_some() && own.into_iter().any(|own| host(own) == there)
}

fn host(address: &str) -> Option<String> {
    Some(Url::parse(&address.replace("{port}", "1")).ok()?.host_str()?.to_owned())
}

/// The last URL of the app's that was requested by GET among these entries.
fn last_of_app(timeline: &[Entry], base: &str) -> Option<String> {
    let host = |address: &str| Url::parse(address).ok().map(|url| url.origin());
    let own = |hop: &&Hop| hop.method == "GET" && host(&hop.url) == host(base);
    timeline.iter().rev().filter_map(hop).find(own).map(|hop| hop.url.clone())
}

fn starts(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Act(act) if act.purpose == Purpose::StartInstall(Start::App))
}

/// The name of the control that was clicked.
pub(super) fn clicked(entry: &Entry) -> Option<String> {
    let Event::Act(act) = &entry.event else { return None };
    act.gesture.control().map(|control| control.name.clone())
}

fn after_login(timeline: &[Entry]) -> Option<&Page> {
    let form =
        timeline.iter().position(|entry| matches!(&entry.event, Event::Page(page) if page.kind == PageKind::Login))?;
    pages(&timeline[form..]).find(|page| page.kind != PageKind::Login && is_apps(page))
}

/// The part that all titles share: "The app", for "Dashboard · The app" and "Settings · The app".
fn name<'a>(titles: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut titles: Vec<&str> = titles.filter(|title| !title.trim().is_empty()).collect();
    titles.dedup();
    let (first, rest) = titles.split_first()?;
    let common = parts(first).into_iter().rev().find(|part| rest.iter().all(|title| parts(title).contains(part)));
    common.filter(|_| !rest.is_empty() || parts(first).len() > 1).or(Some(first).copied()).map(str::to_owned)
}

fn parts(title: &str) -> Vec<&str> {
    let separators = [" · ", " | ", " - ", " – ", " — ", " • ", ": "];
    let separator = separators.into_iter().find(|separator| title.contains(separator));
    separator.map_or(vec![title.trim()], |separator| title.split(separator).map(str::trim).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn login_page(controls: &[(&str, Option<&str>)]) -> Vec<Entry> {
        let control = |(name, href): &(&str, Option<&str>)| json!({ "role": "link", "name": name, "href": href, "near": "", "in_navigation": false });
        let page = serde_json::from_value(json!({
            "user": "a", "url": "http://a/login", "title": "", "kind": "login", "certainty": 90, "why": [], "status": 200,
            "media_type": null, "headings": [], "text": "", "alerts": [], "fields": [], "shot": null,
            "controls": controls.iter().map(control).collect::<Vec<_>>(),
        }));
        vec![Entry { seq: 0, at_ms: 0, event: Event::Page(Box::new(page.expect("a page"))) }]
    }

    #[test]
    fn what_a_login_page_says_of_signing_up_is_yes_no_or_nothing() {
        let told = |controls: &[(&str, Option<&str>)]| leads_to_sign_up(&login_page(controls));
        let log_in = ("Log in", None);
        assert_eq!(told(&[log_in, ("Create an account", Some("http://a/new"))]), Some(true));
        assert_eq!(told(&[log_in, ("Start for free", Some("http://a/sign-up?plan=1"))]), Some(true));
        assert_eq!(told(&[log_in, ("Forgot your password?", Some("http://a/reset"))]), Some(false));
        assert_eq!(told(&[log_in]), Some(false));
        assert_eq!(told(&[log_in, ("Start for free", Some("http://a/join"))]), Some(true));
        assert_eq!(told(&[log_in, ("Start for free", Some("http://a/plans"))]), None);
        assert_eq!(told(&[log_in, ("Click here", Some("http://a/x"))]), None);
    }

    #[test]
    fn the_apps_name_is_what_all_titles_have() {
        let of = |titles: &[&str]| name(titles.iter().copied());
        assert_eq!(of(&["Log in · Harbour Reviews", "Settings · Harbour Reviews"]).as_deref(), Some("Harbour Reviews"));
        assert_eq!(of(&["Tidepool", "Tidepool | Settings"]).as_deref(), Some("Tidepool"));
        assert_eq!(of(&["Only one"]).as_deref(), Some("Only one"));
        assert_eq!(of(&[]), None);
    }
}
