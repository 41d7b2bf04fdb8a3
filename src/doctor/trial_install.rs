//! A trial installation, and what its evidence says of the configuration.

use crate::checklist::{Outcome, Problem, ScenarioEnd, ScenarioOutcome, proxy_setting};
use crate::evidence::{
    AppEvent, Entry, Event, Evidence, Exchange, Facts, Gesture, Page, PageKind, Purpose, Routing, Setup, StepKind,
    StepPhase, TokenOutcome,
};
use crate::scenario::{Accounts, AppFile, Loaded, Step, parse_scenario};

use super::gateway_trust::gateway_trust;
use super::registration::{callback_elsewhere, registration};
use super::trigger::triggered;
use super::{Blame, Finding};

const APP: &str = "app";
const SET_UP: &str = "set up";
const RESET: &str = "reset works";
const FREE: &str = "app is free";
const LOGIN: &str = "login";
const BROWSER: &str = "browser runs";
const INSTALL: &str = "install URL";
const REACH: &str = "app reaches Klaviyo";
const SECRET: &str = "client secret";
const SHOWN: &str = "installed is seen";
const LEFT: &str = "left as found";

/// The scenario to play; without its trigger step for an app that has no `trigger`.
pub fn trial_install(app: &AppFile) -> Loaded {
    let mut trial = parse_scenario("src/doctor/trial-install.yaml", include_str!("trial-install.yaml"))
        .unwrap_or_else(|mistakes| unreachable!("the trial is a sound scenario: {}", mistakes.render(false)));
    if app.trigger.is_none() {
        trial.script.steps.retain(|step| step.value != Step::Trigger);
    }
    trial
}

/// What the trial left behind in an app that flowcheck did not start. None for other apps, and where nothing was played.
pub fn read_left_behind(outcome: &Outcome) -> Option<Finding> {
    let existing_app = outcome.run.existing_app.as_ref()?;
    outcome.scenarios.iter().find(|trial| trial.evidence.is_some())?;
    Some(match existing_app.left_behind.as_slice() {
        [] => Finding::holds(LEFT, "the trial's install is undone"),
        left => Finding::fails(
            LEFT,
            Blame::App,
            left.join("; "),
            "disconnect it by hand; flowcheck run uninstall/in-app shows why it did not",
        ),
    })
}

/// The findings of the trial, one for each precondition that it reached.
pub fn read_trial(outcome: &ScenarioOutcome, app: &AppFile) -> Vec<Finding> {
    let Some(Evidence { setup, timeline }) = &outcome.evidence else {
        return match &outcome.end {
            ScenarioEnd::OutOfReach(problem) => {
                vec![Finding::fails(FREE, Blame::Environment, &problem.what, remedy_or(problem, CLEAR))]
            }
            ScenarioEnd::Config(problem) => {
                let remedy = remedy_or(problem, "check it in flowcheck.yaml");
                vec![Finding::fails(SET_UP, Blame::Configuration, &problem.what, remedy)]
            }
            end => vec![ready(end, &[], app)],
        };
    };
    let mut findings = vec![ready(&outcome.end, timeline, app)];
    findings.extend(reset(timeline));
    match &outcome.end {
        ScenarioEnd::AppUnavailable(_) | ScenarioEnd::Interrupted => return findings,
        ScenarioEnd::Harness(problem) => {
            let remedy = remedy_or(problem, "try another browser with --browser, or --no-bidi");
            findings.push(Finding::fails(BROWSER, Blame::Environment, &problem.what, remedy));
            return findings;
        }
        ScenarioEnd::Config(problem) => {
            let remedy = remedy_or(problem, "check `users` and `pages` in flowcheck.yaml");
            findings.push(Finding::fails(LOGIN, Blame::Configuration, &problem.what, remedy));
            return findings;
        }
        ScenarioEnd::Completed
        | ScenarioEnd::NotApplicable(_)
        | ScenarioEnd::Undeclared(_)
        | ScenarioEnd::OutOfReach(_) => {}
    }
    if let Some(broken) = broken_down(outcome, timeline) {
        findings.push(broken);
        return findings;
    }
    findings.push(login(timeline, app));
    let exchanges: Vec<&Exchange> = timeline.iter().filter_map(exchange).collect();
    let request = exchanges.iter().find_map(|exchange| match &exchange.facts {
        Facts::Authorize(call) => Some(call),
        _ => None,
    });
    let Some(request) = request else {
        findings.push(never_came(timeline));
        return findings;
    };
    findings.push(led(timeline, setup));
    findings.extend(registration(request, setup));
    let token = exchanges.iter().find_map(|exchange| match &exchange.facts {
        Facts::Token(call) => Some(&call.outcome),
        _ => None,
    });
    let allowed = exchanges.iter().any(|exchange| matches!(&exchange.facts, Facts::Decision(_)));
    let trusted = gateway_trust(timeline, app.reach);
    match token {
        Some(answered) => {
            findings.extend(trusted);
            findings.push(Finding::holds(REACH, "its token request arrived"));
            findings.push(secret(answered));
            if matches!(answered, TokenOutcome::Issued { .. }) {
                findings.push(shown(timeline, app));
                findings.push(triggered(timeline, app));
            }
        }
        // A client that refuses the gateway's certificate sends nothing.
        None if allowed => {
            let why = callback_elsewhere(request, setup).or(trusted).unwrap_or_else(|| never_asked(timeline, app));
            findings.push(why);
        }
        // Without a code there is no token to request; the reason is a finding already.
        None => {}
    }
    findings
}

