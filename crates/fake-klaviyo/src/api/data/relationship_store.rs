//! Which resources are related. Relationships are found from both sides.

/// A resource's type and id.
pub(crate) type ResourceRef = (&'static str, String);

/// All relationships of one account, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct RelationshipStore {
    pairs: Vec<(ResourceRef, ResourceRef)>,
}

impl RelationshipStore {
    /// Relates two resources, unless they are related already.
    pub(crate) fn add(&mut self, one: ResourceRef, other: ResourceRef) {
        let known = |(a, b): &(ResourceRef, ResourceRef)| (*a == one && *b == other) || (*a == other && *b == one);
        if !self.pairs.iter().any(known) {
            self.pairs.push((one, other));
        }
    }

    /// Removes the relationship of two resources.
    pub(crate) fn remove(&mut self, one: &ResourceRef, other: &ResourceRef) {
        self.pairs.retain(|(a, b)| !((a == one && b == other) || (a == other && b == one)));
    }

    /// Removes a resource's relationships with all resources of a type.
    pub(crate) fn remove_all(&mut self, one: &ResourceRef, kind: &str) {
        self.pairs.retain(|(a, b)| !((a == one && b.0 == kind) || (b == one && a.0 == kind)));
    }

    /// Removes all relationships of a resource.
    pub(crate) fn remove_resource(&mut self, one: &ResourceRef) {
        self.pairs.retain(|(a, b)| a != one && b != one);
    }

    /// Moves all relationships of one resource to another.
    pub(crate) fn transfer(&mut self, from: &ResourceRef, to: &ResourceRef) {
        let others: Vec<ResourceRef> = self.pairs.iter().filter_map(|pair| across(pair, from)).cloned().collect();
        self.remove_resource(from);
        for other in others.into_iter().filter(|other| other != to) {
            self.add(to.clone(), other);
        }
    }

    /// The ids of the related resources of this type.
    pub(crate) fn related_to(&self, one: &ResourceRef, kind: &str) -> Vec<String> {
        let others = self.pairs.iter().filter_map(|pair| across(pair, one));
        others.filter(|other| other.0 == kind).map(|other| other.1.clone()).collect()
    }
}

/// The other side of a relationship, if one side is this resource.
fn across<'a>((a, b): &'a (ResourceRef, ResourceRef), one: &ResourceRef) -> Option<&'a ResourceRef> {
    match (a == one, b == one) {
        (true, _) => Some(b),
        (_, true) => Some(a),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relationships_are_seen_from_both_ends() {
        let resource = |kind: &'static str, id: &str| -> ResourceRef { (kind, id.to_owned()) };
        let mut relationships = RelationshipStore::default();
        relationships.add(resource("tag", "t"), resource("list", "1"));
        relationships.add(resource("list", "1"), resource("tag", "t"));
        relationships.add(resource("tag", "t"), resource("list", "2"));
        assert_eq!(relationships.related_to(&resource("tag", "t"), "list"), ["1", "2"]);
        assert_eq!(relationships.related_to(&resource("list", "2"), "tag"), ["t"]);
        relationships.remove(&resource("list", "1"), &resource("tag", "t"));
        assert_eq!(relationships.related_to(&resource("tag", "t"), "list"), ["2"]);
        relationships.transfer(&resource("tag", "t"), &resource("tag", "u"));
        assert_eq!(relationships.related_to(&resource("list", "2"), "tag"), ["u"]);
        relationships.remove_resource(&resource("list", "2"));
        assert!(relationships.related_to(&resource("tag", "u"), "list").is_empty());
    }
}
