//! flowcheck tells Klaviyo partners whether their app's install, error and uninstall flows would pass app review.
//!
//! A fake Klaviyo drives the partner's real app in a real browser; everything seen lands on one timeline, and pure
//! judges hold that evidence against the app-review checklist. The rooms, in the order they may know of each other:
//!
//! - [`evidence`]: what was seen. Imports no other room.
//! - [`checklist`]: what it means. Judges are pure functions of evidence.
//! - [`lexicon`]: the words by which pages, controls and messages are recognised. Imports no other room.
//! - [`klaviyo`]: the fake Klaviyo; [`klaviyo::Server`] alone is usable from any Rust test.
//! - [`gateway`]: routes klaviyo.com to the fake Klaviyo, for unmodified apps.
//! - [`watchdog`]: cleans up where flowcheck is killed. Imports no other room either.
//! - [`http_client`]: HTTP requests to the app and to remote WebDriver ends.
//! - [`scenario`]: scenarios, and the partner's `flowcheck.yaml`.
//! - [`app`]: the app under test. [`browser`]: the browser. [`runner`]: the run.
//! - [`doctor`]: whether everything is there that a run needs. [`init`]: a first `flowcheck.yaml`, by looking at the app.
//! - [`results`]: what was kept. [`report`]: what is told. [`cli`]: the program's face.
//!
//! `tests/layers.rs` fails on an import that ARCHITECTURE.md does not allow.

pub mod app;
pub mod browser;
pub mod cli;
pub mod doctor;
pub mod gateway;
pub mod http_client;
pub mod init;
pub mod mail;
pub mod report;
pub mod results;
pub mod runner;
pub mod scenario;
pub mod watchdog;

pub use fake_klaviyo as klaviyo;
pub use flowcheck_checklist as checklist;
pub use flowcheck_evidence as evidence;
pub use flowcheck_lexicon as lexicon;
