//! What each operation does, told from its method and path (P), and how deep it is modelled.

use crate::api::spec::operations::{Operation, operations};
use crate::api::spec::resource_types::{Shape, answer_of, kind_at};

/// How much of an operation there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// It reads or changes what the account has, as Klaviyo would.
    Stateful,
    /// It checks the call and gives an answer of the published form, whatever the account has.
    Generic,
    /// It answers 501 with `X-Flowcheck: mock-gap`.
    Gap,
}

/// One published operation, and how deep it is modelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modelled {
    /// Its id: `get_profiles`.
    pub operation: &'static str,
    /// HTTP method.
    pub method: &'static str,
    /// Path with placeholders.
    pub path: &'static str,
    /// How deep.
    pub depth: Depth,
}

/// Every operation that Klaviyo publishes, and how deep this fake one models it.
pub fn coverage() -> Vec<Modelled> {
    let modelled = |operation: &Operation| Modelled {
        operation: operation.id,
        method: operation.method,
        path: operation.path,
        depth: deed(operation).depth(),
    };
    operations().iter().map(modelled).collect()
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Something that no other does; its id says what.
    Own,
    /// Lists all of a type.
    List,
    /// Reads one.
    Read,
    /// Creates one.
    Create,
    /// Changes one.
    Change,
    /// Deletes one.
    Delete,
    /// Reads what one is tied to.
    Related,
    /// Reads the ids of what one is tied to.
    References,
    /// Ties.
    Tie,
    /// Unties all, and ties these instead.
    Replace,
    /// Unties.
    Untie,
    /// Does something to many, and leaves a job.
    Bulk,
    /// Answers a question with figures, which are made up.
    Report,
    /// Is taken in, and nothing comes of it.
    Taken,
    /// Is not modelled.
    Gap,
}

/// Operations that have code of their own.
const OWN: &[&str] = &[
    "get_accounts",
    "get_account",
    "get_profiles",
    "get_profile",
    "create_profile",
    "update_profile",
    "create_or_update_profile",
    "merge_profiles",
    "request_profile_deletion",
    "get_events",
    "get_event",
    "create_event",
    "bulk_create_events",
    "get_metrics",
    "get_metric",
    "get_lists",
    "get_list",
    "create_list",
    "update_list",
    "add_profiles_to_list",
    "get_profiles_for_list",
    "create_campaign_clone",
    "assign_template_to_campaign_message",
    "send_campaign",
    "cancel_campaign_send",
    "refresh_campaign_recipient_estimation",
    "clone_template",
    "render_template",
    "upload_image_from_file",
    "create_push_token",
    "create_conversation_message",
    "create_data_source_record",
    "create_client_event",
    "bulk_create_client_events",
    "create_client_profile",
    "create_client_subscription",
    "create_client_push_token",
    "unregister_client_push_token",
    "create_client_review",
    "get_client_reviews",
    "get_client_geofences",
];

/// Operations that are taken in, or answered the same way whatever the account has.
const TAKEN: &[&str] = &[
    "create_back_in_stock_subscription",
    "create_client_back_in_stock_subscription",
    "bulk_delete_object_records",
    "get_client_ip_allowlist",
    "get_client_review_values_reports",
];

/// Operations whose requests are not described well enough to be judged.
const GAPS: &[&str] = &[
    "create_object_schema_relationship",
    "update_object_schema_relationship",
    "delete_object_schema_relationship",
    "create_profile_schema_relationship",
    "update_profile_schema_relationship",
    "delete_profile_schema_relationship",
];

impl Deed {
    /// How deep that is.
    fn depth(self) -> Depth {
        match self {
            Self::Report | Self::Taken => Depth::Generic,
            Self::Gap => Depth::Gap,
            _ => Depth::Stateful,
        }
    }
}

/// What an operation does.
pub(crate) fn deed(operation: &Operation) -> Deed {
    for (ids, deed) in [(OWN, Deed::Own), (TAKEN, Deed::Taken), (GAPS, Deed::Gap)] {
        if ids.contains(&operation.id) {
            return deed;
        }
    }
    let segments: Vec<&str> = operation.path.split('/').skip(1).collect();
    let answers_its_own = || answer_of(operation).is_some_and(|shape| Some(shape.kind) == kind_at(operation));
    match (operation.method, segments.as_slice()) {
        ("GET", ["api", _]) => Deed::List,
        ("GET", ["api", _, _]) => Deed::Read,
        ("GET", ["api", _, _, "relationships", _]) => Deed::References,
        ("GET", ["api", _, _, _]) => Deed::Related,
        ("POST", ["api", _]) if operation.id.starts_with("query_") => Deed::Report,
        ("POST", ["api", _]) if operation.id.starts_with("bulk_") => Deed::Bulk,
        ("POST", ["api", _]) if answers_its_own() => Deed::Create,
        ("PATCH", ["api", _, _]) => Deed::Change,
        ("DELETE", ["api", _, _]) => Deed::Delete,
        ("POST", ["api", _, _, "relationships", _]) => Deed::Tie,
        ("PATCH", ["api", _, _, "relationships", _]) => Deed::Replace,
        ("DELETE", ["api", _, _, "relationships", _]) => Deed::Untie,
        _ => Deed::Gap,
    }
}

/// What a relationship's operations are about: what reading it answers.
pub(crate) fn related(operation: &Operation) -> Option<Shape> {
    let reads = |one: &&Operation| one.method == "GET" && one.path == operation.path;
    answer_of(operation).or_else(|| operations().iter().find(reads).and_then(answer_of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_named_here_is_published() {
        for id in OWN.iter().chain(TAKEN).chain(GAPS) {
            assert!(operations().iter().any(|operation| operation.id == *id), "{id}");
        }
    }

    #[test]
    fn nearly_everything_is_modelled_and_nothing_is_a_gap_by_accident() {
        let gaps: Vec<&str> =
            coverage().into_iter().filter(|one| one.depth == Depth::Gap).map(|one| one.operation).collect();
        assert_eq!(gaps.len(), GAPS.len(), "{gaps:?}");
    }

    #[test]
    fn every_operation_has_what_its_deed_needs() {
        for operation in operations() {
            let needs_kind = matches!(
                deed(operation),
                Deed::List
                    | Deed::Read
                    | Deed::Create
                    | Deed::Change
                    | Deed::Delete
                    | Deed::Related
                    | Deed::References
                    | Deed::Tie
                    | Deed::Replace
                    | Deed::Untie
            );
            assert!(!needs_kind || kind_at(operation).is_some(), "{} has no type", operation.id);
            let needs_other =
                matches!(deed(operation), Deed::Related | Deed::References | Deed::Tie | Deed::Replace | Deed::Untie);
            assert!(!needs_other || related(operation).is_some(), "{} leads nowhere", operation.id);
        }
    }
}
