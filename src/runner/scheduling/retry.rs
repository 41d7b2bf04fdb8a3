//! A scenario tried again, to tell what always fails from what fails by chance.

use std::path::Path;

use crate::checklist::{EarlierTry, ScenarioEnd, ScenarioOutcome, judge};
use crate::evidence::{AppEvent, Event, Evidence, StepPhase};

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

/// A page that crashed its tab in one browser may have met a mistake of the browser's. One that crashed it in two, in the same step,
/// crashes it for every user: then it is the app that is judged by it.
pub(in crate::runner) fn judge_repeated_crash(outcome: &mut ScenarioOutcome) {
    let broke = matches!(outcome.end, ScenarioEnd::Harness(_));
    let now = crashed_step(outcome.evidence.as_ref()).filter(|_| broke);
    let before = outcome.earlier.last().and_then(|earlier| crashed_step(earlier.evidence.as_ref()));
    if now.is_some() && now == before {
        outcome.end = ScenarioEnd::Completed;
        outcome.items = judge(&outcome.expects, &outcome.end, outcome.evidence.as_ref());
    }
}

/// The step in which a page crashed its tab, by its place in the script. Not the page's address: whether its answer is told of before the
/// crash is chance.
fn crashed_step(evidence: Option<&Evidence>) -> Option<usize> {
    let timeline = &evidence?.timeline;
    let crash = timeline.iter().rposition(|entry| matches!(entry.event, Event::App(AppEvent::CrashedTab { .. })))?;
    Some(timeline[..crash].iter().filter(|entry| began(&entry.event)).count())
}

fn began(event: &Event) -> bool {
    matches!(event, Event::Step(mark) if mark.phase == StepPhase::Began)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::Problem;
    use crate::evidence::Entry;

    /// A try that broke, with a crash of the tab after so many steps had begun.
    fn broke(crash: Option<usize>) -> ScenarioOutcome {
        let recorded = include_str!("../../../fixtures/evidence/honest/install-signed-in.json");
        let mut evidence: Evidence = serde_json::from_str(recorded).expect("a recording");
        let begun: Vec<usize> =
            (0..evidence.timeline.len()).filter(|at| began(&evidence.timeline[*at].event)).collect();
        assert!(begun.len() >= 2, "the recording has two steps");
        if let Some(steps) = crash {
            evidence.timeline.truncate(begun[steps]);
            // The page's address is not the same in both: each world has another port.
            let url = format!("http://localhost:{}/login", rand::random::<u16>());
            let crash = AppEvent::CrashedTab { url, how: "oom".to_owned() };
            evidence.timeline.push(Entry { seq: 1, at_ms: 1, event: Event::App(crash) });
        }
        ScenarioOutcome {
            id: "a/b".to_owned(),
            title: String::new(),
            file: String::new(),
            expects: vec![("install.completes".into(), 1)],
            end: ScenarioEnd::Harness(Problem::new("the browser's tab crashed")),
            items: Vec::new(),
            took_ms: 0,
            evidence: Some(evidence),
            earlier: Vec::new(),
        }
    }

    /// How the second try ends, where the tab crashed in the first and in the second after so many steps had begun.
    fn end(first: Option<usize>, second: Option<usize>) -> ScenarioEnd {
        let mut outcome = broke(second);
        outcome.earlier.push(set_aside(broke(first), 1, Path::new("/nowhere")));
        judge_repeated_crash(&mut outcome);
        outcome.end
    }

    #[test]
    fn a_page_that_crashes_two_browsers_is_the_apps_and_one_crash_is_chance() {
        for step in [0, 1] {
            assert_eq!(end(Some(step), Some(step)), ScenarioEnd::Completed);
        }
        for (first, second) in [(Some(1), Some(0)), (Some(0), Some(1)), (None, Some(0)), (Some(0), None), (None, None)]
        {
            assert!(matches!(end(first, second), ScenarioEnd::Harness(_)), "{first:?} {second:?}");
        }
    }
}
