//! From the app to the consent page, and back.

use std::time::Duration;

use flowcheck::evidence::{AuthorizeCall, Decision, Facts, KlaviyoEvent, StatePattern};
use flowcheck::klaviyo::Settings;

use crate::client::{
    ADA, APP, BEN, Browser, CALLBACK, PASSWORD, SCOPES, Scene, authorize, field, harbour, json, lighthouse, location,
    parameter, scene, scene_with, text,
};

fn asked(scene: &Scene) -> AuthorizeCall {
    match scene.latest() {
        Facts::Authorize(call) => call,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_user_who_allows_the_app_comes_back_with_a_code_that_becomes_an_install() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let back = browser.decide(&authorize(&[]), "allow").await;
    assert!(back.as_str().starts_with("http://localhost:3000/callback?from=klaviyo&code="), "{back}");
    assert_eq!(parameter(&back, "state").as_deref(), Some("a-state-of-the-app/+ü"));
    assert_eq!(parameter(&back, "iss"), None);
    let answer = scene.exchange(&parameter(&back, "code").expect("a code")).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let body = json(answer).await;
    assert_eq!(body["expires_in"], 3600);
    assert_eq!(body["token_type"], "bearer");
    assert_eq!(body["scope"], SCOPES);
    let access = body["access_token"].as_str().expect("an access token");
    assert_eq!(scene.call("/api/accounts", access).await.status(), 200);
    let installs = scene.klaviyo.installs();
    assert_eq!((installs.len(), &installs[0].account), (1, &harbour()));
    assert!(matches!(scene.events().as_slice(), [KlaviyoEvent::Installed { .. }]));
}

#[tokio::test]
async fn a_user_who_denies_the_app_comes_back_with_access_denied_and_the_state() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let back = browser.decide(&authorize(&[]), "cancel").await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    assert!(parameter(&back, "error_description").is_some());
    assert_eq!(parameter(&back, "state").as_deref(), Some("a-state-of-the-app/+ü"));
    assert_eq!(parameter(&back, "code"), None);
    let Facts::Decision(call) = scene.latest() else { panic!("no decision") };
    assert_eq!((call.decision, call.account.as_str()), (Decision::Denied, "HaRb01"));
    assert!(scene.klaviyo.installs().is_empty());
}

