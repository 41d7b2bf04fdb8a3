//! An app whose client never came to Klaviyo is not to blame for what it could not do; one that could have come is.

use flowcheck::checklist::{self, Blame, Finding, ScenarioEnd, Verdict, VerdictKind};
use flowcheck::evidence::{
    AppEvent, Entry, Event, Evidence, Facts, GatewayTraffic, KlaviyoEvent, PageKind, Routing, RoutingSetup,
};

use crate::recordings::{HONEST, expects, judge, one};

/// An installation after which the app neither called Klaviyo nor showed anything but an error, with what came to the gateway.
fn without_calls(way: Routing, program: Option<&str>, came: Option<GatewayTraffic>) -> Evidence {
    let mut evidence = one(HONEST, "install/signed-in");
    evidence.timeline.retain(|entry| match &entry.event {
        Event::Exchange(exchange) => !matches!(exchange.facts, Facts::Token(_) | Facts::Api(_) | Facts::Revoke(_)),
        Event::Klaviyo(event) => !matches!(event, KlaviyoEvent::Installed { .. }),
        _ => true,
    });
    for entry in &mut evidence.timeline {
        if let Event::Page(page) = &mut entry.event
            && page.url.contains("/settings/integrations")
        {
            page.kind = PageKind::NotInstalled;
            page.alerts = vec!["Klaviyo could not be reached.".to_owned()];
        }
    }
    evidence.setup.routing = RoutingSetup { way, program: program.map(str::to_owned), elsewhere: false };
    if let Some(came) = came {
        at_the_end(&mut evidence, came);
    }
    evidence
}

fn at_the_end(evidence: &mut Evidence, came: GatewayTraffic) {
    let seq = evidence.timeline.last().expect("there is something").seq + 1;
    evidence.timeline.push(Entry { seq, at_ms: 0, event: Event::GatewayTraffic(came) });
}

fn failed(evidence: &Evidence, item: &str) -> Finding {
    match judge(item, evidence) {
        Verdict::Fail(finding) => finding,
        other => panic!("{item}: {other:?}"),
    }
}

#[test]
fn a_client_that_never_came_is_the_configurations_fault() {
    for (program, said) in [
        (Some("java"), "-Dhttps.proxyHost"),
        (Some("ruby3.3"), "http.rb"),
        (Some("node"), "NODE_OPTIONS"),
        (Some("python3"), "trust_env"),
        (Some("harbour-server"), "`harbour-server` seems to take no notice of HTTPS_PROXY; try `reach: hosts`"),
        (None, "add `start:`"),
    ] {
        let evidence = without_calls(Routing::Env, program, Some(GatewayTraffic::default()));
        let finding = failed(&evidence, "install.completes");
        let likely = finding.likely.expect("a cause").to_string();
        assert_eq!(finding.blame, Blame::Config, "{program:?}");
        assert!(likely.starts_with("the app never reached Klaviyo's hosts: ") && likely.contains(said), "{likely}");
    }
    let evidence = without_calls(Routing::Hosts, Some("java"), Some(GatewayTraffic::default()));
    let finding = failed(&evidence, "install.completes");
    assert!(finding.likely.is_some_and(|likely| likely.to_string().contains("try `reach: env`")));
}

#[test]
fn a_client_that_refuses_the_certificate_is_the_configurations_fault() {
    let came =
        GatewayTraffic { connections: 2, distrusted: vec!["a.klaviyo.com".to_owned()], ..GatewayTraffic::default() };
    let silent = GatewayTraffic { connections: 2, ..GatewayTraffic::default() };
    let only_one_of_its_clients = GatewayTraffic { requests: 3, ..came.clone() };
    for (came, host) in [(came, "a.klaviyo.com"), (silent, "klaviyo.com"), (only_one_of_its_clients, "a.klaviyo.com")] {
        let finding = failed(&without_calls(Routing::Env, Some("java"), Some(came)), "install.completes");
        assert_eq!(finding.blame, Blame::Config);
        let likely = finding.likely.expect("a cause").to_string();
        assert!(likely.contains(&format!("does not trust the certificate of {host}")), "{likely}");
    }
}

