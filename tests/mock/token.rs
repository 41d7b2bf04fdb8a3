//! Codes become tokens, refresh tokens become access tokens, and everything else is an error.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flowcheck::evidence::{ClientAuth, Facts, TokenCall, TokenOutcome};
use flowcheck::klaviyo::{Refresh, Settings};
use serde_json::Value;

use crate::client::{
    ADA, APP, Browser, CALLBACK, SECRET, Scene, VERIFIER, authorize, exchange_of, http, json, parameter, scene,
    scene_with, text, tokens,
};

fn asked(scene: &Scene) -> TokenCall {
    match scene.latest() {
        Facts::Token(call) => call,
        other => panic!("{other:?}"),
    }
}

/// A code that Ada has just allowed.
async fn code(scene: &Scene, changes: &[(&str, &str)]) -> String {
    let browser = Browser::signed_in(scene, ADA).await;
    parameter(&browser.decide(&authorize(changes), "allow").await, "code").expect("a code")
}

async fn refused(answer: reqwest::Response) -> (u16, String, String) {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let body: Value = json(answer).await;
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (status, text("error"), text("error_description"))
}

#[tokio::test]
async fn every_mistake_of_an_exchange_has_its_documented_error_and_does_not_use_up_the_code() {
    let scene = scene().await;
    let code = code(&scene, &[]).await;
    let wrong = "a".repeat(43);
    for (change, status, error, words) in [
        (("grant_type", ""), 400, "invalid_grant_type", "grant_type"),
        (("grant_type", "password"), 400, "invalid_grant_type", "grant_type"),
        (("code", ""), 400, "invalid_request", "code"),
        (("code", "never-issued"), 400, "invalid_grant", "code"),
        (("redirect_uri", ""), 400, "invalid_request", "redirect_uri"),
        (("redirect_uri", "http://localhost:3000/other"), 400, "invalid_grant", "redirect_uri"),
        (("code_verifier", ""), 400, "invalid_request", "code_verifier"),
        (("code_verifier", "too-short"), 400, "invalid_request", "Invalid \"code_verifier\""),
        (("code_verifier", &wrong), 400, "invalid_grant", "Code challenge failed."),
    ] {
        let mut form = exchange_of(&code).to_vec();
        form.retain(|(name, _)| *name != change.0);
        form.push(change);
        let (got_status, got_error, description) = refused(scene.token(&form).await).await;
        assert_eq!((got_status, got_error.as_str()), (status, error), "{change:?}");
        assert!(description.contains(words), "{description}");
        let TokenOutcome::Refused { error: recorded, .. } = asked(&scene).outcome else { panic!("not refused") };
        assert_eq!(recorded, error);
    }
    assert_eq!(scene.exchange(&code).await.status(), 200);
    let call = asked(&scene);
    assert_eq!(
        (call.client_auth, call.redirect_uri_repeated, call.challenged),
        (ClientAuth::Basic, Some(true), Some(true))
    );
    let verifier = call.verifier.expect("a verifier");
    assert_eq!((verifier.well_formed, verifier.matches_challenge), (true, Some(true)));
    assert_eq!(call.install, Some(scene.klaviyo.installs()[0].id.clone()));
}

#[tokio::test]
async fn requests_that_are_no_proper_form_are_invalid() {
    let scene = scene().await;
    let call = || scene.api("POST", "/oauth/token").basic_auth(APP, Some(SECRET));
    let form = "application/x-www-form-urlencoded";
    for (media_type, body, error) in [
        ("application/json", r#"{"grant_type":"refresh_token"}"#, "invalid_grant_type"),
        ("text/plain", "grant_type=refresh_token", "invalid_grant_type"),
        (form, "grant_type=refresh_token&grant_type=refresh_token&refresh_token=x", "invalid_request"),
        (form, "grant_type=refresh_token&refresh_token=%ff", "invalid_request"),
        (form, "grant_type=refresh_token&refresh_token=%", "invalid_request"),
        (form, "", "invalid_grant_type"),
    ] {
        let answer = call().header("content-type", media_type).body(body).send().await.expect("an answer");
        assert_eq!(refused(answer).await.1, error, "{body}");
    }
    let answer = call().header("content-type", form).body(vec![0xff, 0xfe]).send().await.expect("an answer");
    assert_eq!(refused(answer).await.1, "invalid_request");
}

#[tokio::test]
async fn clients_that_are_not_who_they_say_are_refused_with_401() {
    let scene = scene().await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    for header in [
        "Basic".to_owned(),
        "Basic %%%".to_owned(),
        format!("Basic {}", STANDARD.encode(APP)),
        format!("Basic {}", STANDARD.encode([0xff, b':', 0xfe])),
        format!("Basic {}", STANDARD.encode(format!("{APP}:wrong"))),
        format!("Basic {}", STANDARD.encode(format!("nobody:{SECRET}"))),
        format!("Bearer {SECRET}"),
    ] {
        let call = scene.api("POST", "/oauth/token").header("authorization", &header).form(&form);
        let answer = call.send().await.expect("an answer");
        assert!(answer.headers()["www-authenticate"].to_str().expect("text").starts_with("Basic "));
        let (status, error, _) = refused(answer).await;
        assert_eq!((status, error.as_str()), (401, "invalid_client"), "{header}");
    }
    let answer = scene.api("POST", "/oauth/token").form(&form).send().await.expect("an answer");
    assert_eq!(refused(answer).await.0, 401);
    assert_eq!(asked(&scene).client_auth, ClientAuth::None);
}

#[tokio::test]
async fn basic_credentials_may_be_raw_or_percent_encoded_and_credentials_elsewhere_are_on_record() {
    let scene = scene().await;
    let (_, refresh) = scene.installed().await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    let encoded: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let answer = scene.api("POST", "/oauth/token").basic_auth(APP, Some(encoded)).form(&form).send().await;
    assert_eq!(answer.expect("an answer").status(), 200);
    let mut with_secret = form.to_vec();
    with_secret.extend([("client_id", APP), ("client_secret", SECRET)]);
    let answer = scene.api("POST", "/oauth/token").form(&with_secret).send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), asked(&scene).client_auth), (200, ClientAuth::Body));
    assert_eq!(scene.token(&with_secret).await.status(), 200);
    assert_eq!(asked(&scene).client_auth, ClientAuth::Several);
    let other = [form[0], form[1], ("client_id", "other-client-id")];
    assert_eq!(scene.token(&other).await.status(), 401);
}

