//! A whole run: workers side by side, each with a browser of its own.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::browser::{Browser, BrowserError};
use crate::checklist::{ExistingApp, Outcome, Problem, RunInfo, ScenarioEnd, ScenarioOutcome, finalize};
use crate::evidence::{Progress, error_chain};
use crate::runner::Plan;
use crate::runner::scheduling::cross_scenario_reach;
use crate::runner::scheduling::existing_app::ExistingAppState;
use crate::runner::scheduling::play_scenario::{left_out, not_begun, play};
use crate::runner::scheduling::prefetch::Prefetched;
use crate::runner::scheduling::queue::Queue;
use crate::runner::scheduling::retry::{judge_repeated_crash, set_aside};
use crate::runner::steps::on_heap::on_heap;

/// A run that could not begin.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No browser could be started.
    #[error("the browser could not be started")]
    Browser(#[from] BrowserError),
}

impl RunError {
    /// What to do about it, where that is known.
    pub fn remedy(&self) -> Option<&'static str> {
        let Self::Browser(error) = self;
        error.remedy()
    }
}

/// Runs a plan. `stop` ends it early when it turns true; everything that was started is ended either way.
pub async fn run(
    plan: Plan,
    progress: mpsc::UnboundedSender<Progress>,
    stop: watch::Receiver<bool>,
) -> Result<Outcome, RunError> {
    let began = Instant::now();
    let date = OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default();
    let plan = Arc::new(plan);
    let info = plan.info(date);
    let mut outcomes: Vec<Option<ScenarioOutcome>> =
        plan.scenarios.iter().map(|scenario| left_out(&plan, scenario)).collect();
    let mut waiting: VecDeque<_> =
        plan.scenarios.iter().cloned().enumerate().filter(|(index, _)| outcomes[*index].is_none()).collect();
    let workers = plan.side_by_side().min(waiting.len());
    tell(&progress, Progress::RunBegan { scenarios: waiting.len(), workers });
    if plan.app.start.is_none() {
        // What would be left there is undone in the order in which that is sure to succeed.
        waiting.make_contiguous().sort_by_key(|(_, scenario)| scenario.script.side_effect());
    }
    let queue = Arc::new(Queue::new(waiting, workers));
    let mut tasks = JoinSet::new();
    for worker in 0..workers {
        tasks.spawn(work(worker, Arc::clone(&plan), info.clone(), Arc::clone(&queue), progress.clone(), stop.clone()));
    }
    let mut browser = String::from("none was needed");
    let mut broken = None;
    let mut left_behind = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(Ok(None)) => {}
            Ok(Ok(Some(done))) => {
                browser = done.browser;
                left_behind.extend(done.left_behind);
                for (index, outcome) in done.outcomes {
                    outcomes[index] = Some(outcome);
                }
            }
            Ok(Err(error)) => broken = Some(error),
            Err(error) => tracing::error!(%error, "a worker ended before its work"),
        }
    }
    let interrupted = *stop.borrow();
    let nothing_played = outcomes.iter().flatten().all(|outcome| outcome.evidence.is_none());
    if let Some(error) = broken
        && nothing_played
        && !interrupted
    {
        return Err(error.into());
    }
    let app_down = queue.app_down();
    let end = if interrupted {
        ScenarioEnd::Interrupted
    } else if let Some(end) = &app_down {
        end.clone()
    } else {
        ScenarioEnd::Harness(Problem::new("no worker was left to run it"))
    };
    let mut scenarios: Vec<ScenarioOutcome> = outcomes
        .into_iter()
        .zip(&plan.scenarios)
        .map(|(outcome, scenario)| outcome.unwrap_or_else(|| not_begun(scenario, end.clone())))
        .collect();
    if let Some(end) = app_down {
        // Workers that had begun at the same time met the same; ports and folders in their words differ.
        let also_down = |scenario: &&mut ScenarioOutcome| matches!(scenario.end, ScenarioEnd::AppUnavailable(_));
        scenarios.iter_mut().filter(also_down).for_each(|scenario| scenario.end = end.clone());
    }
    cross_scenario_reach::compare(&mut scenarios);
    let existing_app = plan.app.start.is_none().then(|| ExistingApp { url: plan.app.url.value.clone(), left_behind });
    let left_over = queue.left_over().read().await.remark();
    let run = RunInfo { took_ms: milliseconds(began.elapsed()), browser, interrupted, existing_app, left_over, ..info };
    let mut outcome = Outcome { run, scenarios };
    finalize(&mut outcome);
    Ok(outcome)
}

/// What a worker has to show.
struct Done {
    browser: String,
    outcomes: Vec<(usize, ScenarioOutcome)>,
    /// What is in an app that goes on running, and was not before.
    left_behind: Vec<String>,
}

