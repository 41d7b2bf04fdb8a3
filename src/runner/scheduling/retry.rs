//! A scenario tried again, to tell what always fails from what fails by chance.

use std::path::Path;

use crate::checklist::{EarlierTry, ScenarioOutcome};
use crate::evidence::Event;

/// A try that is followed by another; its pictures get names of their own, so that the next does not overwrite them.
pub(in crate::runner) fn set_aside(outcome: ScenarioOutcome, number: usize, shots: &Path) -> EarlierTry {
    let ScenarioOutcome { end, items, took_ms, mut evidence, .. } = outcome;
    for entry in evidence.iter_mut().flat_map(|evidence| &mut evidence.timeline) {
        let Event::Page(page) = &mut entry.event else { continue };
        let Some(name) = &page.shot else { continue };
        let aside = format!("try{number}-{name}");
        page.shot = std::fs::rename(shots.join(name), shots.join(&aside)).is_ok().then_some(aside);
    }
    EarlierTry { end, items, took_ms, evidence }
}
