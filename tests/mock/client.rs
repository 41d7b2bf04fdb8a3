//! What the tests share: a Klaviyo with one app, a browser, and the app's own calls.

use std::net::SocketAddr;
use std::time::Duration;

use flowcheck::evidence::{Event, Exchange, Facts, KlaviyoEvent, Recorder};
use flowcheck::klaviyo::{Account, AccountId, Builder, Client, Server, Settings, User};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use url::Url;

/// The app's client id.
pub(crate) const APP: &str = "app-client-id";
/// Its secret.
pub(crate) const SECRET: &str = "app client+secret/with:marks";
/// Its redirect URI.
pub(crate) const CALLBACK: &str = "http://localhost:3000/callback?from=klaviyo";
/// A verifier, from RFC 7636.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// Its challenge.
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// What the app asks for.
pub(crate) const SCOPES: &str = "accounts:read profiles:read profiles:write lists:read";
/// The user with one account.
pub(crate) const ADA: &str = "ada@harbour.example";
/// The user with two accounts.
pub(crate) const BEN: &str = "ben@agency.example";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A Klaviyo, and where it records.
pub(crate) struct Scene {
    pub(crate) klaviyo: Server,
    pub(crate) recorder: Recorder,
    /// The revision that calls of the API ask for.
    pub(crate) revision: &'static str,
}

/// The newest revision.
pub(crate) const REVISION: &str = "2026-10-15";

/// The accounts that there are.
pub(crate) fn harbour() -> AccountId {
    AccountId::from("HaRb01")
}

pub(crate) fn lighthouse() -> AccountId {
    AccountId::from("LiGh02")
}

/// The app as it is registered.
pub(crate) fn app() -> Client {
    Client::new(APP, SECRET)
        .named("Parcel Post")
        .scopes([SCOPES, "events:read events:write metrics:read lists:write"])
        .redirect_uri(CALLBACK)
        .install_url("http://localhost:3000/install")
}

/// A Klaviyo with the usual settings.
pub(crate) async fn scene() -> Scene {
    scene_with(Settings::default()).await
}

/// A Klaviyo with these settings.
pub(crate) async fn scene_with(settings: Settings) -> Scene {
    open(Server::builder().settings(settings)).await
}

/// A Klaviyo that is described so far, with the usual apps, accounts and people.
pub(crate) async fn open(klaviyo: Builder) -> Scene {
    open_for(klaviyo, app()).await
}

/// The same, with the app registered like this.
pub(crate) async fn open_for(klaviyo: Builder, app: Client) -> Scene {
    let recorder = Recorder::new();
    let user =
        |email: &str, accounts: Vec<AccountId>| User { email: email.to_owned(), password: PASSWORD.into(), accounts };
    let klaviyo = klaviyo
        .recorder(recorder.clone())
        .client(app)
        .client(Client::new("other-client-id", "other-client-secret").redirect_uri("http://localhost:4000/cb"))
        .account(Account::named("Harbour Books").with_id("HaRb01"))
        .account(Account::named("Lighthouse Teas").with_id("LiGh02"))
        .user(user(ADA, vec![harbour()]))
        .user(user(BEN, vec![harbour(), lighthouse()]))
        .bind("127.0.0.1:0")
        .await
        .expect("binds to a free port");
    Scene { klaviyo, recorder, revision: REVISION }
}

/// Somebody's browser: cookies, names of Klaviyo's that lead here, and redirects left to the test.
pub(crate) struct Browser {
    http: reqwest::Client,
    base: Url,
}

impl Browser {
    pub(crate) fn new(scene: &Scene) -> Self {
        Self { http: http(scene.klaviyo.addr(), true), base: scene.klaviyo.www() }
    }

    /// Signed in as this user.
    pub(crate) async fn signed_in(scene: &Scene, email: &str) -> Self {
        let browser = Self::new(scene);
        let link = scene.klaviyo.sign_in_link(email, "/integrations");
        assert_eq!(browser.get(link.as_str()).await.status(), 302);
        browser
    }

    /// Asks for a path of Klaviyo's, or a whole address.
    pub(crate) async fn get(&self, target: &str) -> Response {
        self.http.get(self.url(target)).send().await.expect("Klaviyo answers")
    }

    /// Sends a form.
    pub(crate) async fn post(&self, target: &str, form: &[(&str, &str)]) -> Response {
        self.http.post(self.url(target)).form(form).send().await.expect("Klaviyo answers")
    }

