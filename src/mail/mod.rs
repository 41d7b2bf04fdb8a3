//! The letter box: an SMTP server that takes every mail the app sends, to anybody, and sends nothing on.
//!
//! - [`Sink`] listens on loopback; one per world. The app is told of it as `SMTP_HOST` and `SMTP_PORT`.
//! - `session` speaks SMTP on one connection, by a crate; without a login and without TLS.
//! - [`Letter`] is a mail that was read: whom to, what it says, which links and codes are in it. Its real links stay in
//!   memory, for the user to follow; the timeline has them with what may be a secret replaced.
//! - `html` reads mails that are HTML.
//!
//! This room never sends anything, and never judges what a mail says.

mod html;
mod letter;
mod session;
mod sink;

pub use letter::Letter;
pub use sink::Sink;
