//! One scenario: its world set up, its steps played, its evidence judged.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use crate::browser::{Browser, BrowserError};
use crate::checklist::{ItemId, Problem, ScenarioEnd, ScenarioOutcome, judge};
use crate::evidence::{Entry, Event, Evidence, HarnessError, Progress, Recorder, Setup};
use crate::runner::Interactive;
use crate::runner::Moment;
use crate::runner::Plan;
use crate::runner::not_played;
use crate::runner::scheduling::existing_app::ExistingAppState;
use crate::runner::scheduling::left_over::LeftOver;
use crate::runner::scheduling::prefetch::{Prefetched, PreparedWorld};
use crate::runner::steps::on_heap::on_heap;
use crate::runner::steps::perform::A_MOMENT;
use crate::runner::world::setup::scenario_run::ScenarioRun;
use crate::runner::world::step_error::StepError;
use crate::scenario::{Loaded, Script, Step};

/// For a scenario whose steps wait for a person.
const A_PERSONS_TIME: Duration = Duration::from_hours(24);

/// Plays a scenario in a browser, in the world that was set up for it or in one that is set up now. The stop signal ends it early,
/// with what has been seen so far.
pub(in crate::runner) async fn play(
    plan: &Plan,
    scenario: &Loaded,
    browser: &Browser,
    progress: &mpsc::UnboundedSender<Progress>,
    stop: &mut watch::Receiver<bool>,
    prefetched: Option<Prefetched>,
    existing_app: &mut ExistingAppState,
) -> ScenarioOutcome {
    let began = Instant::now();
    tokio::select! {
        () = existing_app.survey(plan, browser) => {}
        _ = stop.wait_for(|stopped| *stopped) => return outcome(scenario, ScenarioEnd::Interrupted, None, began),
    }
    let left_over = Arc::clone(&existing_app.left_over);
    let turn = tokio::select! {
        turn = LeftOver::turn(&left_over, plan, browser) => match turn {
            Ok(turn) => turn,
            Err(still) => return outcome(scenario, ScenarioEnd::Config(still.into()), None, began),
        },
        _ = stop.wait_for(|stopped| *stopped) => return outcome(scenario, ScenarioEnd::Interrupted, None, began),
    };
    let prefetched = match prefetched {
        // It was started before what was left over had been undone.
        Some(stale) if turn.is_alone() => {
            Box::pin(stale.give_up()).await;
            None
        }
        prefetched => prefetched,
    };
    if let Some(why) = &existing_app.closed {
        return outcome(scenario, ScenarioEnd::OutOfReach(why.clone()), None, began);
    }
    let set_up = async {
        let ready = match prefetched {
            Some(prefetched) => prefetched.ready().await,
            None => None,
        };
        match ready {
            Some(world) => world,
            None => on_heap(|| PreparedWorld::set_up(plan, scenario)).await,
        }
    };
    let PreparedWorld { recorder, run } = tokio::select! {
        world = set_up => world,
        // What was started is ended as it is dropped.
        _ = stop.wait_for(|stopped| *stopped) => return outcome(scenario, ScenarioEnd::Interrupted, None, began),
    };
    let (end, evidence) = match run {
        Ok(mut run) => {
            if let Some(host) = &mut run.setup.app.host {
                host.third_party_cookies = browser.third_party_cookies(run.world.route().as_ref()).await.clone();
            }
            let end = tokio::select! {
                end = on_heap(|| perform(plan, scenario, browser, &mut run, progress)) => end,
                // Also when the sender is gone: nobody is left to play for.
                _ = stop.wait_for(|stopped| *stopped) => ScenarioEnd::Interrupted,
            };
            (run.setup.app.clock_follows, run.setup.app.clock_stood_still) = run.world.clock();
            if plan.interactive.is_some() && end != ScenarioEnd::Interrupted {
                let so_far = kept(&recorder, run.setup.clone(), recorder.since(0));
                let so_far = outcome(scenario, end.clone(), Some(so_far), began);
                tokio::select! {
                    () = hold(plan, &so_far, existing_app.last) => {}
                    _ = stop.wait_for(|stopped| *stopped) => {}
                }
            }
            let mut seen = None;
            if run.world.app.is_external() {
                // What follows is flowcheck's own doing, and no evidence.
                seen = Some(recorder.since(0));
                on_heap(|| existing_app.put_back(&mut run, scenario)).await;
            }
            let teardown_began = recorder.next_seq();
            let setup = on_heap(|| run.tear_down()).await;
            let timeline = match seen {
                Some(seen) => followed_by(seen, recorder.since(teardown_began)),
                None => recorder.since(0),
            };
            (end, Some(kept(&recorder, setup, timeline)))
        }
        Err(unset) => (ScenarioEnd::from(unset), None),
    };
    turn.note(&recorder);
    outcome(scenario, end.map_words(|words| recorder.redact(&words)), evidence, began)
}