#[tokio::test]
async fn a_user_who_is_not_signed_in_logs_in_first_and_then_sees_the_consent_page() {
    let scene = scene().await;
    let browser = Browser::new(&scene);
    let answer = browser.get(&authorize(&[])).await;
    assert_eq!(answer.status(), 302);
    let login = location(&answer);
    assert!(login.starts_with("/login?attempt=at_"), "{login}");
    let page = text(browser.get(&login).await).await;
    assert!(page.contains(r#"content="login""#) && page.contains("to continue to Parcel Post"), "{page}");
    let (csrf, attempt) = (field(&page, "csrf"), field(&page, "attempt"));
    let mut form = vec![("csrf", csrf.as_str()), ("attempt", &attempt), ("email", ADA), ("password", "wrong")];
    let again = browser.post("/login", &form).await;
    assert_eq!(again.status(), 422);
    assert!(text(again).await.contains("password is wrong"));
    form[3].1 = PASSWORD;
    let onward = browser.post("/login", &form).await;
    assert_eq!(onward.status(), 303);
    let page = text(browser.get(&location(&onward)).await).await;
    assert!(page.contains(r#"content="consent""#) && page.contains("Harbour Books"), "{page}");
    assert!(page.contains(&format!(r#"<meta name="klaviyo-scopes" content="{SCOPES}">"#)), "{page}");
    assert!(page.contains("has not reviewed this app"), "{page}");
}

#[tokio::test]
async fn a_user_with_several_accounts_chooses_one_before_consent() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, BEN).await;
    let page = text(browser.get(&authorize(&[])).await).await;
    assert!(page.contains(r#"content="accounts""#) && page.contains("Lighthouse Teas"), "{page}");
    let (csrf, attempt) = (field(&page, "csrf"), field(&page, "attempt"));
    let form = [("csrf", csrf.as_str()), ("attempt", &attempt), ("account", "LiGh02")];
    let answer = browser.post("/oauth/authorize/account", &form).await;
    assert_eq!(answer.status(), 303);
    let back = browser.decide(&location(&answer), "allow").await;
    scene.exchange(&parameter(&back, "code").expect("a code")).await;
    assert_eq!(scene.klaviyo.installs()[0].account, lighthouse());
    let others = [("csrf", csrf.as_str()), ("attempt", &attempt), ("account", "NoNe00")];
    assert_eq!(browser.post("/oauth/authorize/account", &others).await.status(), 403);
}

#[tokio::test]
async fn the_user_is_never_sent_to_an_address_that_is_not_registered() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    for changes in [
        &[("client_id", "nobody")][..],
        &[("client_id", "")],
        &[("redirect_uri", "")],
        &[("redirect_uri", "http://evil.example/callback")],
        &[("redirect_uri", "http://localhost:3000/callback")],
        &[("redirect_uri", "http://localhost:3000/callback?from=klaviyo&more=1")],
        &[("redirect_uri", "http://localhost:4000/cb")],
    ] {
        let answer = browser.get(&authorize(changes)).await;
        assert_eq!((answer.status().as_u16(), location(&answer)), (400, String::new()), "{changes:?}");
        assert!(text(answer).await.contains(r#"content="error""#));
        assert_eq!(asked(&scene).attempt, None);
    }
    for twice in ["client_id=x", "redirect_uri=http%3A%2F%2Fevil.example"] {
        let answer = browser.get(&format!("{}&{twice}", authorize(&[]))).await;
        assert_eq!((answer.status().as_u16(), location(&answer)), (400, String::new()), "{twice}");
    }
}

#[tokio::test]
async fn other_mistakes_of_the_app_go_back_to_it_with_the_state() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    for (changes, error) in [
        (&[("response_type", "")][..], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
    ] {
        let answer = browser.get(&authorize(changes)).await;
        assert_eq!(answer.status(), 302, "{changes:?}");
        let back = url::Url::parse(&location(&answer)).expect("a whole address");
        assert!(back.as_str().starts_with(CALLBACK), "{back}");
        assert_eq!(parameter(&back, "error").as_deref(), Some(error), "{changes:?}");
        assert_eq!(parameter(&back, "state").as_deref(), Some("a-state-of-the-app/+ü"));
    }
    for more in ["scope=again", "state=again", "x=%ff", "x=%zz"] {
        let answer = browser.get(&format!("{}&{more}", authorize(&[]))).await;
        assert!(location(&answer).contains("error=invalid_request"), "{more}");
    }
    assert_eq!(asked(&scene).repeated, Vec::<String>::new());
}

#[tokio::test]
async fn unknown_scopes_are_on_record_and_dropped_and_accounts_read_is_always_kept() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let back = browser.decide(&authorize(&[("scope", "list:read profiles:read flows:write")]), "allow").await;
    let asked = scene.exchanges().into_iter().find_map(|exchange| match exchange.facts {
        Facts::Authorize(call) => Some(call),
        _ => None,
    });
    assert_eq!(asked.expect("an authorization").unknown_scopes, ["list:read", "flows:write"]);
    let body = json(scene.exchange(&parameter(&back, "code").expect("a code")).await).await;
    assert_eq!(body["scope"], "accounts:read profiles:read");
}

#[tokio::test]
async fn strict_mode_refuses_what_is_otherwise_let_pass() {
    let scene = scene_with(Settings { strict: true, ..Settings::default() }).await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let answer = browser.get(&authorize(&[("scope", "list:read")])).await;
    assert!(location(&answer).contains("error=invalid_scope"));
    let api_host = format!("http://a.klaviyo.localhost:{}{}", scene.klaviyo.addr().port(), authorize(&[]));
    assert_eq!(browser.get(&api_host).await.status(), 404);
    let form = [("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", APP), ("client_secret", "y")];
    let answer = scene.api("POST", "/oauth/token").form(&form).send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), json(answer).await["error"].as_str()), (401, Some("invalid_client")));
}

#[tokio::test]
async fn a_user_who_comes_back_to_the_page_after_five_minutes_delivers_an_expired_code() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let first = text(browser.get(&authorize(&[])).await).await;
    scene.klaviyo.clock().advance(Duration::from_mins(3));
    // Loading the page again does not renew the attempt.
    browser.get(&authorize(&[])).await;
    scene.klaviyo.clock().advance(Duration::from_mins(3));
    let back = browser.decide_on(&first, "allow").await;
    let Facts::Decision(decision) = scene.latest() else { panic!("no decision") };
    assert!(decision.code_expired);
    let answer = scene.exchange(&parameter(&back, "code").expect("a code")).await;
    assert_eq!((answer.status().as_u16(), json(answer).await["error"].as_str()), (400, Some("invalid_grant")));
    // Starting again works, even for an app that always sends the same state.
    let back = browser.decide(&authorize(&[]), "allow").await;
    assert_eq!(scene.exchange(&parameter(&back, "code").expect("a code")).await.status(), 200);
}

#[tokio::test]
async fn a_consent_form_counts_once_and_only_with_its_own_token() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let page = text(browser.get(&authorize(&[])).await).await;
    let (csrf, attempt) = (field(&page, "csrf"), field(&page, "attempt"));
    let form = |csrf: &str| {
        [
            ("csrf", csrf.to_owned()),
            ("attempt", attempt.clone()),
            ("account", "HaRb01".into()),
            ("decision", "allow".into()),
        ]
    };
    let send = async |browser: &Browser, csrf: &str| {
        let form = form(csrf);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/oauth/authorize/decision", &form).await.status().as_u16()
    };
    assert_eq!(send(&browser, "wrong").await, 403);
    assert_eq!(send(&Browser::signed_in(&scene, ADA).await, &csrf).await, 403);
    assert_eq!(send(&Browser::new(&scene), &csrf).await, 403);
    assert_eq!(send(&browser, &csrf).await, 302);
    assert_eq!(send(&browser, &csrf).await, 400);
}

#[tokio::test]
async fn the_same_client_and_state_are_the_same_attempt() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let mut attempts = Vec::new();
    for state in ["one", "one", "two", ""] {
        browser.get(&authorize(&[("state", state)])).await;
        attempts.push(asked(&scene).attempt.expect("an attempt"));
    }
    assert_eq!(attempts[0], attempts[1]);
    assert!(attempts[1] != attempts[2] && attempts[2] != attempts[3]);
}

#[tokio::test]
async fn nothing_on_the_consent_page_keeps_allow_from_leading_to_the_app() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let answer = browser.get(&authorize(&[])).await;
    let policy = answer.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(!policy.contains("form-action") && policy.contains("default-src 'none'"), "{policy}");
    assert!(!text(answer).await.contains("<script"));
}

