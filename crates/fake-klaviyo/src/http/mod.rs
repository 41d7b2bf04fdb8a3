//! HTTP as the server speaks it: connections, requests, responses, and the table that leads from a path to its handler.
//!
//! - `listener` accepts connections; `connections` limits their number, `connection` holds the time and size limits of one; `handler` reads a
//!   request from it, and its body among all `bodies`, has it answered, records the exchange and sends the response.
//! - `request` and `response` are what handlers receive and return. `host` tells Klaviyo's hosts apart, `host_header` refuses
//!   headers that name none; `params` decodes query strings and forms.
//! - `routes` maps every path to its handler.
//! - `fault_effects` applies injected faults to responses.
//! - `journal` writes each exchange to the timeline, with secrets replaced by fingerprints.

pub(crate) mod bodies;
pub(crate) mod connection;
pub(crate) mod connections;
pub(crate) mod fault_effects;
pub(crate) mod handler;
pub(crate) mod host;
pub(crate) mod host_header;
pub(crate) mod journal;
pub(crate) mod listener;
pub(crate) mod params;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod routes;
