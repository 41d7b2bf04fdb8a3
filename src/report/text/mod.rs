//! Reports as plain text, for a terminal.
//!
//! - [`terminal`] is the end of a run; [`progress_line`] and [`step_line`] are printed while it runs.
//! - `failure` is the block of one failing item, the same in every report that is text.
//! - [`comparison`] is two runs side by side; [`expected_failures`] the list of what fails, for `flowcheck.yaml`.
//! - [`explanation`] is an item explained, with the texts in `guidance`; [`finding`] one precondition that `doctor` checked.
//! - `layout` wraps, pads and cleans text; `style` is colours and symbols.

mod comparison;
mod doctor_finding;
mod expected_failures;
mod explanation;
pub(in crate::report) mod failure;
pub(in crate::report) mod guidance;
pub(in crate::report) mod layout;
mod mend_first;
mod outlook;
mod progress;
mod run_report;
pub(in crate::report) mod style;

pub use comparison::comparison;
pub use doctor_finding::finding;
pub use expected_failures::expected_failures;
pub use explanation::{explanation, explanation_page, usual_mistakes};
pub use outlook::{Ahead, outlook};
pub use progress::{progress_line, step_line};
pub use run_report::terminal;
pub use style::{Style, verdict_mark};
