//! What `fuzz/` does with any bytes, and tests do with the seeds kept there.

use flowcheck_evidence::Evidence;

use crate::{ItemId, ScenarioEnd, catalogue, judge};

/// A scenario's evidence: what is written of it reads back the same, and every item has the same verdict of both.
///
/// # Panics
///
/// Where that is not so.
pub fn evidence(file: &[u8]) {
    let Ok(evidence) = serde_json::from_slice::<Evidence>(file) else { return };
    let written = serde_json::to_string(&evidence).expect("evidence is JSON");
    let read: Evidence = serde_json::from_str(&written).expect("what was written can be read");
    assert_eq!(serde_json::to_string(&read).expect("evidence is JSON"), written);
    let expects: Vec<(ItemId, u32)> = catalogue().iter().map(|item| (ItemId::from(item.id), 1)).collect();
    let verdicts = |evidence: &Evidence| {
        let judged = judge(&expects, &ScenarioEnd::Completed, Some(evidence));
        assert_eq!(judged.len(), expects.len());
        serde_json::to_string(&judged).expect("verdicts are JSON")
    };
    assert_eq!(verdicts(&evidence), verdicts(&read));
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/play_seeds.rs"));

    #[test]
    fn seeds_hold() {
        play_seeds("evidence", super::evidence);
    }
}
