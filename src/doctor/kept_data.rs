//! Whether what is done in the app is gone once it is started anew.

use super::{Blame, Finding, remedy_or};
use crate::checklist::{Outcome, ScenarioEnd};
use crate::evidence::{Event, Facts, TokenOutcome};
use crate::scenario::{Loaded, parse_scenario};

const KEPT: &str = "fresh start";

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
    Some(match (&second.end, &outcome.run.left_over) {
        (ScenarioEnd::Config(problem), _) => {
            let remedy = remedy_or(problem, "let `start` name {data}, or say in `reset` how the data is put back");
            Finding::fails(KEPT, Blame::Configuration, &problem.what, remedy)
        }
        (_, Some(remark)) => Finding::unknown(KEPT, remark),
        _ => Finding::holds(KEPT, "the trial's install was gone when the app was started again"),
    })
}
