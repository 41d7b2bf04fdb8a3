//! The control API, `/_flowcheck/…`: arranging scenarios from another program. JSON in, JSON out, and not in the
//! journal.
//!
//! No web page but the sandbox's can drive it: it wants the per-run secret as a Bearer token, a `Host` that can only mean
//! this machine, and no `Origin` but its own.

use std::time::Duration;

use hyper::header::{AUTHORIZATION, HeaderName, ORIGIN, WWW_AUTHENTICATE};
use hyper::http::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::http::request::Call;
use crate::http::response::Answer;
use crate::model::account::AccountId;
use crate::model::fault::Fault;
use crate::model::install::Install;
use crate::sandbox;
use crate::state::platform::Platform;
use crate::state::test_control::ArrangeError;

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

/// Answers a call of the control API.
pub(crate) fn answer(platform: &Platform, call: &Call, path: &str) -> Answer {
    let what = path.strip_prefix("/_flowcheck").unwrap_or(path).trim_start_matches('/');
    if let Err(refusal) = from_here(call) {
        return *refusal;
    }
    if let Some(page) = sandbox::page(call, what) {
        return page;
    }
    if let Err(refusal) = admit(platform, call) {
        return *refusal;
    }
    let done = match (&call.method, what) {
        (&Method::GET, "sandbox/panels") => return sandbox::panels(platform),
        (&Method::GET, "sandbox/feed") => return sandbox::feed(platform, call),
        (&Method::GET, "sandbox/entry") => {
            return sandbox::entry(platform, call)
                .unwrap_or_else(|| *refuse(StatusCode::NOT_FOUND, "`seq` must be of an exchange that is remembered"));
        }
        (&Method::GET, "clock") => Ok(clock(platform)),
        (&Method::POST, "clock") => read::<Advance>(call).map(|wanted| {
            platform.clock.advance(Duration::from_secs(wanted.advance_s));
            clock(platform)
        }),
        (&Method::GET, "faults") => Ok(json!({ "faults": platform.state().faults.armed() })),
        (&Method::POST, "faults") => read::<Fault>(call).and_then(|fault| arranged(platform.arm(fault))),
        (&Method::DELETE, "faults") => {
            platform.state().faults.clear();
            Ok(json!({}))
        }
        (&Method::POST, "uninstall") => {
            read::<Uninstall>(call).and_then(|wanted| arranged(platform.uninstall(&wanted.account, &wanted.client_id)))
        }
        (&Method::POST, "scopes") => {
            read::<Scopes>(call).and_then(|wanted| arranged(platform.set_scopes(&wanted.client_id, wanted.scopes)))
        }
        (&Method::POST, "expire-codes") => Ok(json!({ "expired": platform.expire_codes() })),
        (&Method::GET, "journal") => journal(platform, call),
        (&Method::GET, "installs") => {
            let installs: Vec<Install> = platform.state().grants.installed().cloned().collect();
            Ok(json!({ "installs": installs }))
        }
        (&Method::POST, "reset") => {
            platform.reset();
            Ok(json!({}))
        }
        _ => Err(refuse(
            StatusCode::NOT_FOUND,
            "there is: GET or POST clock; GET, POST or DELETE faults; POST uninstall, scopes, expire-codes, reset; \
             GET journal, installs",
        )),
    };
    done.map_or_else(|refusal| *refusal, |body| Answer::json(StatusCode::OK, &body))
}

/// Lets in no name that could lead here from elsewhere, and no other web page.
fn from_here(call: &Call) -> Result<(), Box<Answer>> {
    if !call.host.may_control() {
        return Err(refuse(StatusCode::FORBIDDEN, "ask for it by a loopback address or klaviyo.localhost"));
    }
    let own = format!("{}://{}", call.scheme.text(), call.host.text);
    if call.headers.contains_key(ORIGIN) && call.header(ORIGIN) != Some(&own) {
        return Err(refuse(StatusCode::FORBIDDEN, "no other web page may ask; send no Origin"));
    }
    // Browsers say so themselves, also where they send no Origin. A link may be followed from anywhere.
    let asked_by = call.header(HeaderName::from_static("sec-fetch-site")).unwrap_or("none");
    let follows_link = call.header(HeaderName::from_static("sec-fetch-dest")) == Some("document");
    if !["same-origin", "none"].contains(&asked_by) && !follows_link {
        return Err(refuse(StatusCode::FORBIDDEN, "no other web page may ask"));
    }
    Ok(())
}

/// Lets in only who knows the secret.
fn admit(platform: &Platform, call: &Call) -> Result<(), Box<Answer>> {
    let shown = call.header(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if !platform.control_secret.matches(shown) {
        let answer = refuse(StatusCode::UNAUTHORIZED, "send Authorization: Bearer and this run's control secret");
        return Err(Box::new(answer.header(WWW_AUTHENTICATE, "Bearer realm=\"flowcheck\"")));
    }
    Ok(())
}

fn clock(platform: &Platform) -> Value {
    let now_ms = platform.clock.now_ms();
    json!({"now_s": now_ms.div_euclid(1_000), "now": crate::state::clock::rfc3339(now_ms)})
}

fn journal(platform: &Platform, call: &Call) -> Result<Value, Box<Answer>> {
    let since = call.query.get("since").map_or(Ok(0), str::parse::<u32>);
    let since = since.map_err(|_| refuse(StatusCode::BAD_REQUEST, "`since` must be a sequence number"))?;
    Ok(json!({"next": platform.recorder.next_seq(), "entries": platform.recorder.since(since)}))
}

fn read<T: DeserializeOwned>(call: &Call) -> Result<T, Box<Answer>> {
    serde_json::from_slice(&call.body).map_err(|error| refuse(StatusCode::BAD_REQUEST, &format!("the body: {error}")))
}

fn arranged(done: Result<(), ArrangeError>) -> Result<Value, Box<Answer>> {
    done.map(|()| json!({})).map_err(|error| refuse(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()))
}

fn refuse(status: StatusCode, what_to_do: &str) -> Box<Answer> {
    Box::new(Answer::json(status, &json!({ "error": what_to_do })))
}
