//! The sandbox's page, `/_flowcheck/sandbox`: state, journal, and buttons for the control API.
//!
//! - `page` is the empty page with its script and style. It holds no data and needs no secret: the printed link
//!   carries the secret in its fragment, and the script sends it to the control API.
//! - `panels` is the current state: clock, installs, apps, accounts, tokens, faults.
//! - `feed` is the live journal as server-sent events; `entry` renders one entry of it, and `curl` writes an exchange
//!   as a command.
//!
//! The buttons call the control API; there is no second way to change anything.

mod curl;
mod entry;
mod feed;
mod page;
mod panels;

pub(crate) use entry::entry;
pub(crate) use feed::feed;
pub(crate) use page::page;
pub(crate) use panels::panels;
