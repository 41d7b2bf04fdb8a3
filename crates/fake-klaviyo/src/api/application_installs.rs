//! `/api/application-installs` (D, beta): an app reads its own install, or ends it. Needs no scope.

use hyper::http::StatusCode;
use serde_json::{Value, json};

use crate::model::install::Install;
use crate::state::clock::rfc3339;
use crate::state::platform::{Platform, State};
use flowcheck_evidence::UninstalledBy;

use crate::api::context::OperationResult;
use crate::api::errors::ApiError;

/// Whether the operation with this id is one of these.
pub(crate) fn has(operation: &str) -> bool {
    operation.contains("_application_install")
}

/// Performs an operation for the install that the token belongs to: an app sees no other (A).
pub(crate) fn perform(
    platform: &Platform,
    state: &mut State,
    operation: &str,
    id: &str,
    install: &Install,
    base: &str,
) -> OperationResult {
    if operation == "get_application_installs" {
        return Ok((StatusCode::OK, Some(json!({ "data": [resource(state, install, base)] }))));
    }
    if id != install.id {
        return Err(ApiError::not_found("There is no such install of this app."));
    }
    if operation == "get_application_install" {
        return Ok((StatusCode::OK, Some(json!({ "data": resource(state, install, base) }))));
    }
    platform.end_install(state, &install.id, UninstalledBy::App);
    Ok((StatusCode::NO_CONTENT, None))
}

fn resource(state: &State, install: &Install, base: &str) -> Value {
    let settings = state.client(&install.client_id).and_then(|client| client.settings_url.as_deref());
    json!({
        "type": "application-install",
        "id": install.id,
        "attributes": { "installed_at": rfc3339(install.installed_s * 1_000), "preferences_link": settings },
        "links": { "self": format!("{base}/api/application-installs/{}", install.id) },
    })
}
