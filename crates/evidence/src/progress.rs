//! What a run tells of itself while it goes on: one stream, many listeners.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A scenario's id, as progress events name it.
pub type ScenarioName = String;

/// One event of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// The run began; how many scenarios, on how many workers.
    RunBegan {
        /// Scenarios that will be run.
        scenarios: usize,
        /// Worlds side by side.
        workers: usize,
    },
    /// A scenario began.
    ScenarioBegan {
        /// Its id.
        scenario: ScenarioName,
        /// The worker that runs it, from 0.
        worker: usize,
    },
    /// A step of it began.
    StepBegan {
        /// The scenario's id.
        scenario: ScenarioName,
        /// The step in words.
        step: String,
    },
    /// A scenario ended.
    ScenarioEnded {
        /// Its id.
        scenario: ScenarioName,
        /// The worker that ran it.
        worker: usize,
        /// How its items came out.
        tally: Tally,
        /// Real time it took.
        took: Duration,
    },
    /// A scenario did not end well, and is tried again.
    TryingAgain {
        /// Its id.
        scenario: ScenarioName,
        /// Which try begins, from 2.
        attempt: usize,
    },
    /// The run was interrupted and is winding up.
    Interrupted,
}

/// How many items came out how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Passed.
    pub passed: usize,
    /// Failed.
    pub failed: usize,
    /// Warned, or left to a person.
    pub unsure: usize,
    /// Not run.
    pub not_run: usize,
}
