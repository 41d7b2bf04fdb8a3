//! What is said of a `flowcheck.yaml` in which something is wrong.

use insta::assert_snapshot;

use super::{APP, app, with};

fn said_of(text: &str) -> String {
    app(text).expect_err("something is wrong").render(false)
}

fn said(part: &str, other: &str) -> String {
    said_of(&with(APP, part, other))
}

#[test]
fn an_unknown_field_deep_inside_is_shown() {
    assert_snapshot!(said("client_secret:", "secret:"));
}

#[test]
fn a_variable_that_is_not_set_is_shown() {
    assert_snapshot!(said("'${ADA_PASSWORD}'", "'x-${ADA_PASWORD}'"));
}

#[test]
fn a_variable_that_is_not_closed_is_shown() {
    assert_snapshot!(said("'${ADA_PASSWORD}'", "pre${ADA_PASSWORD"));
}

#[test]
fn a_variable_in_a_key_is_shown() {
    assert_snapshot!(said("PORT:", "${HARBOUR_SECRET}:"));
}

#[test]
fn an_unknown_placeholder_is_shown_with_the_one_that_was_meant() {
    assert_snapshot!(said("url: http://shop.localhost:{port}", "url: http://shop.localhost:{prt}"));
}

#[test]
fn a_slip_in_a_command_or_a_variable_is_shown() {
    let text = with(APP, "--port {port}", "--port {ports}");
    assert_snapshot!(said_of(&with(&text, "{data}/app", "{date}/app")));
}

#[test]
fn base_urls_are_for_apps_that_are_told_them() {
    let text = with(APP, "--port {port}", "--port {port} --klaviyo {klaviyo_www}");
    let text = with(&text, "{data}/app.sqlite", "{klaviyo_api}");
    assert_snapshot!(said_of(&text));
    assert!(app(&with(&text, "url: http", "reach: urls\nurl: http")).is_ok());
}

#[test]
fn an_unknown_way_to_reach_klaviyo_is_shown() {
    assert_snapshot!(said("tenancy: text-box", "tenancy: text-box\nreach: proxy"));
}

#[test]
fn the_tenant_is_known_on_the_settings_page_alone() {
    assert_snapshot!(said("pages:", "pages:\n  home: http://shop.localhost/{tenant}"));
}

#[test]
fn addresses_are_whole_web_addresses() {
    let text = with(APP, "http://shop.localhost:{port}/callback", "shop.localhost:{port}/callback");
    let text = with(&text, "http://shop.localhost:{port}/jobs/sync", "ftp://shop.localhost/jobs");
    assert_snapshot!(said_of(&with(&text, "http://shop.localhost:{port}/{tenant}/settings", "/{tenant}/settings")));
}

#[test]
fn the_listing_has_one_fixed_url() {
    let both = [
        said("{port}/install", "{port}/{tenant}/install"),
        said("{port}/install", "{port}/install?user=ada@example.com"),
        said("{port}/install", "{port}/install?user=ada%40example.com"),
    ];
    assert_snapshot!(both.join("\n\n"));
}

#[test]
fn scopes_are_klaviyos() {
    let text = with(APP, "- accounts:read\n", "- account:read\n    - profile:read\n    - everything\n");
    assert_snapshot!(said_of(&text));
}

#[test]
fn a_scope_that_no_list_has_is_noted_and_what_is_no_scope_is_refused() {
    let with_scope = |scope: &str| app(&with(APP, "- accounts:read\n", &format!("- accounts:read\n    - {scope}\n")));
    for scope in ["loyalty:read", "profile:read", "events:append", "customer-hub:write", "v2:read"] {
        let notes = with_scope(scope).unwrap_or_else(|found| panic!("{scope}: {}", found.render(false))).notes;
        let [note] = &notes[..] else { panic!("{scope}: {notes:?}") };
        assert!(note.render(false).starts_with(&format!("note: `{scope}` is in none of Klaviyo's lists")), "{note:?}");
    }
    for scope in ["brands:read", "applications:write", "data-privacy:read", "translations:read", "webhooks:write"] {
        let notes = with_scope(scope).unwrap_or_else(|found| panic!("{scope}: {}", found.render(false))).notes;
        assert_eq!(notes, [], "{scope}");
    }
    for scope in ["everything", "Profiles:read", "'profiles:'", "':read'", "profiles:read lists:read"] {
        let errors = with_scope(scope).expect_err("it is no scope").render(false);
        assert!(errors.contains("is not a Klaviyo scope"), "{errors}");
    }
}

