//! What is done with campaigns besides writing them: copied, given a template, sent, called off, estimated.

use serde_json::{Map, Value, json};

use crate::api::body;
use crate::api::context::Task;
use crate::api::data::derived_resources::{add, grow};
use crate::api::engine::generic::{shown, ties_in};
use crate::api::errors::ApiError;

/// A copy of a campaign, as a draft.
pub(crate) fn clone(task: &mut Task<'_>) -> Result<Value, ApiError> {
    let mut data = body::data(task.call, "campaign")?;
    let original = task.shelf.find("campaign", body::id(&data)?)?;
    let mut attributes = original.attributes.clone();
    let name = attributes.get("name").and_then(Value::as_str).unwrap_or_default();
    let name = body::attributes(&mut data)?.remove("new_name").unwrap_or_else(|| format!("{name} - Clone").into());
    attributes.insert("name".to_owned(), name);
    attributes.insert("status".to_owned(), "Draft".into());
    let id = add(task.shelf, "campaign", None, attributes, task.now_ms);
    grow(task.shelf, &("campaign", id.clone()), task.now_ms);
    shown(task, "campaign", &id)
}

/// Gives a message a copy of a template, as Klaviyo does (D).
pub(crate) fn assign_template(task: &mut Task<'_>) -> Result<Value, ApiError> {
    let mut data = body::data(task.call, "campaign-message")?;
    let id = task.shelf.find("campaign-message", body::id(&data)?)?.id.clone();
    let ties = ties_in(task.shelf, &mut data)?;
    let template = ties.iter().find(|(kind, _)| *kind == "template").and_then(|(_, ends)| ends.first());
    let Some((_, template)) = template else {
        return Err(ApiError::invalid("A template is required.", "/data/relationships/template"));
    };
    let attributes = task.shelf.find("template", template)?.attributes.clone();
    let copy = add(task.shelf, "template", None, attributes, task.now_ms);
    let message = ("campaign-message", id.clone());
    task.shelf.ties.untie_all(&message, "template");
    task.shelf.ties.tie(message, ("template", copy));
    shown(task, "campaign-message", &id)
}

/// Sends a campaign: the job has the campaign's id.
pub(crate) fn send(task: &mut Task<'_>) -> Result<Value, ApiError> {
    let data = body::data(task.call, "campaign-send-job")?;
    let id = task.shelf.find("campaign", body::id(&data)?)?.id.clone();
    settle(task, &id, "Sent");
    started(task, "campaign-send-job", &id)
}

/// Calls a campaign off, or makes it a draft again.
pub(crate) fn cancel(task: &mut Task<'_>) -> Result<(), ApiError> {
    let mut data = body::data(task.call, "campaign-send-job")?;
    let id = task.shelf.find("campaign-send-job", &task.id)?.id.clone();
    let action = body::attributes(&mut data)?.remove("action");
    let status = match action.as_ref().and_then(Value::as_str) {
        Some("cancel") => "Cancelled",
        Some("revert") => "Draft",
        _ => return Err(ApiError::invalid("'action' must be 'cancel' or 'revert'.", "/data/attributes/action")),
    };
    settle(task, &id, status);
    for job in task.shelf.all_mut("campaign-send-job").iter_mut().filter(|job| job.id == id) {
        job.attributes.insert("status".to_owned(), "cancelled".into());
    }
    Ok(())
}

/// Estimates who would receive a campaign: everybody the account knows (A).
pub(crate) fn estimate(task: &mut Task<'_>) -> Result<Value, ApiError> {
    let data = body::data(task.call, "campaign-recipient-estimation-job")?;
    let id = task.shelf.find("campaign", body::id(&data)?)?.id.clone();
    let count = task.shelf.all("profile").len();
    let estimation = json!({ "estimated_recipient_count": count });
    let estimation = estimation.as_object().cloned().unwrap_or_default();
    task.shelf.all_mut("campaign-recipient-estimation").retain(|known| known.id != id);
    add(task.shelf, "campaign-recipient-estimation", Some(id.clone()), estimation, task.now_ms);
    started(task, "campaign-recipient-estimation-job", &id)
}

/// A job under the campaign's id, complete for whoever asks later.
fn started(task: &mut Task<'_>, kind: &'static str, id: &str) -> Result<Value, ApiError> {
    task.shelf.all_mut(kind).retain(|job| job.id != id);
    add(task.shelf, kind, Some(id.to_owned()), Map::new(), task.now_ms);
    let mut shown = shown(task, kind, id)?;
    shown["data"]["attributes"]["status"] = "processing".into();
    Ok(shown)
}

fn settle(task: &mut Task<'_>, id: &str, status: &str) {
    for campaign in task.shelf.all_mut("campaign").iter_mut().filter(|campaign| campaign.id == id) {
        campaign.attributes.insert("status".to_owned(), status.into());
    }
}
