//! Jobs that do something to many. They are done at once, and say so when they are asked for (A).

use serde_json::{Map, Value, json};

use crate::state::clock::rfc3339;

use crate::api::body;
use crate::api::context::{Done, Task};
use crate::api::data::derived_resources::add;
use crate::api::data::relationship_store::End;
use crate::api::engine::generic::{alter, make, parts_of, remove, ties_in};
use crate::api::resources::object_records;
use crate::api::resources::profiles;
use crate::api::spec::resource_types::answer_of;

/// What a job does with each item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Put,
    Change,
    Delete,
    Untie,
}

/// Does the job, and answers with it as it was when it began.
pub(crate) fn run(task: &mut Task<'_>) -> Done {
    let kind = answer_of(task.operation).map(|shape| shape.kind);
    let mut data = match kind {
        Some(kind) => body::data(task.call, kind)?,
        None => body::any(task.call)?,
    };
    let ties: Vec<End> = ties_in(task.shelf, &mut data)?.into_iter().flat_map(|(_, ends)| ends).collect();
    let mut attributes = body::attributes(&mut data)?;
    if task.operation.id == "bulk_create_data_source_records" {
        object_records::take(task.shelf, &attributes, task.now_ms);
        return task.silent();
    }
    let work = work(task.operation.id);
    let mut done: Vec<End> = Vec::new();
    let parts = parts_of(&mut attributes);
    let total = parts.len();
    for (kind, part) in parts {
        done.extend(one(task, work, kind, part, &ties));
    }
    let Some(kind) = kind else { return task.silent() };
    let now = rfc3339(task.now_ms);
    let count = |number: usize| Value::from(number);
    let job = json!({
        "status": "complete",
        "created_at": now,
        "total_count": count(total),
        "completed_count": count(done.len()),
        "failed_count": count(total.saturating_sub(done.len())),
        "completed_at": now,
    });
    let id = add(task.shelf, kind, None, job.as_object().cloned().unwrap_or_default(), task.now_ms);
    for end in done.into_iter().chain(ties) {
        task.shelf.ties.tie((kind, id.clone()), end);
    }
    let mut shown = task.shelf.find(kind, &id)?.json(task.base);
    shown["attributes"]["status"] = "processing".into();
    shown["attributes"]["completed_count"] = 0.into();
    shown["attributes"]["completed_at"] = Value::Null;
    task.with(json!({ "data": shown }))
}

fn work(operation: &str) -> Work {
    match operation {
        "bulk_unsubscribe_profiles" => Work::Untie,
        "bulk_suppress_profiles" | "bulk_unsuppress_profiles" => Work::Put,
        id if id.starts_with("bulk_update_") => Work::Change,
        id if id.starts_with("bulk_delete_") => Work::Delete,
        _ => Work::Put,
    }
}

/// Does one item; nothing where it cannot be done, as the job then counts it as failed.
fn one(task: &mut Task<'_>, work: Work, kind: &'static str, mut part: Map<String, Value>, ties: &[End]) -> Option<End> {
    let id = part.get("id").and_then(Value::as_str).map(str::to_owned);
    let known = id.filter(|id| task.shelf.find(kind, id).is_ok());
    let end = match (work, known) {
        (Work::Put | Work::Untie, Some(id)) if kind == "profile" => {
            let attributes = body::attributes(&mut part).ok()?;
            (kind, profiles::import(task.shelf, Some(id), attributes, task.now_ms).1)
        }
        (Work::Put | Work::Untie, _) => (kind, make(task.shelf, kind, &mut part, task.now_ms).ok()?),
        (Work::Change, Some(id)) => {
            let end = (kind, id);
            alter(task.shelf, &end, &mut part, task.now_ms).ok()?;
            end
        }
        (Work::Delete, Some(id)) => {
            let end = (kind, id);
            remove(task.shelf, &end);
            return Some(end);
        }
        (Work::Change | Work::Delete, None) => return None,
    };
    for other in ties {
        match work {
            Work::Untie => task.shelf.ties.untie(&end, other),
            _ => task.shelf.ties.tie(end.clone(), other.clone()),
        }
    }
    Some(end)
}