#[test]
fn klaviyo_requires_one_scope() {
    assert_snapshot!(said("    - accounts:read\n", "    - profiles:read\n"));
}

#[test]
fn a_command_that_cannot_be_split_is_shown() {
    assert_snapshot!(said("'my server.js'", "'my server.js"));
}

#[test]
fn empty_texts_are_shown_all_at_once() {
    let text = with(APP, "login: ada@example.com", "login: ''");
    let text = with(&text, "name: Harbour Reviews", "name: ' '");
    let text = with(&text, "node 'my server.js' --port {port}", "''");
    assert_snapshot!(said_of(&with(
        &text,
        "redirect_uris:\n    - http://shop.localhost:{port}/callback",
        "redirect_uris: []"
    )));
}

#[test]
fn tenants_can_be_told_apart_and_typed() {
    let text = with(APP, "- name: Süd", "- name: Nørd Søuth");
    assert_snapshot!(said_of(&with(&text, "        url: nord.example.com\n", "")));
}

#[test]
fn several_tenants_need_a_user_who_has_them() {
    let start = APP.find("      - name: Süd").unwrap();
    let end = APP.find("trigger:").unwrap();
    assert_snapshot!(said_of(&format!("{}{}", &APP[..start], &APP[end..])));
}

#[test]
fn an_unknown_trigger_is_shown() {
    assert_snapshot!(said("trigger:\n  get:", "trigger:\n  put:"));
}

#[test]
fn a_user_without_what_logging_in_takes_is_shown() {
    assert_snapshot!(said("login: ada@example.com\n    password", "password"));
    // The app may mail a link instead.
    app(&with(APP, "    password: '${ADA_PASSWORD}'\n", "")).expect("nothing is wrong");
}

#[test]
fn an_override_finds_in_one_way() {
    let overrides = "\
overrides:
  connect: { css: '#a', text: Connect }
  disconnect: { role: button }
  confirm: { name: 'Yes' }
  retry: {}
  dismiss: { label: ' ' }
  conect: { css: '#a' }
";
    let wrong = said_of(&(APP.to_owned() + overrides));
    let sound = overrides.replace("  conect: { css: '#a' }\n", "");
    assert_snapshot!([wrong, said_of(&(APP.to_owned() + &sound))].join("\n\n"));
}

#[test]
fn an_app_action_names_one_kind() {
    let actions = "\
reset:
  run: psql -f 'reset.sql
  headers: { X-Job: 'on' }
scopes_update:
  add: [segments:read]
  apply: { get: 'http://shop.localhost:{port}/update' }
  feature: http://shop.localhost:{port}/segments
  revoke: { get: 'http://shop.localhost:{port}/a', post: 'http://shop.localhost:{port}/b' }
";
    let text =
        with(APP, "  get: http://shop.localhost:{port}/jobs/sync", "  headers: { 'no name': '${HARBOUR_SECRET}' }");
    let said = said_of(&(text + actions));
    for mistake in ["`trigger` does not say what to do", "`run` cannot be split", "`revoke` has more than one of"] {
        assert!(said.contains(mistake), "{said}");
    }
    assert!(!said.contains("s3cret"), "{said}");
}

#[test]
fn what_a_staging_site_wants_can_be_sent() {
    let access = "\
access:
  basic_auth: { user: 'a:b', password: '${HARBOUR_SECRET}' }
  headers: { 'X Preview': '${HARBOUR_SECRET}' }
  cookies: { 'a;b': '${HARBOUR_SECRET}' }
";
    let said = said_of(&(APP.to_owned() + access));
    assert!(!said.contains("s3cret"), "{said}");
    for mistake in
        ["cannot contain a colon", "`X Preview` is not a valid header name", "`a;b` is not a valid cookie name"]
    {
        assert!(said.contains(mistake), "{said}");
    }
}

#[test]
fn a_secret_of_one_time_passwords_is_base32() {
    let said = said("    tenants:", "    totp: ${HARBOUR_SECRET}0189!\n    tenants:");
    assert!(!said.contains("s3cret"), "{said}");
    assert_snapshot!(said);
}

