//! The app-review checklist, and the judges that hold recorded evidence against it.
//!
//! - `items` is the checklist: each [`Item`] in a file of its own, with requirement, source, judge, usual causes and remedy.
//! - `flow` reads the timeline of an [`Evidence`](flowcheck_evidence::Evidence) once, into attempts, calls, steps and incidents.
//!   A judge is a pure function of that: no browser, no clock, no I/O.
//! - `judging` is what the judges of several items have in common.
//! - A judge answers with a [`Verdict`]; failures carry a [`Finding`]: expected, seen, hops, whose fault.
//! - `attribution` says whose fault a failure is, and what an incident of the app explains.
//! - `sources` is where the checklist comes from: its date, the documents, and what answers each of their demands.
//! - `aggregation` adds up: verdicts to items, items to the result of an [`Outcome`], which is a whole run.
//! - `fuzz_targets` judges any evidence.
//!
//! This crate reads evidence and nothing else.

mod aggregation;
mod attribution;
mod flow;
#[cfg(any(test, fuzzing))]
pub mod fuzz_targets;
mod item_id;
mod items;
mod judged_item;
mod judging;
mod sources;
mod verdict;

pub use aggregation::{
    EarlierTry, ExistingApp, ExpectedFailure, ItemOutcome, LeftOut, Outcome, Overall, Problem, RunInfo, ScenarioEnd,
    ScenarioOutcome, Shard, UNSEEN, aggregate, finalize, judge, overall, stale,
};
pub use attribution::proxy_setting::proxy_setting;
pub use item_id::ItemId;
pub use items::{BY_HAND, Cause, Group, Item, Tier, Topic, catalogue, find, remedy};
pub use judged_item::JudgedItem;
pub use judging::notice::asks_to_authorize_again;
pub use judging::scope_usage::{ScopeLine, scope_usage};
pub use sources::{CHECKLISTS, Demand, Document, Origin, Source, current_checklist, demands, documents};
pub use verdict::{Blame, Finding, HopLine, IncidentId, Statement, Value, Verdict, VerdictKind};
