//! An SMTP sink: accepts every mail that the app sends, to any recipient, and delivers none.
//!
//! - [`Sink`] listens on loopback, one per world. The app gets its address as `SMTP_HOST` and `SMTP_PORT`.
//! - `session` handles SMTP on one connection, without authentication or TLS.
//! - [`Letter`] is a parsed mail: recipients, text, links and codes. Its real links stay in memory, for the user to follow; on the
//!   timeline possible secrets in them are redacted.
//! - `code` finds the one-time code in it; `html` extracts text and links from HTML mails.
//! - `fuzz_targets` plays any bytes.
//!
//! This room never sends mail and never judges its content.

mod code;
#[cfg(any(test, fuzzing))]
pub mod fuzz_targets;
mod html;
mod letter;
mod session;
mod sink;

pub use letter::Letter;
pub use sink::Sink;
