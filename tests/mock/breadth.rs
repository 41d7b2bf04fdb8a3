//! Every published operation: a well-formed request gets the documented answer.

use std::collections::HashMap;

use flowcheck::klaviyo::coverage::{self, Depth};
use serde_json::{Value, json};

use crate::client::{Scene, json as body_of};
use crate::table::{Operation, answer_of, kind_at, mistyped, operations, slips, unlimited};

/// What was made so far: an id for each place below `/api`.
type Ids = HashMap<&'static str, String>;

#[tokio::test]
async fn every_operation_of_the_newest_revision_gives_its_documented_answer() {
    let modelled = every_operation_answers("2026-10-15").await;
    assert!(modelled >= 340, "{modelled} are modelled");
}

#[tokio::test]
async fn those_of_older_revisions_do_so_too_in_the_shape_of_theirs() {
    for revision in ["2026-07-15", "2025-10-15", "2025-01-15"] {
        let modelled = every_operation_answers(revision).await;
        assert!(modelled >= 250, "{revision}: {modelled} are modelled");
    }
}

/// Asks for every operation of a revision; the number of those that are modelled.
async fn every_operation_answers(revision: &'static str) -> usize {
    let (mut scene, access) = unlimited().await;
    let mut ids = prepare(&scene, &access).await;
    scene.revision = revision;
    let depths: HashMap<&str, Depth> =
        coverage::operations().into_iter().map(|one| (one.operation, one.depth)).collect();
    let mut all: Vec<Operation> = operations().into_iter().filter(|one| one.is_in(revision)).collect();
    // First what creates, then what reads, changes and ties, then what unties and deletes.
    all.sort_by_key(phase);
    let (mut stateful, mut generic, mut gaps) = (0, 0, 0);
    let mut wrong = Vec::new();
    for operation in &all {
        let answer = ask(&scene, &access, operation, &ids).await;
        let status = answer.status().as_u16();
        match depths[operation.id] {
            Depth::Gap => {
                assert_eq!((status, answer.headers()["x-flowcheck"].to_str().ok()), (501, Some("mock-gap")));
                gaps += 1;
                continue;
            }
            Depth::Stateful => stateful += 1,
            Depth::Generic => generic += 1,
        }
        if !operation.success.split('|').any(|code| code == status.to_string()) {
            let body = crate::client::text(answer).await;
            wrong.push(format!("{} answered {status}, not {}: {body}", operation.id, operation.success));
            continue;
        }
        let Some((many, kind)) = answer_of(operation.id) else { continue };
        let body = body_of(answer).await;
        let resources = match (many, &body["data"]) {
            (true, Value::Array(all)) => all.clone(),
            (false, one @ Value::Object(_)) => vec![one.clone()],
            _ => {
                wrong.push(format!("{} answered {body}", operation.id));
                continue;
            }
        };
        for resource in &resources {
            let slips = if operation.path.contains("/relationships/") {
                mistyped(resource, kind)
            } else {
                slips(resource, kind, revision)
            };
            wrong.extend(slips.into_iter().map(|slip| format!("{revision} {}: {slip}", operation.id)));
        }
        let is_kept = |first: &&Value| kind_at(home(operation)).is_none_or(|kind| first["type"] == kind);
        if let (0, Some(first)) = (phase(operation), resources.first().filter(is_kept)) {
            ids.entry(home(operation)).or_insert_with(|| first["id"].as_str().expect("an id").to_owned());
        }
    }
    let modelled = stateful + generic;
    println!("{revision}: {modelled} of {}: {stateful} stateful, {generic} generic; {gaps} gaps", all.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    modelled
}

fn phase(operation: &Operation) -> u8 {
    let ties = operation.path.contains("/relationships/");
    match (operation.method, ties) {
        _ if matches!(operation.id, "merge_profiles" | "request_profile_deletion" | "unregister_client_push_token") => {
            4
        }
        // What is copied is there by then.
        ("POST", false) if operation.id.starts_with("clone_") => 1,
        ("POST", false) => 0,
        ("POST", true) => 1,
        ("PATCH", _) => 2,
        ("GET", _) => 3,
        (_, true) => 5,
        // A group's tags are gone with it.
        _ if operation.id == "delete_tag_group" => 7,
        _ => 6,
    }
}

fn home(operation: &Operation) -> &'static str {
    operation.path.split('/').nth(2).unwrap_or_default()
}

