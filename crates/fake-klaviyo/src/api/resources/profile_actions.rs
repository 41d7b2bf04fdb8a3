//! Profiles besides reading and writing: merging, deletion requests, push tokens, messages; and object records.

use serde_json::Value;

use crate::api::body;
use crate::api::context::OperationContext;
use crate::api::data::relationship_store::ResourceRef;
use crate::api::engine::generic::{create_resource, delete_resource, document, nested_resources, relationships_in};
use crate::api::errors::ApiError;
use crate::api::resources::{object_records, profiles};

/// Merges profiles into the one that the body names, and returns it.
pub(crate) fn merge_profiles(context: &mut OperationContext<'_>) -> Result<Value, ApiError> {
    let mut data = body::data(context.request, "profile-merge")?;
    let kept = ("profile", profiles::by_id(context.records, body::id(&data)?)?.id.clone());
    let sources: Vec<ResourceRef> =
        relationships_in(context.records, &mut data)?.into_iter().flat_map(|(_, resources)| resources).collect();
    for source in sources.iter().filter(|source| **source != kept) {
        let attributes = profiles::by_id(context.records, &source.1)?.attributes.clone();
        context.records.relationships.transfer(source, &kept);
        for event in context.records.all_mut("event") {
            for (.., id) in event.relationships.iter_mut().filter(|(_, kind, id)| *kind == "profile" && *id == source.1)
            {
                id.clone_from(&kept.1);
            }
        }
        delete_resource(context.records, source);
        // The remaining profile gets the attributes that it lacks.
        for profile in context.records.all_mut("profile").iter_mut().filter(|profile| profile.id == kept.1) {
            for (name, value) in &attributes {
                if profile.attributes.get(name).is_none_or(Value::is_null) {
                    profile.attributes.insert(name.clone(), value.clone());
                }
            }
        }
    }
    document(context, "profile", &kept.1)
}

/// Deletes the profile that the body describes, if there is one.
pub(crate) fn request_deletion(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let mut data = body::data(context.request, "data-privacy-deletion-job")?;
    let mut attributes = body::attributes(&mut data)?;
    let Some((_, mut profile)) = nested_resources(&mut attributes).into_iter().find(|(kind, _)| *kind == "profile")
    else {
        return Err(ApiError::invalid("A profile is required.", "/data/attributes/profile"));
    };
    let by_id = profile.get("id").and_then(Value::as_str).map(str::to_owned);
    let described = body::attributes(&mut profile)?;
    if let Some(id) = by_id.or_else(|| profiles::twin(context.records, &described, None)) {
        delete_resource(context.records, &("profile", id));
    }
    Ok(())
}

/// Registers a push token, with its profile.
pub(crate) fn create_push_token(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let mut data = body::data(context.request, "push-token")?;
    let given = data.get("attributes").and_then(|given| given.get("token")).and_then(Value::as_str);
    let Some(token) = given.map(str::to_owned) else {
        return Err(ApiError::invalid("'token' is required.", "/data/attributes/token"));
    };
    // The same token replaces its earlier registration.
    forget_push_token(context, &token);
    create_resource(context.records, "push-token", &mut data, context.now_ms).map(drop)
}

/// Unregisters a push token.
pub(crate) fn unregister_push_token(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let mut data = body::data(context.request, "push-token-unregister")?;
    if let Some(Value::String(token)) = body::attributes(&mut data)?.remove("token") {
        forget_push_token(context, &token);
        return Ok(());
    }
    Err(ApiError::invalid("'token' is required.", "/data/attributes/token"))
}

/// Accepts a message of an existing conversation; the message is not stored.
pub(crate) fn write_message(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let data = Value::Object(body::data(context.request, "conversation-message")?);
    let conversation = data.pointer("/relationships/conversation/data/id").and_then(Value::as_str);
    let required = || ApiError::invalid("A conversation is required.", "/data/relationships/conversation");
    context.records.find("conversation", conversation.ok_or_else(required)?).map(drop)
}

/// Adds one record of a custom object.
pub(crate) fn take_record(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let mut data = body::any(context.request)?;
    let attributes = body::attributes(&mut data)?;
    object_records::take(context.records, &attributes, context.now_ms);
    Ok(())
}

fn forget_push_token(context: &mut OperationContext<'_>, token: &str) {
    let same = |known: &&crate::api::data::account_data::Resource| {
        known.attributes.get("token").and_then(Value::as_str) == Some(token)
    };
    let ids: Vec<String> =
        context.records.all("push-token").iter().filter(same).map(|known| known.id.clone()).collect();
    for id in ids {
        delete_resource(context.records, &("push-token", id));
    }
}
