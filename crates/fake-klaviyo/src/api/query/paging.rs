//! Paging of collections: `page[size]`, `page[cursor]`, and the links to other pages.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::http::params::Params;
use crate::http::request::Request;

use crate::api::data::account_data::Resource;
use crate::api::errors::ApiError;

/// The page sizes of a collection (P).
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize {
    /// The size if none is requested.
    pub(crate) default: usize,
    /// The largest size.
    pub(crate) max: usize,
}

/// The requested page of resources.
pub(crate) fn page(request: &Request, base: &str, resources: &[&Resource], size: PageSize) -> Result<Value, ApiError> {
    page_of(request, base, resources, size, |resource| &resource.id, |resource| resource.json(base))
}

/// The requested page of anything that has an id and can be shown.
pub(crate) fn page_of<T>(
    request: &Request,
    base: &str,
    resources: &[T],
    size: PageSize,
    id: impl Fn(&T) -> &str,
    show: impl Fn(&T) -> Value,
) -> Result<Value, ApiError> {
    let wanted = match request.query.get("page[size]").map(str::parse::<usize>) {
        None => size.default,
        Some(Ok(wanted)) if (1..=size.max).contains(&wanted) => wanted,
        Some(_) => {
            let detail = format!("Page size must be an integer between 1 and {}.", size.max);
            return Err(ApiError::invalid_parameter(detail, "page[size]"));
        }
    };
    let from = match request.query.get("page[cursor]") {
        None => 0,
        Some(cursor) => named(cursor)
            .and_then(|wanted| resources.iter().position(|resource| id(resource) == wanted))
            .ok_or_else(|| ApiError::invalid_parameter("The page cursor is invalid.", "page[cursor]"))?,
    };
    let shown = &resources[from..resources.len().min(from + wanted)];
    let link = |at: usize| resources.get(at).map(|resource| link_to(request, base, Some(id(resource))));
    let next = link(from + shown.len());
    let prev = if from == 0 { None } else { link(from.saturating_sub(wanted)) };
    let here = link_to(request, base, resources.get(from).filter(|_| from > 0).map(&id));
    let data: Vec<Value> = shown.iter().map(show).collect();
    Ok(json!({"data": data, "links": {"self": here, "next": next, "prev": prev}}))
}

/// The id that a cursor names.
fn named(cursor: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    std::str::from_utf8(&bytes).ok()?.strip_prefix("from:").map(str::to_owned)
}

/// The URL of this request, starting at a resource.
fn link_to(request: &Request, base: &str, from: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(others(&request.query));
    if let Some(id) = from {
        query.append_pair("page[cursor]", &URL_SAFE_NO_PAD.encode(format!("from:{id}")));
    }
    let query = query.finish();
    if query.is_empty() { format!("{base}{}", request.path) } else { format!("{base}{}?{query}", request.path) }
}

fn others(query: &Params) -> impl Iterator<Item = (&str, &str)> {
    query.iter().filter(|(name, _)| *name != "page[cursor]")
}
