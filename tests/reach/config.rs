//! Apps whose HTTP client does not use the gateway, or does not trust its certificate: blamed on the configuration, not the app.

use serde_json::Value;

use super::program::{Ended, file, run};

/// The fixture app in production's shape, started by other words before its own.
fn started_by(words: &str, scenarios: &[&str]) -> Ended {
    let text = file("env.flowcheck.yaml").replace("command: ${PARTNER}", &format!("command: {words} ${{PARTNER}}"));
    let text = text.replace("trigger:\n", "timing:\n  quiet: 1s\ntrigger:\n");
    run(&text, scenarios)
}

fn item<'a>(ended: &'a Ended, id: &str) -> &'a Value {
    let items = ended.run["items"].as_array().expect("a list");
    items.iter().find(|item| item["id"] == id).unwrap_or_else(|| panic!("no {id} in {items:#?}"))
}

#[test]
fn a_client_that_ignores_the_proxy_is_a_configuration_error() {
    // To the gateway it is the same, and this one does not ask the real Klaviyo: no one listens on the port.
    let ended = started_by("env HTTPS_PROXY=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9", &["install/signed-in"]);
    assert_eq!(ended.code, Some(2), "{}", ended.out);
    assert_eq!(item(&ended, "install.completes")["fault"], "config", "{:#?}", ended.run["items"]);
    assert!(ended.out.contains("the app never reached Klaviyo's hosts: its HTTP client seems to take no notice of"));
    assert!(ended.out.contains("try `reach: hosts`"), "{}", ended.out);
}

#[test]
fn a_client_that_does_not_trust_the_certificate_is_a_configuration_error() {
    let ended = started_by("env -u SSL_CERT_FILE", &["install/signed-in"]);
    assert_eq!(ended.code, Some(2), "{}", ended.out);
    assert_eq!(item(&ended, "install.completes")["fault"], "config", "{:#?}", ended.run["items"]);
    assert!(ended.out.contains("does not trust the certificate of a.klaviyo.com"), "{}", ended.out);
}

#[test]
fn an_app_at_a_port_that_browsers_do_not_open_is_the_configurations_fault() {
    // One that all browsers block, and one that flowcheck's do.
    for port in ["6000", "14950"] {
        let text = file("env.flowcheck.yaml")
            .replace("\nurl: http://localhost:{port}", &format!("\nurl: http://localhost:{port}"));
        let ended = run(&text, &["install/signed-in"]);
        assert_eq!(ended.code, Some(2), "{}", ended.out);
        assert!(
            ended.out.contains(&format!("`url` has port {port}, at which flowcheck's browsers open no page")),
            "{}",
            ended.out
        );
    }
}
