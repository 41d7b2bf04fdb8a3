//! The sandbox's page, `/_flowcheck/sandbox`: what there is, what happens, and the buttons of the control API.
//!
//! - `page` is the empty page with its script and style. It holds nothing worth knowing and needs no secret: the printed
//!   link carries that behind its `#`, and the script sends it as the control API wants it.
//! - `panels` is what there is now: clock, installs, apps, accounts, tokens, faults.
//! - `feed` is the journal as it is written, as server-sent events; `entry` is a line of it, and all there is behind one.
//!   `curl` writes an exchange as a command.
//!
//! Whatever the buttons do, the control API does; there is no second way to do it.

mod curl;
mod entry;
mod feed;
mod page;
mod panels;

pub(crate) use entry::entry;
pub(crate) use feed::feed;
pub(crate) use page::page;
pub(crate) use panels::panels;