/// What a problem's own remedy is, or this one.
pub fn remedy_or(problem: &Problem, otherwise: &str) -> String {
    problem.remedy.clone().unwrap_or_else(|| otherwise.to_owned())
}

/// Whether the app could be reached, according to a scenario's end and timeline.
pub fn ready(end: &ScenarioEnd, timeline: &[Entry], app: &AppFile) -> Finding {
    if let ScenarioEnd::AppUnavailable(problem) = end {
        if app.start.is_none() {
            return Finding::fails(APP, Blame::Environment, &problem.what, remedy_or(problem, "start it first"));
        }
        let mut remedy = "check `start` in flowcheck.yaml".to_owned();
        if problem.output.is_empty() {
            remedy += ": try its command by hand, in its folder";
        } else {
            remedy += "; the app's last words:";
            remedy.extend(problem.output.iter().map(|line| format!("\n  | {line}")));
        }
        return Finding::fails(APP, Blame::Configuration, &problem.what, remedy);
    }
    let ready = timeline.iter().find_map(|entry| match &entry.event {
        Event::App(AppEvent::Ready(address)) => Some((entry.at_ms, address)),
        _ => None,
    });
    match ready {
        Some((ms, address)) if app.start.is_some() => {
            let allowed = app.timing.ready.duration();
            Finding::holds(APP, format!("answers at {address} after {ms} ms; {allowed:?} are allowed"))
        }
        Some((_, address)) => Finding::holds(APP, format!("answers at {address}")),
        None => Finding::unknown(APP, "nothing is on record"),
    }
}

/// Whether the app's `reset` worked; none for an app without one. Where it fails, the trial does not begin.
fn reset(timeline: &[Entry]) -> Option<Finding> {
    timeline.iter().find_map(|entry| match &entry.event {
        Event::App(AppEvent::Reset(words)) => Some(Finding::holds(RESET, words)),
        _ => None,
    })
}

/// What the app broke down over before anything was played; none where it did not.
fn broken_down(outcome: &ScenarioOutcome, timeline: &[Entry]) -> Option<Finding> {
    if timeline.iter().any(|entry| matches!(entry.event, Event::Step(_))) {
        return None;
    }
    let mut findings = outcome.items.iter().filter_map(|judged| judged.verdict.finding());
    let found = findings.find(|finding| finding.incident.is_some())?;
    let remedy = found.likely.as_ref().map_or_else(|| "its log tells more".to_owned(), ToString::to_string);
    Some(Finding::fails(LOGIN, Blame::App, found.saw.to_string(), remedy))
}

fn login(timeline: &[Entry], app: &AppFile) -> Finding {
    let user = app.user_with_one_tenant().or_else(|| app.users.first().map(|user| &user.value));
    let submitted = timeline.iter().any(|entry| {
        matches!(&entry.event, Event::Act(act) if act.purpose == Purpose::Prepare && matches!(act.gesture, Gesture::Clicked(_)))
    });
    match user {
        Some(user) if submitted => Finding::holds(LOGIN, format!("works for {}", user.login)),
        Some(user) => Finding::holds(LOGIN, format!("{} is signed in without a form", user.login)),
        None if app.accounts == Accounts::Klaviyo => {
            Finding::not_applicable(LOGIN, "nobody logs in to the app (`accounts: klaviyo`)")
        }
        None => Finding::unknown(LOGIN, "flowcheck.yaml names no `users`"),
    }
}

/// Install was clicked, and the app never sent its user on to Klaviyo.
fn never_came(timeline: &[Entry]) -> Finding {
    let last = pages(timeline).last();
    let saw = match last {
        Some(page) => format!("it led to {}, which says \"{}\", and not to Klaviyo", page.url, page.headline()),
        None => "it led nowhere".to_owned(),
    };
    Finding::fails(INSTALL, Blame::Configuration, saw, COMPARE)
}

/// Whether Install led to Klaviyo by itself, or only by recovering as a persistent user would.
fn led(timeline: &[Entry], setup: &Setup) -> Finding {
    let strayed = timeline.iter().find_map(|entry| match &entry.event {
        Event::Step(step) if matches!(step.step, StepKind::Install(_) | StepKind::InstallOnHost) => match &step.phase {
            StepPhase::Strayed(why) => Some(why),
            _ => None,
        },
        _ => None,
    });
    let url = &setup.app.install_url;
    match strayed {
        None => Finding::holds(INSTALL, format!("{url} leads to Klaviyo")),
        Some(why) => Finding::fails(
            INSTALL,
            Blame::Configuration,
            format!("{url} does not lead to Klaviyo by itself: {why}"),
            COMPARE,
        ),
    }
}

