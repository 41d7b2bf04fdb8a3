//! What is told: reports as pure functions of an [`Outcome`](crate::checklist::Outcome).
//!
//! - [`terminal`] is the end of a run as a person reads it; [`progress_line`] is what is said while it goes on.
//! - [`html`] is one self-contained file with everything in it, screenshots included; [`json`] is the same for programs,
//!   and [`junit`] for CI servers.
//! - [`finding`] is what `flowcheck doctor` says of one precondition.
//! - `failure` is what a failure reads like, in every report that is text; `summary` the run in one sentence; `words`
//!   evidence in words; `fit` and `style` text on a terminal.
//!
//! The app under test is not trusted: what it wrote is cleaned for terminals, and escaped in XML and HTML.
//! This room never judges and does no I/O: it returns text, and `cli` writes it.

mod failure;
mod findings;
mod fit;
mod html;
mod json;
mod junit;
mod progress;
mod style;
mod summary;
mod terminal;
mod words;

pub use findings::finding;
pub use html::html;
pub use json::{JSON_VERSION, json};
pub use junit::junit;
pub use progress::progress_line;
pub use style::Style;
pub use terminal::terminal;
