//! What the judges of several items have in common.
//!
//! - [`not_run`] says why an item is left: the evidence ends too early, or another item's failure blocks it. What was not seen
//!   counts against the app only where it would have been seen by then.
//! - [`no_calls`] is what is said of an item that is judged by calls, where the app made none.
//! - [`stop`] and [`path_to_consent`]: whether a user reaches Klaviyo's consent page, and where the path stops.
//! - [`retry_outcome`]: whether a second attempt went as well as the first; [`token_refusal`]: token requests that Klaviyo refuses
//!   in any attempt.
//! - [`install_state`] is what a page shows of the installation; [`never_shown_installed`] knows apps that never show it.
//! - [`settings_page`]: whether the page that shows the state was found.
//! - [`message`] is what a page says that the user has not read before;
//!   [`wording`] and [`notice`] are what messages and notices say, by the words of the lexicon.
//! - [`host_platform`] is what differs for an app that lives in a host platform; [`scenario_user`] picks the attempt of the user
//!   that an item is about.
//! - [`scope_usage`] adds up which scopes are requested, granted and used.

pub(crate) mod host_platform;
pub(crate) mod install_state;
pub(crate) mod message;
#[cfg(test)]
#[path = "tests/message_table.rs"]
mod message_table;
pub(crate) mod never_shown_installed;
pub(crate) mod no_calls;
pub(crate) mod not_run;
pub(crate) mod notice;
pub(crate) mod path_to_consent;
pub(crate) mod retry_outcome;
pub(crate) mod scenario_user;
pub(crate) mod scope_usage;
pub(crate) mod settings_page;
pub(crate) mod stop;
pub(crate) mod token_refusal;
pub(crate) mod wording;