#[test]
fn an_app_without_accounts_has_no_users() {
    assert_snapshot!(said("tenancy: text-box", "tenancy: text-box\naccounts: klaviyo"));
}

#[test]
fn an_unknown_tenancy_is_shown() {
    assert_snapshot!(said("tenancy: text-box", "tenancy: dropdown"));
}

#[test]
fn what_the_environment_says_is_never_shown() {
    let said = said_of(&with(APP, "ready: 45s", "ready: ${HARBOUR_SECRET}"));
    assert!(said.contains("`${HARBOUR_SECRET}` is not a duration"), "{said}");
    let text = with(APP, "http://shop.localhost:{port}/jobs/sync", "${HARBOUR_SECRET}");
    let text = with(&text, "- profiles:read", "- ${HARBOUR_SECRET}");
    let said = said_of(&with(&text, "tenancy: text-box", "tenancy: single"));
    assert!(!said.contains("s3cret"), "{said}");
    assert_snapshot!(said);
}

const UPDATE: &str = "\
scopes_update:
  add: [segments:read]
  apply:
    restart:
      SCOPES: segments:read
  feature: http://shop.localhost:{port}/{tenant}/segments
  revoke:
    get: http://shop.localhost:{port}/jobs/revoke
";

#[test]
fn a_command_that_applies_an_update_names_a_program() {
    let command = |command: &str| {
        let text = UPDATE.replace("    restart:\n      SCOPES: segments:read\n", &format!("    run: {command}\n"));
        APP.to_owned() + &text
    };
    app(&command("bin/release --data {data}")).expect("nothing is wrong");
    let said = said_of(&command("'bin/release \"--now'"));
    assert!(said.contains("`run` cannot be split into words: a quote is not closed"), "{said}");
}

#[test]
fn an_update_of_scopes_adds_scopes_that_are_new_and_klaviyos() {
    app(&(APP.to_owned() + UPDATE)).expect("nothing is wrong");
    let text = UPDATE.replace("[segments:read]", "[profiles:read, segments]");
    assert_snapshot!(said_of(&(APP.to_owned() + &text)));
}

#[test]
fn an_update_of_scopes_has_whole_addresses_and_adds_something() {
    let text = UPDATE.replace("[segments:read]", "[]").replace("http://shop.localhost:{port}/{tenant}", "/{tenant}");
    let text = text.replace("/jobs/revoke", "/{tenant}/revoke");
    assert_snapshot!(said_of(&(APP.to_owned() + &text)));
}

#[test]
fn an_app_that_flowcheck_does_not_start_cannot_be_started_again() {
    let (before, rest) = APP.split_once("start:").expect("it is started");
    let (_, after) = rest.split_once("\nurl:").expect("its address follows");
    assert_snapshot!(said_of(&format!("{before}url:{after}{UPDATE}")));
}

/// An app that flowcheck does not start.
const STANDING: &str = "\
name: Harbour Reviews
reach: urls
staging:
  klaviyo: 127.0.0.1:7070
url: https://staging.harbour.example
klaviyo:
  client_id: harbour-reviews
  client_secret: secret
  scopes: [accounts:read]
  redirect_uris: [https://staging.harbour.example/klaviyo/callback]
  install_url: https://staging.harbour.example/klaviyo/install
";

#[test]
fn an_app_that_runs_already_must_have_been_told_where_klaviyo_is() {
    assert!(app(STANDING).is_ok());
    let said = |part, other| said_of(&with(STANDING, part, other));
    let wrong = [
        (
            "staging:\n  klaviyo: 127.0.0.1:7070\n",
            "",
            "cannot configure Klaviyo's URLs in an app that it does not start",
        ),
        ("reach: urls\n", "", "needs `reach: urls`"),
        ("url: https", "start:\n  command: ./app\nurl: https", "`staging` is for apps that flowcheck does not start"),
        ("127.0.0.1:7070", "127.0.0.1", "`127.0.0.1` is not a loopback address with a port"),
        ("127.0.0.1:7070", "192.0.2.1:7070", "`192.0.2.1:7070` is not a loopback address with a port"),
        ("127.0.0.1:7070", "127.0.0.1:0", "`127.0.0.1:0` is not a loopback address with a port"),
    ];
    for (part, other, sentence) in wrong {
        let said = said(part, other);
        assert!(said.contains(sentence), "{sentence:?} is not in:\n{said}");
    }
}
