//! Evidence that is damaged: judges answer, they never panic, and say the same each time.

use std::sync::OnceLock;

use flowcheck::checklist::{Verdict, catalogue};
use flowcheck::evidence::Evidence;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::recordings::{Recorded, judge, recorded};

#[test]
fn any_entry_may_be_missing() {
    for one in recorded() {
        for at in 0..one.evidence.timeline.len() {
            let mut damaged = one.evidence.clone();
            damaged.timeline.remove(at);
            judge_all(&damaged);
        }
    }
}

#[test]
fn there_may_be_nothing_at_all() {
    for one in recorded() {
        let nothing = Evidence { timeline: Vec::new(), ..one.evidence.clone() };
        let mut nobody = nothing.clone();
        nobody.setup.users.clear();
        nobody.setup.accounts.clear();
        nobody.setup.klaviyo_hosts.clear();
        for verdict in judge_all(&nothing).into_iter().chain(judge_all(&nobody)) {
            assert!(matches!(verdict, Verdict::NotRun { .. } | Verdict::NotApplicable(_)), "{verdict:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_damage_is_borne(
        which in any::<Index>(),
        swaps in prop::collection::vec((any::<Index>(), any::<Index>()), 0..6),
        gone in prop::collection::vec(any::<Index>(), 0..6),
        twice in prop::collection::vec(any::<Index>(), 0..3),
        length in any::<Index>(),
        late in any::<bool>(),
    ) {
        let mut damaged = which.get(shelf()).evidence.clone();
        let timeline = &mut damaged.timeline;
        for (one, other) in swaps {
            let (one, other) = (one.index(timeline.len()), other.index(timeline.len()));
            timeline.swap(one, other);
        }
        for at in gone {
            timeline.remove(at.index(timeline.len()));
        }
        for at in twice {
            let entry = at.get(timeline).clone();
            timeline.push(entry);
        }
        timeline.truncate(length.index(timeline.len()) + 1);
        if late && let Some(entry) = timeline.last_mut() {
            (entry.at_ms, entry.seq) = (u64::MAX, u32::MAX);
        }
        prop_assert_eq!(judge_all(&damaged), judge_all(&damaged));
    }
}

fn shelf() -> &'static [Recorded] {
    static SHELF: OnceLock<Vec<Recorded>> = OnceLock::new();
    SHELF.get_or_init(recorded)
}

fn judge_all(evidence: &Evidence) -> Vec<Verdict> {
    catalogue().iter().map(|item| judge(item.id, evidence)).collect()
}
