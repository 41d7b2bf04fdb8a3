//! The crate by itself: an app's whole OAuth flow with a plain HTTP client, and what the crate depends on.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use fake_klaviyo::{Account, Client, Server, User};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use hyper::{Request, Response, StatusCode};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use ring::digest::{SHA256, digest};
use serde_json::Value;
use url::Url;

const CLIENT_ID: &str = "my-client-id";
const CLIENT_SECRET: &str = "my-client-secret";
const CALLBACK: &str = "http://localhost:3000/callback";
const VERIFIER: &str = "a-verifier-that-is-long-enough-for-pkce-by-far";
const EMAIL: &str = "ada@harbour.example";
const PASSWORD: &str = "correct horse battery";

/// Parts of the flowcheck program that a test of an app does not need: browsers, terminals, mail.
const NOT_NEEDED: &[&str] = &[
    "fantoccini",
    "webdriver",
    "tokio-tungstenite",
    "clap",
    "dialoguer",
    "indicatif",
    "console",
    "terminal_size",
    "annotate-snippets",
    "mailin",
    "mailparse",
    "lettre",
    "flowcheck",
    "flowcheck-checklist",
];

#[tokio::test]
async fn an_app_is_authorized_and_calls_the_api() {
    let klaviyo = server().await;
    let browser = Caller::new(&klaviyo);

    // The app redirects its user to Klaviyo, who signs in there and allows it.
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
    let authorize = form(&[
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", CALLBACK),
        ("scope", "accounts:read lists:read"),
        ("state", "s-1"),
        ("code_challenge_method", "S256"),
        ("code_challenge", &challenge),
    ]);
    let authorize = format!("/oauth/authorize?{authorize}");
    let to_login = browser.get(&authorize, "").await;
    let cookie = cookie(&to_login);
    let login = location(&to_login);
    let page = text(&browser.get(&login, &cookie).await);
    let sign_in = form(&[
        ("csrf", &field(&page, "csrf")),
        ("attempt", &field(&page, "attempt")),
        ("email", EMAIL),
        ("password", PASSWORD),
    ]);
    let signed_in = browser.post("/login", &cookie, sign_in).await;
    assert_eq!(signed_in.status(), StatusCode::SEE_OTHER);
    let cookie = self::cookie(&signed_in);
    let page = text(&browser.get(&location(&signed_in), &cookie).await);
    assert!(page.contains(r#"content="consent""#), "{page}");
    let allow = form(&[
        ("csrf", &field(&page, "csrf")),
        ("attempt", &field(&page, "attempt")),
        ("account", &field(&page, "account")),
        ("decision", "allow"),
    ]);
    let back = browser.post("/oauth/authorize/decision", &cookie, allow).await;
    let back = Url::parse(&location(&back)).expect("a redirect to the app");
    let parameter =
        |name: &str| back.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    assert_eq!(parameter("state").as_deref(), Some("s-1"));

    // The app exchanges the code and calls the API.
    let exchange = form(&[
        ("grant_type", "authorization_code"),
        ("code", &parameter("code").expect("a code")),
        ("code_verifier", VERIFIER),
        ("redirect_uri", CALLBACK),
    ]);
    let credentials = STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}"));
    let request = Request::post(klaviyo.api().join("/oauth/token").expect("a URL").as_str())
        .header(AUTHORIZATION, format!("Basic {credentials}"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let tokens = json(&browser.send(request.body(Full::from(exchange)).expect("a request")).await);
    let access_token = tokens["access_token"].as_str().expect("an access token");
    let request = Request::get(klaviyo.api().join("/api/accounts").expect("a URL").as_str())
        .header(AUTHORIZATION, format!("Bearer {access_token}"))
        .header("revision", "2026-07-15");
    let accounts = json(&browser.send(request.body(Full::default()).expect("a request")).await);
    assert_eq!(accounts["data"][0]["attributes"]["contact_information"]["organization_name"], "Harbour Books");
    assert_eq!(klaviyo.installs()[0].scopes, ["accounts:read", "lists:read"]);
    klaviyo.stop().await;
}

#[test]
fn the_crate_depends_on_no_browser_terminal_or_mail_crate() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = Command::new(cargo)
        .args(["tree", "--package", "fake-klaviyo", "--edges", "normal", "--prefix", "none", "--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8_lossy(&tree.stdout);
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"fake-klaviyo") && names.contains(&"hyper"), "{tree}");
    let found: Vec<&&str> = NOT_NEEDED.iter().filter(|name| names.contains(name)).collect();
    assert!(found.is_empty(), "fake-klaviyo depends on {found:?}");
}

async fn server() -> Server {
    let app = Client::new(CLIENT_ID, CLIENT_SECRET).scopes(["accounts:read lists:read"]).redirect_uri(CALLBACK);
    let books = Account::named("Harbour Books");
    let ada = User { email: EMAIL.to_owned(), password: PASSWORD.into(), accounts: vec![books.id.clone()] };
    let klaviyo = Server::builder().client(app).account(books).user(ada).bind("127.0.0.1:0").await;
    klaviyo.expect("a free port")
}

/// A plain HTTP client, which is a browser as far as it is given the cookie.
struct Caller {
    http: hyper_util::client::legacy::Client<HttpConnector, Full<Bytes>>,
    address: String,
    host: String,
}

impl Caller {
    fn new(klaviyo: &Server) -> Self {
        let http = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build_http();
        let www = klaviyo.www();
        let host = format!("{}:{}", www.host_str().expect("a host"), klaviyo.addr().port());
        Self { http, address: format!("http://{}", klaviyo.addr()), host }
    }

    async fn get(&self, target: &str, cookie: &str) -> Response<Bytes> {
        let request = Request::get(format!("{}{target}", self.address)).header(HOST, &self.host).header(COOKIE, cookie);
        self.send(request.body(Full::default()).expect("a request")).await
    }

    async fn post(&self, target: &str, cookie: &str, form: String) -> Response<Bytes> {
        let request = Request::post(format!("{}{target}", self.address))
            .header(HOST, &self.host)
            .header(COOKIE, cookie)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Full::from(form)).expect("a request")).await
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Response<Bytes> {
        let (head, body) = self.http.request(request).await.expect("Klaviyo responds").into_parts();
        Response::from_parts(head, body.collect().await.expect("a body").to_bytes())
    }
}

fn form(parameters: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

/// The value of a hidden field.
fn field(page: &str, name: &str) -> String {
    let rest = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {page}")).1;
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// The session cookie that a response sets.
fn cookie(response: &Response<Bytes>) -> String {
    let cookie = response.headers().get(SET_COOKIE).and_then(|cookie| cookie.to_str().ok()).expect("a cookie");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

fn location(response: &Response<Bytes>) -> String {
    let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    location.unwrap_or_else(|| panic!("no redirect: {response:?}")).to_owned()
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8_lossy(response.body()).into_owned()
}

fn json(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap_or_else(|_| panic!("not JSON: {response:?}"))
}
