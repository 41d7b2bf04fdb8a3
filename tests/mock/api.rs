//! The API: credentials, revision, scopes, limits, and what is modelled.

use std::time::Duration;

use flowcheck::evidence::{ApiCall, Facts, TokenState};
use serde_json::{Value, json};

use crate::client::{APP, REVISION, Scene, json as body_of, scene};

fn asked(scene: &Scene) -> ApiCall {
    match scene.latest() {
        Facts::Api(call) => call,
        other => panic!("{other:?}"),
    }
}

/// The one error of an answer.
async fn error(answer: reqwest::Response) -> Value {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["content-type"], "application/vnd.api+json");
    let body = body_of(answer).await;
    let error = body["errors"][0].clone();
    assert_eq!(error["status"], status);
    for name in ["id", "code", "title", "detail"] {
        assert!(error[name].is_string(), "{name} in {error}");
    }
    error
}

const EVERYTHING: &str =
    "accounts:read profiles:read profiles:write lists:read lists:write events:read events:write metrics:read";

#[tokio::test]
async fn calls_without_good_credentials_are_401() {
    let scene = scene().await;
    let call = |header: Option<&str>| {
        let call = scene.api("GET", "/api/accounts").header("revision", REVISION);
        header.into_iter().fold(call, |call, header| call.header("authorization", header))
    };
    for (header, code, state) in [
        (None, "not_authenticated", TokenState::Missing),
        (Some("Bearer nonsense"), "authentication_failed", TokenState::Unknown),
        (Some("Bearer e30.e30.e30"), "authentication_failed", TokenState::Unknown),
        (Some("Klaviyo-API-Key pk_1234567890abcdef"), "authentication_failed", TokenState::PrivateKey),
        (Some("nonsense"), "authentication_failed", TokenState::Unknown),
    ] {
        let answer = call(header).send().await.expect("an answer");
        assert_eq!(answer.status(), 401);
        let how = answer.headers()["www-authenticate"].to_str().expect("plain text");
        assert_eq!((how.starts_with("Bearer "), how.contains("invalid_token")), (true, header.is_some()), "{how}");
        assert_eq!(error(answer).await["code"], code, "{header:?}");
        assert_eq!(asked(&scene).token_state, state, "{header:?}");
    }
}

#[tokio::test]
async fn calls_beyond_the_granted_scopes_are_403_until_the_user_authorizes_again() {
    let scene = scene().await;
    let (access, refresh) = scene.installed_with("accounts:read profiles:read").await;
    scene.klaviyo.set_scopes(APP, ["accounts:read", "profiles:read", "campaigns:read"]).expect("the app is known");
    let answer = scene.call("/api/lists", &access).await;
    assert_eq!(answer.status(), 403);
    let error = error(answer).await;
    assert_eq!(error["code"], "permission_denied");
    assert_eq!(error["title"], "You do not have permission to perform this action.");
    assert!(error["detail"].as_str().unwrap_or_default().contains("lists:read"), "{error}");
    assert_eq!(asked(&scene).missing_scopes, ["lists:read"]);
    // Refreshing does not widen what was granted.
    assert_eq!(body_of(scene.refresh(&refresh).await).await["scope"], "accounts:read profiles:read");
    assert_eq!(scene.call("/api/campaigns", &access).await.status(), 403);
    let (wider, _) = scene.installed_with("accounts:read campaigns:read").await;
    assert_eq!(scene.call("/api/campaigns", &wider).await.status(), 200);
}

#[tokio::test]
async fn paths_that_are_not_published_are_404_wrong_methods_405_and_gaps_of_the_mock_501() {
    let scene = scene().await;
    let (access, _) = scene.installed_with("accounts:read").await;
    for path in ["/api/nothing", "/api", "/api/profiles/x/y/z", "/client/nothing"] {
        let answer = scene.call(path, &access).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(error(answer).await["code"], "not_found");
        assert_eq!((asked(&scene).operation, asked(&scene).mock_gap), (None, false));
    }
    let answer = scene.send("DELETE", "/api/accounts", &access, &json!({})).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["allow"].to_str().ok()), (405, Some("GET")));
    assert_eq!(error(answer).await["code"], "method_not_allowed");
    let answer = scene.api("OPTIONS", "/api/profiles").send().await.expect("an answer");
    assert_eq!(answer.status(), 204);
    // What beta revisions have beside what is known of them.
    let beta = scene.api("GET", "/api/nothing").bearer_auth(&access).header("revision", "2026-10-15.pre");
    let answer = beta.send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.headers()["x-flowcheck"].to_str().ok()), (501, Some("mock-gap")));
    assert!(asked(&scene).mock_gap);
    for (method, revision, answered) in [("PATCH", "2026-10-15.pre", 501), ("PATCH", "2024-10-15.pre", 405)] {
        let beta = scene.api(method, "/api/accounts").bearer_auth(&access).header("revision", revision);
        assert_eq!(beta.send().await.expect("an answer").status(), answered, "{method} by {revision}");
    }
    let answer = scene.api("GET", "/client/reviews").send().await.expect("an answer");
    assert_eq!(answer.status(), 400);
    // A slash at the end makes no difference.
    assert_eq!(scene.call("/api/accounts/", &access).await.status(), 200);
}

