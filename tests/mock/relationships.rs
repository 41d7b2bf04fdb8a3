//! What belongs to what, asked for from both sides.

use serde_json::{Value, json};

use crate::client::{Scene, json as body_of};
use crate::state::found;
use crate::table::unlimited;

async fn made(scene: &Scene, access: &str, home: &str, kind: &str, attributes: Value) -> String {
    let body = json!({"data": {"type": kind, "attributes": attributes}});
    let answer = body_of(scene.send("POST", &format!("/api/{home}"), access, &body).await).await;
    answer["data"]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn references(kind: &str, ids: &[&str]) -> Value {
    let all: Vec<Value> = ids.iter().map(|id| json!({"type": kind, "id": id})).collect();
    json!({ "data": all })
}

async fn ids(scene: &Scene, access: &str, path: &str) -> Vec<String> {
    let all = found(scene, access, path).await;
    all.iter().map(|one| one["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn profiles_are_on_lists_and_come_off_them() {
    let (scene, access) = unlimited().await;
    let list = made(&scene, &access, "lists", "list", json!({"name": "Readers"})).await;
    let ada = made(&scene, &access, "profiles", "profile", json!({"email": "ada@example.com"})).await;
    let ben = made(&scene, &access, "profiles", "profile", json!({"email": "ben@example.com"})).await;
    let on = format!("/api/lists/{list}/relationships/profiles");
    assert_eq!(scene.send("POST", &on, &access, &references("profile", &[&ada, &ben])).await.status(), 204);
    assert_eq!(ids(&scene, &access, &on).await, [ada.clone(), ben.clone()]);
    assert_eq!(ids(&scene, &access, &format!("/api/profiles/{ada}/lists")).await, std::slice::from_ref(&list));
    let by_mail = format!("/api/lists/{list}/profiles?filter=equals(email,\"ben@example.com\")");
    assert_eq!(ids(&scene, &access, &by_mail).await, std::slice::from_ref(&ben));
    assert_eq!(scene.send("DELETE", &on, &access, &references("profile", &[&ada])).await.status(), 204);
    assert_eq!(ids(&scene, &access, &format!("/api/lists/{list}/profiles")).await, [ben]);
    assert!(ids(&scene, &access, &format!("/api/profiles/{ada}/relationships/lists")).await.is_empty());
    for (body, status) in
        [(references("profile", &["nobody"]), 404), (references("tag", &[&ada]), 400), (json!({}), 400)]
    {
        assert_eq!(scene.send("POST", &on, &access, &body).await.status(), status, "{body}");
    }
    assert_eq!(scene.call("/api/lists/nobody/relationships/profiles", &access).await.status(), 404);
}

#[tokio::test]
async fn tags_are_in_a_group_and_on_lists_segments_campaigns_and_flows() {
    let (scene, access) = unlimited().await;
    let tag = made(&scene, &access, "tags", "tag", json!({"name": "Summer"})).await;
    let group = body_of(scene.call(&format!("/api/tags/{tag}/tag-group"), &access).await).await;
    assert_eq!(group["data"]["attributes"]["default"], true);
    let group = group["data"]["id"].as_str().expect("an id");
    assert_eq!(ids(&scene, &access, &format!("/api/tag-groups/{group}/tags")).await, std::slice::from_ref(&tag));
    for (home, kind) in [("lists", "list"), ("segments", "segment"), ("campaigns", "campaign"), ("flows", "flow")] {
        let id = made(&scene, &access, home, kind, json!({"name": "Readers"})).await;
        let on = format!("/api/tags/{tag}/relationships/{home}");
        assert_eq!(scene.send("POST", &on, &access, &references(kind, &[&id])).await.status(), 204, "{home}");
        assert_eq!(ids(&scene, &access, &on).await, std::slice::from_ref(&id));
        assert_eq!(ids(&scene, &access, &format!("/api/{home}/{id}/tags")).await, std::slice::from_ref(&tag));
        assert_eq!(scene.send("DELETE", &on, &access, &references(kind, &[&id])).await.status(), 204, "{home}");
        assert!(ids(&scene, &access, &format!("/api/{home}/{id}/relationships/tags")).await.is_empty());
        // What is deleted is tied to nothing.
        assert_eq!(scene.send("POST", &on, &access, &references(kind, &[&id])).await.status(), 204, "{home}");
        assert_eq!(scene.send("DELETE", &format!("/api/{home}/{id}"), &access, &json!({})).await.status(), 204);
        assert!(ids(&scene, &access, &on).await.is_empty());
    }
}

#[tokio::test]
async fn events_lead_to_their_metric_and_profile_and_follow_a_merge() {
    let (scene, access) = unlimited().await;
    let event = json!({"data": {"type": "event", "attributes": {"properties": {},
        "metric": {"data": {"type": "metric", "attributes": {"name": "Placed Order"}}},
        "profile": {"data": {"type": "profile", "attributes": {"email": "ada@example.com", "first_name": "Ada"}}}}}});
    assert_eq!(scene.send("POST", "/api/events", &access, &event).await.status(), 202);
    let event = ids(&scene, &access, "/api/events").await.remove(0);
    let metric = body_of(scene.call(&format!("/api/events/{event}/metric"), &access).await).await;
    assert_eq!(metric["data"]["attributes"]["name"], "Placed Order");
    let profile = body_of(scene.call(&format!("/api/events/{event}/profile"), &access).await).await;
    assert_eq!(profile["data"]["attributes"]["email"], "ada@example.com");
    let kept = made(&scene, &access, "profiles", "profile", json!({"external_id": "ada"})).await;
    let merge = json!({"data": {"type": "profile-merge", "id": kept,
        "relationships": {"profiles": references("profile", &[profile["data"]["id"].as_str().expect("an id")])}}});
    let merged = scene.send("POST", "/api/profile-merge", &access, &merge).await;
    assert_eq!(merged.status(), 201);
    assert_eq!(body_of(merged).await["data"]["attributes"]["first_name"], "Ada");
    let of = body_of(scene.call(&format!("/api/events/{event}/relationships/profile"), &access).await).await;
    assert_eq!(of["data"], json!({"type": "profile", "id": kept}));
    assert_eq!(ids(&scene, &access, "/api/profiles").await, [kept]);
}

#[tokio::test]
async fn catalog_items_have_categories_and_variants_and_coupons_have_codes() {
    let (scene, access) = unlimited().await;
    let item = made(&scene, &access, "catalog-items", "catalog-item", json!({"external_id": "1"})).await;
    let [one, two] = ["1", "2"].map(|id| json!({"external_id": id}));
    let one = made(&scene, &access, "catalog-categories", "catalog-category", one).await;
    let two = made(&scene, &access, "catalog-categories", "catalog-category", two).await;
    let on = format!("/api/catalog-items/{item}/relationships/categories");
    assert_eq!(scene.send("POST", &on, &access, &references("catalog-category", &[&one])).await.status(), 204);
    assert_eq!(scene.send("PATCH", &on, &access, &references("catalog-category", &[&two])).await.status(), 204);
    assert_eq!(ids(&scene, &access, &on).await, std::slice::from_ref(&two));
    assert_eq!(
        ids(&scene, &access, &format!("/api/catalog-categories/{two}/items")).await,
        std::slice::from_ref(&item)
    );
    let variant = json!({"data": {"type": "catalog-variant", "attributes": {"external_id": "1-red"},
        "relationships": {"item": {"data": {"type": "catalog-item", "id": item}}}}});
    assert_eq!(scene.send("POST", "/api/catalog-variants", &access, &variant).await.status(), 201);
    assert_eq!(ids(&scene, &access, &format!("/api/catalog-items/{item}/variants")).await.len(), 1);
    assert_eq!(scene.send("DELETE", &format!("/api/catalog-items/{item}"), &access, &json!({})).await.status(), 204);
    assert!(ids(&scene, &access, "/api/catalog-variants").await.is_empty());
    let coupon = made(&scene, &access, "coupons", "coupon", json!({"external_id": "SAVE"})).await;
    let code = json!({"data": {"type": "coupon-code", "attributes": {"unique_code": "SAVE-1"},
        "relationships": {"coupon": {"data": {"type": "coupon", "id": coupon}}}}});
    let code = body_of(scene.send("POST", "/api/coupon-codes", &access, &code).await).await;
    let code = code["data"]["id"].as_str().expect("an id");
    assert_eq!(ids(&scene, &access, &format!("/api/coupons/{coupon}/coupon-codes")).await, [code]);
    let of = body_of(scene.call(&format!("/api/coupon-codes/{code}/coupon"), &access).await).await;
    assert_eq!(of["data"]["id"], json!(coupon));
}

#[tokio::test]
async fn campaigns_have_messages_which_have_templates_and_are_sent_and_called_off() {
    let (mut scene, access) = unlimited().await;
    // The last revision whose campaigns say how they stand.
    scene.revision = "2026-07-15";
    let messages = json!({"data": [{"type": "campaign-message", "attributes": {"definition": {
        "channel": "sms", "label": "Hello", "content": {"body": "Hi"}}}}]});
    let attributes = json!({"name": "Summer", "campaign-messages": messages});
    let campaign = made(&scene, &access, "campaigns", "campaign", attributes).await;
    let shown = found(&scene, &access, &format!("/api/campaigns/{campaign}/campaign-messages")).await;
    assert_eq!((shown.len(), &shown[0]["attributes"]["channel"]), (1, &json!("sms")));
    let message = shown[0]["id"].as_str().expect("an id");
    assert_eq!(scene.call(&format!("/api/campaign-messages/{message}/template"), &access).await.status(), 404);
    let template = made(&scene, &access, "templates", "template", json!({"name": "T", "html": "Hi {{ name }}"})).await;
    let assign = json!({"data": {"type": "campaign-message", "id": message,
        "relationships": {"template": {"data": {"type": "template", "id": template}}}}});
    assert_eq!(scene.send("POST", "/api/campaign-message-assign-template", &access, &assign).await.status(), 200);
    let of = body_of(scene.call(&format!("/api/campaign-messages/{message}/template"), &access).await).await;
    assert_eq!(of["data"]["attributes"]["html"], "Hi {{ name }}");
    let render = json!({"data": {"type": "template", "id": template, "attributes": {"context": {"name": "Ada"}}}});
    let rendered = body_of(scene.send("POST", "/api/template-render", &access, &render).await).await;
    assert_eq!(rendered["data"]["attributes"]["html"], "Hi Ada");
    let job =
        |attributes: Value| json!({"data": {"type": "campaign-send-job", "id": campaign, "attributes": attributes}});
    assert_eq!(scene.send("POST", "/api/campaign-send-jobs", &access, &job(json!({}))).await.status(), 202);
    let path = format!("/api/campaign-send-jobs/{campaign}");
    assert_eq!(body_of(scene.call(&path, &access).await).await["data"]["attributes"]["status"], "complete");
    assert_eq!(scene.send("PATCH", &path, &access, &job(json!({"action": "cancel"}))).await.status(), 204);
    let shown = body_of(scene.call(&format!("/api/campaigns/{campaign}"), &access).await).await;
    assert_eq!(shown["data"]["attributes"]["status"], "Cancelled");
}