#[tokio::test]
async fn a_code_is_used_once() {
    let scene = scene().await;
    let code = code(&scene, &[]).await;
    let (access, refresh) = tokens(scene.exchange(&code).await).await;
    assert_eq!(refused(scene.exchange(&code).await).await.1, "invalid_grant");
    let TokenOutcome::Refused { reason, .. } = asked(&scene).outcome else { panic!("not refused") };
    assert!(reason.contains("used before"), "{reason}");
    // Its tokens live on, unless the setting says otherwise.
    assert_eq!(scene.call("/api/profiles", &access).await.status(), 200);
    assert_eq!(scene.refresh(&refresh).await.status(), 200);
}

#[tokio::test]
async fn a_code_used_twice_can_be_set_to_end_the_tokens_of_its_first_use() {
    let scene = scene_with(Settings { code_replay_revokes: true, ..Settings::default() }).await;
    let code = code(&scene, &[]).await;
    let (access, refresh) = tokens(scene.exchange(&code).await).await;
    assert_eq!(scene.exchange(&code).await.status(), 400);
    assert_eq!(scene.call("/api/profiles", &access).await.status(), 401);
    assert_eq!(scene.refresh(&refresh).await.status(), 400);
}

#[tokio::test]
async fn codes_die_after_five_minutes_or_on_demand() {
    let scene = scene().await;
    let first = code(&scene, &[("state", "first")]).await;
    scene.klaviyo.clock().advance(Duration::from_secs(301));
    assert_eq!(refused(scene.exchange(&first).await).await.1, "invalid_grant");
    let second = code(&scene, &[("state", "second")]).await;
    scene.klaviyo.clock().advance(Duration::from_secs(290));
    assert_eq!(scene.exchange(&second).await.status(), 200);
    let third = code(&scene, &[("state", "third")]).await;
    assert_eq!(scene.klaviyo.expire_codes(), 1);
    assert_eq!(scene.exchange(&third).await.status(), 400);
}

#[tokio::test]
async fn codes_and_refresh_tokens_are_worth_nothing_to_another_client() {
    let scene = scene().await;
    let code = code(&scene, &[]).await;
    let as_other = async |form: &[(&str, &str)]| {
        let call = scene.api("POST", "/oauth/token").basic_auth("other-client-id", Some("other-client-secret"));
        refused(call.form(form).send().await.expect("an answer")).await.1
    };
    assert_eq!(as_other(&exchange_of(&code)).await, "invalid_grant");
    let (_, refresh) = tokens(scene.exchange(&code).await).await;
    assert_eq!(as_other(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)]).await, "invalid_grant");
    assert_eq!(as_other(&[("grant_type", "refresh_token")]).await, "invalid_request");
}

#[tokio::test]
async fn an_app_without_pkce_goes_on_and_that_is_on_record() {
    let scene = scene().await;
    let code = code(&scene, &[("code_challenge", ""), ("code_challenge_method", "")]).await;
    let form = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", CALLBACK)];
    assert_eq!(scene.token(&form).await.status(), 200);
    assert_eq!(asked(&scene).challenged, Some(false));
    assert!(asked(&scene).verifier.is_none());
    assert_eq!(VERIFIER.len(), 43);
}