#[tokio::test]
async fn limits_are_fixed_windows_told_in_headers_and_a_429_has_only_retry_after() {
    let scene = scene().await;
    let (access, _) = scene.installed().await;
    // Two calls may fall on both sides of a second's edge; then the next minute gets another try.
    let mut second = None;
    for _ in 0..20 {
        scene.klaviyo.clock().advance(Duration::from_mins(1));
        let first = scene.call("/api/accounts", &access).await;
        assert_eq!(first.status(), 200);
        assert_eq!(first.headers()["ratelimit-limit"], "1, 1;w=1, 15;w=60");
        assert_eq!(first.headers()["ratelimit-remaining"], "14");
        assert!(first.headers().contains_key("ratelimit-reset"));
        let answer = scene.call("/api/accounts", &access).await;
        if answer.status() == 429 {
            second = Some(answer);
            break;
        }
    }
    let second = second.expect("two calls within a second");
    assert_eq!(second.headers()["retry-after"], "1");
    assert!(!second.headers().contains_key("ratelimit-limit"));
    let error = error(second).await;
    assert_eq!(error["code"], "throttled");
    assert_eq!(error["detail"], "Request was throttled. Expected available in 1 second.");
    let about = "https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling#rate-limits";
    assert_eq!((&error["links"], &error["meta"]), (&json!({"type": about}), &json!({})));
    assert_eq!(error["source"], json!({"pointer": "/data"}));
    // Another operation has a quota of its own, and a second later all is well.
    assert_eq!(scene.call("/api/profiles", &access).await.status(), 200);
    scene.klaviyo.clock().advance(Duration::from_secs(1));
    assert_eq!(scene.call("/api/accounts", &access).await.status(), 200);
}

#[tokio::test]
async fn accounts_carry_every_attribute_that_the_description_requires() {
    let scene = scene().await;
    let (access, _) = scene.installed().await;
    let answer = body_of(scene.call("/api/accounts", &access).await).await;
    let account = &answer["data"][0];
    assert_eq!((account["type"].as_str(), account["id"].as_str()), (Some("account"), Some("HaRb01")));
    let attributes = &account["attributes"];
    for name in ["locale", "preferred_currency", "public_api_key", "timezone"] {
        assert!(attributes[name].is_string(), "{name}");
    }
    assert!(attributes["test_account"].is_boolean());
    let contact = &attributes["contact_information"];
    for name in ["default_sender_email", "default_sender_name", "organization_name"] {
        assert!(contact[name].is_string(), "{name}");
    }
    assert!(contact["street_address"].is_object());
    assert!(contact["street_address"]["address1"].as_str().is_some_and(|street| !street.is_empty()));
    assert_eq!(contact["default_sender_email"], "hello@harbour-books.example");
    assert_eq!(contact["website_url"], "https://harbour-books.example");
    assert_eq!(scene.call("/api/accounts/HaRb01", &access).await.status(), 200);
    scene.klaviyo.clock().advance(Duration::from_secs(1));
    assert_eq!(scene.call("/api/accounts/LiGh02", &access).await.status(), 404);
}

