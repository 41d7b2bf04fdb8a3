//! Files in which nothing is wrong.

use std::time::Duration;

use flowcheck::evidence::{KlaviyoSession, Tenancy};
use flowcheck::scenario::{
    InstallFrom, LookAt, Persona, Step, app_schema, load_scenario, parse_scenario, scenario_schema,
};

use super::{APP, SCENARIO, app, with};

#[test]
fn a_scenario_says_what_its_file_says() {
    let loaded = parse_scenario("errors/denied.yaml", SCENARIO).unwrap();
    let script = loaded.script;
    assert_eq!(loaded.file, "errors/denied.yaml");
    assert_eq!((script.id.value.as_str(), script.id.line, script.id.column), ("errors/denied", 1, 5));
    assert_eq!(script.applies_to.tenancy, [Tenancy::DropDown, Tenancy::TextBox]);
    assert_eq!((script.given.user, script.given.klaviyo), (Persona::SeveralTenants, KlaviyoSession::SignedOut));
    let steps: Vec<_> = script.steps.iter().map(|step| (step.line, step.column, step.value.clone())).collect();
    assert_eq!(steps[0], (13, 5, Step::Install(InstallFrom::Klaviyo)));
    assert_eq!(steps[1], (14, 5, Step::Deny));
    assert_eq!(steps[3], (16, 5, Step::Leave("6m".parse().unwrap())));
    assert_eq!(steps[6], (19, 5, Step::Look(LookAt::OtherTenants)));
}

#[test]
fn what_may_be_left_out_has_a_sensible_value() {
    let text = "id: a/b\ntitle: t\nwhy: w\nsteps: [install: app]\nexpects: [install.from-app]\n";
    let script = parse_scenario("a.yaml", text).unwrap().script;
    assert_eq!((script.given.user, script.given.accounts, script.given.other_user), (Persona::SignedIn, 1, false));
    assert!(script.applies_to.tenancy.is_empty());
}

#[test]
fn an_app_says_what_its_file_and_the_environment_say() {
    let app = app(APP).unwrap();
    assert_eq!(app.klaviyo.client_secret, "s3cret");
    assert_eq!(app.users[0].value.password, "true");
    assert_eq!(app.users[0].value.tenants[1].key(), "sud");
    assert_eq!(app.start.as_ref().unwrap().words(), ["node", "my server.js", "--port", "{port}"]);
    assert_eq!(app.start.unwrap().env["PORT"], "3000");
    assert_eq!(app.timing.ready.duration(), Duration::from_secs(45));
    assert_eq!(app.timing.quiet.duration(), Duration::from_secs(3));
    assert_eq!((app.url.line, app.url.column), (8, 6));
}

#[test]
fn a_dollar_sign_can_be_written_and_other_braces_are_text() {
    let text = with(APP, "PORT: 3000", r#"PRICES: '{"USD": "$$5 or $5", "x": {y}}'"#);
    assert_eq!(app(&text).unwrap().start.unwrap().env["PRICES"], r#"{"USD": "$5 or $5", "x": {y}}"#);
}

#[test]
fn variables_are_put_into_any_text_and_move_no_line() {
    let text = with(APP, "    PORT: 3000\n", "    PORT: |\n      ${HARBOUR_SECRET} $HARBOUR_SECRET\n      \"$$5\"\n");
    let app = app(&with(&text, "password: '${ADA_PASSWORD}'", "password: \"a$$\n      ${ADA_PASSWORD}\"")).unwrap();
    assert_eq!(app.start.unwrap().env["PORT"], "s3cret $HARBOUR_SECRET\n\"$5\"\n");
    assert_eq!(app.users[0].value.password, "a$ true");
    assert_eq!((app.klaviyo.install_url.line, app.klaviyo.install_url.column), (19, 16));
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    let text = format!("\u{feff}{}", SCENARIO.replace('\n', "\r\n"));
    let script = parse_scenario("a.yaml", &text).unwrap().script;
    assert_eq!((script.id.line, script.id.column), (1, 5));
    assert_eq!((script.steps[1].line, script.steps[1].column), (14, 5));
    assert_eq!(script.why, "Klaviyo asks for a message that can be dismissed");
}

#[test]
fn a_scenario_is_read_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("denied.yaml");
    std::fs::write(&path, SCENARIO).unwrap();
    let loaded = load_scenario(&path).unwrap();
    assert_eq!(loaded.file, path.display().to_string());
}

#[test]
fn the_schemas_name_their_draft_and_describe_every_field() {
    for (schema, title) in [(scenario_schema(), "flowcheck scenario"), (app_schema(), "flowcheck.yaml")] {
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["title"], title);
        assert!(schema.get("$id").is_none());
        assert_described(&schema, title);
    }
}

fn assert_described(schema: &serde_json::Value, at: &str) {
    if let Some(fields) = schema["properties"].as_object().filter(|_| schema["oneOf"].is_null()) {
        for (name, field) in fields {
            assert!(
                field["description"].is_string() || schema["required"][0] == **name,
                "{at}.{name} is not described"
            );
        }
    }
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        assert_described(definition, name);
    }
}
