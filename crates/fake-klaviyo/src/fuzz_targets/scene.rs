//! A fake Klaviyo with one app that is installed once, and a code that can be exchanged.

use std::cell::RefCell;
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use foldhash::HashMap;
use hyper::body::Bytes;
use hyper::http::request::Builder;
use serde_json::Value;

use crate::http::host::Host;
use crate::http::journal;
use crate::http::request::{Request, Scheme};
use crate::http::response::Response;
use crate::http::routes::Routes;
use crate::model::account::Account;
use crate::model::authorization_code::Code;
use crate::model::client::Client;
use crate::model::install::Install;
use crate::model::settings::Settings;
use crate::model::token::{AccessToken, RefreshToken};
use crate::state::attempts::Attempts;
use crate::state::codes::Codes;
use crate::state::grants::Grants;
use crate::state::jwt::Claims;
use crate::state::platform::{Platform, State};
use crate::store::change_log::ChangeLog;
use flowcheck_evidence::{Installs, Recorder};

/// The app's client id.
pub(super) const APP: &str = "app-client-id";
/// Its secret.
pub(super) const SECRET: &str = "app client+secret/with:marks";
/// Its redirect URI.
pub(super) const CALLBACK: &str = "http://localhost:3000/callback?from=klaviyo";
/// The verifier of the code, from RFC 7636, and its challenge.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// A code that can be exchanged.
pub(super) const CODE: &str = "the-code-Zq7-0123456789";
/// A live refresh token.
pub(super) const REFRESH: &str = "the-refresh-token-Zq7-0123456789";
/// What a value holds whose way onto the timeline is looked for; nothing that flowcheck itself writes does.
const MARK: &str = "Zq7";
/// Shorter values are not searched for in text.
const SHORTEST: usize = 12;
const JTI: &str = "the-jti";
const INSTALL: &str = "in_fuzzed00";
const ACCOUNT: &str = "HaRb01";
const USER: &str = "ada@harbour.example";
/// Requests after which a platform makes way for a new one, so that what it keeps does not grow.
const REQUESTS: u32 = 1_000;
/// Long after every request, in milliseconds since the epoch.
const EXPIRES_MS: i64 = 32_503_680_000_000;

/// A platform, and what it was asked since it began.
pub(super) struct Scene {
    platform: Platform,
    routes: Routes,
    access_token: String,
    requests: u32,
}

/// An exchange as the client and as the timeline see it.
pub(super) struct Played {
    /// The response, whose facts are on the timeline.
    pub(super) response: Response,
    /// Every text of what was recorded.
    recorded: Vec<String>,
}

thread_local! {
    static SCENE: RefCell<Option<Scene>> = const { RefCell::new(None) };
}

/// Runs with a scene whose code and tokens are as they were at first.
pub(super) fn with<T>(run: impl FnOnce(&mut Scene) -> T) -> T {
    SCENE.with_borrow_mut(|kept| {
        let mut scene = kept.take().filter(|scene| scene.requests < REQUESTS).unwrap_or_else(Scene::new);
        scene.reset();
        let done = run(&mut scene);
        *kept = Some(scene);
        done
    })
}

impl Scene {
    fn new() -> Self {
        let account = Account::named("Harbour Books").with_id(ACCOUNT);
        let mut state = State::default();
        state.clients.push(Client::new(APP, SECRET).scopes(scopes()).redirect_uri(CALLBACK));
        state.accounts.insert(account.id.clone(), account);
        let settings = Settings { rate_limits: false, ..Settings::default() };
        let address = SocketAddr::from(([127, 0, 0, 1], 80));
        let platform = Platform::new(Recorder::bounded(16), settings, address, state);
        let access_token = platform.mint.sign(&Claims {
            jti: JTI.to_owned(),
            sub: "ada".to_owned(),
            tenant_id: ACCOUNT.to_owned(),
            aud: APP.to_owned(),
            scope: scopes().join(" "),
            iat: 0,
            exp: EXPIRES_MS / 1_000,
        });
        Self { platform, routes: Routes::new(), access_token, requests: 0 }
    }

