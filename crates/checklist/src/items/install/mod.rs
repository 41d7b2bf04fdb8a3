//! Installing from Klaviyo's App Marketplace and from the app.
//!
//! One file per item.

pub(crate) mod any_klaviyo_host;
pub(crate) mod any_klaviyo_session;
pub(crate) mod completes;
pub(crate) mod from_app;
pub(crate) mod no_account_resumes;
pub(crate) mod no_account_sign_up;
pub(crate) mod no_detour;
pub(crate) mod no_manual_steps;
pub(crate) mod signed_in_direct;
pub(crate) mod signed_out_login;
pub(crate) mod signed_out_resumes;
pub(crate) mod tenant_chosen;
pub(crate) mod tenant_isolated;
pub(crate) mod tenant_resumes;
