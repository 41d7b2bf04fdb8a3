//! `/client`: what a shop's pages do with a `company_id` and no token, on the same data.

use serde_json::{Value, json};

use crate::client::{REVISION, Scene, json as body_of, scene};
use crate::state::found;
use crate::table::{everything, unlimited};

async fn send(scene: &Scene, path: &str, body: &Value) -> reqwest::Response {
    let call = scene.api("POST", path).header("revision", REVISION).header("content-type", "application/vnd.api+json");
    call.body(body.to_string()).send().await.expect("Klaviyo answers")
}

fn profile(email: &str) -> Value {
    json!({"data": {"type": "profile", "attributes": {"email": email}}})
}

#[tokio::test]
async fn a_shop_s_pages_write_what_the_app_reads() {
    let (scene, access) = unlimited().await;
    let at = |what: &str| format!("/client/{what}?company_id=HaRb01");
    assert_eq!(send(&scene, &at("profiles"), &profile("ada@example.com")).await.status(), 202);
    let event = json!({"data": {"type": "event", "attributes": {"properties": {},
        "metric": {"data": {"type": "metric", "attributes": {"name": "Viewed Product"}}},
        "profile": profile("ada@example.com")}}});
    assert_eq!(send(&scene, &at("events"), &event).await.status(), 202);
    let list = json!({"data": {"type": "list", "attributes": {"name": "Readers"}}});
    let list = body_of(scene.send("POST", "/api/lists", &access, &list).await).await["data"]["id"].clone();
    let subscription = json!({"data": {"type": "subscription", "attributes": {"profile": profile("ben@example.com")},
        "relationships": {"list": {"data": {"type": "list", "id": list}}}}});
    assert_eq!(send(&scene, &at("subscriptions"), &subscription).await.status(), 202);
    let token = |kind: &str| {
        json!({"data": {"type": kind, "attributes": {
        "token": "t", "platform": "ios", "vendor": "apns", "profile": profile("ada@example.com")}}})
    };
    assert_eq!(send(&scene, &at("push-tokens"), &token("push-token")).await.status(), 202);
    assert_eq!(found(&scene, &access, "/api/profiles").await.len(), 2);
    assert_eq!(found(&scene, &access, "/api/events").await.len(), 1);
    let metrics = found(&scene, &access, "/api/metrics").await;
    let viewed = metrics.iter().filter(|metric| metric["attributes"]["name"] == "Viewed Product");
    assert_eq!(viewed.count(), 2, "the shop's own, and the one that its pages write");
    let members = format!("/api/lists/{}/profiles", list.as_str().expect("an id"));
    assert_eq!(found(&scene, &access, &members).await[0]["attributes"]["email"], "ben@example.com");
    assert_eq!(found(&scene, &access, "/api/push-tokens").await.len(), 1);
    assert_eq!(send(&scene, &at("push-token-unregister"), &token("push-token-unregister")).await.status(), 202);
    assert!(found(&scene, &access, "/api/push-tokens").await.is_empty());
}

#[tokio::test]
async fn a_company_must_be_named_and_known_and_the_revision_a_date() {
    let scene = scene().await;
    for path in ["/client/profiles", "/client/profiles?company_id=", "/client/profiles?company_id=NoBoDy"] {
        let answer = send(&scene, path, &profile("ada@example.com")).await;
        assert_eq!(answer.status(), 400, "{path}");
        assert_eq!(body_of(answer).await["errors"][0]["source"]["parameter"], "company_id");
    }
    let answer = scene.api("GET", "/client/reviews?company_id=HaRb01").send().await.expect("Klaviyo answers");
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn each_account_has_its_own_data_and_its_own_limits() {
    let scene = scene().await;
    let access = everything(&scene).await;
    let at = |account: &str| format!("/client/profiles?company_id={account}");
    assert_eq!(send(&scene, &at("LiGh02"), &profile("ada@example.com")).await.status(), 202);
    assert!(found(&scene, &access, "/api/profiles").await.is_empty());
    // The table allows a number of calls a second; another account is not held up by them.
    let mut throttled = false;
    for _ in 0..130 {
        let path = "/client/geofences?company_id=LiGh02";
        let call = scene.api("GET", path).header("revision", REVISION);
        if call.send().await.expect("Klaviyo answers").status() == 429 {
            throttled = true;
            break;
        }
    }
    assert!(throttled);
    let call = scene.api("GET", "/client/geofences?company_id=HaRb01").header("revision", REVISION);
    assert_eq!(call.send().await.expect("Klaviyo answers").status(), 200);
}
