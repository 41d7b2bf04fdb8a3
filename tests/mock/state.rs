//! What is created can be read, listed, filtered, changed and deleted, and is each account's own.

use serde_json::{Value, json};

use crate::client::{Scene, json as body_of};
use crate::table::unlimited;

/// Types that can be created, read, changed and deleted, with what it takes to make one.
fn kinds() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("lists", "list", json!({"name": "Readers"})),
        ("segments", "segment", json!({"name": "Readers"})),
        ("tags", "tag", json!({"name": "Readers"})),
        ("tag-groups", "tag-group", json!({"name": "Readers"})),
        ("templates", "template", json!({"name": "Readers", "html": "<p>Hello</p>"})),
        ("template-universal-content", "template-universal-content", json!({"name": "Readers"})),
        ("campaigns", "campaign", json!({"name": "Readers"})),
        ("coupons", "coupon", json!({"name": "Readers", "external_id": "READ10"})),
        ("catalog-items", "catalog-item", json!({"name": "Readers", "external_id": "7"})),
        ("catalog-categories", "catalog-category", json!({"name": "Readers", "external_id": "7"})),
        ("catalog-variants", "catalog-variant", json!({"name": "Readers", "external_id": "7"})),
        ("custom-metrics", "custom-metric", json!({"name": "Readers"})),
        ("web-feeds", "web-feed", json!({"name": "Readers", "url": "https://feeds.example/x"})),
        ("webhooks", "webhook", json!({"name": "Readers", "endpoint_url": "https://hooks.example/"})),
        ("flows", "flow", json!({"name": "Readers"})),
    ]
}

#[tokio::test]
async fn what_is_created_is_read_listed_filtered_changed_and_deleted() {
    let (mut scene, access) = unlimited().await;
    // The last revision in which all of these have a name.
    scene.revision = "2026-07-15";
    for (home, kind, attributes) in kinds() {
        let all = format!("/api/{home}");
        let body = json!({"data": {"type": kind, "attributes": attributes}});
        let answer = scene.send("POST", &all, &access, &body).await;
        assert_eq!(answer.status(), 201, "{home}");
        let made = body_of(answer).await["data"].clone();
        assert_eq!(made["attributes"]["name"], "Readers", "{home}");
        let id = made["id"].as_str().expect("an id");
        let one = format!("{all}/{id}");
        assert_eq!(body_of(scene.call(&one, &access).await).await["data"], made, "{home}");
        assert!(made["links"]["self"].as_str().is_some_and(|link| link.ends_with(&one)), "{made}");
        assert!(found(&scene, &access, &all).await.contains(&made), "{home}");
        for filter in
            ["equals(name,\"Readers\")".to_owned(), format!("any(id,[\"{id}\"])"), "contains(name,'eader')".to_owned()]
        {
            assert_eq!(
                found(&scene, &access, &format!("{all}?filter={filter}")).await,
                std::slice::from_ref(&made),
                "{home} {filter}"
            );
        }
        assert!(found(&scene, &access, &format!("{all}?filter=equals(name,\"Nobody\")")).await.is_empty());
        let body = json!({"data": {"type": kind, "id": id, "attributes": {"name": "Writers"}}});
        assert!(scene.send("PATCH", &one, &access, &body).await.status().is_success(), "{home}");
        let changed = body_of(scene.call(&one, &access).await).await["data"].clone();
        assert_eq!(changed["attributes"]["name"], "Writers", "{home}");
        let body = json!({"data": {"type": "something-else", "id": id, "attributes": {}}});
        assert_eq!(scene.send("PATCH", &one, &access, &body).await.status(), 400, "{home}");
        assert_eq!(scene.send("DELETE", &one, &access, &json!({})).await.status(), 204, "{home}");
        for method in ["GET", "DELETE"] {
            assert_eq!(scene.send(method, &one, &access, &json!({})).await.status(), 404, "{home}");
        }
        assert!(!found(&scene, &access, &all).await.iter().any(|one| one["id"] == id), "{home}");
    }
}

