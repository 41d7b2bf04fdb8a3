//! One account's resources.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::api::data::relationship_store::RelationshipStore;
use crate::api::errors::ApiError;
use crate::api::spec::resource_types;

/// One account's resources, each type in the order of creation.
#[derive(Debug, Default)]
pub(crate) struct AccountData {
    /// Profiles.
    pub(crate) profiles: Vec<Resource>,
    /// Events.
    pub(crate) events: Vec<Resource>,
    /// Metrics.
    pub(crate) metrics: Vec<Resource>,
    /// Lists.
    pub(crate) lists: Vec<Resource>,
    /// All other types.
    others: HashMap<&'static str, Vec<Resource>>,
    /// Which resources are related.
    pub(crate) relationships: RelationshipStore,
    /// Events by metric, profile and `unique_id`, or the second where they have none; a second event with the same is dropped.
    pub(crate) unique_events: Vec<(String, String, String)>,
}

impl AccountData {
    /// All resources of a type.
    pub(crate) fn all(&self, kind: &str) -> &[Resource] {
        match kind {
            "profile" => &self.profiles,
            "event" => &self.events,
            "metric" => &self.metrics,
            "list" => &self.lists,
            other => self.others.get(other).map(Vec::as_slice).unwrap_or_default(),
        }
    }

    /// All resources of a type, mutably.
    pub(crate) fn all_mut(&mut self, kind: &'static str) -> &mut Vec<Resource> {
        match kind {
            "profile" => &mut self.profiles,
            "event" => &mut self.events,
            "metric" => &mut self.metrics,
            "list" => &mut self.lists,
            other => self.others.entry(other).or_default(),
        }
    }

    /// The resource with this type and id.
    pub(crate) fn find(&self, kind: &str, id: &str) -> Result<&Resource, ApiError> {
        let found = self.all(kind).iter().find(|one| one.id == id);
        found.ok_or_else(|| ApiError::not_found(format!("A {kind} with id {id} does not exist.")))
    }
}

/// A JSON:API resource.
#[derive(Debug, Clone)]
pub(crate) struct Resource {
    /// Its type: `profile`, `list`, …
    pub(crate) kind: &'static str,
    /// Its id.
    pub(crate) id: String,
    /// Its attributes.
    pub(crate) attributes: Map<String, Value>,
    /// The resources it belongs to: relationship name, type and id.
    pub(crate) relationships: Vec<(&'static str, &'static str, String)>,
}

impl Resource {
    /// The resource as JSON; `base` is scheme and host of its links.
    pub(crate) fn json(&self, base: &str) -> Value {
        let here = match resource_types::collection_of(self.kind) {
            Some(collection) => format!("{base}/api/{collection}/{}", self.id),
            None => format!("{base}/api/{}s/{}", self.kind, self.id),
        };
        let links =
            |name: &str| json!({"self": format!("{here}/relationships/{name}"), "related": format!("{here}/{name}")});
        let mut relationships: Map<String, Value> = resource_types::relationships_of(self.kind)
            .iter()
            .map(|name| ((*name).to_owned(), json!({ "links": links(name) })))
            .collect();
        for (name, kind, id) in &self.relationships {
            let data = json!({"type": kind, "id": id});
            relationships.insert((*name).to_owned(), json!({"data": data, "links": links(name)}));
        }
        let mut resource =
            json!({"type": self.kind, "id": self.id, "attributes": self.attributes, "links": {"self": here}});
        if !relationships.is_empty() {
            resource["relationships"] = relationships.into();
        }
        resource
    }

    /// An attribute, the id, or a relationship's id (`metric_id`), as filters name them; a dot descends a level.
    pub(crate) fn field(&self, name: &str) -> Option<Value> {
        if name == "id" {
            return Some(self.id.clone().into());
        }
        if let Some(relation) = name.strip_suffix("_id")
            && let Some((_, _, id)) = self.relationships.iter().find(|(known, ..)| *known == relation)
        {
            return Some(id.clone().into());
        }
        let mut parts = name.split('.');
        let first = self.attributes.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part)).cloned()
    }
}
