//! Installing an app that lives in a host platform.
//!
//! One file per item.

pub(crate) mod no_account_resumes;
pub(crate) mod no_account_sign_up;
pub(crate) mod not_installed_resumes;
pub(crate) mod not_installed_told;
pub(crate) mod signed_in_direct;
pub(crate) mod signed_out_login;
pub(crate) mod signed_out_resumes;
pub(crate) mod tenant_chosen;
pub(crate) mod tenant_isolated;
pub(crate) mod tenant_resumes;
