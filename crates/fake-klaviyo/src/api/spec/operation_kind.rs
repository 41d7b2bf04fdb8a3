//! What each operation does, derived from its method and path (P), and how completely it is modelled.

use crate::api::spec::operations::{Operation, operations};
use crate::api::spec::resource_types::{ResponseShape, kind_at_path, response_shape};

/// How completely an operation is modelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// It reads or changes the account's data, as Klaviyo would.
    Stateful,
    /// It checks the request and returns a response of the published form, independent of the account's data.
    Generic,
    /// It responds with 501 and `X-Flowcheck: mock-gap`.
    Gap,
}

/// A published operation, and how completely it is modelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationCoverage {
    /// Its id: `get_profiles`.
    pub operation: &'static str,
    /// HTTP method.
    pub method: &'static str,
    /// Path with placeholders.
    pub path: &'static str,
    /// How completely it is modelled.
    pub depth: Depth,
    /// The first of the served revisions that has it.
    pub first: &'static str,
    /// The last, if the newest has not.
    pub last: Option<&'static str>,
    /// Whether only revisions that end in `.pre` have it.
    pub beta: bool,
}

impl OperationCoverage {
    /// Whether a revision has it; one that ends in `.pre` has beta operations too.
    ///
    /// ```
    /// let brands = fake_klaviyo::coverage::operations().into_iter().find(|one| one.operation == "get_brand_colors");
    /// let brands = brands.expect("it is published");
    /// assert!(brands.is_in("2026-10-15") && !brands.is_in("2026-07-15"));
    /// ```
    #[must_use = "it changes nothing"]
    pub fn is_in(&self, revision: &str) -> bool {
        let (date, beta) = revision.strip_suffix(".pre").map_or((revision, false), |date| (date, true));
        self.first <= date && self.last.is_none_or(|last| date <= last) && (beta || !self.beta)
    }
}

