//! Whether what is done in the app is gone once it is started anew.

use super::{Blame, Finding, remedy_or};
use crate::checklist::{Outcome, ScenarioEnd};
use crate::evidence::{Event, Facts, Page, PageKind, TokenOutcome};
use crate::scenario::{Loaded, parse_scenario};

const KEPT: &str = "fresh start";
const REMEDY: &str = "let `start` name {data}, a folder for each scenario, or say in `reset` how the data is put back";

/// The scenario to play after the trial, for an app that is not told where to keep its data.
pub fn second_start() -> Loaded {
    parse_scenario("src/doctor/second-start.yaml", include_str!("second-start.yaml"))
        .unwrap_or_else(|mistakes| unreachable!("it is a sound scenario: {}", mistakes.render(false)))
}

/// Whether the trial's installation was gone when the app was started again for [`second_start`]. None where nothing was installed.
pub fn read_second_start(outcome: &Outcome) -> Option<Finding> {
    let [trial, second] = outcome.scenarios.as_slice() else { return None };
    let timeline = &trial.evidence.as_ref()?.timeline;
    let installs = |event: &Event| match event {
        Event::Exchange(exchange) => {
            matches!(&exchange.facts, Facts::Token(call) if matches!(call.outcome, TokenOutcome::Issued { .. }))
        }
        _ => false,
    };
    if !timeline.iter().any(|entry| installs(&entry.event)) {
        return None;
    }
    if let Some(remark) = &outcome.run.left_over {
        return Some(Finding::unknown(KEPT, remark));
    }
    let entries = second.evidence.iter().flat_map(|evidence| evidence.timeline.iter().rev());
    let mut shown = entries.filter_map(|entry| match &entry.event {
        Event::Page(page) if page.certainty >= Page::SURE => Some(page.kind),
        _ => None,
    });
    let keeps = "the trial's install was there still when the app was started again";
    Some(match (&second.end, shown.next()) {
        (ScenarioEnd::Config(problem), _) => {
            Finding::fails(KEPT, Blame::Configuration, &problem.what, remedy_or(problem, REMEDY))
        }
        (_, Some(PageKind::Installed)) => Finding::fails(KEPT, Blame::Configuration, keeps, REMEDY),
        (_, Some(PageKind::NotInstalled)) => {
            Finding::holds(KEPT, "the trial's install was gone when the app was started again")
        }
        _ => {
            Finding::unknown(KEPT, "whether the trial's install was there when the app was started again was not seen")
        }
    })
}
