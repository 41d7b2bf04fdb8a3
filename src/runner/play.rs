//! One scenario: its stage set, its steps performed, its evidence judged.

use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::perform::A_MOMENT;
use super::stage::{Stage, Unset};
use super::{Plan, not_applicable};
use crate::browser::Browser;
use crate::checklist::{ItemId, ScenarioEnd, ScenarioOutcome, judge};
use crate::evidence::{Evidence, Progress, Recorder, Seen, Setup, Trouble, in_full};
use crate::scenario::{Loaded, Script, Step};

/// Plays a scenario in a browser. The stop signal ends it early, with what has been seen so far.
pub(super) async fn play(
    plan: &Plan,
    scenario: &Loaded,
    browser: &Browser,
    progress: &mpsc::UnboundedSender<Progress>,
    stop: &mut watch::Receiver<bool>,
) -> ScenarioOutcome {
    let began = Instant::now();
    let recorder = Recorder::new();
    let set = tokio::select! {
        set = Stage::set(plan, scenario, recorder.clone()) => set,
        // What was started is ended as it is dropped.
        _ = stop.wait_for(|stopped| *stopped) => return outcome(scenario, ScenarioEnd::Interrupted, None, began),
    };
    let (end, setup) = match set {
        Ok((mut stage, mut setup)) => {
            if let Some(host) = &mut setup.app.host {
                host.third_party_cookies = browser.third_party_cookies(stage.route().as_ref()).await.clone();
            }
            let end = tokio::select! {
                end = perform(plan, scenario, browser, &mut stage, &setup, progress) => end,
                // Also when the sender is gone: nobody is left to play for.
                _ = stop.wait_for(|stopped| *stopped) => ScenarioEnd::Interrupted,
            };
            stage.strike().await;
            (end, Some(setup))
        }
        Err(unset) => (ScenarioEnd::from(unset), None),
    };
    let evidence = setup.map(|setup| Evidence { setup, timeline: recorder.since(0) });
    outcome(scenario, end, evidence, began)
}

/// The outcome of a scenario that is not for this app; none where it is.
pub(super) fn left_out(plan: &Plan, scenario: &Loaded) -> Option<ScenarioOutcome> {
    let why = not_applicable(scenario, &plan.app)?;
    Some(outcome(scenario, ScenarioEnd::NotApplicable(why), None, Instant::now()))
}

/// The outcome of a scenario that was never begun.
pub(super) fn not_begun(scenario: &Loaded, end: ScenarioEnd) -> ScenarioOutcome {
    outcome(scenario, end, None, Instant::now())
}

async fn perform(
    plan: &Plan,
    scenario: &Loaded,
    browser: &Browser,
    stage: &mut Stage,
    setup: &Setup,
    progress: &mpsc::UnboundedSender<Progress>,
) -> ScenarioEnd {
    if let Err(error) = stage.seat(browser, setup).await {
        return Unset::Harness(in_full(&error)).into();
    }
    let id = scenario.script.id.value.clone();
    let on_step = |step: &str| {
        // A listener that went away misses nothing it wanted.
        let _ = progress.send(Progress::StepBegan { scenario: id.clone(), step: step.to_owned() });
    };
    let mut patience = plan.app.timing.scenario.duration();
    if plan.real_time {
        patience += waits(&scenario.script);
    }
    match timeout(patience, stage.perform(&scenario.script, on_step)).await {
        Ok(Ok(Ok(()))) => ScenarioEnd::Completed,
        Ok(Ok(Err(why))) => ScenarioEnd::Config(why),
        Ok(Err(error)) => ScenarioEnd::Harness(in_full(&error)),
        Err(_) => {
            let what = format!("the scenario took longer than {patience:?} and was cut short");
            stage.recorder.record(Seen::Trouble(Trouble { what }));
            ScenarioEnd::Completed
        }
    }
}

/// How long a script waits where time is not moved.
fn waits(script: &Script) -> Duration {
    script.steps.iter().fold(Duration::ZERO, |sum, step| {
        let own = match step.value {
            Step::Wait(span) | Step::Leave(span) => span.duration(),
            _ => Duration::ZERO,
        };
        sum.saturating_add(own).saturating_add(A_MOMENT)
    })
}

fn outcome(scenario: &Loaded, end: ScenarioEnd, evidence: Option<Evidence>, began: Instant) -> ScenarioOutcome {
    let script = &scenario.script;
    let expects: Vec<_> = script.expects.iter().map(|id| (ItemId::from(id.value.as_str()), id.line)).collect();
    let items = judge(&expects, &end, evidence.as_ref());
    ScenarioOutcome {
        id: script.id.value.clone(),
        title: script.title.clone(),
        file: scenario.file.clone(),
        expects,
        end,
        items,
        took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        evidence,
        earlier: Vec::new(),
    }
}
