//! What is told: reports as pure functions of an [`Outcome`](crate::checklist::Outcome).
//!
//! - [`terminal`] is the end of a run as a person reads it; [`progress_line`] is what is said while it goes on.
//! - [`html`] is one self-contained file with everything in it, screenshots included; [`json`] is the same for programs,
//!   [`junit`] and [`tap`] for CI servers, [`markdown`] and [`github`] for a job on GitHub; [`report_schema`] is the JSON's form.
//! - [`explanation`] is an item explained, with the texts in `guidance`.
//! - [`comparison`] is two runs side by side.
//! - [`finding`] is what `flowcheck doctor` says of one precondition.
//! - `standing` is what is said of an app that was running already.
//! - `failure` is what a failure reads like, in every report that is text; `summary` the run in one sentence; `words`
//!   evidence in words; `fit` and `style` text on a terminal.
//!
//! The app under test is not trusted: what it wrote is cleaned for terminals, and escaped in XML and HTML.
//! This room never judges and does no I/O: it returns text, and `cli` writes it.

mod comparison;
mod curl;
mod expected;
mod explanation;
mod failure;
mod findings;
mod fit;
mod github;
mod guidance;
mod html;
mod json;
mod junit;
mod markdown;
mod progress;
mod schema;
mod standing;
mod style;
mod summary;
mod tap;
mod terminal;
mod words;

pub use comparison::comparison;
pub use expected::expected_failures;
pub use explanation::{explanation, explanation_page};
pub use findings::finding;
pub use github::github;
pub use html::html;
pub use json::{JSON_VERSION, json};
pub use junit::junit;
pub use markdown::markdown;
pub use progress::{progress_line, step_line};
pub use schema::report_schema;
pub use style::{Style, verdict_mark};
pub use tap::tap;
pub use terminal::terminal;
pub use words::duration;