/// Every operation that Klaviyo publishes, and how completely this server models it.
pub fn coverage() -> Vec<OperationCoverage> {
    let modelled = |operation: &Operation| OperationCoverage {
        operation: operation.id,
        method: operation.method,
        path: operation.path,
        depth: operation_kind(operation).depth(),
        first: operation.first.0,
        last: operation.last.map(|last| last.0),
        beta: operation.beta,
    };
    operations().iter().map(modelled).collect()
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperationKind {
    /// Has code of its own, chosen by the operation's id.
    Custom,
    /// Lists the resources of a type.
    List,
    /// Reads one resource.
    Read,
    /// Creates a resource.
    Create,
    /// Updates a resource.
    Update,
    /// Deletes a resource.
    Delete,
    /// Reads the resources that one is related to.
    ReadRelated,
    /// Reads the ids of the resources that one is related to.
    ReadReferences,
    /// Adds relationships.
    AddRelated,
    /// Replaces all relationships with those in the request.
    ReplaceRelated,
    /// Removes relationships.
    RemoveRelated,
    /// Runs a bulk job.
    BulkJob,
    /// Returns a report with invented figures.
    Report,
    /// Accepted and ignored.
    Accepted,
    /// Not modelled.
    NotModelled,
}

/// Operations with code of their own.
const CUSTOM: &[&str] = &[
    "get_application_installs",
    "get_application_install",
    "delete_application_install",
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
    "clone_campaign",
    "assign_template_to_campaign_message",
    "send_campaign",
    "cancel_campaign_send",
    "refresh_campaign_recipient_estimation",
    "clone_template",
    "clone_universal_content",
    "clone_campaign_audience",
    "clone_campaign_message",
    "schedule_campaign",
    "schedule_campaign_message",
    "update_campaign_message_schedule",
    "publish_form",
    "unpublish_form",
    "create_template_preview_send_job",
    "create_object_schema_relationship",
    "update_object_schema_relationship",
    "create_profile_schema_relationship",
    "update_profile_schema_relationship",
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

/// Operations that are accepted and ignored, or whose response is always the same.
const ACCEPTED: &[&str] = &[
    "create_back_in_stock_subscription",
    "create_client_back_in_stock_subscription",
    "bulk_delete_object_records",
    "get_client_ip_allowlist",
    "get_client_review_values_reports",
];

impl OperationKind {
    /// How completely operations of this kind are modelled.
    fn depth(self) -> Depth {
        match self {
            Self::Report | Self::Accepted => Depth::Generic,
            Self::NotModelled => Depth::Gap,
            _ => Depth::Stateful,
        }
    }
}

/// The kind of an operation.
pub(crate) fn operation_kind(operation: &Operation) -> OperationKind {
    for (ids, kind) in [(CUSTOM, OperationKind::Custom), (ACCEPTED, OperationKind::Accepted)] {
        if ids.contains(&operation.id) {
            return kind;
        }
    }
    let segments: Vec<&str> = operation.path.split('/').skip(1).collect();
    let answers_its_own = || response_shape(operation).is_some_and(|shape| Some(shape.kind) == kind_at_path(operation));
    match (operation.method, segments.as_slice()) {
        ("GET", ["api", _]) => OperationKind::List,
        ("GET", ["api", _, _]) => OperationKind::Read,
        ("GET", ["api", _, _, "relationships", _]) => OperationKind::ReadReferences,
        ("GET", ["api", _, _, _]) => OperationKind::ReadRelated,
        ("POST", ["api", _]) if operation.id.starts_with("query_") => OperationKind::Report,
        ("POST", ["api", _]) if operation.id.starts_with("bulk_") => OperationKind::BulkJob,
        ("POST", ["api", _]) if answers_its_own() => OperationKind::Create,
        ("PATCH", ["api", _, _]) => OperationKind::Update,
        ("DELETE", ["api", _, _]) => OperationKind::Delete,
        ("POST", ["api", _, _, "relationships", _]) => OperationKind::AddRelated,
        ("PATCH", ["api", _, _, "relationships", _]) => OperationKind::ReplaceRelated,
        ("DELETE", ["api", _, _, "relationships", _]) => OperationKind::RemoveRelated,
        _ => OperationKind::NotModelled,
    }
}

/// The shape of a relationship's resources: that of the operation which reads it.
pub(crate) fn related_shape(operation: &Operation) -> Option<ResponseShape> {
    let reads = |one: &&Operation| one.method == "GET" && one.path == operation.path;
    response_shape(operation).or_else(|| operations().iter().find(reads).and_then(response_shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_named_here_is_published() {
        for id in CUSTOM.iter().chain(ACCEPTED) {
            assert!(operations().iter().any(|operation| operation.id == *id), "{id}");
        }
    }

    #[test]
    fn everything_of_the_served_revisions_is_modelled() {
        let gaps: Vec<&str> =
            coverage().into_iter().filter(|one| one.depth == Depth::Gap).map(|one| one.operation).collect();
        assert!(gaps.is_empty(), "{gaps:?}");
    }

    #[test]
    fn every_operation_has_what_its_kind_needs() {
        for operation in operations() {
            let needs_kind = matches!(
                operation_kind(operation),
                OperationKind::List
                    | OperationKind::Read
                    | OperationKind::Create
                    | OperationKind::Update
                    | OperationKind::Delete
                    | OperationKind::ReadRelated
                    | OperationKind::ReadReferences
                    | OperationKind::AddRelated
                    | OperationKind::ReplaceRelated
                    | OperationKind::RemoveRelated
            );
            assert!(!needs_kind || kind_at_path(operation).is_some(), "{} has no type", operation.id);
            let needs_other = matches!(
                operation_kind(operation),
                OperationKind::ReadRelated
                    | OperationKind::ReadReferences
                    | OperationKind::AddRelated
                    | OperationKind::ReplaceRelated
                    | OperationKind::RemoveRelated
            );
            assert!(!needs_other || related_shape(operation).is_some(), "{} leads nowhere", operation.id);
        }
    }
}