/// The outcome of a scenario that is not played with this app, or not with one that goes on running; none where it is.
pub(in crate::runner) fn left_out(plan: &Plan, scenario: &Loaded) -> Option<ScenarioOutcome> {
    let stays = || scenario.script.lasting_side_effect(&plan.app).filter(|_| plan.app.start.is_none());
    let end = match not_played(scenario, &plan.app) {
        Some(end) => end,
        None => ScenarioEnd::OutOfReach(Problem::new(stays()?)),
    };
    Some(outcome(scenario, end, None, Instant::now()))
}

/// The outcome of a scenario that was never begun.
pub(in crate::runner) fn not_begun(scenario: &Loaded, end: ScenarioEnd) -> ScenarioOutcome {
    outcome(scenario, end, None, Instant::now())
}

/// Waits for who wants to see how a scenario has ended, where something failed in it or it is the last.
async fn hold(plan: &Plan, so_far: &ScenarioOutcome, last: bool) {
    let Some(interactive) = plan.interactive.as_ref().filter(|interactive| interactive.keeps_open()) else { return };
    let failed = so_far.tally().failed;
    if failed > 0 || last || matches!(so_far.end, ScenarioEnd::Harness(_)) {
        interactive.ask(Moment::End { scenario: so_far.id.clone(), failed }).await;
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
    run: &mut ScenarioRun,
    progress: &mpsc::UnboundedSender<Progress>,
) -> ScenarioEnd {
    if let Err(error) = run.open_contexts(browser).await {
        return ScenarioEnd::Harness(Problem::from(&error));
    }
    let end = perform_steps(plan, scenario, run, progress).await;
    run.world.host_ended().map_or(end, |how| ScenarioEnd::Harness(Problem::new(how)))
}

async fn perform_steps(
    plan: &Plan,
    scenario: &Loaded,
    run: &mut ScenarioRun,
    progress: &mpsc::UnboundedSender<Progress>,
) -> ScenarioEnd {
    let id = scenario.script.id.value.clone();
    let on_step = |step: &str| {
        // A listener that went away misses nothing it wanted.
        let _ = progress.send(Progress::StepBegan { scenario: id.clone(), step: step.to_owned() });
    };
    let mut limit = plan.app.timing.scenario.duration();
    if plan.real_time {
        limit += waits(&scenario.script);
    }
    if plan.interactive.as_ref().is_some_and(Interactive::takes_time) {
        limit = A_PERSONS_TIME;
    }
    let recorder = run.world.recorder.clone();
    let performed = tokio::select! {
        performed = timeout(limit, run.perform(&scenario.script, on_step)) => performed,
        () = recorder.flooded() => {
            let what = "app and browser sent more than is kept of a scenario (20,000 entries or 64 MiB), and it was cut short";
            recorder.record(Event::HarnessError(HarnessError { what: what.to_owned() }));
            return ScenarioEnd::Completed;
        }
    };
    match performed {
        Ok(Ok(())) => ScenarioEnd::Completed,
        Ok(Err(StepError::Problem(problem))) => match run.context().fails_before_the_first_step() {
            Some(failure) => ScenarioEnd::AppUnavailable(failure),
            None => ScenarioEnd::Config(Problem::new(problem.to_string()).with_remedy(problem.remedy())),
        },
        Ok(Err(StepError::Browser(error @ BrowserError::Selector { .. }))) => {
            ScenarioEnd::Config(Problem::from(&error))
        }
        Ok(Err(StepError::Browser(error))) => ScenarioEnd::Harness(Problem::from(&error)),
        Err(_) => {
            let what = format!("the scenario took longer than {limit:?} and was cut short");
            recorder.record(Event::HarnessError(HarnessError { what }));
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
