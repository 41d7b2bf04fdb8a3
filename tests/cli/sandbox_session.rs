//! A served sandbox, and an app and its user that use it.

use std::ops::Deref;
use std::sync::OnceLock;

use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use super::workspace::{RunningProgram, Workspace};

/// The sandbox's app.
pub(crate) const APP: &str = "sandbox-client-id";
const SECRET: &str = "sandbox-client-secret";
const CALLBACK: &str = "http://localhost:3000/klaviyo/callback";

/// A program that serves. It is killed where it is dropped.
pub(crate) struct ServedSandbox {
    pub(crate) going: RunningProgram,
    pub(crate) calls: Calls,
}

/// Calls of a sandbox; may be cloned and taken elsewhere.
#[derive(Clone)]
pub(crate) struct Calls {
    /// `http://127.0.0.1:PORT`.
    pub(crate) base: String,
    /// The page's link as it was printed.
    pub(crate) link: String,
    http: Client,
}

/// Tokens as they were answered.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// The connection ended before there was an answer.
#[derive(Debug)]
pub(crate) struct NoAnswer;

impl ServedSandbox {
    /// Starts it in a workspace, with these arguments, and waits until it answers.
    pub(crate) fn start(workspace: &Workspace, arguments: &[&str]) -> Self {
        let words = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
        let mut going = RunningProgram::start(workspace.flowcheck(&words));
        let base = going.says("export KLAVIYO_API_URL=");
        let base = base.split_once('=').expect("a value").1.to_owned();
        let link = going.says("sandbox ").split_whitespace().last().expect("the page's link").to_owned();
        going.says("Ctrl-C ends it");
        Self { going, calls: Calls { base, link, http: http() } }
    }
}

impl Deref for ServedSandbox {
    type Target = Calls;

    fn deref(&self) -> &Calls {
        &self.calls
    }
}

impl Calls {
    /// The secret that the page's link carries.
    pub(crate) fn secret(&self) -> &str {
        self.link.split_once('#').expect("a secret").1
    }

    /// The user signs in, and allows the app: the code that the app is sent.
    pub(crate) async fn code(&self) -> Result<String, NoAnswer> {
        let ask = format!(
            "{}/oauth/authorize?response_type=code&client_id={APP}&redirect_uri={CALLBACK}&state={:016x}&scope=accounts:read",
            self.base,
            rand::random::<u64>()
        );
        // A browser of its own, with its cookies.
        let browser = builder().cookie_store(true).build().expect("a client");
        let login = body(browser.get(format!("{}/login", self.base))).await?;
        let form = [
            ("csrf", field(&login, "csrf")),
            ("email", "owner@sandbox.example".to_owned()),
            ("password", "sandbox-password".to_owned()),
        ];
        answer(browser.post(format!("{}/login", self.base)).form(&form)).await?;
        let consent = body(browser.get(ask)).await?;
        let mut form = ["csrf", "attempt", "account"].map(|name| (name, field(&consent, name))).to_vec();
        form.push(("decision", "allow".to_owned()));
        let back = answer(browser.post(format!("{}/oauth/authorize/decision", self.base)).form(&form)).await?;
        let back = back.headers()["location"].to_str().expect("text").to_owned();
        let back = url::Url::parse(&back).expect("an address");
        Ok(back.query_pairs().find(|(name, _)| name == "code").expect("a code").1.into_owned())
    }

    /// The app exchanges a code.
    pub(crate) async fn exchange(&self, code: &str) -> Result<Option<Tokens>, NoAnswer> {
        self.token(&[("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)]).await
    }

    /// The app refreshes; none where it is refused.
    pub(crate) async fn refresh(&self, token: &str) -> Result<Option<Tokens>, NoAnswer> {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// The app revokes.
    pub(crate) async fn revoke(&self, token: &str) -> Result<(), NoAnswer> {
        let revoke = self.http.post(format!("{}/oauth/revoke", self.base)).basic_auth(APP, Some(SECRET));
        assert_eq!(answer(revoke.form(&[("token", token)])).await?.status(), StatusCode::OK);
        Ok(())
    }

    /// Whether the API lets this token in; that there were too many calls is said only to those who are.
    pub(crate) async fn accepts(&self, access: &str) -> bool {
        let call = self.http.get(format!("{}/api/accounts", self.base)).bearer_auth(access);
        match answer(call.header("revision", "2026-07-15")).await.expect("it answers").status() {
            StatusCode::OK | StatusCode::TOO_MANY_REQUESTS => true,
            StatusCode::UNAUTHORIZED => false,
            other => panic!("{other}"),
        }
    }

    /// A call of the control API.
    pub(crate) async fn control(&self, method: &str, path: &str, body: &Value) -> Result<Value, NoAnswer> {
        let method = method.parse().expect("a method");
        let call = self.http.request(method, format!("{}/_flowcheck/{path}", self.base)).bearer_auth(self.secret());
        let answer = answer(call.body(body.to_string())).await?;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.map_err(|_| NoAnswer)
    }

    /// The next refresh gives a new refresh token.
    pub(crate) async fn rotate_once(&self) -> Result<(), NoAnswer> {
        let fault = json!({"kind": "rotated-refresh", "on": "token"});
        self.control("POST", "faults", &fault).await.map(drop)
    }

    /// A request as it stands, without credentials.
    pub(crate) fn plain(&self, method: &str, path: &str) -> RequestBuilder {
        self.http.request(method.parse().expect("a method"), format!("{}{path}", self.base))
    }

    async fn token(&self, form: &[(&str, &str)]) -> Result<Option<Tokens>, NoAnswer> {
        let call = self.http.post(format!("{}/oauth/token", self.base)).basic_auth(APP, Some(SECRET));
        let answer = answer(call.form(form)).await?;
        if answer.status() == StatusCode::BAD_REQUEST {
            return Ok(None);
        }
        assert_eq!(answer.status(), StatusCode::OK);
        let body: Value = answer.json().await.map_err(|_| NoAnswer)?;
        let text = |name: &str| body[name].as_str().expect("a token").to_owned();
        Ok(Some(Tokens { access: text("access_token"), refresh: text("refresh_token") }))
    }
}

async fn answer(call: RequestBuilder) -> Result<Response, NoAnswer> {
    call.send().await.map_err(|_| NoAnswer)
}

async fn body(call: RequestBuilder) -> Result<String, NoAnswer> {
    answer(call).await?.text().await.map_err(|_| NoAnswer)
}

fn field(page: &str, name: &str) -> String {
    let after =
        page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {page}")).1;
    after.split('"').next().unwrap_or_default().to_owned()
}

fn http() -> Client {
    static HTTP: OnceLock<Client> = OnceLock::new();
    HTTP.get_or_init(|| builder().build().expect("a client")).clone()
}

fn builder() -> reqwest::ClientBuilder {
    // Built together with the fixture app, reqwest has TLS and asks who does its cryptography; an error says it was told.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    // No connection is kept: one that a killed server left behind would fail the next call.
    Client::builder().redirect(Policy::none()).no_proxy().tls_certs_only([]).pool_max_idle_per_host(0)
}
