//! A person who watches a run, and is asked before it goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{mpsc, oneshot};

/// Interactive mode: the run waits here for a person's answer. Stopping the run ends the wait; a question that is dropped without an
/// answer does not hold the run.
#[derive(Debug, Clone)]
pub struct Interactive {
    questions: mpsc::UnboundedSender<Question>,
    stops: Stops,
    /// Whether steps are no longer asked about.
    unasked: Arc<AtomicBool>,
}

/// The moments at which the person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stops {
    /// Before each step.
    pub steps: bool,
    /// After a scenario in which something failed, and after the last, with everything still open.
    pub ends: bool,
}

/// A run that waits.
#[derive(Debug)]
pub struct Question {
    /// Where it has got to.
    pub at: Moment,
    /// Where the answer goes.
    pub answer: oneshot::Sender<Answer>,
}

/// Where a run has got to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    /// Before a step.
    Step {
        /// The scenario's id.
        scenario: String,
        /// Which step, from 1.
        number: usize,
        /// Of how many.
        of: usize,
        /// What it will do, in words.
        title: String,
        /// What is in front of the user now, where anything is.
        page: Option<String>,
    },
    /// After a scenario, with its browser, app and Klaviyo still open.
    End {
        /// The scenario's id.
        scenario: String,
        /// Items that failed.
        failed: usize,
    },
}

/// The person's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Go on.
    GoOn,
    /// Go on, and play further steps without asking.
    Unasked,
}

impl Interactive {
    /// The interactive mode of a run, and the channel on which its questions arrive.
    pub fn new(stops: Stops) -> (Self, mpsc::UnboundedReceiver<Question>) {
        let (questions, asked) = mpsc::unbounded_channel();
        (Self { questions, stops, unasked: Arc::default() }, asked)
    }

    /// Whether anything waits for a person, so that time limits mean nothing.
    pub(in crate::runner) fn takes_time(&self) -> bool {
        self.stops.steps
    }

    pub(in crate::runner) fn keeps_open(&self) -> bool {
        self.stops.ends
    }

    /// Waits until the person lets the run continue.
    pub(in crate::runner) async fn ask(&self, at: Moment) {
        if matches!(at, Moment::Step { .. }) && (!self.stops.steps || self.unasked.load(Ordering::Relaxed)) {
            return;
        }
        let (answer, answered) = oneshot::channel();
        if self.questions.send(Question { at, answer }).is_ok() && answered.await == Ok(Answer::Unasked) {
            self.unasked.store(true, Ordering::Relaxed);
        }
    }
}
