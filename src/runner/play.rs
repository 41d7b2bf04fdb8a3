//! One scenario: its stage set, its steps performed, its evidence judged.

use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::ahead::{Ahead, World};
use super::perform::A_MOMENT;
use super::stage::{Stage, Unset};
use super::standing::Grounds;
use super::{Attendant, Moment, Plan, not_applicable};
use crate::browser::{Browser, BrowserError};
use crate::checklist::{ItemId, ScenarioEnd, ScenarioOutcome, judge};
use crate::evidence::{Entry, Event, Evidence, HarnessError, Progress, Recorder, Setup, error_chain};
use crate::scenario::{Loaded, Script, Step};

/// For a scenario whose steps wait for a person.
const A_PERSONS_TIME: Duration = Duration::from_hours(24);

/// Plays a scenario in a browser, in the world that was set up for it or in one that is set up now. The stop signal ends it early,
/// with what has been seen so far.
pub(super) async fn play(
    plan: &Plan,
    scenario: &Loaded,
    browser: &Browser,
    progress: &mpsc::UnboundedSender<Progress>,
    stop: &mut watch::Receiver<bool>,
    ahead: Option<Ahead>,
    grounds: &mut Grounds,
) -> ScenarioOutcome {
    let began = Instant::now();
    tokio::select! {
        () = grounds.survey(plan, browser) => {}
        _ = stop.wait_for(|stopped| *stopped) => return outcome(scenario, ScenarioEnd::Interrupted, None, began),
    }
    if let Some(why) = &grounds.closed {
        return outcome(scenario, ScenarioEnd::OutOfReach(why.clone()), None, began);
    }
    let set_up = async {
        let ready = match ahead {
            Some(ahead) => ahead.ready().await,
            None => None,
        };
        match ready {
            Some(world) => world,
            None => World::set_up(plan, scenario).await,
        }
    };
    let World { recorder, set } = tokio::select! {
        world = set_up => world,
        // What was started is ended as it is dropped.
        _ = stop.wait_for(|stopped| *stopped) => return outcome(scenario, ScenarioEnd::Interrupted, None, began),
    };
    let (end, evidence) = match set {
        Ok((mut stage, mut setup)) => {
            if let Some(host) = &mut setup.app.host {
                host.third_party_cookies = browser.third_party_cookies(stage.route().as_ref()).await.clone();
            }
            let end = tokio::select! {
                end = perform(plan, scenario, browser, &mut stage, &setup, progress) => end,
                // Also when the sender is gone: nobody is left to play for.
                _ = stop.wait_for(|stopped| *stopped) => ScenarioEnd::Interrupted,
            };
            if plan.attendant.is_some() && end != ScenarioEnd::Interrupted {
                let so_far = kept(&recorder, setup.clone(), recorder.since(0));
                let so_far = outcome(scenario, end.clone(), Some(so_far), began);
                tokio::select! {
                    () = hold(plan, &so_far, grounds.last) => {}
                    _ = stop.wait_for(|stopped| *stopped) => {}
                }
            }
            let mut seen = None;
            if stage.app.stands_by_itself() {
                // What follows is flowcheck's own doing, and no evidence.
                seen = Some(recorder.since(0));
                grounds.put_back(&mut stage, scenario).await;
            }
            let struck = recorder.next_seq();
            stage.strike().await;
            let timeline = match seen {
                Some(seen) => followed_by(seen, recorder.since(struck)),
                None => recorder.since(0),
            };
            (end, Some(kept(&recorder, setup, timeline)))
        }
        Err(unset) => (ScenarioEnd::from(unset), None),
    };
    outcome(scenario, end.map_words(|words| recorder.redact(&words)), evidence, began)
}

/// The outcome of a scenario that is not for this app, or not for one that goes on running; none where it is.
pub(super) fn left_out(plan: &Plan, scenario: &Loaded) -> Option<ScenarioOutcome> {
    let stays = || scenario.script.stays(&plan.app).filter(|_| plan.app.start.is_none());
    let end = match not_applicable(scenario, &plan.app) {
        Some(why) => ScenarioEnd::NotApplicable(why),
        None => ScenarioEnd::OutOfReach(stays()?.to_owned()),
    };
    Some(outcome(scenario, end, None, Instant::now()))
}

/// The outcome of a scenario that was never begun.
pub(super) fn not_begun(scenario: &Loaded, end: ScenarioEnd) -> ScenarioOutcome {
    outcome(scenario, end, None, Instant::now())
}

/// Waits for who wants to see how a scenario has ended, where something failed in it or it is the last.
async fn hold(plan: &Plan, so_far: &ScenarioOutcome, last: bool) {
    let Some(attendant) = plan.attendant.as_ref().filter(|attendant| attendant.keeps_open()) else { return };
    let failed = so_far.tally().failed;
    if failed > 0 || last || matches!(so_far.end, ScenarioEnd::Harness(_)) {
        attendant.ask(Moment::End { scenario: so_far.id.clone(), failed }).await;
    }
}

/// What was seen, as it may be kept.
fn kept(recorder: &Recorder, setup: Setup, mut timeline: Vec<Entry>) -> Evidence {
    recorder.redact_again(&mut timeline);
    Evidence { setup, timeline }
}

/// What was seen, with what was recorded after it in its place on the timeline.
fn followed_by(mut seen: Vec<Entry>, last: Vec<Entry>) -> Vec<Entry> {
    for entry in last {
        let seq = seen.last().map_or(0, |before| before.seq + 1);
        seen.push(Entry { seq, ..entry });
    }
    seen
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
        return Unset::Harness(error_chain(&error)).into();
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
    if plan.attendant.as_ref().is_some_and(Attendant::takes_time) {
        patience = A_PERSONS_TIME;
    }
    match timeout(patience, stage.perform(&scenario.script, on_step)).await {
        Ok(Ok(Ok(()))) => ScenarioEnd::Completed,
        Ok(Ok(Err(why))) => ScenarioEnd::Config(why),
        Ok(Err(error @ BrowserError::Selector { .. })) => ScenarioEnd::Config(error_chain(&error)),
        Ok(Err(error)) => ScenarioEnd::Harness(error_chain(&error)),
        Err(_) => {
            let what = format!("the scenario took longer than {patience:?} and was cut short");
            stage.recorder.record(Event::HarnessError(HarnessError { what }));
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
