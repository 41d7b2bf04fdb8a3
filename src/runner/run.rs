//! A whole run: workers side by side, each with a browser of its own.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::again::set_aside;
use super::ahead::Ahead;
use super::play::{left_out, not_begun, play};
use super::{Plan, reached};
use crate::browser::{Browser, BrowserError};
use crate::checklist::{Outcome, RunInfo, ScenarioEnd, ScenarioOutcome, add_ledgers};
use crate::evidence::{Progress, in_full};
use crate::scenario::{CallbackWith, Loaded, Script, Step};

/// A run that could not begin.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No browser could be started.
    #[error("the browser could not be started")]
    Browser(#[from] BrowserError),
}

/// Steps that take as long as the whole table of hostile inputs.
const STEPS_OF_HOSTILE_INPUTS: usize = 20;

/// Scenarios that wait for a worker, each with its place in the plan.
type Queue = Arc<Mutex<VecDeque<(usize, Arc<Loaded>)>>>;

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
    if workers > 1 {
        // The longest first, or the last of them would keep one worker while the others have nothing to do.
        waiting.make_contiguous().sort_by_key(|(_, scenario)| Reverse(length(&scenario.script)));
    }
    tell(&progress, Progress::RunBegan { scenarios: waiting.len(), workers });
    let queue: Queue = Arc::new(Mutex::new(waiting));
    let mut crew = JoinSet::new();
    for worker in 0..workers {
        crew.spawn(work(worker, Arc::clone(&plan), info.clone(), Arc::clone(&queue), progress.clone(), stop.clone()));
    }
    let mut browser = String::from("none was needed");
    let mut broken = None;
    while let Some(ended) = crew.join_next().await {
        match ended {
            Ok(Ok(done)) => {
                browser = done.browser;
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
    let end = if interrupted {
        ScenarioEnd::Interrupted
    } else {
        ScenarioEnd::Harness("no worker was left to run it".to_owned())
    };
    let mut scenarios: Vec<ScenarioOutcome> = outcomes
        .into_iter()
        .zip(&plan.scenarios)
        .map(|(outcome, scenario)| outcome.unwrap_or_else(|| not_begun(scenario, end.clone())))
        .collect();
    reached::compare(&mut scenarios);
    let run = RunInfo { took_ms: milliseconds(began.elapsed()), browser, interrupted, ..info };
    let mut outcome = Outcome { run, scenarios };
    add_ledgers(&mut outcome);
    Ok(outcome)
}

/// What a worker has to show.
struct Done {
    browser: String,
    outcomes: Vec<(usize, ScenarioOutcome)>,
}

async fn work(
    worker: usize,
    plan: Arc<Plan>,
    info: RunInfo,
    queue: Queue,
    progress: mpsc::UnboundedSender<Progress>,
    mut stop: watch::Receiver<bool>,
) -> Result<Done, BrowserError> {
    let next = |browser: Option<&Arc<Browser>>| {
        let (index, scenario) = take_ahead(&plan, &queue)?;
        Some(Ahead::begin(index, scenario, &plan, browser))
    };
    let mut ahead = next(None);
    let mut browser = match Browser::start(&plan.browser, plan.options, &plan.temporary).await {
        Ok(browser) => Arc::new(browser),
        Err(error) => {
            put_back(&mut ahead, &queue).await;
            return Err(error);
        }
    };
    let mut done = Done { browser: browser.name().to_owned(), outcomes: Vec::new() };
    while !*stop.borrow() {
        let set_up = ahead.take();
        let (index, scenario) = if let Some(ahead) = &set_up {
            (ahead.index, Arc::clone(&ahead.scenario))
        } else {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(next) = next else { break };
            next
        };
        ahead = next(Some(&browser));
        let id = scenario.script.id.value.clone();
        tell(&progress, Progress::ScenarioBegan { scenario: id.clone(), worker });
        let mut outcome = Box::pin(play(&plan, &scenario, &browser, &progress, &mut stop, set_up)).await;
        let mut earlier = Vec::new();
        while earlier.len() < plan.retries && outcome.may_be_chance(&info) && !*stop.borrow() {
            if !renew_if_broken(&mut browser, &outcome, &plan, put_back(&mut ahead, &queue)).await {
                break;
            }
            tell(&progress, Progress::TryingAgain { scenario: id.clone(), attempt: earlier.len() + 2 });
            earlier.push(set_aside(outcome, earlier.len() + 1, &plan.shots));
            outcome = Box::pin(play(&plan, &scenario, &browser, &progress, &mut stop, None)).await;
        }
        outcome.earlier = earlier;
        tell(
            &progress,
            Progress::ScenarioEnded {
                scenario: id,
                worker,
                tally: outcome.tally(),
                took: Duration::from_millis(outcome.took_ms),
            },
        );
        let usable = renew_if_broken(&mut browser, &outcome, &plan, put_back(&mut ahead, &queue)).await;
        done.outcomes.push((index, outcome));
        if !usable {
            return Ok(done);
        }
    }
    put_back(&mut ahead, &queue).await;
    stop_alone(browser).await;
    Ok(done)
}

/// A browser that failed once is not trusted with the next scenario, not even where one is set up in it: that is given up first.
/// False where no other could be started.
async fn renew_if_broken(
    browser: &mut Arc<Browser>,
    outcome: &ScenarioOutcome,
    plan: &Plan,
    give_up: impl Future<Output = ()>,
) -> bool {
    if !matches!(outcome.end, ScenarioEnd::Harness(_)) {
        return true;
    }
    give_up.await;
    match Browser::start(&plan.browser, plan.options, &plan.temporary).await {
        Ok(fresh) => {
            stop_alone(std::mem::replace(browser, Arc::new(fresh))).await;
            true
        }
        Err(error) => {
            tracing::error!(error = in_full(&error), "the browser could not be started again");
            false
        }
    }
}

/// Ends a browser that nobody else uses any more; were it otherwise, it would end with its last user.
async fn stop_alone(browser: Arc<Browser>) {
    if let Some(browser) = Arc::into_inner(browser) {
        browser.stop().await;
    }
}

/// Gives up what was set up ahead; its scenario waits again, before the others.
async fn put_back(ahead: &mut Option<Ahead>, queue: &Queue) {
    let Some(ahead) = ahead.take() else { return };
    let taken = ahead.give_up().await;
    queue.lock().unwrap_or_else(PoisonError::into_inner).push_front(taken);
}

/// A scenario to set up ahead of its turn. The last ones are left to whoever is free first.
fn take_ahead(plan: &Plan, queue: &Queue) -> Option<(usize, Arc<Loaded>)> {
    let mut waiting = queue.lock().unwrap_or_else(PoisonError::into_inner);
    if plan.sets_up_ahead() && waiting.len() >= plan.side_by_side() { waiting.pop_front() } else { None }
}

/// How long a scenario takes, in steps.
fn length(script: &Script) -> usize {
    let long = Step::Callback(CallbackWith::Hostile);
    script.steps.iter().map(|step| if step.value == long { STEPS_OF_HOSTILE_INPUTS } else { 1 }).sum()
}

fn tell(progress: &mpsc::UnboundedSender<Progress>, event: Progress) {
    // A listener that went away misses nothing it wanted.
    let _ = progress.send(event);
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
