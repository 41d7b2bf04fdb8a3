//! Uninstalling: from the app's side, and from Klaviyo's.

use flowcheck::evidence::{Facts, KlaviyoEvent, RevokeCall, TokenState, UninstalledBy};

use crate::client::{ADA, APP, BEN, Browser, SECRET, Scene, field, harbour, json, lighthouse, location, scene, text};

fn asked(scene: &Scene) -> RevokeCall {
    match scene.latest() {
        Facts::Revoke(call) => call,
        other => panic!("{other:?}"),
    }
}

async fn revoke(scene: &Scene, form: &[(&str, &str)]) -> reqwest::Response {
    let call = scene.api("POST", "/oauth/revoke").basic_auth(APP, Some(SECRET)).form(form);
    call.send().await.expect("an answer")
}

async fn is_dead(scene: &Scene, access: &str, refresh: &str) {
    assert_eq!(scene.call("/api/profiles", access).await.status(), 401);
    let answer = scene.refresh(refresh).await;
    assert_eq!((answer.status().as_u16(), json(answer).await["error"].as_str()), (400, Some("invalid_grant")));
    assert!(scene.klaviyo.installs().is_empty());
}

#[tokio::test]
async fn revoking_either_token_uninstalls_the_app_and_it_can_be_installed_again() {
    let scene = scene().await;
    let mut ids = Vec::new();
    for which in ["refresh_token", "access_token"] {
        let (access, refresh) = scene.installed().await;
        ids.push(scene.klaviyo.installs()[0].id.clone());
        let token = if which == "refresh_token" { &refresh } else { &access };
        let answer = revoke(&scene, &[("token", token), ("token_type_hint", which)]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(json(answer).await, serde_json::json!({}));
        let call = asked(&scene);
        assert_eq!((call.client_ok, call.token_state, call.hint.as_deref()), (true, TokenState::Live, Some(which)));
        is_dead(&scene, &access, &refresh).await;
        assert_eq!(revoke(&scene, &[("token", token)]).await.status(), 200);
        assert_eq!(asked(&scene).token_state, TokenState::Revoked);
    }
    assert_ne!(ids[0], ids[1]);
    let ended = scene
        .events()
        .into_iter()
        .filter(|event| matches!(event, KlaviyoEvent::Uninstalled { by: UninstalledBy::App, .. }));
    assert_eq!(ended.count(), 2);
}

#[tokio::test]
async fn revoking_nothing_or_something_unknown_or_somebody_elses_ends_nothing() {
    let scene = scene().await;
    let (_, refresh) = scene.installed().await;
    assert_eq!(revoke(&scene, &[("token", "unknown")]).await.status(), 200);
    assert_eq!(asked(&scene).token_state, TokenState::Unknown);
    assert_eq!(revoke(&scene, &[]).await.status(), 400);
    assert_eq!(asked(&scene).token_state, TokenState::Missing);
    let form = [("token", refresh.as_str())];
    let other = scene.api("POST", "/oauth/revoke").basic_auth("other-client-id", Some("other-client-secret"));
    assert_eq!(other.form(&form).send().await.expect("an answer").status(), 400);
    let nobody = scene.api("POST", "/oauth/revoke").form(&form).send().await.expect("an answer");
    assert_eq!(nobody.status(), 401);
    assert!(!asked(&scene).client_ok);
    assert_eq!(scene.klaviyo.installs().len(), 1);
}

#[tokio::test]
async fn a_user_uninstalls_on_the_integrations_page_and_every_token_ends() {
    let scene = scene().await;
    let (access, refresh) = scene.installed().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let page = text(browser.get("/integrations").await).await;
    assert!(page.contains(r#"content="integrations""#) && page.contains("Parcel Post"), "{page}");
    let path = format!("/integrations/{}/uninstall", scene.klaviyo.installs()[0].id);
    assert!(page.contains(&path), "{page}");
    let confirm = text(browser.get(&path).await).await;
    assert!(confirm.contains(r#"content="uninstall""#), "{confirm}");
    assert_eq!(browser.post(&path, &[("csrf", "wrong")]).await.status(), 403);
    let csrf = field(&confirm, "csrf");
    let answer = browser.post(&path, &[("csrf", &csrf)]).await;
    assert_eq!(answer.status(), 303);
    let page = text(browser.get(&location(&answer)).await).await;
    assert!(page.contains("Parcel Post is uninstalled") && page.contains("No apps are installed"), "{page}");
    is_dead(&scene, &access, &refresh).await;
    let ended = scene.events().pop();
    assert!(matches!(ended, Some(KlaviyoEvent::Uninstalled { by: UninstalledBy::Klaviyo, .. })), "{ended:?}");
}

#[tokio::test]
async fn the_integrations_page_shows_the_chosen_account_and_nobody_elses() {
    let scene = scene().await;
    scene.installed().await;
    let browser = Browser::new(&scene);
    assert_eq!(location(&browser.get("/integrations").await), "/login?next=/integrations");
    let browser = Browser::signed_in(&scene, BEN).await;
    let page = text(browser.get("/integrations?account=LiGh02").await).await;
    assert!(page.contains("No apps are installed") && page.contains("/integrations?account=HaRb01"), "{page}");
    assert!(!text(browser.get("/integrations").await).await.contains("Parcel Post"));
    assert!(text(browser.get("/integrations?account=HaRb01").await).await.contains("Parcel Post"));
    assert!(
        !text(Browser::signed_in(&scene, ADA).await.get("/integrations?account=LiGh02").await).await.contains("Teas")
    );
}

#[tokio::test]
async fn the_server_uninstalls_and_says_what_it_cannot_find() {
    let scene = scene().await;
    let (access, refresh) = scene.installed().await;
    let error = scene.klaviyo.uninstall(&lighthouse(), APP).expect_err("it is not installed there").to_string();
    assert!(error.contains("has not installed"), "{error}");
    assert!(scene.klaviyo.uninstall(&harbour(), "nobody").is_err());
    scene.klaviyo.uninstall(&harbour(), APP).expect("it is installed");
    is_dead(&scene, &access, &refresh).await;
}
