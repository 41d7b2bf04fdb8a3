//! What the standards ask of a server of this kind and no other test shows; docs/standards.md names the test of each requirement.

use std::time::Duration;

use flowcheck::evidence::TokenState;
use reqwest::Response;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{
    ADA, APP, Browser, CALLBACK, SECRET, Scene, authorize, exchange_of, field, json, location, parameter, scene, text,
    tokens,
};

/// A code that Ada has just allowed.
async fn code(scene: &Scene) -> String {
    let browser = Browser::signed_in(scene, ADA).await;
    parameter(&browser.decide(&authorize(&[]), "allow").await, "code").expect("a code")
}

/// Sends one request over a connection of its own, and reads until the server closes it.
async fn exchanged(scene: &Scene, request: &str) -> String {
    let mut stream = TcpStream::connect(scene.klaviyo.addr()).await.expect("connects");
    // The server may close before it has read everything.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "neither answered nor closed: {request}");
    String::from_utf8_lossy(&answer).into_owned()
}

async fn error_of(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = json(answer).await;
    (status, body["error"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn parameters_that_no_standard_names_are_ignored() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let back = browser.decide(&authorize(&[("prompt", "consent"), ("x-vendor", "1")]), "allow").await;
    let code = parameter(&back, "code").expect("a code");
    let mut form = exchange_of(&code).to_vec();
    form.extend([("resource", "https://a.klaviyo.com"), ("x-vendor", "1")]);
    assert_eq!(scene.token(&form).await.status(), 200);
}

#[tokio::test]
async fn a_parameter_without_a_value_is_one_that_was_left_out() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    for (name, error) in [("response_type", "invalid_request"), ("code_challenge", "invalid_request")] {
        let answer = browser.get(&authorize(&[(name, "")])).await;
        assert!(location(&answer).contains(&format!("error={error}")), "{name}: {}", location(&answer));
    }
    let with_empty_scope = browser.decide(&format!("{}&scope=", authorize(&[("scope", "")])), "allow").await;
    assert!(with_empty_scope.as_str().starts_with(CALLBACK), "{with_empty_scope}");
}

#[tokio::test]
async fn no_redirect_makes_a_browser_send_the_users_form_to_the_app() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    for decision in ["allow", "cancel"] {
        let page = text(browser.get(&authorize(&[("state", decision)])).await).await;
        let (csrf, attempt) = (field(&page, "csrf"), field(&page, "attempt"));
        let form = [("csrf", csrf.as_str()), ("attempt", &attempt), ("account", "HaRb01"), ("decision", decision)];
        let answer = browser.post("/oauth/authorize/decision", &form).await;
        // 307 and 308 would keep the method and the body.
        assert!(matches!(answer.status().as_u16(), 302 | 303), "{decision}: {}", answer.status());
        assert!(location(&answer).starts_with(CALLBACK), "{decision}");
    }
}

#[tokio::test]
async fn pages_are_neither_framed_nor_read_by_scripts_of_other_origins() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let login = Browser::new(&scene).get("/login").await;
    let listing = browser.get(&format!("/marketplace/apps/{APP}")).await;
    for (name, answer) in [("consent", browser.get(&authorize(&[])).await), ("login", login), ("listing", listing)] {
        let headers = answer.headers().clone();
        let policy = headers["content-security-policy"].to_str().expect("plain text");
        assert!(policy.contains("frame-ancestors 'none'"), "{name}: {policy}");
        assert!(!headers.contains_key("access-control-allow-origin"), "{name}");
    }
}

#[tokio::test]
async fn a_verifier_has_43_to_128_characters_of_the_unreserved_set() {
    let scene = scene().await;
    let code = code(&scene).await;
    let (long, longer, short) = ("a".repeat(128), "a".repeat(129), "a".repeat(42));
    let marked = format!("{}+", "a".repeat(43));
    for (verifier, error) in [
        (longer.as_str(), "invalid_request"),
        (&short, "invalid_request"),
        (&marked, "invalid_request"),
        // Well-formed, and not the one.
        (&long, "invalid_grant"),
    ] {
        let mut form = exchange_of(&code).to_vec();
        form.retain(|(name, _)| *name != "code_verifier");
        form.push(("code_verifier", verifier));
        assert_eq!(error_of(scene.token(&form).await).await, (400, error.to_owned()), "{verifier}");
    }
}

