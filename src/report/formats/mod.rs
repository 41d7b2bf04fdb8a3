//! Reports for other programs.
//!
//! - [`json`] is the whole run, and [`report_schema`] its JSON Schema; [`junit`] and [`tap`] are for CI servers.
//! - [`markdown`] is a job's summary on GitHub, [`github`] the annotations beside it.

mod github_annotations;
mod json;
mod json_schema;
mod junit;
mod markdown;
mod tap;

pub use github_annotations::github;
pub use json::{JSON_VERSION, json};
pub use json_schema::report_schema;
pub use junit::junit;
pub use markdown::markdown;
pub use tap::tap;