async fn ask(scene: &Scene, access: &str, operation: &Operation, ids: &Ids) -> reqwest::Response {
    let id = ids.get(home(operation)).cloned().unwrap_or_else(|| "unknown".to_owned());
    let mut path = operation.path.replace("{id}", &id).replace("{job_id}", &id);
    if path.starts_with("/client/") {
        path.push_str("?company_id=HaRb01");
    }
    let method = operation.method;
    if operation.id == "upload_image_from_file" {
        let call = scene.api(method, &path).bearer_auth(access).header("revision", scene.revision);
        let call = call.header("content-type", "multipart/form-data; boundary=x").body("--x--");
        return call.send().await.expect("Klaviyo answers");
    }
    if method == "GET" {
        return scene.call(&path, access).await;
    }
    scene.send(method, &path, access, &request(operation, &id, ids)).await
}

/// What the creating operations need to be there, by the newest revision, and what only comes along with something else.
async fn prepare(scene: &Scene, access: &str) -> Ids {
    let mut ids = Ids::new();
    ids.insert("accounts", "HaRb01".to_owned());
    for home in ["billing-usage", "brand-voice", "brand-email-defaults"] {
        ids.insert(home, "HaRb01".to_owned());
    }
    for (home, kind) in [
        ("campaigns", "campaign"),
        ("coupons", "coupon"),
        ("flows", "flow"),
        ("forms", "form"),
        ("images", "image"),
        ("lists", "list"),
        ("object-types", "object-type"),
        ("segments", "segment"),
        ("templates", "template"),
        ("catalog-items", "catalog-item"),
    ] {
        let body = json!({"data": {"type": kind, "attributes": {"name": "Prepared", "external_id": "prepared"}}});
        let answer = body_of(scene.send("POST", &format!("/api/{home}"), access, &body).await).await;
        ids.insert(home, answer["data"]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned());
    }
    let profile = json!({"data": {"type": "profile", "attributes": {"email": "prepared@example.com"}}});
    let answer = body_of(scene.send("POST", "/api/profiles", access, &profile).await).await;
    ids.insert("profiles", answer["data"]["id"].as_str().expect("an id").to_owned());
    let event = json!({"data": {"type": "event", "attributes": event("prepared@example.com")}});
    assert_eq!(scene.send("POST", "/api/events", access, &event).await.status(), 202);
    let review = json!({"data": {"type": "review", "attributes": {"content": "Good.", "rating": 5}}});
    assert_eq!(scene.send("POST", "/client/reviews?company_id=HaRb01", access, &review).await.status(), 202);
    let token = json!({"data": {"type": "push-token", "attributes": push_token("kept")}});
    assert_eq!(scene.send("POST", "/api/push-tokens", access, &token).await.status(), 202);
    let record = json!({"data": {"type": "data-source-record-create-job", "attributes": record()}});
    assert_eq!(scene.send("POST", "/api/data-source-record-create-jobs", access, &record).await.status(), 204);
    for (home, from) in [
        ("events", "events"),
        ("metrics", "metrics"),
        ("reviews", "reviews"),
        ("push-tokens", "push-tokens"),
        ("webhook-topics", "webhook-topics"),
        ("mapped-metrics", "mapped-metrics"),
        ("tracking-settings", "tracking-settings"),
        ("campaign-messages", "campaigns/{campaigns}/relationships/campaign-messages"),
        ("flow-actions", "flows/{flows}/relationships/flow-actions"),
        ("flow-messages", "flow-actions/{flow-actions}/relationships/flow-messages"),
        ("form-versions", "forms/{forms}/relationships/form-versions"),
        ("metric-properties", "metrics/{metrics}/relationships/metric-properties"),
        ("object-schemas", "object-types/{object-types}/relationships/schema-versions"),
        ("object-records", "object-types/{object-types}/relationships/object-records"),
        ("conversations", "profiles/{profiles}/relationships/conversation"),
        ("source-mappings", "object-schemas/{object-schemas}/relationships/source-mapping"),
    ] {
        let from = ids.iter().fold(from.to_owned(), |from, (home, id)| from.replace(&format!("{{{home}}}"), id));
        let answer = body_of(scene.call(&format!("/api/{from}"), access).await).await;
        let first = if answer["data"].is_array() { &answer["data"][0] } else { &answer["data"] };
        ids.insert(home, first["id"].as_str().unwrap_or_else(|| panic!("{from}: {answer}")).to_owned());
    }
    for (home, kind) in [("campaign-recipient-estimation-jobs", "campaign-recipient-estimation-job")] {
        let body = json!({"data": {"type": kind, "id": ids["campaigns"]}});
        assert_eq!(scene.send("POST", &format!("/api/{home}"), access, &body).await.status(), 202);
    }
    let campaign = ids["campaigns"].clone();
    ids.insert("campaign-recipient-estimations", campaign);
    ids
}

