//! Bodies and queries of API calls.

use hyper::Method;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

use crate::api::spec::operations::{Operation, operations};
use crate::api::spec::revisions::newest;
use crate::fuzz_targets::scene::{Played, Scene, with};

/// The body of a call: the first two bytes choose the operation. Whatever it is, the answer is JSON:API, and the data is readable
/// afterwards.
///
/// # Panics
///
/// Where that is not so.
pub fn api_body(data: &[u8]) {
    let writes = |operation: &&Operation| operation.method != "GET";
    let Some((operation, body)) = chosen(data, writes) else { return };
    with(|scene| {
        scene.empty_account();
        let played = ask(scene, operation, "", body).expect("the head is HTTP");
        check(&played);
        let reads = operations().iter().filter(|read| read.method == "GET" && operation.path.starts_with(read.path));
        for read in reads.filter(|read| !read.path.contains('{')) {
            check(&ask(scene, read, "", b"").expect("the head is HTTP"));
        }
    });
}

/// The query of a call that reads: the first two bytes choose the operation. Whatever it is, the answer is JSON:API, and a filter shows
/// no more than there is without one.
///
/// # Panics
///
/// Where that is not so.
pub fn api_query(data: &[u8]) {
    let Some((operation, query)) = chosen(data, |operation| operation.method == "GET") else { return };
    with(|scene| {
        let query = [b"?", query].concat();
        let Some(played) = ask_bytes(scene, operation, &query, b"") else { return };
        let shown = check(&played).map(|data| data.len());
        let all =
            check(&ask(scene, operation, "?page[size]=100", b"").expect("the head is HTTP")).map(|data| data.len());
        if let (Some(shown), Some(all)) = (shown, all) {
            assert!(shown <= all, "{shown} of {all}");
        }
    });
}

/// The operation that the first two bytes stand for, and the other bytes.
fn chosen(data: &[u8], wanted: impl Fn(&&Operation) -> bool) -> Option<(&'static Operation, &[u8])> {
    let (number, rest) = data.split_first_chunk::<2>()?;
    let these: Vec<&Operation> = operations().iter().filter(wanted).collect();
    Some((these.get(usize::from(u16::from_be_bytes(*number)) % these.len())?, rest))
}

fn ask(scene: &mut Scene, operation: &Operation, query: &str, body: &[u8]) -> Option<Played> {
    ask_bytes(scene, operation, query.as_bytes(), body)
}

fn ask_bytes(scene: &mut Scene, operation: &Operation, query: &[u8], body: &[u8]) -> Option<Played> {
    let path: Vec<&str> =
        operation.path.split('/').map(|part| if part.starts_with('{') { "01" } else { part }).collect();
    let company = if operation.path.starts_with("/client") && query.is_empty() { "?company_id=HaRb01" } else { "" };
    let target = [path.join("/").as_bytes(), company.as_bytes(), query].concat();
    let revision = operation.last.unwrap_or_else(newest).0;
    let revision = if operation.beta { format!("{revision}.pre") } else { revision.to_owned() };
    let method = Method::from_bytes(operation.method.as_bytes()).expect("a method of the table");
    let head = hyper::Request::builder().method(method).uri(target.as_slice()).header(AUTHORIZATION, scene.bearer());
    scene.play(head.header(CONTENT_TYPE, "application/vnd.api+json").header("revision", revision), body)
}

/// The items of a collection, where that is what was answered.
fn check(played: &Played) -> Option<Vec<Value>> {
    let status = played.response.status;
    assert!(status.as_u16() < 500 || status.as_u16() == 501, "{status}: {}", played.text());
    if played.text().is_empty() {
        assert!(!status.is_client_error(), "{status} without a word");
        return None;
    }
    let mut document: Value = serde_json::from_str(played.text()).expect("JSON");
    if !status.is_success() {
        let errors = document["errors"].as_array().expect("errors");
        assert!(!errors.is_empty() && errors.iter().all(|error| error["detail"].is_string()), "{document}");
        return None;
    }
    match document["data"].take() {
        Value::Array(items) => Some(items),
        _ => None,
    }
}
