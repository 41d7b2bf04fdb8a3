//! The empty page, its script and its style.

use askama::Template;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY};
use hyper::http::{Method, StatusCode};

use crate::http::request::Request;
use crate::http::response::Response;

/// Allows the page's own script, style and control API, and nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

#[derive(Template)]
#[template(path = "sandbox/page.html")]
struct Page;

/// The page or one of its files; none for any other path.
pub(crate) fn page(request: &Request, what: &str) -> Option<Response> {
    if request.method != Method::GET {
        return None;
    }
    let (media_type, text) = match what {
        "sandbox" => ("text/html; charset=utf-8", Page.render().unwrap_or_default()),
        "sandbox/page.js" => ("text/javascript; charset=utf-8", include_str!("page.js").to_owned()),
        "sandbox/page.css" => ("text/css; charset=utf-8", include_str!("page.css").to_owned()),
        _ => return None,
    };
    let mut response = Response::page(StatusCode::OK, text);
    response.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    response.headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(response)
}