/// A well-formed body.
fn request(operation: &Operation, id: &str, ids: &Ids) -> Value {
    let reference = |kind: &str, home: &str| json!({"data": {"type": kind, "id": ids.get(home)}});
    let one = |kind: &str, id: Option<&String>, attributes: Value, relationships: Value| json!({"data": {"type": kind, "id": id, "attributes": attributes, "relationships": relationships}});
    let profile = |email: &str| json!({"data": {"type": "profile", "attributes": {"email": email}}});
    let many = |kind: &str, attributes: Value| json!({"data": [{"type": kind, "attributes": attributes}]});
    match operation.id {
        "create_profile" | "create_or_update_profile" | "create_client_profile" => {
            profile(&format!("{}@example.com", operation.id))
        }
        "create_event" | "create_client_event" => {
            json!({"data": {"type": "event", "attributes": event("e@example.com")}})
        }
        "bulk_create_events" | "bulk_create_client_events" => {
            let mut attributes = event("bulk@example.com");
            let profile = attributes.as_object_mut().and_then(|event| event.remove("profile"));
            let group = json!({"profile": profile, "events": many("event", attributes)});
            if operation.id == "bulk_create_client_events" {
                return json!({"data": {"type": "event-bulk-create", "attributes": group}});
            }
            let group = json!({"events-bulk-create": many("event-bulk-create", group)});
            json!({"data": {"type": "event-bulk-create-job", "attributes": group}})
        }
        "merge_profiles" => {
            let source = json!({"profiles": {"data": [{"type": "profile", "id": ids["profiles"]}]}});
            one("profile-merge", ids.get("profiles"), json!({}), source)
        }
        "request_profile_deletion" => {
            one("data-privacy-deletion-job", None, json!({"profile": profile("e@example.com")}), json!({}))
        }
        "clone_campaign" => one("campaign", ids.get("campaigns"), json!({"name": "Copy"}), json!({})),
        clone @ ("clone_campaign_audience" | "clone_campaign_message" | "clone_universal_content") => {
            let (home, kind) = match clone {
                "clone_campaign_audience" => ("campaign-audiences", "campaign-audience"),
                "clone_campaign_message" => ("campaign-messages", "campaign-message"),
                _ => ("template-universal-content", "template-universal-content"),
            };
            one(kind, ids.get(home), json!({"id": ids.get(home), "name": "Copy"}), json!({}))
        }
        "schedule_campaign" => {
            let message = json!({"strategy": "static", "message_id": ids.get("campaign-messages")});
            let campaign = json!({"campaign": reference("campaign", "campaigns")});
            one("campaign-schedule", None, json!({"message_schedules": [message]}), campaign)
        }
        "schedule_campaign_message" => {
            let message = json!({"campaign-message": reference("campaign-message", "campaign-messages")});
            one("campaign-message-schedule", None, json!({"strategy": "static"}), message)
        }
        "update_campaign_message_schedule" => {
            one("campaign-message-schedule", Some(&id.to_owned()), json!({"action": "cancel"}), json!({}))
        }
        "publish_form" => one("form-publish-job", None, json!({}), json!({"form": reference("form", "forms")})),
        "unpublish_form" => one("form-unpublish-job", None, json!({}), json!({"form": reference("form", "forms")})),
        "create_profile_schema_relationship" | "delete_profile_schema_relationship" => {
            json!({"data": [{"type": "profile-object-schema", "id": "profiles-and-orders"}]})
        }
        "update_profile_schema_relationship" => {
            json!({"data": {"type": "profile-object-schema", "id": "profiles-and-orders"}})
        }
        "update_object_schema_relationship" => reference("object-schema", "object-schemas"),
        "assign_template_to_campaign_message" => {
            let template = json!({"template": reference("template", "templates")});
            one("campaign-message", ids.get("campaign-messages"), json!({}), template)
        }
        "send_campaign" => one("campaign-send-job", ids.get("campaigns"), json!({}), json!({})),
        "cancel_campaign_send" => {
            one("campaign-send-job", ids.get("campaigns"), json!({"action": "cancel"}), json!({}))
        }
        "refresh_campaign_recipient_estimation" => {
            one("campaign-recipient-estimation-job", ids.get("campaigns"), json!({}), json!({}))
        }
        "clone_template" | "render_template" => {
            one("template", ids.get("templates"), json!({"name": "Copy", "context": {"name": "Ada"}}), json!({}))
        }
        "create_push_token" | "create_client_push_token" => {
            json!({"data": {"type": "push-token", "attributes": push_token("another")}})
        }
        "unregister_client_push_token" => one("push-token-unregister", None, push_token("another"), json!({})),
        "create_conversation_message" => {
            let to = json!({"conversation": reference("conversation", "conversations")});
            one("conversation-message", None, json!({"body": "Hello"}), to)
        }
        "create_client_subscription" => {
            let list = json!({"list": reference("list", "lists")});
            one("subscription", None, json!({"profile": profile("s@example.com")}), list)
        }
        "create_data_source_record" => one("data-source-record-create-job", None, record(), json!({})),
        "update_mapped_metric" => {
            let metrics = json!({
                "metric": reference("metric", "metrics"), "custom-metric": reference("custom-metric", "custom-metrics"),
            });
            one("mapped-metric", ids.get("mapped-metrics"), json!({}), metrics)
        }
        "create_coupon_code" => {
            let coupon = json!({"coupon": reference("coupon", "coupons")});
            one("coupon-code", None, json!({"unique_code": "SAVE10"}), coupon)
        }
        bulk if bulk.starts_with("bulk_") => {
            let kind = answer_of(bulk).map_or("some-job", |(_, kind)| kind);
            let attributes = json!({"external_id": bulk, "unique_code": "B", "email": "many@example.com"});
            let item = kind.split("-bulk-").next().unwrap_or_default();
            let item = if kind.starts_with("profile") { "profile" } else { item };
            one(kind, None, json!({"items": many(item, attributes)}), json!({}))
        }
        _ => general(operation, id, ids),
    }
}

