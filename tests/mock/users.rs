//! User-scoped apps: an install for each user, which ends with the user's place in the account.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flowcheck::evidence::{KlaviyoEvent, Role, UserChange};
use flowcheck::klaviyo::{Client, Server, TestControlError};
use serde_json::Value;

use crate::client::{ADA, APP, BEN, Browser, Scene, app, authorize, field, harbour, open_for, parameter, text, tokens};

/// Access and refresh token.
type Tokens = (String, String);

async fn scene_of(app: Client) -> Scene {
    open_for(Server::builder(), app).await
}

/// Installs the app for the harbour's account, as this user.
async fn installed_by(scene: &Scene, user: &str) -> Tokens {
    let browser = Browser::signed_in(scene, user).await;
    let request = authorize(&[("state", &format!("of {user}"))]);
    let mut page = text(browser.get(&request).await).await;
    if !page.contains(r#"content="consent""#) {
        let form = [("csrf", field(&page, "csrf")), ("attempt", field(&page, "attempt"))];
        let mut form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        form.push(("account", "HaRb01"));
        assert_eq!(browser.post("/oauth/authorize/account", &form).await.status(), 303);
        page = text(browser.get(&request).await).await;
    }
    let back = browser.decide_on(&page, "allow").await;
    tokens(scene.exchange(&parameter(&back, "code").expect("a code")).await).await
}