/// None where there was nothing left to do by the time a browser was there.
async fn work(
    worker: usize,
    plan: Arc<Plan>,
    info: RunInfo,
    queue: Arc<Queue>,
    progress: mpsc::UnboundedSender<Progress>,
    mut stop: watch::Receiver<bool>,
) -> Result<Option<Done>, BrowserError> {
    let is_remote = plan.browser.remote().is_some();
    let next = |browser: Option<&Arc<Browser>>| {
        let prefetched = if plan.sets_up_ahead() { queue.next_ahead(plan.side_by_side()) } else { None };
        prefetched.map(|(index, scenario)| Prefetched::begin(index, scenario, &plan, browser))
    };
    // A worker that has to wait for a browser keeps no scenario from the others.
    let mut prefetched = if is_remote { None } else { next(None) };
    let started = tokio::select! {
        started = Browser::start(&plan.browser, plan.options, &plan.temporary) => started,
        // A Grid may have no slot for this worker until the others have done all there is to do.
        () = queue.drained(), if is_remote => return Ok(None),
        _ = stop.wait_for(|stopped| *stopped), if is_remote => return Ok(None),
    };
    if started.is_err() {
        put_back(&mut prefetched, &queue).await;
    }
    let browser = Arc::new(started?);
    let mut done = Done { browser: browser.name().to_owned(), outcomes: Vec::new(), left_behind: Vec::new() };
    let mut existing_app = ExistingAppState::sharing(Arc::clone(queue.left_over()));
    let mut browser = Some(browser);
    while let Some(ready) = &browser
        && !*stop.borrow()
        && queue.app_down().is_none()
    {
        let set_up = prefetched.take();
        let scenario = set_up.as_ref().map(Prefetched::scenario).or_else(|| queue.next());
        let Some((index, scenario)) = scenario else { break };
        prefetched = next(Some(ready));
        existing_app.last = prefetched.is_none() && queue.is_drained();
        let id = scenario.script.id.value.clone();
        tell(&progress, Progress::ScenarioBegan { scenario: id.clone(), worker });
        let mut outcome = match queue.foretell(&scenario.script) {
            Some(end) => {
                if let Some(set_up) = set_up {
                    Box::pin(set_up.give_up()).await;
                }
                not_begun(&scenario, end)
            }
            None => on_heap(|| play(&plan, &scenario, ready, &progress, &mut stop, set_up, &mut existing_app)).await,
        };
        browser = renewed(browser, &outcome, &plan, put_back(&mut prefetched, &queue), &mut stop).await;
        let mut earlier = Vec::new();
        while let Some(ready) = &browser
            && is_tried_again(&outcome, earlier.len(), &plan, &info)
            && !*stop.borrow()
        {
            tell(&progress, Progress::TryingAgain { scenario: id.clone(), attempt: earlier.len() + 2 });
            earlier.push(set_aside(outcome, earlier.len() + 1, &plan.shots));
            outcome = Box::pin(play(&plan, &scenario, ready, &progress, &mut stop, None, &mut existing_app)).await;
            browser = renewed(browser, &outcome, &plan, put_back(&mut prefetched, &queue), &mut stop).await;
        }
        outcome.earlier = earlier;
        judge_repeated_crash(&mut outcome);
        tell(
            &progress,
            Progress::ScenarioEnded {
                scenario: id,
                worker,
                tally: outcome.tally(),
                took: Duration::from_millis(outcome.took_ms),
            },
        );
        queue.note_end(&scenario.script, &outcome);
        if let Some(ended) = &plan.ended
            && outcome.end != ScenarioEnd::Interrupted
        {
            // A keeper that went away has said why.
            let _ = ended.send(outcome.clone());
        }
        done.outcomes.push((index, outcome));
        done.left_behind.clone_from(&existing_app.left_behind);
    }
    put_back(&mut prefetched, &queue).await;
    stop_alone(browser).await;
    Ok(Some(done))
}

/// Whether a scenario is played once more after so many tries. One that flowcheck or the browser broke says nothing about the app, and
/// its second try has a browser of its own: that much needs no `--retries`.
fn is_tried_again(outcome: &ScenarioOutcome, tries_before: usize, plan: &Plan, info: &RunInfo) -> bool {
    let broke = matches!(outcome.end, ScenarioEnd::Harness(_)) && plan.interactive.is_none();
    let tries_again = if broke { plan.retries.max(1) } else { plan.retries };
    tries_before < tries_again && outcome.may_be_chance(info)
}

/// A browser that failed once is not trusted with the next scenario, not even where that is set up in it: it is given up first. None
/// where no other could be started.
async fn renewed(
    browser: Option<Arc<Browser>>,
    outcome: &ScenarioOutcome,
    plan: &Plan,
    give_up: impl Future<Output = ()>,
    stop: &mut watch::Receiver<bool>,
) -> Option<Arc<Browser>> {
    if !matches!(outcome.end, ScenarioEnd::Harness(_)) {
        return browser;
    }
    give_up.await;
    // Before the next one is there: a Grid may have no slot for two.
    stop_alone(browser).await;
    let started = tokio::select! {
        started = Browser::start(&plan.browser, plan.options, &plan.temporary) => started,
        _ = stop.wait_for(|stopped| *stopped), if plan.browser.remote().is_some() => return None,
    };
    let failed =
        |error: &BrowserError| tracing::error!(error = error_chain(error), "the browser could not be started again");
    started.inspect_err(failed).ok().map(Arc::new)
}

/// Ends a browser that nobody else uses any more; were it otherwise, it would end with its last user.
async fn stop_alone(browser: Option<Arc<Browser>>) {
    if let Some(browser) = browser.and_then(Arc::into_inner) {
        browser.stop().await;
    }
}

/// Gives up what was set up ahead; its scenario waits again, before the others.
async fn put_back(prefetched: &mut Option<Prefetched>, queue: &Queue) {
    if let Some(prefetched) = prefetched.take() {
        queue.put_back(Box::pin(prefetched.give_up()).await);
    }
}

fn tell(progress: &mpsc::UnboundedSender<Progress>, event: Progress) {
    // A listener that went away misses nothing it wanted.
    let _ = progress.send(event);
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
