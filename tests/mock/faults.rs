//! Klaviyo misbehaving on purpose.

use std::time::{Duration, Instant};

use flowcheck::evidence::{Facts, KlaviyoEvent};
use flowcheck::klaviyo::{AccountId, Endpoint, Fault, FaultKind};

use crate::client::{ADA, Browser, REVISION, Scene, authorize, harbour, json, parameter, scene, text, tokens};

fn arm(scene: &Scene, kind: FaultKind, on: Endpoint) {
    scene.klaviyo.arm(Fault { kind, on, times: 1, account: None }).expect("it can be armed");
}

#[tokio::test]
async fn a_status_happens_as_often_as_it_was_armed_for_and_nothing_else_happens() {
    let scene = scene().await;
    let (_, refresh) = scene.installed().await;
    let kind = FaultKind::Status { status: 503, body: Some("{\"oops\":1}".to_owned()) };
    scene.klaviyo.arm(Fault { kind, on: Endpoint::Token, times: 2, account: None }).expect("it can be armed");
    for _ in 0..2 {
        let answer = scene.refresh(&refresh).await;
        assert_eq!((answer.status().as_u16(), json(answer).await["oops"].as_i64()), (503, Some(1)));
    }
    assert_eq!(scene.refresh(&refresh).await.status(), 200);
    let told: Vec<String> = scene
        .events()
        .into_iter()
        .filter_map(|event| match event {
            KlaviyoEvent::FaultArmed(what) => Some(format!("armed {what}")),
            KlaviyoEvent::FaultApplied(what) => Some(format!("fired {what}")),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["armed status 503 at token, 2 times", "fired status 503 at token", "fired status 503 at token"]);
}

#[tokio::test]
async fn a_delay_is_waited_out_and_holds_up_nobody_else() {
    let scene = scene().await;
    let (access, _) = scene.installed().await;
    arm(&scene, FaultKind::Delay { ms: 800 }, Endpoint::Operation("get_profiles".to_owned()));
    let began = Instant::now();
    let slow = scene.call("/api/profiles", &access);
    let quick = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        scene.call("/api/accounts", &access).await;
        began.elapsed()
    };
    let (slow, quick) = tokio::join!(slow, quick);
    assert_eq!(slow.status(), 200);
    assert!(began.elapsed() >= Duration::from_millis(800) && quick < Duration::from_millis(700), "{quick:?}");
}

#[tokio::test]
async fn a_dropped_connection_is_on_record_with_status_0() {
    let scene = scene().await;
    let (access, _) = scene.installed().await;
    arm(&scene, FaultKind::Drop, Endpoint::Api);
    let call = scene.api("GET", "/api/profiles").bearer_auth(&access).header("revision", REVISION);
    assert!(call.send().await.is_err());
    let exchange = scene.exchanges().pop().expect("an exchange");
    assert_eq!(exchange.status, 0);
    assert!(matches!(exchange.facts, Facts::Api(call) if call.operation.as_deref() == Some("get_profiles")));
    assert_eq!(scene.call("/api/profiles", &access).await.status(), 200);
}

#[tokio::test]
async fn malformed_json_is_json_that_breaks_off() {
    let scene = scene().await;
    let (access, _) = scene.installed().await;
    arm(&scene, FaultKind::MalformedJson, Endpoint::Api);
    let body = text(scene.call("/api/profiles", &access).await).await;
    assert!(body.starts_with('{') && serde_json::from_str::<serde_json::Value>(&body).is_err(), "{body}");
}

#[tokio::test]
async fn half_a_token_is_not_in_the_journal() {
    let scene = scene().await;
    let (_, refresh) = scene.installed().await;
    arm(&scene, FaultKind::MalformedJson, Endpoint::Token);
    let body = text(scene.refresh(&refresh).await).await;
    assert!(body.contains("eyJ"), "half of an access token was sent: {body}");
    let exchange = scene.exchanges().pop().expect("an exchange");
    assert_eq!(exchange.response_body, Some(format!("({} bytes, cut short)", body.len())));
}

#[tokio::test]
async fn throttling_can_be_for_one_account_only() {
    let scene = scene().await;
    let (access, _) = scene.installed().await;
    let kind = FaultKind::Throttle { retry_after_s: 7 };
    let fault = |account: AccountId| Fault { kind: kind.clone(), on: Endpoint::Api, times: 1, account: Some(account) };
    scene.klaviyo.arm(fault(crate::client::lighthouse())).expect("it can be armed");
    assert_eq!(scene.call("/api/profiles", &access).await.status(), 200);
    scene.klaviyo.arm(fault(harbour())).expect("it can be armed");
    let answer = scene.call("/api/profiles", &access).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().ok()), (429, Some("7")));
    assert!(!answer.headers().contains_key("ratelimit-limit"));
    let error = json(answer).await["errors"][0].clone();
    assert_eq!(error["code"], "throttled");
    assert_eq!(error["detail"], "Request was throttled. Expected available in 7 seconds.");
}

