//! The query language: pages, sparse fields, sorting.

use serde_json::{Value, json};

use crate::client::{Scene, json as body_of};
use crate::state::found;
use crate::table::unlimited;

async fn tags(scene: &Scene, access: &str, count: usize) {
    for number in 0..count {
        let body = json!({"data": {"type": "tag", "attributes": {"name": format!("Tag {number:02}")}}});
        assert_eq!(scene.send("POST", "/api/tags", access, &body).await.status(), 201);
    }
}

/// Follows the links from page to page, and gathers all ids.
async fn walk(scene: &Scene, access: &str, path: &str) -> (usize, Vec<Value>) {
    let (mut next, mut pages, mut all) = (Some(path.to_owned()), 0, Vec::new());
    while let Some(path) = next {
        let body = body_of(scene.call(&path, access).await).await;
        all.extend(body["data"].as_array().expect("a page").iter().map(|one| one["id"].clone()));
        pages += 1;
        let link = body["links"]["next"].as_str().map(str::to_owned);
        next = link.map(|link| link[link.find("/api").expect("a path")..].to_owned());
    }
    (pages, all)
}

#[tokio::test]
async fn pages_lead_through_everything_once() {
    let (scene, access) = unlimited().await;
    tags(&scene, &access, 23).await;
    let group = found(&scene, &access, "/api/tag-groups").await[0]["id"].as_str().expect("an id").to_owned();
    for path in [
        "/api/tags?page[size]=5".to_owned(),
        "/api/tags?page[size]=5&sort=-name&filter=contains(name,\"Tag\")".to_owned(),
        format!("/api/tag-groups/{group}/tags?page[size]=5"),
        format!("/api/tag-groups/{group}/relationships/tags?page[size]=5"),
    ] {
        let (pages, mut all) = walk(&scene, &access, &path).await;
        assert_eq!((pages, all.len()), (5, 23), "{path}");
        all.sort_by_key(ToString::to_string);
        all.dedup();
        assert_eq!(all.len(), 23, "{path}");
    }
    for path in ["/api/tags?page[size]=0", "/api/tags?page[size]=101", "/api/tags?page[cursor]=x", "/api/tags?filter=x"]
    {
        assert_eq!(scene.call(path, &access).await.status(), 400, "{path}");
    }
}

#[tokio::test]
async fn sorting_goes_both_ways() {
    let (scene, access) = unlimited().await;
    tags(&scene, &access, 3).await;
    for (sort, first) in [("name", "Tag 00"), ("-name", "Tag 02")] {
        let all = found(&scene, &access, &format!("/api/tags?sort={sort}")).await;
        assert_eq!(all[0]["attributes"]["name"], first);
    }
}

#[tokio::test]
async fn only_the_fields_that_were_asked_for_are_shown() {
    let (scene, access) = unlimited().await;
    let body = json!({"data": {"type": "profile", "attributes": {
        "email": "ada@example.com", "first_name": "Ada", "location": {"city": "Lisbon", "zip": "1"}}}});
    let made = scene.send("POST", "/api/profiles?fields[profile]=email,location.city", &access, &body).await;
    assert_eq!(made.status(), 201);
    let sparse = json!({"email": "ada@example.com", "location": {"city": "Lisbon"}});
    assert_eq!(body_of(made).await["data"]["attributes"], sparse);
    let path = "/api/profiles?fields[profile]=email,location.city&fields[list]=name";
    assert_eq!(found(&scene, &access, path).await[0]["attributes"], sparse);
    assert!(
        found(&scene, &access, "/api/profiles?fields[list]=name").await[0]["attributes"].get("first_name").is_some()
    );
}

#[tokio::test]
async fn what_is_related_comes_along_where_it_is_asked_for() {
    let (scene, access) = unlimited().await;
    let event = |unique: &str| {
        json!({"data": {"type": "event", "attributes": {"properties": {}, "unique_id": unique,
        "metric": {"data": {"type": "metric", "attributes": {"name": "Placed Order"}}},
        "profile": {"data": {"type": "profile", "attributes": {"email": "ada@example.com"}}}}}})
    };
    // The second with the same id is the first one.
    for unique in ["1", "2", "2"] {
        assert_eq!(scene.send("POST", "/api/events", &access, &event(unique)).await.status(), 202);
    }
    let path = "/api/events?include=metric,profile&fields[metric]=name";
    let answer = body_of(scene.call(path, &access).await).await;
    let included = answer["included"].as_array().expect("what is included");
    assert_eq!((included.len(), &included[0]["attributes"]), (2, &json!({"name": "Placed Order"})));
    assert_eq!(included[1]["id"], answer["data"][1]["relationships"]["profile"]["data"]["id"]);
    tags(&scene, &access, 1).await;
    let answer = body_of(scene.call("/api/tags?include=tag-group", &access).await).await;
    assert_eq!(answer["included"][0]["type"], "tag-group");
}

#[tokio::test]
async fn lists_tell_how_many_profiles_are_on_them_when_they_are_asked() {
    let (scene, access) = unlimited().await;
    let list = json!({"data": {"type": "list", "attributes": {"name": "Readers"}}});
    let list = body_of(scene.send("POST", "/api/lists", &access, &list).await).await["data"]["id"].clone();
    let path = format!("/api/lists/{}", list.as_str().expect("an id"));
    let profile = json!({"data": {"type": "profile", "attributes": {"email": "reader@example.com"}}});
    let profile = body_of(scene.send("POST", "/api/profiles", &access, &profile).await).await["data"]["id"].clone();
    let member = json!({"data": [{"type": "profile", "id": profile}]});
    assert_eq!(scene.send("POST", &format!("{path}/relationships/profiles"), &access, &member).await.status(), 204);
    let plain = body_of(scene.call(&path, &access).await).await;
    assert!(plain["data"]["attributes"].get("profile_count").is_none());
    let asked = body_of(scene.call(&format!("{path}?additional-fields[list]=profile_count"), &access).await).await;
    assert_eq!(asked["data"]["attributes"]["profile_count"], 1);
}
