//! Every sequence of events that Chromium sends for a request, recorded from the real browser, and what the translation makes of it.
//!
//! - `shapes` lists the shapes of a request's life, with the events that are right for each.
//! - `pages` has the page of each shape; `site` serves them on loopback.
//! - `record` visits them with the real Chromium and writes what it sends to `fixtures/chromium-events`:
//!   `cargo test --lib -- --ignored record_the_sequences`.
//! - `lifecycles` reads the events of one request as one line.
//! - `replay` feeds the recordings to the translation, and checks events and requests in flight.
//! - `parity` visits the same pages by the translation and by chromedriver's BiDi, and compares.

mod lifecycles;
mod pages;
mod parity;
mod record;
mod replay;
mod shapes;
mod site;
