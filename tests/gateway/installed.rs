//! The app, installed by its user.

use flowcheck::klaviyo::Server;
use reqwest::redirect::Policy;
use url::Url;

/// A verifier and its challenge, from RFC 7636.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK: &str = "http://localhost:3000/callback";

/// An installation, and where to ask for another.
pub(crate) struct Installed {
    pub(crate) authorize: String,
    pub(crate) refresh_token: String,
}

/// Installs the app for the one account there is, by the hand of its owner.
pub(crate) async fn installed(klaviyo: &Server) -> Installed {
    let browser = browser(klaviyo);
    browser.get(klaviyo.sign_in_link("owner@klaviyo.example", "/")).send().await.expect("signs in");
    let query = [
        ("response_type", "code"),
        ("client_id", "app-id"),
        ("redirect_uri", CALLBACK),
        ("scope", "accounts:read"),
        ("state", "state"),
        ("code_challenge_method", "S256"),
        ("code_challenge", CHALLENGE),
    ];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let asked = klaviyo.www().join(&format!("/oauth/authorize?{query}")).expect("an address");
    let consent = browser.get(asked).send().await.expect("answers").text().await.expect("a page");
    let mut form = ["csrf", "attempt", "account"].map(|name| (name, hidden(&consent, name))).to_vec();
    form.push(("decision", "allow".to_owned()));
    let decision = klaviyo.www().join("/oauth/authorize/decision").expect("an address");
    let back = browser.post(decision).form(&form).send().await.expect("answers");
    let back = Url::parse(back.headers()["location"].to_str().expect("text")).expect("an address");
    let code = back.query_pairs().find(|(name, _)| name == "code").expect("allowed").1.into_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("code_verifier", VERIFIER),
        ("redirect_uri", CALLBACK),
    ];
    let token = klaviyo.api().join("/oauth/token").expect("an address");
    let answer = browser.post(token).basic_auth("app-id", Some("app-secret")).form(&form).send().await;
    let tokens: serde_json::Value = answer.expect("answers").json().await.expect("JSON");
    Installed {
        authorize: format!("https://www.klaviyo.com/oauth/authorize?{query}"),
        refresh_token: tokens["refresh_token"].as_str().expect("a token").to_owned(),
    }
}

/// A browser for which names of people's pages lead to this Klaviyo.
fn browser(klaviyo: &Server) -> reqwest::Client {
    // Whoever else is built together with this test may have chosen who does reqwest's cryptography, or nobody.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    let www = klaviyo.www();
    let browser = reqwest::Client::builder().resolve(www.host_str().expect("a host"), klaviyo.addr());
    browser.cookie_store(true).redirect(Policy::none()).no_proxy().tls_certs_only([]).build().expect("a client")
}

fn hidden(page: &str, name: &str) -> String {
    let (_, rest) =
        page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}