#[tokio::test]
async fn refreshing_gives_the_same_refresh_token_and_old_access_tokens_live_out_their_hour() {
    let scene = scene().await;
    let (access, refresh) = scene.installed().await;
    scene.klaviyo.clock().advance(Duration::from_mins(30));
    let (newer, same) = tokens(scene.refresh(&refresh).await).await;
    assert_eq!(same, refresh);
    assert_ne!(newer, access);
    assert_eq!(scene.call("/api/profiles", &access).await.status(), 200);
    scene.klaviyo.clock().advance(Duration::from_mins(31));
    assert_eq!(scene.call("/api/profiles", &access).await.status(), 401);
    assert_eq!(scene.call("/api/profiles", &newer).await.status(), 200);
}

#[tokio::test]
async fn a_refresh_may_ask_for_fewer_scopes_and_gets_no_more() {
    let scene = scene().await;
    let (_, refresh) = scene.installed().await;
    let ask = async |scope: &str| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("scope", scope)];
        let call = scene.api("POST", "/oauth/token").basic_auth(APP, Some(SECRET)).form(&form);
        call.send().await.expect("an answer")
    };
    for (scope, granted) in [("accounts:read", "accounts:read"), ("accounts:read coupons:write", "accounts:read")] {
        assert_eq!(json(ask(scope).await).await["scope"].as_str(), Some(granted), "{scope}");
    }
    assert_eq!(refused(ask("coupons:write").await).await.1, "invalid_scope");
    // Nothing asked for is everything.
    let whole = json(ask("").await).await["scope"].as_str().unwrap_or_default().to_owned();
    assert!(whole.contains("profiles:read"), "{whole}");
}

#[tokio::test]
async fn refreshing_can_be_set_to_rotate_and_then_the_old_token_is_dead() {
    let scene = scene_with(Settings { refresh: Refresh::Rotate, ..Settings::default() }).await;
    let (_, refresh) = scene.installed().await;
    let (_, next) = tokens(scene.refresh(&refresh).await).await;
    assert_ne!(next, refresh);
    assert_eq!(refused(scene.refresh(&refresh).await).await.1, "invalid_grant");
    assert_eq!(scene.refresh(&next).await.status(), 200);
}

#[tokio::test]
async fn refresh_tokens_die_after_ninety_days_without_use() {
    let scene = scene().await;
    let (_, refresh) = scene.installed().await;
    let days = |days: u64| Duration::from_hours(24 * days);
    scene.klaviyo.clock().advance(days(89));
    assert_eq!(scene.refresh(&refresh).await.status(), 200);
    scene.klaviyo.clock().advance(days(89));
    assert_eq!(scene.refresh(&refresh).await.status(), 200);
    scene.klaviyo.clock().advance(days(91));
    assert_eq!(refused(scene.refresh(&refresh).await).await.1, "invalid_grant");
}

#[tokio::test]
async fn how_long_access_tokens_live_is_a_setting() {
    let scene = scene_with(Settings { expires_in_s: 60, ..Settings::default() }).await;
    let (_, refresh) = scene.installed().await;
    assert_eq!(json(scene.refresh(&refresh).await).await["expires_in"], 60);
}

#[tokio::test]
async fn token_requests_to_www_get_a_403_page_and_to_the_api_host_an_answer() {
    let scene = scene().await;
    let port = scene.klaviyo.addr().port();
    let client = http(scene.klaviyo.addr(), false);
    for host in ["klaviyo.localhost", "www.klaviyo.localhost"] {
        for path in ["/oauth/token", "/oauth/revoke"] {
            let call = client.post(format!("http://{host}:{port}{path}")).basic_auth(APP, Some(SECRET));
            let answer = call.form(&[("token", "x")]).send().await.expect("an answer");
            assert_eq!(answer.status(), 403);
            assert!(answer.headers()["content-type"].to_str().expect("text").starts_with("text/html"));
            assert!(text(answer).await.contains("<!doctype html>"));
        }
    }
    let call = client.post(format!("http://a.klaviyo.localhost:{port}/oauth/token")).basic_auth(APP, Some(SECRET));
    assert_eq!(call.form(&[("grant_type", "x")]).send().await.expect("an answer").status(), 400);
    let wrong = client.get(format!("http://127.0.0.1:{port}/oauth/token")).send().await.expect("an answer");
    assert_eq!((wrong.status().as_u16(), wrong.headers()["allow"].to_str().ok()), (405, Some("POST")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_exchanges_of_one_code_at_the_same_time_one_succeeds() {
    let scene = scene().await;
    for round in 0..8 {
        let state = format!("state {round}");
        let code = code(&scene, &[("state", &state)]).await;
        let exchanges = (0..12).map(|_| {
            let call = scene.api("POST", "/oauth/token").basic_auth(APP, Some(SECRET)).form(&exchange_of(&code));
            tokio::spawn(async move { call.send().await.expect("Klaviyo answers").status().as_u16() })
        });
        let mut statuses = Vec::new();
        for exchange in exchanges.collect::<Vec<_>>() {
            statuses.push(exchange.await.expect("it does not panic"));
        }
        statuses.sort_unstable();
        assert_eq!((statuses[0], &statuses[1..]), (200, [400; 11].as_slice()), "round {round}");
    }
}
