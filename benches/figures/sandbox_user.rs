//! The user of a sandbox, who installs its app over HTTP.

use std::net::SocketAddr;

use super::client::{CHALLENGE, VERIFIER, authorize, field, http, location, parameter, text, tokens};

// The sandbox's own app and user.
pub(crate) const APP: &str = "sandbox-client-id";
pub(crate) const SECRET: &str = "sandbox-client-secret";
const CALLBACK: &str = "http://localhost:3000/klaviyo/callback";
const USER: &str = "owner@sandbox.example";
const PASSWORD: &str = "sandbox-password";

/// The sandbox's user, signed in.
pub(crate) struct SandboxUser {
    browser: reqwest::Client,
    address: SocketAddr,
    www: String,
}

impl SandboxUser {
    pub(crate) async fn signed_in(address: SocketAddr) -> Self {
        let www = format!("http://www.klaviyo.localhost:{}", address.port());
        let user = Self { browser: http(address, true), address, www };
        let csrf = field(&user.get("/login").await, "csrf");
        user.post("/login", &[("csrf", &csrf), ("email", USER), ("password", PASSWORD)]).await;
        user
    }

    /// Authorizes the app, with this `state`, and exchanges the code: an access token and a refresh token.
    pub(crate) async fn install(&self, state: Option<&str>) -> (String, String) {
        let mut changes = vec![
            ("client_id", APP),
            ("redirect_uri", CALLBACK),
            ("scope", "accounts:read"),
            ("code_challenge", CHALLENGE),
        ];
        changes.extend(state.map(|state| ("state", state)));
        let consent = self.get(&authorize(&changes)).await;
        let hidden = ["csrf", "attempt", "account"].map(|name| (name, field(&consent, name)));
        let mut form: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
        form.push(("decision", "allow"));
        let back = location(&self.post("/oauth/authorize/decision", &form).await).parse().expect("an address");
        let code = parameter(&back, "code").expect("a code");
        let exchange = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", CALLBACK),
        ];
        let request = self.browser.post(format!("http://{}/oauth/token", self.address)).basic_auth(APP, Some(SECRET));
        tokens(request.form(&exchange).send().await.expect("Klaviyo answers")).await
    }

    async fn get(&self, path: &str) -> String {
        text(self.browser.get(format!("{}{path}", self.www)).send().await.expect("Klaviyo answers")).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> reqwest::Response {
        self.browser.post(format!("{}{path}", self.www)).form(form).send().await.expect("Klaviyo answers")
    }
}