#[test]
fn an_app_that_came_or_could_have_come_has_itself_to_blame() {
    let came = GatewayTraffic { connections: 1, requests: 1, ..GatewayTraffic::default() };
    let mut elsewhere = without_calls(Routing::Env, Some("node"), Some(GatewayTraffic::default()));
    elsewhere.setup.routing.elsewhere = true;
    for evidence in [
        without_calls(Routing::Env, Some("node"), Some(came)),
        without_calls(Routing::Urls, Some("node"), Some(GatewayTraffic::default())),
        // Nothing is known of what came.
        without_calls(Routing::Env, Some("node"), None),
        elsewhere,
    ] {
        assert_eq!(failed(&evidence, "install.completes").blame, Blame::App);
    }
}

/// The same, with what the callback answered to Klaviyo's redirect instead, and an app that says nothing.
fn with_callback(status: u16, location: Option<&str>) -> Evidence {
    let mut evidence = without_calls(Routing::Env, Some("node"), Some(GatewayTraffic::default()));
    let callback = evidence.setup.app.redirect_uris[0].clone();
    let base = evidence.setup.app.url.trim_end_matches('/').to_owned();
    for entry in &mut evidence.timeline {
        match &mut entry.event {
            Event::Hop(hop) if hop.url.split('?').next() == Some(&callback) => {
                hop.status = Some(status);
                hop.location = location.map(|to| format!("{base}{to}"));
            }
            Event::Page(page) if page.url.contains("/settings/integrations") => {
                page.alerts.clear();
                "Integrations Klaviyo Not connected Connect Klaviyo".clone_into(&mut page.text);
            }
            _ => {}
        }
    }
    evidence
}

#[test]
fn a_callback_that_stops_by_itself_is_the_apps_fault_whatever_came_to_klaviyo() {
    for (status, location, said) in [
        (404, None, "the callback answered 404"),
        (405, None, "the callback answered 405"),
        (500, None, "the callback answered 500"),
        (302, Some("/login"), "the callback redirected to /login"),
        (302, Some("/"), "the callback redirected to /,"),
    ] {
        let finding = failed(&with_callback(status, location), "install.completes");
        assert_eq!(finding.blame, Blame::App, "{said}");
        assert!(finding.saw.to_string().starts_with(said), "{}", finding.saw);
    }
}

#[test]
fn a_callback_that_broke_over_an_address_its_client_could_not_find_is_the_configurations_fault() {
    let mut evidence = with_callback(500, None);
    let decided = evidence.timeline.iter().position(
        |entry| matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Decision(_))),
    );
    let decided = decided.expect("the user allowed");
    let at_ms = evidence.timeline[decided].at_ms;
    let log = Event::App(AppEvent::Log("Error: getaddrinfo ENOTFOUND a.klaviyo.com".to_owned()));
    evidence.timeline.insert(decided + 1, Entry { seq: 0, at_ms, event: log });
    for (seq, entry) in evidence.timeline.iter_mut().enumerate() {
        entry.seq = u32::try_from(seq).expect("few");
    }
    assert_eq!(failed(&evidence, "install.completes").blame, Blame::Config);
}

#[test]
fn one_callback_that_stops_is_told_by_one_item() {
    for (status, location) in [(404, None), (302, Some("/"))] {
        let expects = expects("install/signed-in");
        let judged = checklist::judge(&expects, &ScenarioEnd::Completed, Some(&with_callback(status, location)));
        let failing: Vec<&str> =
            judged.iter().filter(|one| one.verdict.kind() == VerdictKind::Fail).map(|one| one.item.as_str()).collect();
        assert_eq!(failing, ["install.completes"], "{status}");
    }
}

#[test]
fn what_fails_before_there_is_a_code_is_the_apps() {
    for (defect, scenario, item) in [
        ("login-drops-return", "install/signed-out", "install.signed-out.resumes"),
        ("interstitial", "install/signed-in", "install.signed-in.direct"),
        ("denial-generic", "errors/denied", "error.denied.message"),
    ] {
        let mut evidence = one(defect, scenario);
        evidence.setup.routing = RoutingSetup { way: Routing::Env, program: Some("node".to_owned()), elsewhere: false };
        at_the_end(&mut evidence, GatewayTraffic::default());
        assert_eq!(failed(&evidence, item).blame, Blame::App, "{defect}");
    }
}
