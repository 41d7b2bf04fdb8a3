//! Lists, and the profiles on them.

use serde_json::{Value, json};

use crate::http::request::Request;
use crate::model::random_id;
use crate::state::clock::rfc3339;

use crate::api::body;
use crate::api::data::account_data::{AccountData, Resource};
use crate::api::errors::ApiError;
use crate::api::query::filter::Filter;
use crate::api::query::paging::{PageSize, page};
use crate::api::resources::profiles;

/// The page sizes of lists (P).
const PAGE_SIZE: PageSize = PageSize { default: 10, max: 10 };

pub(crate) fn get_lists(records: &AccountData, request: &Request, base: &str) -> Result<Value, ApiError> {
    let filter = Filter::read(request.query.get("filter"), &["id", "name", "created", "updated"])?;
    let found: Vec<&Resource> = records.lists.iter().filter(|list| filter.matches(list)).collect();
    page(request, base, &found, PAGE_SIZE)
}

pub(crate) fn get_list(records: &AccountData, base: &str, id: &str) -> Result<Value, ApiError> {
    Ok(json!({ "data": by_id(records, id)?.json(base) }))
}

pub(crate) fn create_list(
    records: &mut AccountData,
    request: &Request,
    base: &str,
    now_ms: i64,
) -> Result<Value, ApiError> {
    let name = name(request)?;
    let now = rfc3339(now_ms);
    let attributes = json!({"name": name, "created": now, "updated": now, "opt_in_process": "double_opt_in"});
    let attributes = attributes.as_object().cloned().unwrap_or_default();
    let list = Resource { kind: "list", id: random_id::short_id(), attributes, relationships: Vec::new() };
    let shown = json!({ "data": list.json(base) });
    records.lists.push(list);
    Ok(shown)
}

pub(crate) fn update_list(
    records: &mut AccountData,
    request: &Request,
    base: &str,
    id: &str,
    now_ms: i64,
) -> Result<Value, ApiError> {
    by_id(records, id)?;
    let name = name(request)?;
    if let Some(list) = records.lists.iter_mut().find(|list| list.id == id) {
        list.attributes.insert("name".to_owned(), name.into());
        list.attributes.insert("updated".to_owned(), rfc3339(now_ms).into());
    }
    get_list(records, base, id)
}

pub(crate) fn add_profiles_to_list(records: &mut AccountData, request: &Request, id: &str) -> Result<(), ApiError> {
    by_id(records, id)?;
    let added = body::references(request, "profile")?;
    for profile in &added {
        profiles::by_id(records, profile)?;
    }
    for profile in added {
        records.relationships.add(("list", id.to_owned()), ("profile", profile));
    }
    Ok(())
}

pub(crate) fn get_profiles_for_list(
    records: &AccountData,
    request: &Request,
    base: &str,
    id: &str,
) -> Result<Value, ApiError> {
    let list = by_id(records, id)?;
    let filter = Filter::read(request.query.get("filter"), &["email", "phone_number"])?;
    let members = records.relationships.related_to(&("list", id.to_owned()), "profile");
    let members = members.iter().filter_map(|member| profiles::by_id(records, member).ok());
    let members: Vec<Resource> =
        members.filter(|profile| filter.matches(profile)).map(|profile| as_member(profile, list)).collect();
    page(request, base, &members.iter().collect::<Vec<_>>(), profiles::PAGE_SIZE)
}

/// A profile as a member of a list. Its join time is when both profile and list existed (A).
fn as_member(profile: &Resource, list: &Resource) -> Resource {
    let mut member = profile.clone();
    let created = |one: &Resource| one.attributes.get("created").and_then(Value::as_str).map(str::to_owned);
    let joined = created(profile).max(created(list));
    member.attributes.insert("joined_group_at".to_owned(), joined.into());
    member
}

fn by_id<'a>(records: &'a AccountData, id: &str) -> Result<&'a Resource, ApiError> {
    let found = records.lists.iter().find(|list| list.id == id);
    found.ok_or_else(|| ApiError::not_found(format!("A list with id {id} does not exist.")))
}

/// The name in the body.
fn name(request: &Request) -> Result<String, ApiError> {
    let attributes = body::attributes(&mut body::data(request, "list")?)?;
    let name = attributes.get("name").and_then(Value::as_str).filter(|name| !name.trim().is_empty());
    name.map(str::to_owned).ok_or_else(|| ApiError::invalid("'name' is required.", "/data/attributes/name"))
}
