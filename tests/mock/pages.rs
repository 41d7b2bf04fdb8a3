//! The App Marketplace, login and logout, and what is nobody's page.

use flowcheck::evidence::Facts;

use crate::client::{ADA, APP, Browser, PASSWORD, field, http, location, scene, text};

#[tokio::test]
async fn the_listing_has_a_plain_install_link_on_every_subdomain() {
    let scene = scene().await;
    let browser = Browser::new(&scene);
    let subdomain = scene.klaviyo.marketplace().join(&format!("/marketplace/apps/{APP}")).expect("an address");
    for address in [scene.klaviyo.listing_url(APP), subdomain] {
        let answer = browser.get(address.as_str()).await;
        assert_eq!(answer.status(), 200);
        assert!(!answer.headers().contains_key("referrer-policy"));
        let page = text(answer).await;
        assert!(page.contains(r#"content="listing""#), "{page}");
        assert!(page.contains(r#"href="http://localhost:3000/install">Install</a>"#), "{page}");
        assert!(!page.contains("noreferrer"));
    }
    assert_eq!(browser.get("/marketplace/apps/nobody").await.status(), 404);
    assert_eq!(browser.get("/").await.status(), 200);
    let other = browser.get("/marketplace/apps/other-client-id").await;
    assert!(text(other).await.contains("cannot be installed from here"));
}

#[tokio::test]
async fn a_session_is_shared_by_subdomains_and_ends_at_logout() {
    let scene = scene().await;
    let browser = Browser::signed_in(&scene, ADA).await;
    let elsewhere = scene.klaviyo.marketplace().join("/integrations").expect("an address");
    assert_eq!(browser.get(elsewhere.as_str()).await.status(), 200);
    let page = text(browser.get("/logout").await).await;
    assert_eq!(browser.post("/logout", &[("csrf", "wrong")]).await.status(), 403);
    let csrf = field(&page, "csrf");
    assert_eq!(browser.post("/logout", &[("csrf", &csrf)]).await.status(), 303);
    assert_eq!(browser.get("/integrations").await.status(), 302);
}

#[tokio::test]
async fn login_needs_its_own_form_and_leads_only_to_klaviyo() {
    let scene = scene().await;
    let browser = Browser::new(&scene);
    let form = [("email", ADA), ("password", PASSWORD)];
    assert_eq!(browser.post("/login", &form).await.status(), 403);
    let csrf = field(&text(browser.get("/login?next=//evil.example").await).await, "csrf");
    let form = [form[0], form[1], ("csrf", &csrf), ("next", "//evil.example")];
    let answer = browser.post("/login", &form).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/integrations".to_owned()));
    assert_eq!(location(&browser.get("/login").await), "/integrations");
}

#[tokio::test]
async fn a_sign_in_link_is_good_once_and_for_people_who_are_known() {
    let scene = scene().await;
    let browser = Browser::new(&scene);
    let link = scene.klaviyo.sign_in_link(ADA, "/integrations");
    assert_eq!(location(&browser.get(link.as_str()).await), "/integrations");
    assert_eq!(browser.get(link.as_str()).await.status(), 410);
    let nobody = scene.klaviyo.sign_in_link("nobody@example.com", "/");
    assert_eq!(browser.get(nobody.as_str()).await.status(), 404);
}

#[tokio::test]
async fn addresses_that_klaviyo_does_not_have_are_404_and_on_record() {
    let scene = scene().await;
    let browser = Browser::new(&scene);
    assert_eq!(browser.get("/oauth/nothing").await.status(), 404);
    assert!(matches!(scene.latest(), Facts::Unknown(_)));
    assert_eq!(browser.post("/oauth/authorize", &[]).await.status(), 405);
    let before = scene.exchanges().len();
    assert_eq!(browser.get("/favicon.ico").await.status(), 204);
    assert_eq!(scene.exchanges().len(), before);
    let client = http(scene.klaviyo.addr(), false);
    let head = client.head(scene.klaviyo.www()).send().await.expect("an answer");
    assert_eq!(head.status(), 200);
}
