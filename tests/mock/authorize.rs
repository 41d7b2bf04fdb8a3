//! From the app to the consent page, and back.

use flowcheck::evidence::KlaviyoEvent;

use crate::client::{ADA, Browser, SCOPES, authorize, harbour, json, parameter, scene};

#[tokio::test]
async fn a_user_who_allows_the_app_comes_back_with_a_code_that_becomes_an_install() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let back = browser.decide(&authorize(&[]), "allow").await;
    assert!(back.as_str().starts_with("http://localhost:3000/callback?from=klaviyo&code="), "{back}");
    assert_eq!(parameter(&back, "state").as_deref(), Some("a-state-of-the-app/+ü"));
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