    /// Clicks Allow or Cancel on the consent page at this address, and says where the browser is sent.
    pub(crate) async fn decide(&self, authorize: &str, decision: &str) -> Url {
        let page = text(self.get(authorize).await).await;
        assert!(page.contains(r#"content="consent""#), "{page}");
        self.decide_on(&page, decision).await
    }

    /// The same, for a consent page that was loaded before.
    pub(crate) async fn decide_on(&self, page: &str, decision: &str) -> Url {
        let hidden = ["csrf", "attempt", "account"].map(|name| (name, field(page, name)));
        let mut form: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
        form.push(("decision", decision));
        let answer = self.post("/oauth/authorize/decision", &form).await;
        assert_eq!(answer.status(), 302);
        Url::parse(&location(&answer)).expect("a whole address")
    }

    fn url(&self, target: &str) -> Url {
        self.base.join(target).expect("an address")
    }
}

/// A client whose Klaviyo is ours.
pub(crate) fn http(address: SocketAddr, cookies: bool) -> reqwest::Client {
    // Built together with the fixture app, reqwest has TLS and asks who does its cryptography; an error says it was told.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    let subdomains = ["", "www.", "marketplace.", "connect.", "a."];
    let names = subdomains.map(|subdomain| format!("{subdomain}klaviyo.localhost"));
    let builder = names.iter().fold(reqwest::Client::builder(), |builder, name| builder.resolve(name, address));
    builder
        .cookie_store(cookies)
        .redirect(Policy::none())
        .no_proxy()
        // It speaks plain HTTP; reading the system's certificates would take most of a test's time.
        .tls_certs_only([])
        .timeout(Duration::from_secs(5))
        .build()
        .expect("a client")
}

impl Scene {
    /// Calls the app makes by itself.
    pub(crate) fn api(&self, method: &str, path: &str) -> RequestBuilder {
        let method = method.parse().expect("a method");
        http(self.klaviyo.addr(), false).request(method, self.klaviyo.api().join(path).expect("a path"))
    }

    /// A token request with the app's credentials.
    pub(crate) async fn token(&self, form: &[(&str, &str)]) -> Response {
        let call = self.api("POST", "/oauth/token").basic_auth(APP, Some(SECRET)).form(form);
        call.send().await.expect("Klaviyo answers")
    }

    /// Exchanges a code as the app should.
    pub(crate) async fn exchange(&self, code: &str) -> Response {
        self.token(&exchange_of(code)).await
    }

    /// Refreshes as the app should.
    pub(crate) async fn refresh(&self, refresh_token: &str) -> Response {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// A call of the API with this token, by `GET`.
    pub(crate) async fn call(&self, path: &str, access_token: &str) -> Response {
        let call = self.api("GET", path).bearer_auth(access_token).header("revision", self.revision);
        call.send().await.expect("Klaviyo answers")
    }

    /// A call of the API with a JSON:API body.
    pub(crate) async fn send(&self, method: &str, path: &str, access_token: &str, body: &Value) -> Response {
        self.api(method, path)
            .bearer_auth(access_token)
            .header("revision", self.revision)
            .header("content-type", "application/vnd.api+json")
            .body(body.to_string())
            .send()
            .await
            .expect("Klaviyo answers")
    }

    /// Installs the app for Ada's account, and returns access and refresh token.
    pub(crate) async fn installed(&self) -> (String, String) {
        self.installed_with(SCOPES).await
    }

    /// The same, with these scopes.
    pub(crate) async fn installed_with(&self, scopes: &str) -> (String, String) {
        let browser = Browser::signed_in(self, ADA).await;
        let state = format!("state-for-{scopes}");
        let back = browser.decide(&authorize(&[("scope", scopes), ("state", &state)]), "allow").await;
        tokens(self.exchange(&parameter(&back, "code").expect("a code")).await).await
    }

    /// What happened inside Klaviyo.
    pub(crate) fn events(&self) -> Vec<KlaviyoEvent> {
        let event = |seen| match seen {
            Event::Klaviyo(event) => Some(event),
            _ => None,
        };
        self.recorder.since(0).into_iter().filter_map(|entry| event(entry.event)).collect()
    }

    /// The exchanges on record.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        let exchange = |seen| match seen {
            Event::Exchange(exchange) => Some(*exchange),
            _ => None,
        };
        self.recorder.since(0).into_iter().filter_map(|entry| exchange(entry.event)).collect()
    }

    /// The facts of the latest exchange.
    pub(crate) fn latest(&self) -> Facts {
        self.exchanges().pop().expect("an exchange").facts
    }
}

/// The form of a good exchange.
pub(crate) fn exchange_of(code: &str) -> [(&str, &str); 4] {
    [("grant_type", "authorization_code"), ("code", code), ("code_verifier", VERIFIER), ("redirect_uri", CALLBACK)]
}

/// Access and refresh token of an answer.
pub(crate) async fn tokens(answer: Response) -> (String, String) {
    assert_eq!(answer.status(), 200);
    let body = json(answer).await;
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (text("access_token"), text("refresh_token"))
}

/// An authorization request as a good app makes it, with these parameters changed; an empty value leaves one out.
pub(crate) fn authorize(changes: &[(&str, &str)]) -> String {
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", APP),
        ("redirect_uri", CALLBACK),
        ("scope", SCOPES),
        ("state", "a-state-of-the-app/+ü"),
        ("code_challenge_method", "S256"),
        ("code_challenge", CHALLENGE),
    ];
    for (name, value) in changes {
        parameters.retain(|(known, _)| known != name);
        if !value.is_empty() {
            parameters.push((name, value));
        }
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    format!("/oauth/authorize?{}", query.extend_pairs(parameters).finish())
}

/// The value of a hidden field.
pub(crate) fn field(page: &str, name: &str) -> String {
    let start =
        page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {page}")).1;
    start.split('"').next().unwrap_or_default().to_owned()
}

/// Where an answer redirects to.
pub(crate) fn location(answer: &Response) -> String {
    answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// A parameter of an address.
pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

pub(crate) async fn text(answer: Response) -> String {
    answer.text().await.expect("a body")
}

pub(crate) async fn json(answer: Response) -> Value {
    let text = text(answer).await;
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}"))
}