#[tokio::test]
async fn what_is_incomplete_is_400_and_what_is_there_already_409() {
    let (scene, access) = unlimited().await;
    let item = json!({"data": {"type": "catalog-item", "attributes": {"external_id": "7", "title": "Lamp"}}});
    assert_eq!(scene.send("POST", "/api/catalog-items", &access, &item).await.status(), 201);
    let again = scene.send("POST", "/api/catalog-items", &access, &item).await;
    assert_eq!(again.status(), 409);
    for body in
        [json!({}), json!({"data": {"type": "tag"}}), json!({"data": {"type": "tag", "attributes": {"name": ""}}})]
    {
        assert_eq!(scene.send("POST", "/api/tags", &access, &body).await.status(), 400, "{body}");
    }
    let stray = json!({"data": {"type": "tag", "attributes": {"name": "x"},
        "relationships": {"tag-group": {"data": {"type": "tag-group", "id": "nobody"}}}}});
    assert_eq!(scene.send("POST", "/api/tags", &access, &stray).await.status(), 404);
}

#[tokio::test]
async fn jobs_do_what_they_say_and_are_complete_when_asked() {
    let (scene, access) = unlimited().await;
    let list = json!({"data": {"type": "list", "attributes": {"name": "Readers"}}});
    let list = body_of(scene.send("POST", "/api/lists", &access, &list).await).await["data"]["id"].clone();
    let person = |email: &str| json!({"type": "profile", "attributes": {"email": email}});
    let people = json!([person("a@example.com"), person("b@example.com"), person("nonsense")]);
    let job = json!({"data": {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": people}},
        "relationships": {"lists": {"data": [{"type": "list", "id": list}]}}}});
    let answer = scene.send("POST", "/api/profile-bulk-import-jobs", &access, &job).await;
    assert_eq!(answer.status(), 202);
    let begun = body_of(answer).await["data"].clone();
    assert_eq!(begun["attributes"]["status"], "processing");
    let path = format!("/api/profile-bulk-import-jobs/{}", begun["id"].as_str().expect("an id"));
    let job = body_of(scene.call(&path, &access).await).await["data"]["attributes"].clone();
    assert_eq!((&job["status"], &job["total_count"], &job["failed_count"]), (&json!("complete"), &json!(3), &json!(1)));
    assert_eq!(found(&scene, &access, &format!("{path}/profiles")).await.len(), 2);
    let list = list.as_str().expect("an id");
    assert_eq!(found(&scene, &access, &format!("/api/lists/{list}/profiles")).await.len(), 2);
    let items = |kind: &str, data: Value| json!({"data": {"type": kind, "attributes": {"items": {"data": data}}}});
    let lamp = json!([{"type": "catalog-item", "attributes": {"external_id": "1", "title": "Lamp"}}]);
    let create = items("catalog-item-bulk-create-job", lamp);
    assert_eq!(scene.send("POST", "/api/catalog-item-bulk-create-jobs", &access, &create).await.status(), 202);
    let lamp = found(&scene, &access, "/api/catalog-items").await.remove(0);
    let id = lamp["id"].as_str().expect("an id");
    let dearer = json!([{"type": "catalog-item", "id": id, "attributes": {"price": 9}}]);
    let update = items("catalog-item-bulk-update-job", dearer);
    assert_eq!(scene.send("POST", "/api/catalog-item-bulk-update-jobs", &access, &update).await.status(), 202);
    assert_eq!(found(&scene, &access, "/api/catalog-items").await[0]["attributes"]["price"], 9);
    let delete = items("catalog-item-bulk-delete-job", json!([{"type": "catalog-item", "id": id}]));
    assert_eq!(scene.send("POST", "/api/catalog-item-bulk-delete-jobs", &access, &delete).await.status(), 202);
    assert!(found(&scene, &access, "/api/catalog-items").await.is_empty());
}

/// The resources of a collection.
pub(crate) async fn found(scene: &Scene, access: &str, path: &str) -> Vec<Value> {
    let body = body_of(scene.call(path, access).await).await;
    body["data"].as_array().unwrap_or_else(|| panic!("{path}: {body}")).clone()
}
