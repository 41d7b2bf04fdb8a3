//! WebDriver BiDi: commands with answers, and events.
//!
//! - [`Bidi`] is who is spoken to: a driver, or a Chromium of this machine.
//! - `socket` carries numbered messages over one WebSocket.
//! - `chromium` has the commands in Chromium's own protocol, `translation` what Chromium tells as BiDi's events: `tabs` knows whose
//!   they are, `loading` follows documents, `requests` what is fetched, with `responses` as the answers' form. `sequences` tests it by what Chromium was recorded to send.
//!
//! chromedriver has such a translation, too: a script in a hidden tab of the browser itself, into which each message goes by a script
//! of its own, and out of which it comes by two more steps. That took a fifth of what the whole browser did. So a Chromium of this
//! machine is asked for no BiDi; drivers of other browsers and of other machines are.

mod chromium;
mod connection;
mod event;
mod loading;
mod requests;
mod responses;
#[cfg(test)]
mod sequences;
mod socket;
mod tabs;
mod translation;

pub(super) use connection::Bidi;
pub(super) use translation::CRASHED;
