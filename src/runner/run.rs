//! A whole run: workers side by side, each with a browser of its own.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::again::set_aside;
use super::play::{left_out, not_begun, play};
use super::queue::Queue;
use super::{Plan, reached};
use crate::browser::{Browser, BrowserError};
use crate::checklist::{Outcome, RunInfo, ScenarioEnd, ScenarioOutcome, settle};
use crate::evidence::{Progress, in_full};

/// A run that could not begin.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No browser could be started.
    #[error("the browser could not be started")]
    Browser(#[from] BrowserError),
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
    let waiting: VecDeque<_> =
        plan.scenarios.iter().cloned().enumerate().filter(|(index, _)| outcomes[*index].is_none()).collect();
    let workers = plan.side_by_side().min(waiting.len());
    tell(&progress, Progress::RunBegan { scenarios: waiting.len(), workers });
    let queue = Arc::new(Queue::new(waiting));
    let mut crew = JoinSet::new();
    for worker in 0..workers {
        crew.spawn(work(worker, Arc::clone(&plan), info.clone(), Arc::clone(&queue), progress.clone(), stop.clone()));
    }
    let mut browser = String::from("none was needed");
    let mut broken = None;
    while let Some(ended) = crew.join_next().await {
        match ended {
            Ok(Ok(None)) => {}
            Ok(Ok(Some(done))) => {
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
    settle(&mut outcome);
    Ok(outcome)
}

/// What a worker has to show.
struct Done {
    browser: String,
    outcomes: Vec<(usize, ScenarioOutcome)>,
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
    let elsewhere = plan.browser.remote().is_some();
    let browser = tokio::select! {
        started = Browser::start(&plan.browser, plan.options, &plan.temporary) => started?,
        // A Grid may have no slot for this worker until the others have done all there is to do.
        () = queue.drained(), if elsewhere => return Ok(None),
        _ = stop.wait_for(|stopped| *stopped), if elsewhere => return Ok(None),
    };
    let mut done = Done { browser: browser.name().to_owned(), outcomes: Vec::new() };
    let mut browser = Some(browser);
    while let Some(ready) = &browser
        && !*stop.borrow()
    {
        let Some((index, scenario)) = queue.next() else { break };
        let id = scenario.script.id.value.clone();
        tell(&progress, Progress::ScenarioBegan { scenario: id.clone(), worker });
        let mut outcome = Box::pin(play(&plan, &scenario, ready, &progress, &mut stop)).await;
        browser = renewed(browser, &outcome, &plan, &mut stop).await;
        let mut earlier = Vec::new();
        while let Some(ready) = &browser
            && earlier.len() < plan.retries
            && outcome.may_be_chance(&info)
            && !*stop.borrow()
        {
            tell(&progress, Progress::TryingAgain { scenario: id.clone(), attempt: earlier.len() + 2 });
            earlier.push(set_aside(outcome, earlier.len() + 1, &plan.shots));
            outcome = Box::pin(play(&plan, &scenario, ready, &progress, &mut stop)).await;
            browser = renewed(browser, &outcome, &plan, &mut stop).await;
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
        done.outcomes.push((index, outcome));
    }
    if let Some(browser) = browser {
        browser.stop().await;
    }
    Ok(Some(done))
}

/// A browser that failed once is not trusted with the next scenario. None where no other could be started.
async fn renewed(
    browser: Option<Browser>,
    outcome: &ScenarioOutcome,
    plan: &Plan,
    stop: &mut watch::Receiver<bool>,
) -> Option<Browser> {
    if !matches!(outcome.end, ScenarioEnd::Harness(_)) {
        return browser;
    }
    // Before the next one is there: a Grid may have no slot for two.
    browser?.stop().await;
    let started = tokio::select! {
        started = Browser::start(&plan.browser, plan.options, &plan.temporary) => started,
        _ = stop.wait_for(|stopped| *stopped), if plan.browser.remote().is_some() => return None,
    };
    started.inspect_err(|error| tracing::error!(error = in_full(error), "the browser could not be started again")).ok()
}

fn tell(progress: &mpsc::UnboundedSender<Progress>, event: Progress) {
    // A listener that went away misses nothing it wanted.
    let _ = progress.send(event);
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