fn claims(access: &str) -> Value {
    let body = access.split('.').nth(1).expect("a token has three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).expect("Base64")).expect("JSON")
}

async fn works(scene: &Scene, (access, refresh): &Tokens) -> bool {
    let refreshed = scene.refresh(refresh).await.status() == 200;
    let called = scene.call("/api/profiles", access).await.status() == 200;
    assert_eq!(called, refreshed, "both tokens of an install live or are dead");
    called
}

#[tokio::test]
async fn claims_name_the_user_and_the_account_in_either_kind_of_app() {
    for app in [app(), app().per_user()] {
        let scene = scene_of(app).await;
        let (ada, ben) = (installed_by(&scene, ADA).await, installed_by(&scene, BEN).await);
        let (ada, ben) = (claims(&ada.0), claims(&ben.0));
        assert_eq!((&ada["tenant_id"], &ben["tenant_id"]), (&Value::from("HaRb01"), &Value::from("HaRb01")));
        assert!(ada["sub"].as_str().is_some_and(|sub| sub.len() > 10) && ada["sub"] != ben["sub"], "{ada} {ben}");
    }
}

#[tokio::test]
async fn a_second_user_renews_the_accounts_install_and_gets_one_of_their_own_in_a_user_scoped_app() {
    let scene = scene_of(app()).await;
    let ada = installed_by(&scene, ADA).await;
    let ben = installed_by(&scene, BEN).await;
    assert_eq!(scene.klaviyo.installs().len(), 1);
    assert_eq!(scene.refresh(&ada.1).await.status(), 400, "the account's new refresh token replaces the old one");
    assert!(works(&scene, &ben).await);

    let scene = scene_of(app().per_user()).await;
    let ada = installed_by(&scene, ADA).await;
    let ben = installed_by(&scene, BEN).await;
    let users: Vec<String> = scene.klaviyo.installs().into_iter().map(|install| install.user).collect();
    assert_eq!(users, [ADA, BEN]);
    assert!(works(&scene, &ada).await && works(&scene, &ben).await);
    let again = installed_by(&scene, ADA).await;
    assert_eq!(scene.klaviyo.installs().len(), 2, "the same user renews");
    assert!(works(&scene, &again).await && works(&scene, &ben).await);
}

#[tokio::test]
async fn each_user_sees_and_ends_only_their_own_install() {
    let scene = scene_of(app().per_user()).await;
    let (ada, ben) = (installed_by(&scene, ADA).await, installed_by(&scene, BEN).await);
    let of_ben = scene.klaviyo.installs()[1].id.clone();
    let browser = Browser::signed_in(&scene, ADA).await;
    assert_eq!(text(browser.get("/integrations?account=HaRb01").await).await.matches("/uninstall").count(), 1);
    assert_eq!(browser.get(&format!("/integrations/{of_ben}/uninstall")).await.status(), 404);
    let form = [("token", ada.1.as_str())];
    let revoke = scene.api("POST", "/oauth/revoke").basic_auth(APP, Some(crate::client::SECRET)).form(&form);
    assert_eq!(revoke.send().await.expect("an answer").status(), 200);
    assert!(!works(&scene, &ada).await && works(&scene, &ben).await);
}

#[tokio::test]
async fn scopes_are_cut_to_the_role_in_a_user_scoped_app_only() {
    for (app, granted) in [
        (app(), "accounts:read profiles:read profiles:write lists:read"),
        (app().per_user(), "accounts:read profiles:read lists:read"),
    ] {
        let scene = open_for(Server::builder().role(ADA, "HaRb01", Role::Analyst), app).await;
        let browser = Browser::signed_in(&scene, ADA).await;
        let page = text(browser.get(&authorize(&[])).await).await;
        assert_eq!(page.contains("Add and change"), granted.contains("write"), "{page}");
        let (access, _) = installed_by(&scene, ADA).await;
        assert_eq!(claims(&access)["scope"], granted);
        let answer = scene.send("POST", "/api/profiles", &access, &serde_json::json!({})).await;
        assert_eq!(answer.status() == 403, !granted.contains("write"));
    }
}

#[tokio::test]
async fn a_users_own_install_ends_when_the_user_is_removed_suspended_or_changes_role() {
    for change in [UserChange::Removed, UserChange::Suspended, UserChange::Role(Role::Analyst)] {
        let scene = scene_of(app().per_user()).await;
        let (ada, ben) = (installed_by(&scene, ADA).await, installed_by(&scene, BEN).await);
        scene.klaviyo.change_user("Ada@Harbour.example", &harbour(), change).expect("she is a user of it");
        assert!(!works(&scene, &ada).await, "{change:?}");
        assert!(works(&scene, &ben).await, "{change:?}");
        let changed = |event: &KlaviyoEvent| matches!(event, KlaviyoEvent::UserChanged { user, .. } if user == ADA);
        assert_eq!(scene.events().iter().filter(|event| changed(event)).count(), 1);
        let page = text(Browser::signed_in(&scene, ADA).await.get(&authorize(&[])).await).await;
        assert_eq!(page.contains(r#"content="consent""#), matches!(change, UserChange::Role(_)), "{change:?}");

        let scene = scene_of(app()).await;
        let ada = installed_by(&scene, ADA).await;
        scene.klaviyo.change_user(ADA, &harbour(), change).expect("she is a user of it");
        assert!(works(&scene, &ada).await, "the account's install stays: {change:?}");
    }
}

#[tokio::test]
async fn the_control_api_changes_users_and_says_who_is_none() {
    let scene = scene_of(app().per_user()).await;
    let ada = installed_by(&scene, ADA).await;
    let change = async |user: &str, change: Value| {
        let body = serde_json::json!({"user": user, "account": "HaRb01", "change": change});
        let call = scene.api("POST", "/_flowcheck/user").bearer_auth(scene.klaviyo.control_secret());
        call.body(body.to_string()).send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(change(ADA, serde_json::json!({"role": "sailor"})).await, 400);
    assert_eq!(change("nobody@harbour.example", "removed".into()).await, 422);
    assert!(works(&scene, &ada).await);
    assert_eq!(change(ADA, serde_json::json!({"role": "analyst"})).await, 200);
    assert!(!works(&scene, &ada).await);
    assert_eq!(change(ADA, "removed".into()).await, 200);
    let gone = scene.klaviyo.change_user(ADA, &harbour(), UserChange::Suspended);
    assert!(matches!(gone, Err(TestControlError::NoUser { .. })), "{gone:?}");
}
