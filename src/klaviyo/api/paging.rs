//! Pages of a collection: `page[size]`, `page[cursor]`, and the links that lead on.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::klaviyo::call::Call;
use crate::klaviyo::pairs::Pairs;

use super::errors::ApiError;
use super::records::Resource;

/// How large pages of a collection are (P).
#[derive(Debug, Clone, Copy)]
pub(super) struct PageSize {
    /// Where none is asked for.
    pub(super) usual: usize,
    /// At most.
    pub(super) most: usize,
}

/// The page asked for, of resources in their order.
pub(super) fn page(call: &Call, base: &str, resources: &[&Resource], size: PageSize) -> Result<Value, ApiError> {
    let wanted = match call.query.get("page[size]").map(str::parse::<usize>) {
        None => size.usual,
        Some(Ok(wanted)) if (1..=size.most).contains(&wanted) => wanted,
        Some(_) => {
            let detail = format!("Page size must be an integer between 1 and {}.", size.most);
            return Err(ApiError::invalid_parameter(detail, "page[size]"));
        }
    };
    let from = match call.query.get("page[cursor]") {
        None => 0,
        Some(cursor) => position(cursor, resources)
            .ok_or_else(|| ApiError::invalid_parameter("The page cursor is invalid.", "page[cursor]"))?,
    };
    let shown = &resources[from..resources.len().min(from + wanted)];
    let link = |at: usize| resources.get(at).map(|resource| link_to(call, base, Some(resource)));
    let next = link(from + shown.len());
    let prev = if from == 0 { None } else { link(from.saturating_sub(wanted)) };
    let here = link_to(call, base, resources.get(from).filter(|_| from > 0).copied());
    let data: Vec<Value> = shown.iter().map(|resource| resource.json(base)).collect();
    Ok(json!({"data": data, "links": {"self": here, "next": next, "prev": prev}}))
}

/// Where the resource that a cursor names stands.
fn position(cursor: &str, resources: &[&Resource]) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let id = std::str::from_utf8(&bytes).ok()?.strip_prefix("from:")?;
    resources.iter().position(|resource| resource.id == id)
}

/// This request's address, beginning at a resource.
fn link_to(call: &Call, base: &str, from: Option<&Resource>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(others(&call.query));
    if let Some(resource) = from {
        query.append_pair("page[cursor]", &URL_SAFE_NO_PAD.encode(format!("from:{}", resource.id)));
    }
    let query = query.finish();
    if query.is_empty() { format!("{base}{}", call.path) } else { format!("{base}{}?{query}", call.path) }
}

fn others(query: &Pairs) -> impl Iterator<Item = (&str, &str)> {
    query.iter().filter(|(name, _)| *name != "page[cursor]")
}
