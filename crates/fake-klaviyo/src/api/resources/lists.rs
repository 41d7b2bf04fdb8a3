//! Lists, and the profiles on them.

use serde_json::{Value, json};

use crate::http::request::Call;
use crate::model::random_id;
use crate::state::clock::rfc3339;

use crate::api::body;
use crate::api::data::account_data::{Resource, Shelf};
use crate::api::errors::ApiError;
use crate::api::query::filter::Filter;
use crate::api::query::paging::{PageSize, page};
use crate::api::resources::profiles;

/// How large pages of lists are (P).
const PAGE_SIZE: PageSize = PageSize { usual: 10, most: 10 };

pub(crate) fn get_lists(shelf: &Shelf, call: &Call, base: &str) -> Result<Value, ApiError> {
    let filter = Filter::read(call.query.get("filter"), &["id", "name", "created", "updated"])?;
    let found: Vec<&Resource> = shelf.lists.iter().filter(|list| filter.admits(list)).collect();
    page(call, base, &found, PAGE_SIZE)
}

pub(crate) fn get_list(shelf: &Shelf, base: &str, id: &str) -> Result<Value, ApiError> {
    Ok(json!({ "data": by_id(shelf, id)?.json(base) }))
}

pub(crate) fn create_list(shelf: &mut Shelf, call: &Call, base: &str, now_ms: i64) -> Result<Value, ApiError> {
    let name = name(call)?;
    let now = rfc3339(now_ms);
    let attributes = json!({"name": name, "created": now, "updated": now, "opt_in_process": "double_opt_in"});
    let attributes = attributes.as_object().cloned().unwrap_or_default();
    let list = Resource { kind: "list", id: random_id::six(), attributes, relationships: Vec::new() };
    let shown = json!({ "data": list.json(base) });
    shelf.lists.push(list);
    Ok(shown)
}

pub(crate) fn update_list(
    shelf: &mut Shelf,
    call: &Call,
    base: &str,
    id: &str,
    now_ms: i64,
) -> Result<Value, ApiError> {
    by_id(shelf, id)?;
    let name = name(call)?;
    if let Some(list) = shelf.lists.iter_mut().find(|list| list.id == id) {
        list.attributes.insert("name".to_owned(), name.into());
        list.attributes.insert("updated".to_owned(), rfc3339(now_ms).into());
    }
    get_list(shelf, base, id)
}

pub(crate) fn add_profiles_to_list(shelf: &mut Shelf, call: &Call, id: &str) -> Result<(), ApiError> {
    by_id(shelf, id)?;
    let added = body::references(call, "profile")?;
    for profile in &added {
        profiles::by_id(shelf, profile)?;
    }
    for profile in added {
        shelf.ties.tie(("list", id.to_owned()), ("profile", profile));
    }
    Ok(())
}

pub(crate) fn get_profiles_for_list(shelf: &Shelf, call: &Call, base: &str, id: &str) -> Result<Value, ApiError> {
    let list = by_id(shelf, id)?;
    let filter = Filter::read(call.query.get("filter"), &["email", "phone_number"])?;
    let members = shelf.ties.of(&("list", id.to_owned()), "profile");
    let members = members.iter().filter_map(|member| profiles::by_id(shelf, member).ok());
    let members: Vec<Resource> =
        members.filter(|profile| filter.admits(profile)).map(|profile| as_member(profile, list)).collect();
    page(call, base, &members.iter().collect::<Vec<_>>(), profiles::PAGE_SIZE)
}

/// A profile as a list shows it: with when it joined, which is when both were there (A).
fn as_member(profile: &Resource, list: &Resource) -> Resource {
    let mut member = profile.clone();
    let created = |one: &Resource| one.attributes.get("created").and_then(Value::as_str).map(str::to_owned);
    let joined = created(profile).max(created(list));
    member.attributes.insert("joined_group_at".to_owned(), joined.into());
    member
}

fn by_id<'a>(shelf: &'a Shelf, id: &str) -> Result<&'a Resource, ApiError> {
    let found = shelf.lists.iter().find(|list| list.id == id);
    found.ok_or_else(|| ApiError::not_found(format!("A list with id {id} does not exist.")))
}

/// The name that the body gives.
fn name(call: &Call) -> Result<String, ApiError> {
    let attributes = body::attributes(&mut body::data(call, "list")?)?;
    let name = attributes.get("name").and_then(Value::as_str).filter(|name| !name.trim().is_empty());
    name.map(str::to_owned).ok_or_else(|| ApiError::invalid("'name' is required.", "/data/attributes/name"))
}
