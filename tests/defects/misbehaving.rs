//! Apps that misbehave altogether: each is told by its name, is started again, and keeps no other scenario from being played.

use flowcheck::checklist::{Outcome, ScenarioEnd, ScenarioOutcome};
use flowcheck::evidence::{AppEvent, Event};
use flowcheck::report::{Style, terminal};
use libtest_mimic::{Failed, Trial};

use crate::table::TABLE;
use crate::{fixture_app, with_defect};

/// A defect, the scenario that meets it, and what is said of it.
const APPS: [(&str, &str, &str); 5] = [
    ("hangs-on-callback", "install/signed-in", "the app answered nothing for 6 s at /klaviyo/callback"),
    ("exits-on-callback", "install/signed-in", "the app exited with status 1"),
    ("loops-on-api", "install/signed-in", "the app called GET /api/accounts "),
    ("limits-own-login", "uninstall/in-app", "the app refused the login: 429, \"Too many sign-ins"),
    ("never-stops-loading", "install/signed-in", "/settings/integrations was still loading after "),
];
/// Played after the other by the same worker.
const NEXT: &str = "install/from-app";

/// A trial for each.
pub(crate) fn trials() -> impl Iterator<Item = Trial> {
    APPS.into_iter().map(|(defect, scenario, words)| {
        Trial::test(format!("{defect}, and the next scenario"), move || is_told_and_goes_on(defect, scenario, words))
    })
}

fn is_told_and_goes_on(defect: &str, scenario: &str, words: &str) -> Result<(), Failed> {
    let row = TABLE.iter().find(|row| row.defect == defect).ok_or("it is not in the table")?;
    let scenarios =
        fixture_app::scenarios().into_iter().filter(|one| [scenario, NEXT].contains(&one.script.id.value.as_str()));
    let outcome = fixture_app::play(with_defect(row.file(), row), scenarios.collect(), 1);
    let found = |id: &str| outcome.scenarios.iter().find(|one| one.id == id).ok_or(format!("{id} was not played"));
    let (met, next) = (found(scenario)?, found(NEXT)?);
    if !findings(met).any(|saw| saw.contains(words)) {
        return wrong(&format!("expected to be told {words:?}"), &outcome);
    }
    if met.end != ScenarioEnd::Completed || next.end != ScenarioEnd::Completed || starts(next) == 0 {
        return wrong("expected both scenarios to be played to their end", &outcome);
    }
    let ended = met.evidence.iter().flat_map(|evidence| &evidence.timeline);
    let ended = ended.filter(|entry| matches!(entry.event, Event::App(AppEvent::Exited(_)))).count();
    if ended > 0 && starts(met) < 2 {
        return wrong("expected the app to be started again once it had ended", &outcome);
    }
    Ok(())
}

fn findings(scenario: &ScenarioOutcome) -> impl Iterator<Item = String> {
    scenario.items.iter().filter_map(|judged| judged.verdict.finding()).map(|finding| finding.saw.to_string())
}

/// How often the app became ready.
fn starts(scenario: &ScenarioOutcome) -> usize {
    let timeline = scenario.evidence.iter().flat_map(|evidence| &evidence.timeline);
    timeline.filter(|entry| matches!(entry.event, Event::App(AppEvent::Ready(_)))).count()
}

fn wrong(what: &str, outcome: &Outcome) -> Result<(), Failed> {
    Err(format!("{what}\n\n{}", terminal(outcome, Style::Plain, 100, None)).into())
}