#[tokio::test]
async fn profiles_are_created_found_updated_imported_and_never_doubled() {
    let scene = scene().await;
    let (access, _) = scene.installed().await;
    let profile = |attributes: Value| json!({"data": {"type": "profile", "attributes": attributes}});
    let cleo = profile(json!({"email": "cleo@example.com", "first_name": "Cleo"}));
    let answer = scene.send("POST", "/api/profiles", &access, &cleo).await;
    assert_eq!(answer.status(), 201);
    let id = body_of(answer).await["data"]["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("01") && id.len() == 26, "{id}");
    let again = scene.send("POST", "/api/profiles", &access, &profile(json!({"email": "Cleo@Example.com"}))).await;
    assert_eq!(again.status(), 409);
    let conflict = error(again).await;
    assert_eq!(
        (&conflict["code"], &conflict["meta"]["duplicate_profile_id"]),
        (&json!("duplicate_profile"), &json!(id))
    );
    let path = format!("/api/profiles/{id}");
    let answer =
        scene.send("PATCH", &path, &access, &profile(json!({"last_name": "Reed", "properties": {"a": 1}}))).await;
    assert_eq!(answer.status(), 200);
    let import = profile(json!({"email": "cleo@example.com", "properties": {"b": 2}}));
    assert_eq!(scene.send("POST", "/api/profile-import", &access, &import).await.status(), 200);
    let new = profile(json!({"external_id": "7"}));
    assert_eq!(scene.send("POST", "/api/profile-import", &access, &new).await.status(), 201);
    let shown = body_of(scene.call(&path, &access).await).await;
    let attributes = &shown["data"]["attributes"];
    assert_eq!((&attributes["first_name"], &attributes["last_name"]), (&json!("Cleo"), &json!("Reed")));
    assert_eq!(attributes["properties"], json!({"a": 1, "b": 2}));
    let found = body_of(scene.call("/api/profiles?filter=equals(email,\"cleo@example.com\")", &access).await).await;
    assert_eq!((found["data"].as_array().map(Vec::len), &found["data"][0]["id"]), (Some(1), &json!(id)));
    for body in [json!({}), json!({"data": []}), profile(json!({})), profile(json!({"email": "no"})), json!([1])] {
        let answer = scene.send("POST", "/api/profiles", &access, &body).await;
        assert_eq!((answer.status().as_u16(), error(answer).await["code"].as_str()), (400, Some("invalid")), "{body}");
    }
    assert_eq!(scene.call("/api/profiles/01NOBODY", &access).await.status(), 404);
    assert_eq!(scene.call("/api/profiles?filter=nonsense", &access).await.status(), 400);
    assert_eq!(scene.call("/api/profiles?page[size]=0", &access).await.status(), 400);
    assert_eq!(scene.call("/api/profiles?page[cursor]=x", &access).await.status(), 400);
}

#[tokio::test]
async fn events_make_their_metric_and_profile_and_come_newest_first() {
    let scene = scene().await;
    let (access, _) = scene.installed_with(EVERYTHING).await;
    let event = |time: &str, unique: &str| {
        json!({"data": {"type": "event", "attributes": {
            "properties": {"order": unique}, "time": time, "value": 9.5, "unique_id": unique,
            "metric": {"data": {"type": "metric", "attributes": {"name": "Placed Order"}}},
            "profile": {"data": {"type": "profile", "attributes": {"email": "dan@example.com"}}},
        }}})
    };
    for (time, unique) in [("2026-01-01T00:00:00Z", "1"), ("2026-01-02T00:00:00Z", "2"), ("2026-01-02T00:00:00Z", "2")]
    {
        assert_eq!(scene.send("POST", "/api/events", &access, &event(time, unique)).await.status(), 202);
    }
    let events = body_of(scene.call("/api/events", &access).await).await;
    let orders: Vec<&Value> = events["data"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| &event["attributes"]["event_properties"]["order"])
        .collect();
    assert_eq!(orders, [&json!("2"), &json!("1")]);
    let id = events["data"][0]["id"].as_str().expect("an id");
    assert_eq!(scene.call(&format!("/api/events/{id}"), &access).await.status(), 200);
    let metrics = body_of(scene.call("/api/metrics", &access).await).await;
    let named = |metric: &&Value| metric["attributes"]["name"] == "Placed Order";
    let of_name: Vec<&Value> = metrics["data"].as_array().expect("metrics").iter().filter(named).collect();
    let from = |metric: &Value| metric["attributes"]["integration"]["name"].as_str().map(str::to_owned);
    let by: Vec<Option<String>> = of_name.iter().map(|metric| from(metric)).collect();
    assert_eq!(by, [Some("Online shop".to_owned()), Some("API".to_owned())], "the shop's own is another metric");
    let metric = of_name[1]["id"].as_str().expect("an id");
    assert_eq!(scene.call(&format!("/api/metrics/{metric}"), &access).await.status(), 200);
    let of_metric =
        format!("/api/events?filter=equals(metric_id,\"{metric}\"),greater-than(datetime,2026-01-01T12:00:00Z)");
    assert_eq!(body_of(scene.call(&of_metric, &access).await).await["data"].as_array().map(Vec::len), Some(1));
    let profiles = body_of(scene.call("/api/profiles", &access).await).await;
    assert_eq!(profiles["data"][0]["attributes"]["last_event_date"], "2026-01-02T00:00:00Z");
    let bad = event("yesterday", "3");
    assert_eq!(scene.send("POST", "/api/events", &access, &bad).await.status(), 400);
}

#[tokio::test]
async fn an_account_is_not_empty_when_an_app_is_installed() {
    let scene = scene().await;
    let (access, _) = scene.installed_with(EVERYTHING).await;
    let names = async |path: &str| {
        let answer = body_of(scene.call(path, &access).await).await;
        let all = answer["data"].as_array().expect("a collection").iter();
        all.filter_map(|one| one["attributes"]["name"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(names("/api/lists").await, ["Newsletter", "SMS Subscribers"]);
    let metrics = names("/api/metrics").await;
    for name in ["Placed Order", "Checkout Started", "Opened Email"] {
        assert!(metrics.iter().any(|known| known == name), "{metrics:?}");
    }
    assert!(names("/api/events").await.is_empty() && names("/api/profiles").await.is_empty());
}

#[tokio::test]
async fn what_a_request_asks_for_can_lower_its_limit() {
    let scene = scene().await;
    let (access, _) = scene.installed_with(EVERYTHING).await;
    let profile = json!({"data": {"type": "profile", "attributes": {"email": "gil@example.com"}}});
    let profile = body_of(scene.send("POST", "/api/profiles", &access, &profile).await).await;
    let profile = format!("/api/profiles/{}", profile["data"]["id"].as_str().expect("an id"));
    let plain = scene.call(&profile, &access).await;
    assert_eq!(plain.headers()["ratelimit-limit"], "75, 75;w=1, 750;w=60");
    let with_tokens = scene.call(&format!("{profile}?include=push-tokens"), &access).await;
    assert_eq!(with_tokens.headers()["ratelimit-limit"], "75, 75;w=1, 750;w=60");
    // The description says `include=list`; the relationship that requests name is `lists`.
    let with_lists = scene.call(&format!("{profile}?include=lists"), &access).await;
    assert_eq!(with_lists.headers()["ratelimit-limit"], "1, 1;w=1, 15;w=60");
    let analysed = "/api/profiles?additional-fields[profile]=predictive_analytics";
    assert_eq!(scene.call(analysed, &access).await.headers()["ratelimit-limit"], "10, 10;w=1, 150;w=60");
}

#[tokio::test]
async fn a_bulk_request_with_a_repeated_unique_id_fails_as_a_whole_and_events_have_limits() {
    let scene = scene().await;
    let (access, _) = scene.installed_with(EVERYTHING).await;
    let of = |unique: &str| {
        json!({"type": "event", "attributes": {"properties": {"n": 1}, "unique_id": unique,
            "metric": {"data": {"type": "metric", "attributes": {"name": "Parcel sent"}}}}})
    };
    let bulk = |uniques: &[&str]| {
        let events: Vec<Value> = uniques.iter().map(|unique| of(unique)).collect();
        json!({"data": {"type": "event-bulk-create-job", "attributes": {"events-bulk-create": {"data": [
            {"type": "event-bulk-create", "attributes": {
                "profile": {"data": {"type": "profile", "attributes": {"email": "hal@example.com"}}},
                "events": {"data": events},
            }},
        ]}}}})
    };
    let mine = "/api/events?filter=greater-than(datetime,2000-01-01T00:00:00Z)";
    let before = body_of(scene.call(mine, &access).await).await["data"].as_array().map_or(0, Vec::len);
    let send = async |body: Value| scene.send("POST", "/api/event-bulk-create-jobs", &access, &body).await.status();
    assert_eq!(send(bulk(&["1", "2", "1"])).await, 400);
    let after = body_of(scene.call(mine, &access).await).await["data"].as_array().map_or(0, Vec::len);
    assert_eq!(after, before, "nothing of it is kept");
    assert_eq!(send(bulk(&["1", "2"])).await, 202);
    let after = body_of(scene.call(mine, &access).await).await["data"].as_array().map_or(0, Vec::len);
    assert_eq!(after, before + 2);
    let one = |properties: Value| {
        json!({"data": {"type": "event", "attributes": {"properties": properties,
            "metric": {"data": {"type": "metric", "attributes": {"name": "Parcel sent"}}},
            "profile": {"data": {"type": "profile", "attributes": {"email": "hal@example.com"}}}}}})
    };
    let many: serde_json::Map<String, Value> = (0..401).map(|name| (name.to_string(), json!(1))).collect();
    for (properties, status) in [
        (json!({"note": "x".repeat(100_000)}), 202),
        (json!({"note": "x".repeat(100_001)}), 400),
        (Value::Object(many), 400),
        (json!({"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": {"j": {}}}}}}}}}}}), 400),
    ] {
        assert_eq!(scene.send("POST", "/api/events", &access, &one(properties)).await.status(), status);
    }
}

