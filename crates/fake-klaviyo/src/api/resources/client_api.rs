//! `/client`: what a shop's web pages may do with only its `company_id` (P).

use serde_json::{Map, Value};

use crate::api::body;
use crate::api::context::{OperationContext, OperationResult};
use crate::api::data::account_data::Resource;
use crate::api::data::derived_resources::add;
use crate::api::engine::generic::{PAGE_SIZE, nested_resources, relationships_in};
use crate::api::errors::ApiError;
use crate::api::query::filter::Filter;
use crate::api::query::paging::page;
use crate::api::resources::events;
use crate::api::resources::profile_actions;
use crate::api::resources::profiles;

/// Performs an operation of `/client`, on the same data as those below `/api`.
pub(crate) fn perform(context: &mut OperationContext<'_>) -> OperationResult {
    let now_ms = context.now_ms;
    match context.operation.id {
        "create_client_event" => events::create_event(context.records, context.request, now_ms)?,
        "bulk_create_client_events" => events::bulk_create_client_events(context.records, context.request, now_ms)?,
        "create_client_profile" => {
            let attributes = body::attributes(&mut body::data(context.request, "profile")?)?;
            profiles::identified(&attributes)?;
            profiles::import(context.records, None, attributes, now_ms);
        }
        "create_client_subscription" => subscribe(context)?,
        "create_client_push_token" => profile_actions::create_push_token(context)?,
        "unregister_client_push_token" => profile_actions::unregister_push_token(context)?,
        "create_client_review" => review(context)?,
        "get_client_reviews" => return all(context, "review"),
        "get_client_geofences" => return all(context, "geofence"),
        other => return Err(ApiError::mock_gap(other)),
    }
    context.no_body()
}

/// Subscribes a profile to lists.
fn subscribe(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let mut data = body::data(context.request, "subscription")?;
    let related = relationships_in(context.records, &mut data)?;
    let mut attributes = body::attributes(&mut data)?;
    let Some((_, mut profile)) = nested_resources(&mut attributes).into_iter().find(|(kind, _)| *kind == "profile")
    else {
        return Err(ApiError::invalid("A profile is required.", "/data/attributes/profile"));
    };
    let described = body::attributes(&mut profile)?;
    profiles::identified(&described)?;
    let (_, id) = profiles::import(context.records, None, described, context.now_ms);
    for list in related.into_iter().flat_map(|(_, resources)| resources) {
        context.records.relationships.add(("profile", id.clone()), list);
    }
    Ok(())
}

/// Adds a review.
fn review(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let mut attributes: Map<String, Value> = body::attributes(&mut body::data(context.request, "review")?)?;
    nested_resources(&mut attributes);
    add(context.records, "review", None, attributes, context.now_ms);
    Ok(())
}

/// Lists the resources of a type.
fn all(context: &OperationContext<'_>, kind: &str) -> OperationResult {
    let filter = Filter::read_any(context.request.query.get("filter"))?;
    let found: Vec<&Resource> = context.records.all(kind).iter().filter(|one| filter.matches(one)).collect();
    context.with_body(page(context.request, context.base, &found, PAGE_SIZE)?)
}
