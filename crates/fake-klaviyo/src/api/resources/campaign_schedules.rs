//! Schedules of campaigns and of their messages (2026-10-15).

use serde_json::{Map, Value};

use crate::api::body;
use crate::api::context::OperationContext;
use crate::api::engine::generic::{create_resource, document};
use crate::api::errors::ApiError;

/// Schedules all messages of a campaign.
pub(crate) fn schedule_campaign(context: &mut OperationContext<'_>) -> Result<Value, ApiError> {
    let mut data = body::data(context.request, "campaign-schedule")?;
    let mut attributes = body::attributes(&mut data)?;
    let Some(Value::Array(wanted)) = attributes.remove("message_schedules") else {
        return Err(ApiError::invalid("'message_schedules' is required.", "/data/attributes/message_schedules"));
    };
    let messages = wanted.into_iter().map(|schedule| match schedule {
        Value::Object(mut schedule) => {
            let id = schedule.remove("message_id").unwrap_or_default();
            schedule.insert("id".to_owned(), id);
            Value::Object(flat(schedule))
        }
        other => other,
    });
    attributes.insert("messages".to_owned(), messages.collect());
    data.insert("attributes".to_owned(), attributes.into());
    let id = create_resource(context.records, "campaign-schedule", &mut data, context.now_ms)?;
    document(context, "campaign-schedule", &id)
}

/// Schedules one message of a campaign.
pub(crate) fn schedule_message(context: &mut OperationContext<'_>) -> Result<Value, ApiError> {
    let mut data = body::data(context.request, "campaign-message-schedule")?;
    let attributes = flat(body::attributes(&mut data)?);
    data.insert("attributes".to_owned(), attributes.into());
    let id = create_resource(context.records, "campaign-message-schedule", &mut data, context.now_ms)?;
    document(context, "campaign-message-schedule", &id)
}

/// Cancels the schedule of a message, or puts the message back to a draft; either way the schedule is gone (A).
pub(crate) fn change_message_schedule(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let id = context.records.find("campaign-message-schedule", &context.id)?.id.clone();
    let mut data = body::data(context.request, "campaign-message-schedule")?;
    match body::attributes(&mut data)?.get("action").and_then(Value::as_str) {
        Some("cancel" | "revert") => {}
        _ => return Err(ApiError::invalid("'action' must be 'cancel' or 'revert'.", "/data/attributes/action")),
    }
    context.records.all_mut("campaign-message-schedule").retain(|schedule| schedule.id != id);
    Ok(())
}

/// A schedule as responses show it: the options of its strategy stand beside it (P).
fn flat(mut schedule: Map<String, Value>) -> Map<String, Value> {
    for options in ["throttled_options", "timezone_options"] {
        if let Some(Value::Object(options)) = schedule.remove(options) {
            schedule.extend(options);
        }
    }
    schedule
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_options_of_a_strategy_stand_beside_it() {
        let schedule = json!({"strategy": "throttled", "throttled_options": {"throttling_percentage": 20}});
        let shown = flat(schedule.as_object().cloned().unwrap_or_default());
        assert_eq!(Value::Object(shown), json!({"strategy": "throttled", "throttling_percentage": 20}));
    }
}