    fn reset(&mut self) {
        let scopes: Vec<String> = scopes().into_iter().map(str::to_owned).collect();
        let code = Code {
            attempt: "an-attempt".to_owned(),
            client_id: APP.to_owned(),
            redirect_uri: CALLBACK.to_owned(),
            challenge: Some(CHALLENGE.to_owned()),
            account: ACCOUNT.into(),
            user: USER.to_owned(),
            scopes: scopes.clone(),
            expires_ms: EXPIRES_MS,
            used_for: None,
        };
        let install = Install {
            id: INSTALL.to_owned(),
            account: ACCOUNT.into(),
            user: USER.to_owned(),
            client_id: APP.to_owned(),
            scopes: scopes.clone(),
            installed_s: 0,
            ended: None,
            installs: Installs::PerAccount,
        };
        let (of, scopes): (Arc<str>, Arc<[String]>) = (INSTALL.into(), scopes.into());
        let refresh = RefreshToken {
            install: of.clone(),
            scopes: scopes.clone(),
            last_used_ms: self.platform.clock.now_ms(),
            revoked: false,
        };
        let access = AccessToken { install: of, scopes, issued_ms: 0, expires_ms: EXPIRES_MS, revoked: false };
        let mut state = self.platform.state();
        state.codes = Codes::restored([(CODE.to_owned(), code)].into_iter().collect(), ChangeLog::default());
        let refresh: HashMap<_, _> = [(REFRESH.to_owned(), refresh)].into_iter().collect();
        let access: HashMap<_, _> = [(JTI.into(), access)].into_iter().collect();
        state.grants = Grants::restored(vec![install], refresh, access, ChangeLog::default());
        state.attempts = Attempts::default();
    }

    /// Has a request answered; none where no server would be given it, because it is no HTTP.
    pub(super) fn play(&mut self, head: Builder, body: &[u8]) -> Option<Played> {
        let (parts, ()) = head.body(()).ok()?.into_parts();
        let host = Host::read("a.klaviyo.com").expect("it is Klaviyo's");
        let mut request = Request::of(parts, Scheme::Https, host, Bytes::copy_from_slice(body));
        let from = self.platform.recorder.next_seq();
        let mut response = self.routes.dispatch(&self.platform, &mut request);
        journal::record(&self.platform, request, &mut response, Duration::ZERO);
        self.requests += 1;
        let entries = serde_json::to_value(self.platform.recorder.since(from)).expect("entries are JSON");
        let mut recorded = Vec::new();
        texts(&entries, &mut recorded);
        Some(Played { response, recorded })
    }

    /// The value of an `Authorization` header that the API lets in.
    pub(super) fn bearer(&self) -> String {
        format!("Bearer {}", self.access_token)
    }

    /// Removes what API calls have left in the account.
    pub(super) fn empty_account(&mut self) {
        self.platform.state().account_data = crate::api::data::all_accounts::AllAccounts::default();
    }
}

impl Played {
    /// Panics where the timeline holds this secret, as a word of its own if it is one.
    pub(super) fn hides(&self, label: &str, secret: &str) {
        if secret.len() < SHORTEST || !secret.contains(MARK) {
            return;
        }
        let holds = |text: &&String| {
            text.match_indices(secret).any(|(at, _)| {
                let is_part = |one: char| one.is_ascii_alphanumeric() || "-_.~".contains(one);
                !secret.chars().all(is_part)
                    || !text[..at].ends_with(is_part) && !text[at + secret.len()..].starts_with(is_part)
            })
        };
        if let Some(text) = self.recorded.iter().find(holds) {
            panic!("the {label} {secret:?} is on the timeline: {text:?}");
        }
    }

    /// The response's body as text.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.response.body).expect("a response is text")
    }
}

/// Every scope that an operation needs.
fn scopes() -> Vec<&'static str> {
    let all = crate::api::spec::operations::operations().iter().flat_map(|operation| operation.scopes.iter().copied());
    let mut seen = HashSet::new();
    all.filter(|scope| seen.insert(*scope)).collect()
}

fn texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(members) => members.values().for_each(|member| texts(member, into)),
        _ => {}
    }
}
