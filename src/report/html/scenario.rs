//! One scenario: how it ended, its items, and its timeline.

use std::time::Duration;

use askama::Template;

use super::anchor::anchor;
use super::badge::Badge;
use super::diagram::{Diagram, NOTE, Shape, whole};
use super::screenshots::Screenshots;
use super::timeline::{Row, StepView, steps};
use crate::checklist::{Outcome, ScenarioEnd, ScenarioOutcome, VerdictKind};
use crate::report::content::describe::{duration, persona};

/// One scenario.
#[derive(Debug)]
pub(super) struct ScenarioView<'a> {
    pub(super) anchor: String,
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) file: &'a str,
    pub(super) badge: Badge,
    pub(super) took: String,
    /// `signed-out, 2 tenants`.
    pub(super) persona: String,
    /// Why it was not completed.
    pub(super) end: Option<String>,
    pub(super) items: Vec<(Badge, &'a str)>,
    pub(super) steps: Vec<StepView<'a>>,
    pub(super) diagram: Option<Diagram>,
}

impl<'a> ScenarioView<'a> {
    /// A scenario of a run.
    pub(super) fn of(outcome: &Outcome, scenario: &'a ScenarioOutcome, pictures: &mut Screenshots<'_>) -> Self {
        let kinds: Vec<(VerdictKind, &str)> = scenario
            .items
            .iter()
            .map(|judged| (scenario.counts_as(judged, &outcome.run), judged.item.as_str()))
            .collect();
        let worst = kinds.iter().map(|(kind, _)| *kind).max().unwrap_or(VerdictKind::NotRun);
        Self {
            anchor: anchor(&scenario.id),
            id: &scenario.id,
            title: &scenario.title,
            file: &scenario.file,
            badge: Badge::of(worst),
            took: duration(Duration::from_millis(scenario.took_ms)),
            persona: scenario.evidence.as_ref().map(|seen| persona(&seen.setup)).unwrap_or_default(),
            end: end(&scenario.end),
            items: kinds.into_iter().map(|(kind, id)| (Badge::of(kind), id)).collect(),
            diagram: scenario.evidence.as_ref().map(|seen| whole(&scenario.id, &scenario.title, seen)),
            steps: scenario.evidence.as_ref().map(|seen| steps(&scenario.id, seen, pictures)).unwrap_or_default(),
        }
    }
}

/// Its diagram and timeline: the part of the page that is compressed.
#[derive(Template)]
#[template(path = "report/html/templates/seen.html")]
struct SeenView<'v, 'a> {
    steps: &'v [StepView<'a>],
    diagram: Option<&'v Diagram>,
}

impl ScenarioView<'_> {
    /// Its diagram and its timeline.
    pub(super) fn seen(&self) -> String {
        // Writing to a string does not fail, and no value here has a Display that does.
        SeenView { steps: &self.steps, diagram: self.diagram.as_ref() }.render().unwrap_or_default()
    }
}

fn end(end: &ScenarioEnd) -> Option<String> {
    match end {
        ScenarioEnd::Completed => None,
        ScenarioEnd::NotApplicable(why) => Some(format!("Does not apply: {why}")),
        ScenarioEnd::Undeclared(why) => Some(format!("Not played: {why}")),
        ScenarioEnd::OutOfReach(why) => Some(format!("Not played, since the app goes on running: {why}")),
        ScenarioEnd::Config(why) => Some(format!("The configuration does not fit the app: {why}")),
        ScenarioEnd::Harness(why) => Some(format!("flowcheck, the driver or the browser had trouble: {why}")),
        ScenarioEnd::AppUnavailable(why) => Some(format!("The app could not be started or reached: {why}")),
        ScenarioEnd::Interrupted => Some("The run was interrupted first.".to_owned()),
    }
}
