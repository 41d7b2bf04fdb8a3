//! What is done with people besides writing them down: merged, forgotten, reached by push and by message.

use serde_json::Value;

use crate::api::body;
use crate::api::context::Task;
use crate::api::data::relationship_store::End;
use crate::api::engine::generic::{make, parts_of, remove, shown, ties_in};
use crate::api::errors::ApiError;
use crate::api::resources::{object_records, profiles};

/// Merges profiles into the one that the body names, which is answered.
pub(crate) fn merge_profiles(task: &mut Task<'_>) -> Result<Value, ApiError> {
    let mut data = body::data(task.call, "profile-merge")?;
    let kept = ("profile", profiles::by_id(task.shelf, body::id(&data)?)?.id.clone());
    let sources: Vec<End> = ties_in(task.shelf, &mut data)?.into_iter().flat_map(|(_, ends)| ends).collect();
    for source in sources.iter().filter(|source| **source != kept) {
        let attributes = profiles::by_id(task.shelf, &source.1)?.attributes.clone();
        task.shelf.ties.hand_over(source, &kept);
        for event in task.shelf.all_mut("event") {
            for (.., id) in event.relationships.iter_mut().filter(|(_, kind, id)| *kind == "profile" && *id == source.1)
            {
                id.clone_from(&kept.1);
            }
        }
        remove(task.shelf, source);
        // What the kept one does not know, it learns.
        for profile in task.shelf.all_mut("profile").iter_mut().filter(|profile| profile.id == kept.1) {
            for (name, value) in &attributes {
                if profile.attributes.get(name).is_none_or(Value::is_null) {
                    profile.attributes.insert(name.clone(), value.clone());
                }
            }
        }
    }
    shown(task, "profile", &kept.1)
}

/// Deletes the profile that the body describes, if there is one.
pub(crate) fn request_deletion(task: &mut Task<'_>) -> Result<(), ApiError> {
    let mut data = body::data(task.call, "data-privacy-deletion-job")?;
    let mut attributes = body::attributes(&mut data)?;
    let Some((_, mut profile)) = parts_of(&mut attributes).into_iter().find(|(kind, _)| *kind == "profile") else {
        return Err(ApiError::invalid("A profile is required.", "/data/attributes/profile"));
    };
    let by_id = profile.get("id").and_then(Value::as_str).map(str::to_owned);
    let described = body::attributes(&mut profile)?;
    if let Some(id) = by_id.or_else(|| profiles::twin(task.shelf, &described, None)) {
        remove(task.shelf, &("profile", id));
    }
    Ok(())
}

/// Takes a push token in, and its profile.
pub(crate) fn create_push_token(task: &mut Task<'_>) -> Result<(), ApiError> {
    let mut data = body::data(task.call, "push-token")?;
    let given = data.get("attributes").and_then(|given| given.get("token")).and_then(Value::as_str);
    let Some(token) = given.map(str::to_owned) else {
        return Err(ApiError::invalid("'token' is required.", "/data/attributes/token"));
    };
    // The same token again takes the place of what was.
    forget_push_token(task, &token);
    make(task.shelf, "push-token", &mut data, task.now_ms).map(drop)
}

/// Forgets a push token.
pub(crate) fn unregister_push_token(task: &mut Task<'_>) -> Result<(), ApiError> {
    let mut data = body::data(task.call, "push-token-unregister")?;
    if let Some(Value::String(token)) = body::attributes(&mut data)?.remove("token") {
        forget_push_token(task, &token);
        return Ok(());
    }
    Err(ApiError::invalid("'token' is required.", "/data/attributes/token"))
}

/// Writes to somebody, in the conversation that there is with them. The message is not kept.
pub(crate) fn write_message(task: &mut Task<'_>) -> Result<(), ApiError> {
    let data = Value::Object(body::data(task.call, "conversation-message")?);
    let conversation = data.pointer("/relationships/conversation/data/id").and_then(Value::as_str);
    let required = || ApiError::invalid("A conversation is required.", "/data/relationships/conversation");
    task.shelf.find("conversation", conversation.ok_or_else(required)?).map(drop)
}

/// Takes one record of a custom object in.
pub(crate) fn take_record(task: &mut Task<'_>) -> Result<(), ApiError> {
    let mut data = body::any(task.call)?;
    let attributes = body::attributes(&mut data)?;
    object_records::take(task.shelf, &attributes, task.now_ms);
    Ok(())
}

fn forget_push_token(task: &mut Task<'_>, token: &str) {
    let same = |known: &&crate::api::data::account_data::Resource| {
        known.attributes.get("token").and_then(Value::as_str) == Some(token)
    };
    let ids: Vec<String> = task.shelf.all("push-token").iter().filter(same).map(|known| known.id.clone()).collect();
    for id in ids {
        remove(task.shelf, &("push-token", id));
    }
}
