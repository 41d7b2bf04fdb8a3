//! Profiles: the people whom an account knows.

use serde_json::{Map, Value, json};

use crate::http::request::Request;
use crate::model::random_id;
use crate::state::clock::rfc3339;

use crate::api::body;
use crate::api::data::account_data::{AccountData, Resource};
use crate::api::data::derived_resources::add_derived;
use crate::api::errors::ApiError;
use crate::api::query::filter::Filter;
use crate::api::query::paging::{PageSize, page};

/// The page sizes of profiles (P).
pub(crate) const PAGE_SIZE: PageSize = PageSize { default: 20, max: 100 };
/// The fields that profiles can be filtered by.
const FILTERED_BY: &[&str] = &["id", "email", "phone_number", "external_id", "created", "updated"];
/// The attributes that identify a profile.
const IDENTIFIERS: [&str; 3] = ["email", "phone_number", "external_id"];
/// Attributes that every profile has, set or not.
const SHOWN: [&str; 12] = [
    "email",
    "phone_number",
    "external_id",
    "first_name",
    "last_name",
    "organization",
    "locale",
    "title",
    "image",
    "location",
    "properties",
    "last_event_date",
];

pub(crate) fn get_profiles(records: &AccountData, request: &Request, base: &str) -> Result<Value, ApiError> {
    let filter = Filter::read(request.query.get("filter"), FILTERED_BY)?;
    let found: Vec<&Resource> = records.profiles.iter().filter(|profile| filter.matches(profile)).collect();
    page(request, base, &found, PAGE_SIZE)
}

pub(crate) fn get_profile(records: &AccountData, base: &str, id: &str) -> Result<Value, ApiError> {
    Ok(json!({ "data": by_id(records, id)?.json(base) }))
}

/// Creates a profile; 409 where one with the same identifier exists (O).
pub(crate) fn create_profile(
    records: &mut AccountData,
    request: &Request,
    base: &str,
    now_ms: i64,
) -> Result<Value, ApiError> {
    let attributes = body::attributes(&mut body::data(request, "profile")?)?;
    identified(&attributes)?;
    if let Some(known) = twin(records, &attributes, None) {
        return Err(ApiError::duplicate_profile(&known));
    }
    let id = add(records, attributes, now_ms);
    get_profile(records, base, &id)
}

pub(crate) fn update_profile(
    records: &mut AccountData,
    request: &Request,
    base: &str,
    id: &str,
    now_ms: i64,
) -> Result<Value, ApiError> {
    by_id(records, id)?;
    let attributes = body::attributes(&mut body::data(request, "profile")?)?;
    if let Some(known) = twin(records, &attributes, Some(id)) {
        return Err(ApiError::duplicate_profile(&known));
    }
    change(records, id, attributes, now_ms);
    get_profile(records, base, id)
}

/// Creates or updates a profile, and returns whether it was created.
pub(crate) fn create_or_update_profile(
    records: &mut AccountData,
    request: &Request,
    base: &str,
    now_ms: i64,
) -> Result<(bool, Value), ApiError> {
    let mut data = body::data(request, "profile")?;
    let attributes = body::attributes(&mut data)?;
    let by_id = data.get("id").and_then(Value::as_str).filter(|id| self::by_id(records, id).is_ok()).map(str::to_owned);
    if by_id.is_none() {
        identified(&attributes)?;
    }
    let (created, id) = import(records, by_id, attributes, now_ms);
    Ok((created, get_profile(records, base, &id)?))
}

/// Creates the profile, or updates the one with its id or an identifier of its. Returns whether it was created, and
/// its id.
pub(crate) fn import(
    records: &mut AccountData,
    by_id: Option<String>,
    attributes: Map<String, Value>,
    now_ms: i64,
) -> (bool, String) {
    match by_id.or_else(|| twin(records, &attributes, None)) {
        Some(id) => {
            change(records, &id, attributes, now_ms);
            (false, id)
        }
        None => (true, add(records, attributes, now_ms)),
    }
}

/// The profile with this id.
pub(crate) fn by_id<'a>(records: &'a AccountData, id: &str) -> Result<&'a Resource, ApiError> {
    let found = records.profiles.iter().find(|profile| profile.id == id);
    found.ok_or_else(|| ApiError::not_found(format!("A profile with id {id} does not exist.")))
}

/// Checks the identifiers; at least one is required.
pub(crate) fn identified(attributes: &Map<String, Value>) -> Result<(), ApiError> {
    if let Some(email) = attributes.get("email").filter(|email| !email.is_null())
        && !email.as_str().is_some_and(|email| email.contains('@'))
    {
        return Err(ApiError::invalid("Invalid email address", "/data/attributes/email"));
    }
    if IDENTIFIERS.iter().any(|name| attributes.get(*name).and_then(Value::as_str).is_some_and(|id| !id.is_empty())) {
        return Ok(());
    }
    let detail = "One of the following identifiers is required: email, phone_number, external_id.";
    Err(ApiError::invalid(detail, "/data/attributes"))
}

/// The id of another profile with one of these identifiers.
pub(crate) fn twin(records: &AccountData, attributes: &Map<String, Value>, except: Option<&str>) -> Option<String> {
    let shares = |profile: &Resource, name: &str| {
        let given = attributes.get(name).and_then(Value::as_str);
        let known = profile.attributes.get(name).and_then(Value::as_str);
        given.zip(known).is_some_and(|(given, known)| given.eq_ignore_ascii_case(known))
    };
    let others = records.profiles.iter().filter(|profile| Some(profile.id.as_str()) != except);
    let mut twins = others.filter(|profile| IDENTIFIERS.iter().any(|name| shares(profile, name)));
    twins.next().map(|profile| profile.id.clone())
}

fn add(records: &mut AccountData, given: Map<String, Value>, now_ms: i64) -> String {
    let mut attributes: Map<String, Value> = SHOWN.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    attributes.insert("properties".to_owned(), json!({}));
    attributes.extend(given);
    let now = rfc3339(now_ms);
    attributes.insert("created".to_owned(), now.clone().into());
    attributes.insert("updated".to_owned(), now.into());
    let id = random_id::ulid(now_ms);
    records.profiles.push(Resource { kind: "profile", id: id.clone(), attributes, relationships: Vec::new() });
    add_derived(records, &("profile", id.clone()), now_ms);
    id
}

fn change(records: &mut AccountData, id: &str, given: Map<String, Value>, now_ms: i64) {
    let Some(profile) = records.profiles.iter_mut().find(|profile| profile.id == id) else { return };
    for (name, value) in given {
        match (profile.attributes.get_mut(&name), value) {
            // Custom properties are merged, everything else is replaced.
            (Some(Value::Object(known)), Value::Object(given)) if name == "properties" => known.extend(given),
            (_, value) => drop(profile.attributes.insert(name, value)),
        }
    }
    profile.attributes.insert("updated".to_owned(), rfc3339(now_ms).into());
}
