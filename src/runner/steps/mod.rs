//! Playing a scenario's steps.
//!
//! - `perform` plays them one after the other, as far as the app lets them be played.
//! - `install_flow` goes from where an installation is started to the consent page, also by the detours of a persistent user;
//!   `account`, `forms` and `host_platform` fill in what stands on the way.
//! - `consent` allows, denies, leaves and returns; `look`, `find_settings` and `uninstall` are about the app's own pages.
//! - `scopes`, `throttle` and `faults` change how Klaviyo behaves.
//! - `on_heap` keeps what a step does off the stack.
//! - `callback` opens the app's callback as Klaviyo never sends it, `hostile_inputs` with a table of inputs.

pub(super) mod account;
pub(super) mod altered_state;
mod callback;
pub(super) mod consent;
pub(super) mod faults;
pub(super) mod find_settings;
pub(super) mod forms;
pub(super) mod host_platform;
pub(super) mod hostile_inputs;
pub(super) mod install_flow;
pub(super) mod look;
pub(super) mod on_heap;
pub(super) mod perform;
pub(super) mod scopes;
pub(super) mod throttle;
pub(super) mod uninstall;
