//! Campaigns besides reading and writing: cloning, assigning templates, sending, cancelling, estimating recipients.

use serde_json::{Map, Value, json};

use crate::api::body;
use crate::api::context::OperationContext;
use crate::api::data::derived_resources::{add, add_derived};
use crate::api::engine::generic::{document, relationships_in};
use crate::api::errors::ApiError;

/// Clones a campaign as a draft.
pub(crate) fn clone(context: &mut OperationContext<'_>) -> Result<Value, ApiError> {
    let mut data = body::data(context.request, "campaign")?;
    let original = context.records.find("campaign", body::id(&data)?)?;
    let mut attributes = original.attributes.clone();
    let name = attributes.get("name").and_then(Value::as_str).unwrap_or_default();
    let name = body::attributes(&mut data)?.remove("new_name").unwrap_or_else(|| format!("{name} - Clone").into());
    attributes.insert("name".to_owned(), name);
    attributes.insert("status".to_owned(), "Draft".into());
    let id = add(context.records, "campaign", None, attributes, context.now_ms);
    add_derived(context.records, &("campaign", id.clone()), context.now_ms);
    document(context, "campaign", &id)
}

/// Assigns a copy of a template to a message, as Klaviyo does (D).
pub(crate) fn assign_template(context: &mut OperationContext<'_>) -> Result<Value, ApiError> {
    let mut data = body::data(context.request, "campaign-message")?;
    let id = context.records.find("campaign-message", body::id(&data)?)?.id.clone();
    let related = relationships_in(context.records, &mut data)?;
    let template = related.iter().find(|(kind, _)| *kind == "template").and_then(|(_, resources)| resources.first());
    let Some((_, template)) = template else {
        return Err(ApiError::invalid("A template is required.", "/data/relationships/template"));
    };
    let attributes = context.records.find("template", template)?.attributes.clone();
    let copy = add(context.records, "template", None, attributes, context.now_ms);
    let message = ("campaign-message", id.clone());
    context.records.relationships.remove_all(&message, "template");
    context.records.relationships.add(message, ("template", copy));
    document(context, "campaign-message", &id)
}

/// Sends a campaign. The job has the campaign's id.
pub(crate) fn send(context: &mut OperationContext<'_>) -> Result<Value, ApiError> {
    let data = body::data(context.request, "campaign-send-job")?;
    let id = context.records.find("campaign", body::id(&data)?)?.id.clone();
    settle(context, &id, "Sent");
    started(context, "campaign-send-job", &id)
}

/// Cancels a campaign, or reverts it to a draft.
pub(crate) fn cancel(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let mut data = body::data(context.request, "campaign-send-job")?;
    let id = context.records.find("campaign-send-job", &context.id)?.id.clone();
    let action = body::attributes(&mut data)?.remove("action");
    let status = match action.as_ref().and_then(Value::as_str) {
        Some("cancel") => "Cancelled",
        Some("revert") => "Draft",
        _ => return Err(ApiError::invalid("'action' must be 'cancel' or 'revert'.", "/data/attributes/action")),
    };
    settle(context, &id, status);
    for job in context.records.all_mut("campaign-send-job").iter_mut().filter(|job| job.id == id) {
        job.attributes.insert("status".to_owned(), "cancelled".into());
    }
    Ok(())
}

/// Estimates a campaign's recipients: all profiles of the account (A).
pub(crate) fn estimate(context: &mut OperationContext<'_>) -> Result<Value, ApiError> {
    let data = body::data(context.request, "campaign-recipient-estimation-job")?;
    let id = context.records.find("campaign", body::id(&data)?)?.id.clone();
    let count = context.records.all("profile").len();
    let estimation = json!({ "estimated_recipient_count": count });
    let estimation = estimation.as_object().cloned().unwrap_or_default();
    context.records.all_mut("campaign-recipient-estimation").retain(|known| known.id != id);
    add(context.records, "campaign-recipient-estimation", Some(id.clone()), estimation, context.now_ms);
    started(context, "campaign-recipient-estimation-job", &id)
}

/// Starts a job with the campaign's id; it is complete when it is read.
fn started(context: &mut OperationContext<'_>, kind: &'static str, id: &str) -> Result<Value, ApiError> {
    context.records.all_mut(kind).retain(|job| job.id != id);
    add(context.records, kind, Some(id.to_owned()), Map::new(), context.now_ms);
    let mut shown = document(context, kind, id)?;
    shown["data"]["attributes"]["status"] = "processing".into();
    Ok(shown)
}

fn settle(context: &mut OperationContext<'_>, id: &str, status: &str) {
    for campaign in context.records.all_mut("campaign").iter_mut().filter(|campaign| campaign.id == id) {
        campaign.attributes.insert("status".to_owned(), status.into());
    }
}
