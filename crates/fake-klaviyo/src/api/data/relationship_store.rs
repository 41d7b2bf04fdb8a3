//! What belongs to what: pairs of resources, which can be asked for from either side.

/// A resource by type and id.
pub(crate) type End = (&'static str, String);

/// All ties of one account, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Ties {
    pairs: Vec<(End, End)>,
}

impl Ties {
    /// Ties two resources; a second time makes no difference.
    pub(crate) fn tie(&mut self, one: End, other: End) {
        let known = |(a, b): &(End, End)| (*a == one && *b == other) || (*a == other && *b == one);
        if !self.pairs.iter().any(known) {
            self.pairs.push((one, other));
        }
    }

    /// Unties two resources.
    pub(crate) fn untie(&mut self, one: &End, other: &End) {
        self.pairs.retain(|(a, b)| !((a == one && b == other) || (a == other && b == one)));
    }

    /// Unties a resource from all of a type.
    pub(crate) fn untie_all(&mut self, one: &End, kind: &str) {
        self.pairs.retain(|(a, b)| !((a == one && b.0 == kind) || (b == one && a.0 == kind)));
    }

    /// Forgets a resource.
    pub(crate) fn forget(&mut self, one: &End) {
        self.pairs.retain(|(a, b)| a != one && b != one);
    }

    /// Has everything that one resource is tied to tied to another.
    pub(crate) fn hand_over(&mut self, from: &End, to: &End) {
        let others: Vec<End> = self.pairs.iter().filter_map(|pair| across(pair, from)).cloned().collect();
        self.forget(from);
        for other in others.into_iter().filter(|other| other != to) {
            self.tie(to.clone(), other);
        }
    }

    /// The ids of this type that a resource is tied to.
    pub(crate) fn of(&self, one: &End, kind: &str) -> Vec<String> {
        let others = self.pairs.iter().filter_map(|pair| across(pair, one));
        others.filter(|other| other.0 == kind).map(|other| other.1.clone()).collect()
    }
}

/// The other end, where one is this.
fn across<'a>((a, b): &'a (End, End), one: &End) -> Option<&'a End> {
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
    fn ties_are_seen_from_both_ends() {
        let end = |kind: &'static str, id: &str| -> End { (kind, id.to_owned()) };
        let mut ties = Ties::default();
        ties.tie(end("tag", "t"), end("list", "1"));
        ties.tie(end("list", "1"), end("tag", "t"));
        ties.tie(end("tag", "t"), end("list", "2"));
        assert_eq!(ties.of(&end("tag", "t"), "list"), ["1", "2"]);
        assert_eq!(ties.of(&end("list", "2"), "tag"), ["t"]);
        ties.untie(&end("list", "1"), &end("tag", "t"));
        assert_eq!(ties.of(&end("tag", "t"), "list"), ["2"]);
        ties.hand_over(&end("tag", "t"), &end("tag", "u"));
        assert_eq!(ties.of(&end("list", "2"), "tag"), ["u"]);
        ties.forget(&end("list", "2"));
        assert!(ties.of(&end("tag", "u"), "list").is_empty());
    }
}
