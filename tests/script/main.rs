//! What flowcheck says to people who write scenarios and `flowcheck.yaml`.

mod broken_app;
mod broken_file;
mod broken_kind;
mod broken_scenario;
mod builtin;
mod documents;
mod mutations;
mod valid_files;

use flowcheck::scenario::{AppFile, Diagnostics, parse_app_with};

/// A scenario in which nothing is wrong.
const SCENARIO: &str = "\
id: errors/denied
title: A user denies permissions
why: Klaviyo asks for a message that can be dismissed
applies_to:
  tenancy: [drop-down, text-box]
  trigger: true
given:
  user: several-tenants
  klaviyo: signed-out
  accounts: 2
  other_user: true
steps:
  - install: klaviyo
  - deny
  - install: message
  - leave: 6m
  - return
  - allow
  - look: other-tenants
  - trigger
  - switch-account
  - switch-user
expects:
  - error.denied.message
  - error.denied.retry
";

/// An app in which nothing is wrong.
const APP: &str = "\
name: Harbour Reviews
tenancy: text-box
start:
  command: node 'my server.js' --port {port}
  env:
    DATABASE: '{data}/app.sqlite'
    PORT: 3000
url: http://shop.localhost:{port}
klaviyo:
  client_id: harbour
  client_secret: ${HARBOUR_SECRET}
  scopes:
    - accounts:read
    - profiles:read
  redirect_uris:
    - http://shop.localhost:{port}/callback
  install_url: http://shop.localhost:{port}/install
pages:
  settings: http://shop.localhost:{port}/{tenant}/settings
users:
  - login: ada@example.com
    password: '${ADA_PASSWORD}'
    tenants:
      - name: Nørd Søuth
        url: nord.example.com
      - name: Süd
        key: sud
        url: sud.example.com
trigger:
  get: http://shop.localhost:{port}/jobs/sync
timing:
  ready: 45s
";

/// The app of this text, where the environment holds two secrets.
fn app(text: &str) -> Result<AppFile, Diagnostics> {
    parse_app_with("flowcheck.yaml", text, &|name| match name {
        "HARBOUR_SECRET" => Some("s3cret".to_owned()),
        "ADA_PASSWORD" => Some("true".to_owned()),
        _ => None,
    })
}

/// The text with one part of it replaced; the part must be there.
fn with(text: &str, part: &str, other: &str) -> String {
    assert!(text.contains(part), "{part:?} is not in the text");
    text.replacen(part, other, 1)
}
