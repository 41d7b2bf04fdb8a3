//! Reports, as pure functions of an [`Outcome`](crate::checklist::Outcome).
//!
//! - `text` is what a person reads on a terminal: [`terminal`] at the end of a run, [`progress_line`] while it runs,
//!   [`explanation`] of an item, [`comparison`] of two runs, [`finding`] of the doctor.
//! - [`html`] is one self-contained file with everything in it, screenshots included.
//! - `formats` are for other programs: [`json`], [`junit`], [`tap`], [`markdown`], [`github`]; [`report_schema`] is the JSON's schema.
//! - `content` is what all of them say: the summary, and evidence in words.
//! - `fuzz_targets` reports any run.
//!
//! The app under test is not trusted: what it wrote is cleaned for terminals, and escaped in XML and HTML.
//! This room never judges and does no I/O: it returns text, and `cli` writes it.

mod content;
mod formats;
#[cfg(any(test, fuzzing))]
pub mod fuzz_targets;
mod html;
mod text;

pub use content::duration;
pub use formats::{JSON_VERSION, github, json, junit, markdown, report_schema, tap};
pub use html::html;
pub use text::{
    Ahead, Style, comparison, expected_failures, explanation, explanation_page, finding, outlook, progress_line,
    step_line, terminal, usual_mistakes, verdict_mark,
};
