//! Revisions of the API: which are served, and what each has.

use flowcheck::evidence::{Facts, KlaviyoEvent, RevisionStatus, UninstalledBy};
use flowcheck::klaviyo::{RetiredRevisions, Server, Settings};
use reqwest::Response;

use crate::client::{Scene, app, json as body_of, open_for, scene, scene_with};

async fn ask(scene: &Scene, method: &str, path: &str, access: &str, revision: Option<&str>) -> Response {
    let call = scene.api(method, path).bearer_auth(access);
    let call = revision.into_iter().fold(call, |call, revision| call.header("revision", revision));
    call.send().await.expect("Klaviyo answers")
}

fn status(scene: &Scene) -> RevisionStatus {
    match scene.latest() {
        Facts::Api(call) => call.revision_status,
        other => panic!("{other:?}"),
    }
}

/// Whether the latest call was for an operation that its revision does not have.
fn lacks(scene: &Scene) -> bool {
    matches!(scene.latest(), Facts::Api(call) if call.not_in_revision)
}

#[tokio::test]
async fn the_header_must_be_the_date_of_a_revision_that_is_served() {
    let scene = scene().await;
    let (access, _) = scene.installed().await;
    for (revision, answered, said) in [
        (None, 400, RevisionStatus::Missing),
        (Some(""), 400, RevisionStatus::Missing),
        (Some("v1"), 400, RevisionStatus::Malformed),
        (Some("2026-13-01"), 400, RevisionStatus::Malformed),
        (Some("2026-08-01"), 400, RevisionStatus::Unknown),
        (Some("2023-12-15"), 410, RevisionStatus::Retired),
        (Some("2024-10-15"), 410, RevisionStatus::Retired),
        (Some("2025-01-15"), 200, RevisionStatus::Deprecated),
        (Some("2025-10-15"), 200, RevisionStatus::Deprecated),
        (Some("2026-01-15"), 200, RevisionStatus::Stable),
        (Some("2026-10-15"), 200, RevisionStatus::Stable),
        (Some("2026-10-15.pre"), 200, RevisionStatus::Stable),
    ] {
        let answer = ask(&scene, "GET", "/api/profiles", &access, revision).await;
        assert_eq!(answer.status(), answered, "{revision:?}");
        assert_eq!(status(&scene), said, "{revision:?}");
    }
}

#[tokio::test]
async fn a_retired_revision_falls_forward_where_that_is_set() {
    let settings = Settings { retired_revisions: RetiredRevisions::FallForward, ..Settings::default() };
    let scene = scene_with(settings).await;
    let (access, _) = scene.installed().await;
    assert_eq!(ask(&scene, "GET", "/api/profiles", &access, Some("2024-07-15")).await.status(), 200);
    assert_eq!(status(&scene), RevisionStatus::Retired);
    let opted_out = |one: &'static str| {
        let call = scene.api("GET", "/api/profiles").bearer_auth(&access).header("revision", "2024-07-15");
        call.header("X-Klaviyo-Revision-Fall-Forward-Opt-Out", one).send()
    };
    assert_eq!(opted_out("1").await.expect("Klaviyo answers").status(), 410);
    assert_eq!(opted_out("0").await.expect("Klaviyo answers").status(), 200);
}

#[tokio::test]
async fn an_operation_that_the_revision_lacks_is_404_by_the_name_of_its_method() {
    let scene = scene().await;
    let (access, _) = scene.installed().await;
    for (path, without, with) in [
        ("/api/custom-metrics", "2025-01-15", "2025-04-15"),
        ("/api/data-sources", "2025-04-15", "2025-07-15"),
        ("/api/object-types", "2026-04-15", "2026-07-15"),
        ("/api/brand-colors", "2026-07-15", "2026-10-15"),
    ] {
        let answer = ask(&scene, "GET", path, &access, Some(without)).await;
        assert_eq!(answer.status(), 404, "{path}");
        let error = body_of(answer).await["errors"][0]["detail"].clone();
        assert_eq!(error, "No valid revisions found for method GET.", "{path}");
        assert!(lacks(&scene), "{path}");
        // Known, and refused for its scope.
        assert_eq!(ask(&scene, "GET", path, &access, Some(with)).await.status(), 403, "{path}");
        assert!(!lacks(&scene), "{path}");
    }
}

#[tokio::test]
async fn an_app_reads_its_own_install_and_ends_it_by_the_beta_operations() {
    let scene = open_for(Server::builder(), app().settings_url("https://app.example/settings")).await;
    let (access, refresh) = scene.installed().await;
    let id = scene.klaviyo.installs()[0].id.clone();
    let beta = Some("2026-10-15.pre");
    let list = "/api/application-installs";
    assert_eq!(ask(&scene, "GET", list, &access, Some("2026-10-15")).await.status(), 404, "it is beta");
    let body = body_of(ask(&scene, "GET", list, &access, beta).await).await;
    assert_eq!(body["data"][0]["id"], id.as_str());
    assert!(body["data"][0]["attributes"]["installed_at"].is_string(), "{body}");
    assert_eq!(body["data"][0]["attributes"]["preferences_link"], "https://app.example/settings", "{body}");
    assert_eq!(ask(&scene, "DELETE", &format!("{list}/another"), &access, beta).await.status(), 404);
    assert_eq!(ask(&scene, "DELETE", &format!("{list}/{id}"), &access, beta).await.status(), 204);
    assert!(scene.klaviyo.installs().is_empty());
    assert_eq!(scene.call("/api/profiles", &access).await.status(), 401);
    assert_eq!(scene.refresh(&refresh).await.status(), 400);
    let by_app = |event: &KlaviyoEvent| matches!(event, KlaviyoEvent::Uninstalled { by: UninstalledBy::App, .. });
    assert_eq!(scene.events().iter().filter(|event| by_app(event)).count(), 1);
}
