//! What a judge answers.
//!
//! - [`Verdict`] is the answer on one item, [`Finding`] its details where something was found.
//! - [`Statement`] is a sentence in them: a template and typed [`Value`]s, of which words are made where they are shown. Judges make
//!   one by `statement!`; nothing reads the words.
//! - [`IncidentId`] tells which incident of the app explains a finding.

mod finding;
mod incident_id;
mod statement;
mod template;
mod value_conversions;
#[expect(clippy::module_inception, reason = "the folder is named for its main noun")]
mod verdict;

pub use finding::{Blame, Finding, HopLine};
pub use incident_id::IncidentId;
pub(crate) use statement::statement;
pub use statement::{Statement, Value};
pub(crate) use template::is_template;
pub(crate) use value_conversions::counted;
pub use verdict::{Verdict, VerdictKind};
