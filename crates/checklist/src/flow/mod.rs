//! The timeline of one scenario, read once, as judges see it.
//!
//! - [`Timeline`] sorts the entries by kind; a [`Window`] is a stretch of it, and answers what was seen there.
//! - [`Flow`] is the whole: the setup, all [`Attempt`]s at installing, and the incidents of the app. It is built once for each
//!   evidence, and every judge takes `&Flow`.
//! - [`At`] is a thing with its place on the timeline, [`ApiRequest`] a call of Klaviyo's API.
//! - `address` shortens addresses for people.
//!
//! Nothing here judges.

mod address;
mod api_request;
mod at;
mod attempt;
mod model;
mod queries;
mod timeline;

pub(crate) use address::{foreign_host, host_of, is_below, place, short};
pub(crate) use api_request::ApiRequest;
pub(crate) use at::At;
pub(crate) use attempt::Attempt;
pub(crate) use model::Flow;
pub(crate) use timeline::{Timeline, Window};
