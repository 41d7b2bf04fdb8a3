//! Each account's own data.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::klaviyo::AccountId;

/// All accounts' data.
#[derive(Debug, Default)]
pub(crate) struct Records {
    by_account: HashMap<AccountId, Shelf>,
}

impl Records {
    /// This account's data.
    pub(super) fn of(&mut self, account: &AccountId) -> &mut Shelf {
        self.by_account.entry(account.clone()).or_default()
    }
}

/// One account's data, each kind in the order in which it came.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// Profiles.
    pub(super) profiles: Vec<Resource>,
    /// Events.
    pub(super) events: Vec<Resource>,
    /// Metrics.
    pub(super) metrics: Vec<Resource>,
    /// Lists.
    pub(super) lists: Vec<Resource>,
    /// Profiles of lists, by list.
    pub(super) members: HashMap<String, Vec<String>>,
    /// `unique_id`s of events, by metric and profile; a second event of the same is dropped.
    pub(super) unique_events: Vec<(String, String, String)>,
}

/// A JSON:API resource.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    /// `profile`, `list`, …
    pub(super) kind: &'static str,
    /// Its id.
    pub(super) id: String,
    /// Its attributes.
    pub(super) attributes: Map<String, Value>,
    /// The resources it belongs to: name, kind, id.
    pub(super) relationships: Vec<(&'static str, &'static str, String)>,
}

impl Resource {
    /// As an answer has it; `base` is the scheme and host that links begin with.
    pub(super) fn json(&self, base: &str) -> Value {
        let here = format!("{base}/api/{}s/{}", self.kind, self.id);
        let relationships: Map<String, Value> = self
            .relationships
            .iter()
            .map(|(name, kind, id)| {
                let links =
                    json!({"self": format!("{here}/relationships/{name}"), "related": format!("{here}/{name}")});
                ((*name).to_owned(), json!({"data": {"type": kind, "id": id}, "links": links}))
            })
            .collect();
        let mut resource =
            json!({"type": self.kind, "id": self.id, "attributes": self.attributes, "links": {"self": here}});
        if !relationships.is_empty() {
            resource["relationships"] = relationships.into();
        }
        resource
    }

    /// An attribute, or the id, or a relationship's id (`metric_id`), as filters name them; a dot goes down a level.
    pub(super) fn field(&self, name: &str) -> Option<Value> {
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
