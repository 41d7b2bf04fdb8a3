//! `reach: env`, with the fixture app configured as in production.

use flowcheck::checklist::{Outcome, VerdictKind, aggregate};
use flowcheck::evidence::Event;
use flowcheck::report::{Style, terminal};

use super::fixture_app;
use super::program::{file, run};

fn played(ids: &[&str]) -> Outcome {
    let mut scenarios = fixture_app::scenarios();
    scenarios.retain(|scenario| ids.contains(&scenario.script.id.value.as_str()));
    assert_eq!(scenarios.len(), ids.len(), "a scenario is not there");
    fixture_app::play(fixture_app::file("env.flowcheck.yaml"), scenarios, 1)
}

fn passes(outcome: &Outcome) {
    let items = aggregate(outcome);
    let passed = !items.is_empty() && items.iter().all(|item| item.verdict.kind() == VerdictKind::Pass);
    assert!(passed, "{}", terminal(outcome, Style::Plain, 100, None));
}

/// Hosts that anyone asked the fake Klaviyo for, each once.
fn hosts(outcome: &Outcome) -> Vec<String> {
    let evidence = outcome.scenarios.iter().filter_map(|scenario| scenario.evidence.as_ref());
    let mut hosts: Vec<String> = evidence
        .flat_map(|evidence| &evidence.timeline)
        .filter_map(
            |entry| if let Event::Exchange(exchange) = &entry.event { Some(exchange.host.to_string()) } else { None },
        )
        .collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

#[test]
fn an_app_installs_and_uninstalls_at_klaviyo_s_own_hosts() {
    let outcome = played(&["install/klaviyo-subdomain", "uninstall/in-app"]);
    passes(&outcome);
    assert_eq!(hosts(&outcome), ["a.klaviyo.com", "marketplace.klaviyo.com", "www.klaviyo.com"]);
    for scenario in &outcome.scenarios {
        let setup = &scenario.evidence.as_ref().expect("it was run").setup;
        assert_eq!(setup.klaviyo_hosts, ["klaviyo.com", "a.klaviyo.com"]);
    }
}

#[test]
fn a_browser_without_bidi_reaches_klaviyo_too() {
    let ended = run(&file("env.flowcheck.yaml"), &["--no-bidi", "install/signed-out"]);
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    assert_eq!(ended.run["exit_code"], 0);
}