const CLEAR: &str = "an app that goes on running is left as it is found, so it must be found without an install";
const COMPARE: &str = "compare `klaviyo.install_url` with the installation URL in the app's settings at Klaviyo; if it is \
                       right, the app is at fault: flowcheck run install/signed-in";

/// The app has a code, and no token request arrived.
fn never_asked(timeline: &[Entry], app: &AppFile) -> Finding {
    let saw = match pages(timeline).last() {
        Some(page) => format!("its token request never arrived; it shows \"{}\"", page.headline()),
        None => "its token request never arrived".to_owned(),
    };
    let remedy = match app.reach {
        Routing::Env => match app.start.as_ref().and_then(|start| proxy_setting(&start.words())) {
            Some(setting) => {
                format!("its HTTP client does not use HTTPS_PROXY; {setting}. Or `reach: hosts`, which does without a proxy")
            }
            None => "its HTTP client does not use HTTPS_PROXY, or does not trust the gateway's certificate (docs/gateway.md says \
                     what to set, by language); `reach: hosts` does without a proxy"
                .to_owned(),
        },
        Routing::Hosts => {
            "its HTTP client does not trust the gateway's certificate: docs/gateway.md says what to set".to_owned()
        }
        Routing::Urls => "tell the app {klaviyo_api} in `start`, or leave `reach: urls` out".to_owned(),
    };
    Finding::fails(REACH, Blame::Configuration, saw, remedy)
}

fn secret(answered: &TokenOutcome) -> Finding {
    match answered {
        TokenOutcome::Issued { .. } => Finding::holds(SECRET, "accepted"),
        TokenOutcome::Refused { error, .. } if error == "invalid_client" => Finding::fails(
            SECRET,
            Blame::Configuration,
            "the token endpoint answered invalid_client",
            "give both the same: `klaviyo.client_secret`, and what the app is configured with (`start.env`)",
        ),
        TokenOutcome::Refused { error, reason } => Finding::fails(
            SECRET,
            Blame::App,
            format!("the token endpoint answered {error}: {reason}"),
            "flowcheck run install/signed-in shows the request",
        ),
    }
}

fn shown(timeline: &[Entry], app: &AppFile) -> Finding {
    if let Some(why) = &app.pages.none {
        return Finding::not_applicable(SHOWN, format!("no page of it shows that: {why}"));
    }
    match pages(timeline).last() {
        Some(page) if page.kind == PageKind::Installed => {
            Finding::holds(SHOWN, format!("{} is read as installed", page.url))
        }
        Some(page) if app.pages.settings.is_none() => Finding::fails(
            SHOWN,
            Blame::Configuration,
            format!("{} says \"{}\", which does not read as installed", page.url, page.headline()),
            "name the page that shows it: `pages.settings`",
        ),
        Some(page) => Finding::fails(
            SHOWN,
            Blame::App,
            format!("{} says \"{}\", which does not read as installed", page.url, page.headline()),
            "flowcheck run install/signed-in shows the page",
        ),
        None => Finding::unknown(SHOWN, "no page is on record"),
    }
}

fn pages(timeline: &[Entry]) -> impl Iterator<Item = &Page> {
    timeline.iter().filter_map(|entry| match &entry.event {
        Event::Page(page) => Some(&**page),
        _ => None,
    })
}

fn exchange(entry: &Entry) -> Option<&Exchange> {
    match &entry.event {
        Event::Exchange(exchange) => Some(exchange),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;
    use crate::scenario::parse_app;

    /// What the finding of an app that could not be used says to do.
    fn remedy(start: &str, problem: Problem) -> String {
        let text = format!(
            "name: An app\n{start}url: http://localhost:3000\nklaviyo:\n  client_id: id\n  client_secret: secret\n  \
             scopes: [accounts:read]\n  redirect_uris: ['http://localhost:3000/callback']\n  \
             install_url: http://localhost:3000/install\n"
        );
        let app = parse_app("flowcheck.yaml", &text).expect("a sound file");
        let State::Fails { saw, remedy, .. } = ready(&ScenarioEnd::AppUnavailable(problem), &[], &app).state else {
            panic!("it fails");
        };
        assert_eq!(saw, "it is down");
        remedy
    }

    #[test]
    fn an_app_that_is_down_comes_with_what_can_be_done_about_it() {
        let (down, started) = (|| Problem::new("it is down"), "start:\n  command: app\n");
        assert_eq!(remedy("", down()), "start it first");
        assert_eq!(remedy("", down().with_remedy(Some("turn it on"))), "turn it on");
        assert!(remedy(started, down()).ends_with("try its command by hand, in its folder"));
        let told = remedy(started, down().with_output(vec!["no port".to_owned(), "bye".to_owned()]));
        assert!(told.ends_with("the app's last words:\n  | no port\n  | bye"), "{told}");
    }
}
