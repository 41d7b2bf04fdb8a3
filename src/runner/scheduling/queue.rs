//! Scenarios that wait for a worker.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{RwLock, watch};

use crate::checklist::{ScenarioEnd, ScenarioOutcome};
use crate::runner::scheduling::left_over::LeftOver;
use crate::runner::scheduling::preparations::Preparations;
use crate::scenario::{CallbackWith, Loaded, Script, Step};

/// Scenarios that wait for a worker, each with its place in the plan.
#[derive(Debug)]
pub(in crate::runner) struct Queue {
    waiting: Mutex<VecDeque<(usize, Arc<Loaded>)>>,
    drained: watch::Sender<bool>,
    app: Mutex<AppState>,
    preparations: Mutex<Preparations>,
    left_over: Arc<RwLock<LeftOver>>,
}

/// What is known of the app.
#[derive(Debug, Default)]
enum AppState {
    /// No scenario has ended yet.
    #[default]
    Unknown,
    /// A scenario was played in it.
    Up,
    /// It could not be used before any scenario was played in it; how that one ended.
    Down(ScenarioEnd),
}

impl Queue {
    /// A queue for so many workers.
    pub(in crate::runner) fn new(mut waiting: VecDeque<(usize, Arc<Loaded>)>, workers: usize) -> Self {
        if workers > 1 {
            // The longest first, or the last of them would keep one worker while the others have nothing to do.
            waiting.make_contiguous().sort_by_key(|(_, scenario)| Reverse(length(&scenario.script)));
        }
        Self {
            drained: watch::Sender::new(waiting.is_empty()),
            waiting: Mutex::new(waiting),
            app: Mutex::default(),
            preparations: Mutex::default(),
            left_over: Arc::default(),
        }
    }

    /// The next one, if any is left.
    pub(in crate::runner) fn next(&self) -> Option<(usize, Arc<Loaded>)> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let next = waiting.pop_front();
        self.drained.send_replace(waiting.is_empty());
        next
    }

    /// Notes how a scenario ended. An app that cannot be used in the first of them cannot be in the next: nothing more is begun.
    pub(in crate::runner) fn note_end(&self, script: &Script, outcome: &ScenarioOutcome) {
        let end = &outcome.end;
        self.preparations.lock().unwrap_or_else(PoisonError::into_inner).note(script, outcome);
        let mut app = self.app.lock().unwrap_or_else(PoisonError::into_inner);
        match (&*app, end) {
            (AppState::Unknown, ScenarioEnd::AppUnavailable(_)) => *app = AppState::Down(end.clone()),
            (AppState::Unknown, ScenarioEnd::Completed) => *app = AppState::Up,
            _ => {}
        }
    }

    /// How a scenario would end that has not begun, where scenarios that begin with the same users have shown it.
    pub(in crate::runner) fn foretell(&self, script: &Script) -> Option<ScenarioEnd> {
        self.preparations.lock().unwrap_or_else(PoisonError::into_inner).foretell(script)
    }

    /// How the scenario ended that showed that the app cannot be used.
    pub(in crate::runner) fn app_down(&self) -> Option<ScenarioEnd> {
        match &*self.app.lock().unwrap_or_else(PoisonError::into_inner) {
            AppState::Down(end) => Some(end.clone()),
            AppState::Unknown | AppState::Up => None,
        }
    }

    /// What scenarios leave in an app that keeps its connections.
    pub(in crate::runner) fn left_over(&self) -> &Arc<RwLock<LeftOver>> {
        &self.left_over
    }

    /// Whether none is left.
    pub(in crate::runner) fn is_drained(&self) -> bool {
        *self.drained.borrow()
    }

    /// One to set up before its turn. The last ones are left to whoever is free first.
    pub(in crate::runner) fn next_ahead(&self, workers: usize) -> Option<(usize, Arc<Loaded>)> {
        let many = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).len() >= workers;
        if many { self.next() } else { None }
    }

    /// Takes back one that was not played; it is the next.
    pub(in crate::runner) fn put_back(&self, scenario: (usize, Arc<Loaded>)) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_front(scenario);
        self.drained.send_replace(false);
    }

    /// Waits until none is left.
    pub(in crate::runner) async fn drained(&self) {
        // The sender is as old as this value.
        let _ = self.drained.subscribe().wait_for(|drained| *drained).await;
    }
}

/// Steps that take as long as the whole table of hostile inputs.
const STEPS_OF_HOSTILE_INPUTS: usize = 20;

/// How long a scenario takes, in steps.
fn length(script: &Script) -> usize {
    let long = Step::Callback(CallbackWith::Hostile);
    script.steps.iter().map(|step| if step.value == long { STEPS_OF_HOSTILE_INPUTS } else { 1 }).sum()
}