#[tokio::test]
async fn a_hint_that_is_wrong_or_unknown_does_not_keep_a_token_from_being_revoked() {
    let scene = scene().await;
    for (which, hint) in [("access", "refresh_token"), ("refresh", "access_token"), ("refresh", "urn:example:other")] {
        let (access, refresh) = scene.installed().await;
        let token = if which == "access" { &access } else { &refresh };
        let form = [("token", token.as_str()), ("token_type_hint", hint)];
        let call = scene.api("POST", "/oauth/revoke").basic_auth(APP, Some(SECRET)).form(&form);
        assert_eq!(call.send().await.expect("an answer").status(), 200);
        assert!(scene.klaviyo.installs().is_empty(), "{which} with {hint}");
    }
}

#[tokio::test]
async fn a_token_is_taken_from_the_authorization_header_alone() {
    let scene = scene().await;
    let (access, _) = tokens(scene.exchange(&code(&scene).await).await).await;
    let in_query = scene.api("GET", &format!("/api/accounts?access_token={access}")).send().await;
    assert_eq!(in_query.expect("an answer").status(), 401);
    let in_body = scene.api("POST", "/api/profiles").form(&[("access_token", access.as_str())]).send().await;
    assert_eq!(in_body.expect("an answer").status(), 401);
    let lower = scene.api("GET", "/api/accounts").header("revision", scene.revision);
    let lower = lower.header("authorization", format!("bearer {access}")).send().await;
    assert_eq!(lower.expect("an answer").status(), 200, "the scheme's name has no case");
    assert!(scene.exchanges().iter().any(|exchange| {
        matches!(&exchange.facts, flowcheck::evidence::Facts::Api(call) if call.token_state == TokenState::Missing)
    }));
}

#[tokio::test]
async fn head_is_get_without_a_body_and_every_answer_has_a_date() {
    let scene = scene().await;
    let head = "HEAD /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    let answer = exchanged(&scene, head).await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("a whole head");
    assert!(head.starts_with("HTTP/1.1 200 ") && body.is_empty(), "{answer}");
    assert!(head.to_ascii_lowercase().contains("\r\ndate: "), "{head}");
}

#[tokio::test]
async fn requests_whose_end_could_be_read_in_two_ways_are_refused() {
    let scene = scene().await;
    let post = |headers: &str, body: &str| {
        format!("POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\nConnection: close\r\n\r\n{body}")
    };
    for (name, request) in [
        ("a space before the colon", post("Content-Length : 3", "a=b")),
        ("a length that is no number", post("Content-Length: three", "a=b")),
        ("a length with a sign", post("Content-Length: +3", "a=b")),
        ("two lengths that differ", post("Content-Length: 3\r\nContent-Length: 4", "a=bc")),
        ("a list of lengths that differ", post("Content-Length: 3, 4", "a=bc")),
        ("chunks that are not last", post("Transfer-Encoding: chunked, gzip", "3\r\na=b\r\n0\r\n\r\n")),
        ("a folded header", post("X: a\r\n b\r\nContent-Length: 3", "a=b")),
        ("a line end within a name", post("X\rY: a\r\nContent-Length: 3", "a=b")),
    ] {
        let answer = exchanged(&scene, &request).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{name}: {answer}");
    }
    // Both: the chunks count, and the connection is not used again (R 9112 §6.3).
    let both = post("Content-Length: 3\r\nTransfer-Encoding: chunked", "3\r\na=b\r\n0\r\n\r\n");
    let answer = exchanged(&scene, &both).await;
    assert!(answer.starts_with("HTTP/1.1 400 ") || answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
}

#[tokio::test]
async fn requests_on_one_connection_are_answered_in_their_order() {
    let scene = scene().await;
    let get = |target: &str, more: &str| format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}\r\n");
    let requests = [get("/login", ""), get("/nowhere", ""), get("/api/accounts", "Connection: close\r\n")].concat();
    let answer = exchanged(&scene, &requests).await;
    let statuses: Vec<&str> = answer.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    assert_eq!(statuses, ["200", "404", "401"], "{answer}");
}
