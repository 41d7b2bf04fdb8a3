//! From evidence to verdicts, and from verdicts to the result of a run.
//!
//! - [`judge`] judges the items of one scenario; an [`Outcome`] is a whole run with its scenarios, a [`Problem`] why one of them
//!   was not played to its end.
//! - [`finalize`] completes it by what only the whole run shows; `dedupe_incidents` tells an incident once.
//! - [`aggregate`] adds the verdicts up to items, [`overall`] the items to a result; `scenario_verdicts` says what a scenario's
//!   verdicts count as.
//! - [`ExpectedFailure`]s are known and do not fail a run; one that does not come ([`stale`]) does.
//! - [`ExistingApp`] is an app that flowcheck did not start; `out_of_reach` lists what cannot be judged with it.

mod aggregate;
mod dedupe_incidents;
mod existing_app;
mod expected_failures;
mod finalize;
mod judge;
mod out_of_reach;
mod outcome;
mod overall;
mod run_info;
mod scenario_problem;
mod scenario_verdicts;

pub use aggregate::{ItemOutcome, aggregate};
pub use existing_app::{ExistingApp, UNSEEN};
pub use expected_failures::stale;
pub use finalize::finalize;
pub use judge::judge;
pub use outcome::{EarlierTry, Outcome, ScenarioEnd, ScenarioOutcome};
pub use overall::{Overall, overall};
pub use run_info::{ExpectedFailure, LeftOut, RunInfo, Shard};
pub use scenario_problem::Problem;