/// What does for most types.
fn general(operation: &Operation, id: &str, ids: &Ids) -> Value {
    let reads = operations().into_iter().find(|one| one.method == "GET" && one.path == operation.path);
    if let (true, Some((many, kind))) =
        (operation.path.contains("/relationships/"), reads.and_then(|one| answer_of(one.id)))
    {
        let home = ids.keys().find(|home| kind_at(home) == Some(kind));
        let reference = json!({"type": kind, "id": home.map(|home| &ids[home])});
        return json!({"data": if many { json!([reference]) } else { reference }});
    }
    let kind = answer_of(operation.id).map(|(_, kind)| kind).or_else(|| kind_at(home(operation))).unwrap_or("thing");
    let mut data = json!({"type": match operation.id { "create_client_review" => "review", _ => kind }});
    if operation.method == "PATCH" {
        data["id"] = id.into();
        data["attributes"] = json!({"name": "Changed"});
    } else {
        data["attributes"] = json!({
            "name": operation.id, "external_id": operation.id, "unique_code": "CODE",
            "endpoint_url": "https://hooks.example/",
        });
        data["relationships"] = everything_it_relates_to(operation, ids);
    }
    json!({ "data": data })
}

/// References to all that a resource of this collection can be related to, of what there is.
fn everything_it_relates_to(operation: &Operation, ids: &Ids) -> Value {
    let mut relationships = json!({});
    let prefix = format!("{}/{{id}}/relationships/", operation.path);
    for read in operations().iter().filter(|one| one.method == "GET") {
        let (Some(name), Some((many, kind))) = (read.path.strip_prefix(&prefix), answer_of(read.id)) else { continue };
        if let Some(home) = ids.keys().find(|home| kind_at(home) == Some(kind)) {
            let reference = json!({"type": kind, "id": ids[home]});
            relationships[name] = json!({"data": if many { json!([reference]) } else { reference }});
        }
    }
    relationships
}

fn event(email: &str) -> Value {
    json!({
        "properties": {"order": 1},
        "metric": {"data": {"type": "metric", "attributes": {"name": "Placed Order"}}},
        "profile": {"data": {"type": "profile", "attributes": {"email": email}}},
    })
}

fn push_token(token: &str) -> Value {
    let profile = json!({"data": {"type": "profile", "attributes": {"email": "prepared@example.com"}}});
    json!({"token": token, "platform": "ios", "vendor": "apns", "profile": profile})
}

fn record() -> Value {
    json!({"data-source-record": {"data": {"type": "data-source-record", "attributes": {"record": {"size": 4}}}}})
}