#[tokio::test]
async fn the_edge_challenges_a_call_with_a_page_and_klaviyo_never_sees_it() {
    let scene = scene().await;
    let (access, _) = scene.installed().await;
    arm(&scene, FaultKind::EdgeChallenge, Endpoint::Api);
    let answer = scene.call("/api/profiles", &access).await;
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert_eq!(answer.status(), 403);
    assert_eq!((header("cf-mitigated"), header("content-type")), ("challenge", "text/html; charset=UTF-8"));
    assert!(!answer.headers().contains_key("ratelimit-limit"));
    assert!(text(answer).await.starts_with("<!DOCTYPE html>"));
    let Facts::Api(facts) = scene.latest() else { panic!("it was a call of the API") };
    assert!(facts.missing_scopes.is_empty(), "{facts:?}");
    let exchange = scene.exchanges().pop().expect("an exchange");
    assert!(exchange.response_headers.iter().any(|(name, value)| name == "cf-mitigated" && value == "challenge"));
    assert_eq!(scene.call("/api/profiles", &access).await.status(), 200);
}

#[tokio::test]
async fn a_refresh_token_can_rotate_once() {
    let scene = scene().await;
    let (_, refresh) = scene.installed().await;
    arm(&scene, FaultKind::RotatedRefresh, Endpoint::Token);
    let (_, next) = tokens(scene.refresh(&refresh).await).await;
    assert_ne!(next, refresh);
    assert_eq!(scene.refresh(&refresh).await.status(), 400);
    let (_, same) = tokens(scene.refresh(&next).await).await;
    assert_eq!(same, next);
}

#[tokio::test]
async fn a_code_can_be_expired_on_arrival() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    arm(&scene, FaultKind::CodeExpired, Endpoint::Token);
    let back = browser.decide(&authorize(&[]), "allow").await;
    let answer = scene.exchange(&parameter(&back, "code").expect("a code")).await;
    assert_eq!((answer.status().as_u16(), json(answer).await["error"].as_str()), (400, Some("invalid_grant")));
}

#[tokio::test]
async fn pages_and_revocation_can_fail_too() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    arm(&scene, FaultKind::Status { status: 500, body: None }, Endpoint::Authorize);
    assert_eq!(browser.get(&authorize(&[])).await.status(), 500);
    assert_eq!(browser.get(&authorize(&[])).await.status(), 200);
    let (_, refresh) = scene.installed().await;
    arm(&scene, FaultKind::Status { status: 502, body: None }, Endpoint::Revoke);
    let revoke = || {
        let call = scene.api("POST", "/oauth/revoke").basic_auth(crate::client::APP, Some(crate::client::SECRET));
        call.form(&[("token", refresh.as_str())]).send()
    };
    assert_eq!(revoke().await.expect("an answer").status(), 502);
    assert_eq!(scene.klaviyo.installs().len(), 1);
    assert_eq!(revoke().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn faults_that_cannot_be_say_why() {
    let scene = scene().await;
    let fault =
        |kind, on, times, account: Option<&str>| Fault { kind, on, times, account: account.map(AccountId::from) };
    for (fault, words) in [
        (fault(FaultKind::Drop, Endpoint::Token, 0, None), "times"),
        (fault(FaultKind::Status { status: 99, body: None }, Endpoint::Api, 1, None), "status"),
        (fault(FaultKind::CodeExpired, Endpoint::Api, 1, None), "token endpoint"),
        (fault(FaultKind::Drop, Endpoint::Token, 1, Some("HaRb01")), "API"),
        (fault(FaultKind::Drop, Endpoint::Api, 1, Some("NoNe00")), "NoNe00"),
        (fault(FaultKind::Drop, Endpoint::Operation("fly".to_owned()), 1, None), "operation"),
    ] {
        let error = scene.klaviyo.arm(fault).expect_err("it cannot be").to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_write_is_throttled_where_a_read_is_not() {
    let scene = scene().await;
    let (access, _) = scene.installed().await;
    arm(&scene, FaultKind::Throttle { retry_after_s: 3 }, Endpoint::Write);
    assert_eq!(scene.call("/api/profiles", &access).await.status(), 200);
    let write = || scene.api("POST", "/api/events").bearer_auth(&access).header("revision", REVISION).send();
    let refused = write().await.expect("it is answered");
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (429, "3"));
    assert_ne!(write().await.expect("it is answered").status(), 429);
}
