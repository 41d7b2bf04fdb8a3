//! The control API, `/_flowcheck/…`: what tests in another program change and read. It takes and returns JSON, and is
//! not recorded.
//!
//! No web page but the sandbox's can use it: it requires the run's secret as a Bearer token, a `Host` that always
//! means this machine, and no `Origin` but its own.

use std::time::Duration;

use hyper::header::{AUTHORIZATION, HeaderName, ORIGIN, WWW_AUTHENTICATE};
use hyper::http::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::http::request::Request;
use crate::http::response::Response;
use crate::model::account::AccountId;
use crate::model::fault::Fault;
use crate::model::install::Install;
use crate::sandbox;
use crate::state::platform::Platform;
use crate::state::test_control::TestControlError;
use flowcheck_evidence::UserChange;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_s: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Uninstall {
    account: AccountId,
    client_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scopes {
    client_id: String,
    scopes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeUser {
    user: String,
    account: AccountId,
    change: UserChange,
}

/// Handles a request of the control API.
pub(crate) fn handle(platform: &Platform, request: &Request, path: &str) -> Response {
    let endpoint = path.strip_prefix("/_flowcheck").unwrap_or(path).trim_start_matches('/');
    if let Err(refusal) = check_origin(request) {
        return *refusal;
    }
    if let Some(page) = sandbox::page(request, endpoint) {
        return page;
    }
    if let Err(refusal) = check_secret(platform, request) {
        return *refusal;
    }
    let done = match (&request.method, endpoint) {
        (&Method::GET, "sandbox/panels") => return sandbox::panels(platform),
        (&Method::GET, "sandbox/feed") => return sandbox::feed(platform, request),
        (&Method::GET, "sandbox/entry") => {
            return sandbox::entry(platform, request).unwrap_or_else(|| {
                *error_response(StatusCode::NOT_FOUND, "`seq` must be the number of an exchange that is still kept")
            });
        }
        (&Method::GET, "clock") => Ok(clock(platform)),
        (&Method::POST, "clock") => read::<Advance>(request).map(|wanted| {
            platform.clock.advance(Duration::from_secs(wanted.advance_s));
            clock(platform)
        }),
        (&Method::GET, "faults") => Ok(json!({ "faults": platform.state().faults.armed() })),
        (&Method::POST, "faults") => read::<Fault>(request).and_then(|fault| applied(platform.arm(fault))),
        (&Method::DELETE, "faults") => {
            platform.state().faults.clear();
            Ok(json!({}))
        }
        (&Method::POST, "uninstall") => read::<Uninstall>(request)
            .and_then(|wanted| applied(platform.uninstall(&wanted.account, &wanted.client_id))),
        (&Method::POST, "user") => read::<ChangeUser>(request)
            .and_then(|wanted| applied(platform.change_user(&wanted.user, &wanted.account, wanted.change))),
        (&Method::POST, "scopes") => {
            read::<Scopes>(request).and_then(|wanted| applied(platform.set_scopes(&wanted.client_id, wanted.scopes)))
        }
        (&Method::POST, "expire-codes") => Ok(json!({ "expired": platform.expire_codes() })),
        (&Method::GET, "journal") => journal(platform, request),
        (&Method::GET, "installs") => {
            let installs: Vec<Install> = platform.state().grants.installed().cloned().collect();
            Ok(json!({ "installs": installs }))
        }
        (&Method::POST, "reset") => {
            platform.reset();
            Ok(json!({}))
        }
        _ => Err(error_response(
            StatusCode::NOT_FOUND,
            "no such endpoint; there are GET or POST clock; GET, POST or DELETE faults; POST uninstall, user, scopes, expire-codes, reset; \
             GET journal, installs",
        )),
    };
    done.map_or_else(|refusal| *refusal, |body| Response::json(StatusCode::OK, &body))
}

/// Rejects host names that DNS could point here, and requests from other web pages.
fn check_origin(request: &Request) -> Result<(), Box<Response>> {
    if !request.host.allows_control_api() {
        return Err(error_response(StatusCode::FORBIDDEN, "use a loopback address or klaviyo.localhost as the host"));
    }
    let own = format!("{}://{}", request.scheme.text(), request.host.text);
    if request.headers.contains_key(ORIGIN) && request.header(ORIGIN) != Some(&own) {
        return Err(error_response(StatusCode::FORBIDDEN, "requests from other web pages are refused; send no Origin"));
    }
    // Browsers send this header even without an Origin. Following a link from any page is allowed.
    let asked_by = request.header(HeaderName::from_static("sec-fetch-site")).unwrap_or("none");
    let follows_link = request.header(HeaderName::from_static("sec-fetch-dest")) == Some("document");
    if !["same-origin", "none"].contains(&asked_by) && !follows_link {
        return Err(error_response(StatusCode::FORBIDDEN, "requests from other web pages are refused"));
    }
    Ok(())
}

/// Rejects requests without the control secret.
fn check_secret(platform: &Platform, request: &Request) -> Result<(), Box<Response>> {
    let shown = request.header(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if !platform.control_secret.matches(shown) {
        let response =
            error_response(StatusCode::UNAUTHORIZED, "send Authorization: Bearer and this run's control secret");
        return Err(Box::new(response.header(WWW_AUTHENTICATE, "Bearer realm=\"flowcheck\"")));
    }
    Ok(())
}

fn clock(platform: &Platform) -> Value {
    let now_ms = platform.clock.now_ms();
    json!({"now_s": now_ms.div_euclid(1_000), "now": crate::state::clock::rfc3339(now_ms)})
}

fn journal(platform: &Platform, request: &Request) -> Result<Value, Box<Response>> {
    let since = request.query.get("since").map_or(Ok(0), str::parse::<u32>);
    let since = since.map_err(|_| error_response(StatusCode::BAD_REQUEST, "`since` must be a sequence number"))?;
    Ok(json!({"next": platform.recorder.next_seq(), "entries": platform.recorder.since(since)}))
}

fn read<T: DeserializeOwned>(request: &Request) -> Result<T, Box<Response>> {
    serde_json::from_slice(&request.body)
        .map_err(|error| error_response(StatusCode::BAD_REQUEST, &format!("the body is invalid: {error}")))
}

fn applied(done: Result<(), TestControlError>) -> Result<Value, Box<Response>> {
    done.map(|()| json!({})).map_err(|error| error_response(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()))
}

fn error_response(status: StatusCode, what_to_do: &str) -> Box<Response> {
    Box::new(Response::json(status, &json!({ "error": what_to_do })))
}
