//! `flowcheck doctor`: its findings, their remedies, and who is to blame.

use std::process::Command;

use super::workspace::{Workspace, end, fixture, unchanged};

#[test]
fn a_correct_configuration_passes_every_check() {
    let said = examined(unchanged, 0);
    insta::assert_snapshot!(said);
}

#[test]
fn a_redirect_uri_that_is_not_registered_is_named_beside_those_that_are() {
    let said = examined(
        |text| text.replace("- http://localhost:{port}/klaviyo/callback", "- http://localhost:{port}/klaviyo/cb"),
        2,
    );
    let redirect = of(&said, "✗ redirect URI");
    let both = "the app sends http://localhost:PORT/klaviyo/callback; registered: http://localhost:PORT/klaviyo/cb";
    assert!(redirect.contains(both) && redirect.contains("`klaviyo.redirect_uris`"), "{said}");
}

#[test]
fn what_init_could_not_find_out_is_named_before_anything_is_played() {
    let said = examined(|text| text.replace("/klaviyo/install", "/not-known-yet"), 2);
    let told = of(&said, "✗ registration");
    assert!(told.contains("`klaviyo.install_url` is not-known-yet") && told.contains("--install-url"), "{said}");
    assert!(!said.contains("login"), "{said}");
}

#[test]
fn a_client_secret_that_differs_is_told_by_the_token_endpoints_answer() {
    let said =
        examined(|text| text.replace("  client_secret: harbour-reviews-client-secret", "  client_secret: another"), 2);
    assert!(of(&said, "✗ client secret").contains("invalid_client"), "{said}");
    assert!(!said.contains("installed is seen"), "what hangs on it is not held against the app: {said}");
}

#[test]
fn a_client_that_does_not_trust_the_gateway_is_told_what_to_read() {
    let workspace = Workspace::new();
    let text = fixture("fixtures/partner/env.flowcheck.yaml");
    workspace.write("flowcheck.yaml", &text.replace("command: ${PARTNER}", "command: env -u SSL_CERT_FILE ${PARTNER}"));
    let said = end(examining(&workspace)).with(2).out;
    let trust = of(&said, "✗ gateway trusted");
    assert!(trust.contains("refused the certificate of a.klaviyo.com") && trust.contains("SSL_CERT_FILE"), "{said}");
    assert!(!said.contains("app reaches Klaviyo"), "what hangs on it is not told twice: {said}");
}

#[test]
fn a_login_that_is_refused_is_the_configurations_fault() {
    let said = examined(|text| text.replace("password: harbour-demo", "password: not-this-one"), 2);
    assert!(of(&said, "✗ login").contains("did not accept the login"), "{said}");
    assert!(of(&said, "✗ login").contains("check `users` and `pages.login`"), "{said}");
}

#[test]
fn an_install_url_that_is_a_page_of_the_app_does_not_pass_for_one() {
    let said = examined(|text| text.replace("/klaviyo/install", "/dashboard"), 2);
    assert!(of(&said, "✗ install URL").contains("does not lead to Klaviyo by itself"), "{said}");
}

#[test]
fn an_app_that_does_not_start_is_shown_with_its_last_output() {
    let said = examined(|text| text.replace("--demo-data", "--no-such-option"), 2);
    assert!(of(&said, "✗ app").contains("exited with status N"), "{said}");
    assert!(said.contains("unexpected argument '--no-such-option'"), "{said}");
}

#[test]
fn a_reset_that_works_is_told_and_one_that_does_not_is_the_configurations_fault() {
    let with =
        |path: &'static str| move |text: &str| format!("{text}\nreset:\n  get: http://localhost:{{port}}{path}\n");
    let said = examined(with("/healthz"), 0);
    assert!(of(&said, "✓ reset works").ends_with("GET http://localhost:PORT/healthz answered N"), "{said}");
    let said = examined(with("/nowhere"), 2);
    let told = of(&said, "✗ set up");
    assert!(told.contains("`reset` of flowcheck.yaml failed: GET http://localhost:PORT/nowhere answered N"), "{said}");
    assert!(told.contains("make sure that it works by hand"), "{said}");
}

#[test]
fn an_app_that_keeps_its_connections_is_told_apart_from_one_that_begins_anew() {
    let workspace = Workspace::new();
    std::fs::create_dir_all(workspace.path("apps/connection-left-over")).expect("there is room for a folder");
    for file in ["kit.mjs", "mail.mjs", "connection-left-over/app.mjs"] {
        workspace.write(&format!("apps/{file}"), &fixture(&format!("fixtures/apps/{file}")));
    }
    let described = fixture("fixtures/apps/connection-left-over/flowcheck.yaml");
    workspace.write("flowcheck.yaml", &described.replace("node app.mjs", "node apps/connection-left-over/app.mjs"));
    let said = end(workspace.flowcheck(&["doctor"])).with(0);
    let kept = of(&said.out, "· fresh start");
    assert!(kept.contains("keeps its connections from one scenario to the next"), "{}", said.out);
    assert!(kept.contains("{data}"), "{}", said.out);
    let said = examined(|text| text.replace("--data {data}", "--data data-{port}"), 0);
    assert!(of(&said, "✓ fresh start").contains("was gone"), "{said}");
    assert!(!examined(unchanged, 0).contains("fresh start"), "an app with a folder of its own needs no second start");
}

#[test]
fn a_missing_browser_is_the_environments_fault_and_ends_the_checks() {
    let workspace = Workspace::with_app(unchanged);
    let mut command = workspace.flowcheck(&["doctor", "--browser", "no-such-browser"]);
    command.env("PARTNER", super::fixture_app::program());
    let said = end(command).with(3).out;
    assert!(of(&said, "✗ browser and driver").contains("no browser `no-such-browser` was found"), "{said}");
    assert!(!said.contains("login"), "{said}");
}

/// What the doctor says of the fixture app with its configuration changed, and its exit code; what differs from run to
/// run is replaced.
fn examined(change: impl Fn(&str) -> String, code: i32) -> String {
    let workspace = Workspace::with_app(change);
    let said = end(examining(&workspace)).with(code).out;
    let words = said.split_inclusive([' ', '\n']).map(steady);
    words.collect()
}

fn examining(workspace: &Workspace) -> Command {
    let mut command = workspace.flowcheck(&["doctor"]);
    command.env("PARTNER", super::fixture_app::program());
    command
}

/// A word with the port, the time, the milliseconds and versions taken out.
pub(crate) fn steady(word: &str) -> String {
    let (text, space) = word.split_at(word.trim_end().len());
    let digits = |text: &str| !text.is_empty() && text.chars().all(|character| character.is_ascii_digit());
    let steady = match text.split_once("http://localhost:") {
        Some((before, after)) if after.starts_with(|first: char| first.is_ascii_digit()) => {
            format!("{before}http://localhost:PORT{}", after.trim_start_matches(|first: char| first.is_ascii_digit()))
        }
        _ if digits(text) => "N".to_owned(),
        _ if text.starts_with(|first: char| first.is_ascii_digit()) && text.contains(['.', ':']) => "N".to_owned(),
        _ => text.to_owned(),
    };
    steady + space
}

/// What is said of one precondition, in one line: from its mark to the next.
fn of(said: &str, mark: &str) -> String {
    let from = said.find(mark).unwrap_or_else(|| panic!("no {mark:?} in:\n{said}"));
    let lines = said[from..].lines().enumerate();
    let own = lines.take_while(|(index, line)| *index == 0 || line.starts_with("    ")).map(|(_, line)| line.trim());
    own.collect::<Vec<_>>().join(" ")
}
