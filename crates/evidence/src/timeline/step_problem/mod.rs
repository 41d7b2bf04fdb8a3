//! Why a step did not go as it should.
//!
//! - `problem`: what can be the matter, as data. `wording`: the sentences in which it is told.

mod problem;
mod wording;

pub use problem::{Declaration, Obstacle, PageRef, StepProblem, UnmatchedOverride};
