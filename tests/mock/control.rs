//! The control API: what it does, and whom it lets in.

use reqwest::Response;
use serde_json::{Value, json};

use crate::client::{APP, Scene, http, json as body_of, scene};

async fn control(scene: &Scene, method: &str, path: &str, body: &Value) -> Response {
    let call = scene.api(method, &format!("/_flowcheck/{path}")).bearer_auth(scene.klaviyo.control_secret());
    call.body(body.to_string()).send().await.expect("an answer")
}

#[tokio::test]
async fn it_moves_time_arms_faults_uninstalls_changes_scopes_and_reads_the_journal() {
    let scene = scene().await;
    let (access, _) = scene.installed().await;
    let before = body_of(control(&scene, "GET", "clock", &Value::Null).await).await["now_s"].as_i64();
    let after = body_of(control(&scene, "POST", "clock", &json!({"advance_s": 60})).await).await["now_s"].as_i64();
    assert!(after >= before.map(|before| before + 60));
    let fault = json!({"kind": {"throttle": {"retry_after_s": 3}}, "on": "api", "times": 1});
    assert_eq!(control(&scene, "POST", "faults", &fault).await.status(), 200);
    let armed = body_of(control(&scene, "GET", "faults", &Value::Null).await).await;
    assert_eq!(armed["faults"].as_array().map(Vec::len), Some(1));
    assert_eq!(scene.call("/api/profiles", &access).await.status(), 429);
    let fault = json!({"kind": "drop", "on": {"operation": "get_lists"}});
    assert_eq!(control(&scene, "POST", "faults", &fault).await.status(), 200);
    assert_eq!(control(&scene, "DELETE", "faults", &Value::Null).await.status(), 200);
    let installs = body_of(control(&scene, "GET", "installs", &Value::Null).await).await;
    assert_eq!(installs["installs"][0]["account"], "HaRb01");
    let scopes = json!({"client_id": APP, "scopes": ["accounts:read"]});
    assert_eq!(control(&scene, "POST", "scopes", &scopes).await.status(), 200);
    assert_eq!(control(&scene, "POST", "expire-codes", &Value::Null).await.status(), 200);
    let uninstall = json!({"account": "HaRb01", "client_id": APP});
    assert_eq!(control(&scene, "POST", "uninstall", &uninstall).await.status(), 200);
    assert_eq!(control(&scene, "POST", "uninstall", &uninstall).await.status(), 422);
    let journal = body_of(control(&scene, "GET", "journal?since=2", &Value::Null).await).await;
    assert_eq!(journal["entries"][0]["seq"], 2);
    assert_eq!(journal["next"].as_u64(), Some(u64::from(scene.recorder.next_seq())));
    assert_eq!(control(&scene, "POST", "reset", &Value::Null).await.status(), 200);
    assert!(scene.klaviyo.installs().is_empty());
}

#[tokio::test]
async fn it_says_what_is_wrong_with_a_call() {
    let scene = scene().await;
    for (method, path, body, status) in [
        ("POST", "clock", json!({"advance": 1}), 400),
        ("POST", "clock", json!({"advance_s": -1}), 400),
        ("POST", "faults", json!({"kind": "explode", "on": "api"}), 400),
        ("POST", "faults", json!({"kind": "drop", "on": "api", "times": 0}), 422),
        ("GET", "journal?since=x", Value::Null, 400),
        ("GET", "nothing", Value::Null, 404),
        ("PUT", "clock", Value::Null, 404),
    ] {
        let answer = control(&scene, method, path, &body).await;
        assert_eq!(answer.status(), status, "{method} {path} {body}");
        assert!(body_of(answer).await["error"].is_string());
    }
}

#[tokio::test]
async fn it_lets_in_nobody_without_the_secret_from_another_host_or_from_a_web_page() {
    let scene = scene().await;
    let secret = scene.klaviyo.control_secret();
    let before = scene.recorder.next_seq();
    let base = || scene.api("GET", "/_flowcheck/clock");
    let status = async |call: reqwest::RequestBuilder| call.send().await.expect("an answer").status().as_u16();
    assert_eq!(status(base()).await, 401);
    assert_eq!(status(base().bearer_auth("wrong")).await, 401);
    assert_eq!(status(base().header("authorization", secret)).await, 401);
    assert_eq!(status(base().bearer_auth(secret).header("origin", "http://evil.example")).await, 403);
    assert_eq!(status(base().bearer_auth(secret).header("origin", "null")).await, 403);
    for host in ["klaviyo.com", "a.klaviyo.com", "connect.klaviyo.localhost"] {
        assert_eq!(status(base().bearer_auth(secret).header("host", host)).await, 403, "{host}");
    }
    assert_eq!(status(base().bearer_auth(secret).header("host", "evil.example")).await, 421);
    assert_eq!(status(base().bearer_auth(secret)).await, 200);
    let named = format!("http://klaviyo.localhost:{}/_flowcheck/clock", scene.klaviyo.addr().port());
    let named = http(scene.klaviyo.addr(), false).get(named);
    assert_eq!(status(named.bearer_auth(secret)).await, 200);
    // Only the foreign host is on record; control itself is not.
    assert_eq!(scene.recorder.next_seq(), before + 1);
}
