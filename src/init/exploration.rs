//! What exploring the app showed.

use super::url_template::{as_written, page};
use crate::checklist::{Problem, ScenarioEnd, ScenarioOutcome};
use crate::doctor::{Blame, Finding, ready, remedy_or};
use crate::evidence::{
    AuthorizeCall, Control, Entry, Event, Exchange, Facts, Hop, Page, PageKind, Purpose, Start, StepPhase,
};
use crate::scenario::AppFile;

/// What exploring the app showed. Addresses are written as in `flowcheck.yaml`.
#[derive(Debug, Clone, Default)]
pub struct Exploration {
    /// Its name, according to its pages' titles.
    pub name: Option<String>,
    /// Where a user logs in.
    pub login: Option<String>,
    /// Whether the login page has a link to a sign-up page.
    pub sign_up: bool,
    /// Where a user arrives after logging in.
    pub home: Option<String>,
    /// Where it shows whether it is installed.
    pub settings: Option<String>,
    /// The control that connects.
    pub connect: Option<String>,
    /// The URL that this control requests, where it does so by GET.
    pub connect_url: Option<String>,
    /// The app's authorization request, with the redirect URI written as in `flowcheck.yaml`.
    pub request: Option<AuthorizeCall>,
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
        exploration.sign_up = form.controls.iter().any(|control| crate::browser::matches_sign_up(&control.name));
        exploration.login = Some(written(&page(&form.url)));
    }
    exploration.home = after_login(timeline).map(|home| written(&page(&home.url)));
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
            exploration.findings.push(Finding::fails(LOGIN, Blame::Configuration, &problem.what, NO_LOGIN));
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
    exploration.settings = before.map(|seen| written(&page(&seen.url)));
    if let (Some(seen), Some(connect)) = (before, &exploration.connect) {
        exploration.findings.push(Finding::holds(SETTINGS, format!("{} has \"{connect}\"", page(&seen.url))));
    }
    exploration.connect_url =
        timeline[start..].iter().find_map(hop).filter(|hop| hop.method == "GET").map(|hop| written(&hop.url));
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

fn links(timeline: &[Entry]) -> impl Iterator<Item = (String, String)> {
    let controls = pages(timeline).flat_map(|page| &page.controls);
    controls.filter_map(|Control { name, href, .. }| Some((name.clone(), href.clone()?)))
}

pub(super) fn is_apps(page: &Page) -> bool {
    !matches!(
        page.kind,
        PageKind::Blank
            | PageKind::BrowserError
            | PageKind::KlaviyoLogin
            | PageKind::KlaviyoAccounts
            | PageKind::KlaviyoConsent
            | PageKind::KlaviyoListing
            | PageKind::KlaviyoIntegrations
            | PageKind::KlaviyoError
    )
}

pub(super) fn pages(timeline: &[Entry]) -> impl Iterator<Item = &Page> {
    timeline.iter().filter_map(|entry| match &entry.event {
        Event::Page(page) => Some(&**page),
        _ => None,
    })
}

fn hop(entry: &Entry) -> Option<&Hop> {
    match &entry.event {
        Event::Hop(hop) => Some(hop),
        _ => None,
    }
}

pub(super) fn request(entry: &Entry) -> Option<&AuthorizeCall> {
    match &entry.event {
        Event::Exchange(exchange) => match &**exchange {
            Exchange { facts: Facts::Authorize(call), .. } => Some(call),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_apps_name_is_what_all_titles_have() {
        let of = |titles: &[&str]| name(titles.iter().copied());
        assert_eq!(of(&["Log in · Harbour Reviews", "Settings · Harbour Reviews"]).as_deref(), Some("Harbour Reviews"));
        assert_eq!(of(&["Tidepool", "Tidepool | Settings"]).as_deref(), Some("Tidepool"));
        assert_eq!(of(&["Only one"]).as_deref(), Some("Only one"));
        assert_eq!(of(&[]), None);
    }
}
