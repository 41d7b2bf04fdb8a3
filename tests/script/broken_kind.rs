//! What is said of a `flowcheck.yaml` that gets its kind wrong.

use insta::assert_snapshot;

use super::{APP, app, with};

/// An app in a host, in which nothing is wrong.
fn embedded() -> String {
    let kind = "kind:\n  embedded:\n    opens: iframe\n    host:\n      name: Quay\n      start:\n        command: quay --port {host_port}\n      \
                url: http://quay.localhost:{host_port}\n      listing: http://quay.localhost:{host_port}/apps/harbour\n";
    format!("{kind}{APP}")
}

fn said(part: &str, other: &str) -> String {
    app(&with(&embedded(), part, other)).expect_err("something is wrong").render(false)
}

#[test]
fn an_app_in_a_host_is_fine_as_it_is() {
    let app = app(&embedded()).unwrap_or_else(|found| panic!("{}", found.render(false)));
    assert_eq!(app.login_page(), "http://quay.localhost:{host_port}");
}

#[test]
fn an_unknown_way_to_open_an_app_is_shown() {
    assert_snapshot!(said("opens: iframe", "opens: window"));
}

#[test]
fn slips_in_the_hosts_command_and_addresses_are_shown() {
    let text = with(&embedded(), "--port {host_port}", "--port {hostport}");
    let text = with(&text, "localhost:{host_port}/apps", "localhost:{host_port}/{tenant}/apps");
    assert_snapshot!(app(&text).expect_err("something is wrong").render(false));
}

#[test]
fn the_host_has_a_name_of_its_own() {
    assert_snapshot!(said("url: http://quay.localhost", "url: http://shop.localhost"));
}

#[test]
fn the_login_is_the_hosts() {
    assert_snapshot!(said("pages:", "pages:\n  login: http://shop.localhost:{port}/login"));
}

#[test]
fn an_app_by_itself_has_no_host_port_and_is_installed_nowhere() {
    let text = with(APP, "url: http://shop.localhost:{port}", "url: http://shop.localhost:{host_port}");
    let text = with(&text, "    password:", "    installed_on_host: false\n    password:");
    assert_snapshot!(app(&text).expect_err("something is wrong").render(false));
}