#[tokio::test]
async fn lists_hold_profiles_and_come_in_pages() {
    let scene = scene().await;
    let (access, _) = scene.installed_with(EVERYTHING).await;
    let mut ids = Vec::new();
    for number in 0..12 {
        let body = json!({"data": {"type": "list", "attributes": {"name": format!("List {number}")}}});
        let answer = scene.send("POST", "/api/lists", &access, &body).await;
        // Ten lists a second, as the table says.
        if answer.status() == 429 {
            scene.klaviyo.clock().advance(Duration::from_secs(1));
            continue;
        }
        assert_eq!(answer.status(), 201);
        ids.push(body_of(answer).await["data"]["id"].as_str().expect("an id").to_owned());
    }
    let lists_of_the_account = 2;
    let first = body_of(scene.call("/api/lists?page[size]=4", &access).await).await;
    let next = first["links"]["next"].as_str().expect("a next page");
    let next = &next[next.find("/api").expect("a path")..];
    let second = body_of(scene.call(next, &access).await).await;
    assert_eq!(second["data"][0]["id"], json!(ids[4 - lists_of_the_account]));
    assert!(second["links"]["prev"].is_string());
    let list = format!("/api/lists/{}", ids[0]);
    let profile = json!({"data": {"type": "profile", "attributes": {"email": "eve@example.com"}}});
    let profile = body_of(scene.send("POST", "/api/profiles", &access, &profile).await).await;
    let members = json!({"data": [{"type": "profile", "id": profile["data"]["id"]}]});
    let path = format!("{list}/relationships/profiles");
    assert_eq!(scene.send("POST", &path, &access, &members).await.status(), 204);
    let shown = body_of(scene.call(&format!("{list}/profiles"), &access).await).await;
    assert_eq!(shown["data"][0]["attributes"]["email"], "eve@example.com");
    let renamed = json!({"data": {"type": "list", "id": ids[0], "attributes": {"name": "Readers"}}});
    let answer = body_of(scene.send("PATCH", &list, &access, &renamed).await).await;
    assert_eq!(answer["data"]["attributes"]["name"], "Readers");
    assert_eq!(scene.send("DELETE", &list, &access, &json!({})).await.status(), 204);
    assert_eq!(scene.call(&list, &access).await.status(), 404);
    let found = body_of(scene.call("/api/lists?filter=equals(name,'List 1')", &access).await).await;
    assert_eq!(found["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn people_s_hosts_have_no_api() {
    let scene = scene().await;
    let answer = crate::client::Browser::new(&scene).get("/api/accounts").await;
    assert_eq!(answer.status(), 404);
    assert!(matches!(scene.latest(), Facts::Unknown(_)));
}

#[tokio::test]
async fn an_event_without_an_id_is_known_by_its_metric_its_profile_and_its_second() {
    let scene = scene().await;
    let (access, _) = scene.installed_with(EVERYTHING).await;
    let (order, refund) = ("Placed Order", "Refunded Order");
    let second = "2026-01-02T03:04:05Z";
    for (metric, email, time, count) in [
        (order, "dan@example.com", second, 1),
        // The same second, with a fraction and in another zone.
        (order, "dan@example.com", "2026-01-02T03:04:05.900Z", 1),
        (order, "dan@example.com", "2026-01-02T04:04:05+01:00", 1),
        (order, "dan@example.com", "2026-01-02T03:04:06Z", 2),
        (order, "eve@example.com", second, 3),
        (refund, "eve@example.com", second, 4),
    ] {
        let event = json!({"data": {"type": "event", "attributes": {"properties": {}, "time": time,
            "metric": {"data": {"type": "metric", "attributes": {"name": metric}}},
            "profile": {"data": {"type": "profile", "attributes": {"email": email}}}}}});
        assert_eq!(scene.send("POST", "/api/events", &access, &event).await.status(), 202);
        let events = body_of(scene.call("/api/events", &access).await).await;
        assert_eq!(events["data"].as_array().map(Vec::len), Some(count), "{metric} of {email} at {time}");
    }
}