#[tokio::test]
async fn an_account_that_authorizes_again_keeps_its_install_and_gets_new_scopes() {
    let scene = scene().await;
    let (_, old_refresh) = scene.installed_with("accounts:read").await;
    let before = scene.klaviyo.installs();
    let (_, new_refresh) = scene.installed_with("accounts:read lists:read").await;
    let after = scene.klaviyo.installs();
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_eq!(before[0].id, after[0].id);
    assert_eq!(after[0].scopes, ["accounts:read", "lists:read"]);
    assert_eq!(scene.refresh(&old_refresh).await.status(), 400);
    assert_eq!(scene.refresh(&new_refresh).await.status(), 200);
}

#[tokio::test]
async fn how_a_state_differs_from_earlier_ones_of_the_app_is_recorded_beside_its_fingerprint() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let mut changes = Vec::new();
    for state in ["user-17-attempt-41", "user-17-attempt-41", "user-17-attempt-42", "zPq0fHq3mKz9Lw2VsN8aRg"] {
        browser.get(&authorize(&[("state", state)])).await;
        changes.push(asked(&scene).state_change.map(|change| (change.bits_at_most >= 40, change.pattern)));
    }
    let counted = Some((false, Some(StatePattern::Counter)));
    assert_eq!(changes, [None, None, counted, Some((true, None))]);
}
