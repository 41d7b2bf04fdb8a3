//! A scenario tried again, to tell what always fails from what fails by chance.

use std::path::Path;

use url::Url;

use crate::checklist::{EarlierTry, ScenarioEnd, ScenarioOutcome, judge};
use crate::evidence::{AppEvent, Event, Evidence};

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

/// A page that crashed its tab in one browser may have met a mistake of the browser's. One that crashed it in two crashes it for every
/// user: then it is the app that is judged by it.
pub(in crate::runner) fn judge_repeated_crash(outcome: &mut ScenarioOutcome) {
    let broke = matches!(outcome.end, ScenarioEnd::Harness(_));
    let now = crashed_page(outcome.evidence.as_ref()).filter(|_| broke);
    let before = outcome.earlier.last().and_then(|earlier| crashed_page(earlier.evidence.as_ref()));
    if now.is_some() && now == before {
        outcome.end = ScenarioEnd::Completed;
        outcome.items = judge(&outcome.expects, &outcome.end, outcome.evidence.as_ref());
    }
}

/// The path of the page that crashed its tab; each world has another port.
fn crashed_page(evidence: Option<&Evidence>) -> Option<String> {
    evidence?.timeline.iter().rev().find_map(|entry| match &entry.event {
        Event::App(AppEvent::CrashedTab { url, .. }) => Some(Url::parse(url).ok()?.path().to_owned()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::Problem;
    use crate::evidence::Entry;

    /// A try that broke, with a crash of the tab at this address.
    fn broke(crash: Option<&str>) -> ScenarioOutcome {
        let recorded = include_str!("../../../fixtures/evidence/honest/install-signed-in.json");
        let mut evidence: Evidence = serde_json::from_str(recorded).expect("a recording");
        evidence.timeline.truncate(1);
        let crash = crash.map(|url| AppEvent::CrashedTab { url: url.to_owned(), how: "oom".to_owned() });
        evidence.timeline.extend(crash.map(|event| Entry { seq: 1, at_ms: 1, event: Event::App(event) }));
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

    /// How the second try ends, where the first one crashed at `first`.
    fn end(first: Option<&str>, second: Option<&str>) -> ScenarioEnd {
        let mut outcome = broke(second);
        outcome.earlier.push(set_aside(broke(first), 1, Path::new("/nowhere")));
        judge_repeated_crash(&mut outcome);
        outcome.end
    }

    #[test]
    fn a_page_that_crashes_two_browsers_is_the_apps_and_one_crash_is_chance() {
        let (one, same, other) =
            ("http://localhost:1/login?a", "http://localhost:2/login", "http://localhost:1/settings");
        assert_eq!(end(Some(one), Some(same)), ScenarioEnd::Completed);
        for (first, second) in [(Some(one), Some(other)), (None, Some(one)), (Some(one), None), (None, None)] {
            assert!(matches!(end(first, second), ScenarioEnd::Harness(_)), "{first:?} {second:?}");
        }
    }
}
