//! `/client`: what a shop's pages may do with nothing but its `company_id` (P).

use serde_json::{Map, Value};

use crate::api::body;
use crate::api::context::{Done, Task};
use crate::api::data::account_data::Resource;
use crate::api::data::derived_resources::add;
use crate::api::engine::generic::{PAGE_SIZE, parts_of, ties_in};
use crate::api::errors::ApiError;
use crate::api::query::filter::Filter;
use crate::api::query::paging::page;
use crate::api::resources::events;
use crate::api::resources::profile_actions;
use crate::api::resources::profiles;

/// Does it, on the same data as the operations below `/api`.
pub(crate) fn own(task: &mut Task<'_>) -> Done {
    let now_ms = task.now_ms;
    match task.operation.id {
        "create_client_event" => events::create_event(task.shelf, task.call, now_ms)?,
        "bulk_create_client_events" => events::bulk_create_client_events(task.shelf, task.call, now_ms)?,
        "create_client_profile" => {
            let attributes = body::attributes(&mut body::data(task.call, "profile")?)?;
            profiles::identified(&attributes)?;
            profiles::import(task.shelf, None, attributes, now_ms);
        }
        "create_client_subscription" => subscribe(task)?,
        "create_client_push_token" => profile_actions::create_push_token(task)?,
        "unregister_client_push_token" => profile_actions::unregister_push_token(task)?,
        "create_client_review" => review(task)?,
        "get_client_reviews" => return all(task, "review"),
        "get_client_geofences" => return all(task, "geofence"),
        other => return Err(ApiError::mock_gap(other)),
    }
    task.silent()
}

/// Puts a profile on a list.
fn subscribe(task: &mut Task<'_>) -> Result<(), ApiError> {
    let mut data = body::data(task.call, "subscription")?;
    let ties = ties_in(task.shelf, &mut data)?;
    let mut attributes = body::attributes(&mut data)?;
    let Some((_, mut profile)) = parts_of(&mut attributes).into_iter().find(|(kind, _)| *kind == "profile") else {
        return Err(ApiError::invalid("A profile is required.", "/data/attributes/profile"));
    };
    let described = body::attributes(&mut profile)?;
    profiles::identified(&described)?;
    let (_, id) = profiles::import(task.shelf, None, described, task.now_ms);
    for list in ties.into_iter().flat_map(|(_, ends)| ends) {
        task.shelf.ties.tie(("profile", id.clone()), list);
    }
    Ok(())
}

/// Takes a review in.
fn review(task: &mut Task<'_>) -> Result<(), ApiError> {
    let mut attributes: Map<String, Value> = body::attributes(&mut body::data(task.call, "review")?)?;
    parts_of(&mut attributes);
    add(task.shelf, "review", None, attributes, task.now_ms);
    Ok(())
}

/// All of a type.
fn all(task: &Task<'_>, kind: &str) -> Done {
    let filter = Filter::read_any(task.call.query.get("filter"))?;
    let found: Vec<&Resource> = task.shelf.all(kind).iter().filter(|one| filter.admits(one)).collect();
    task.with(page(task.call, task.base, &found, PAGE_SIZE)?)
}
