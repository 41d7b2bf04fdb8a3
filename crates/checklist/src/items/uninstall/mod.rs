//! Uninstalling in the app and in Klaviyo.
//!
//! One file per item; `ended_install` is what several of them read.

pub(crate) mod app_findable;
pub(crate) mod app_reinstall;
pub(crate) mod app_removed;
pub(crate) mod app_revokes;
pub(crate) mod app_shown;
mod ended_install;
pub(crate) mod klaviyo_quiet;
pub(crate) mod klaviyo_reinstall;
pub(crate) mod klaviyo_shown;

pub(crate) use ended_install::reinstalls;
