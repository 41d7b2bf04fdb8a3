//! The pages a person sees at Klaviyo, each a template with its renderer beside it. They need no script.
//!
//! - `login`: signing in and out. `accounts`: which account to install for. `consent`: Allow or Cancel.
//! - `listing`: an app in the directory, with Install. `integrations`: what an account has installed, with Uninstall.
//! - `error` and `home`.
//!
//! Every page says what it is in `<meta name="klaviyo-page">`, and the consent page lists its scopes in
//! `<meta name="klaviyo-scopes">`. `layout.html` is what they share.

mod accounts;
mod consent;
mod error;
mod home;
mod integrations;
mod listing;
mod login;

pub(crate) use accounts::account_choice;
pub(crate) use consent::consent;
pub(crate) use error::error;
pub(crate) use home::home;
pub(crate) use integrations::{confirm_uninstall, integrations, uninstall};
pub(crate) use listing::listing;
pub(crate) use login::{log_in, log_in_by_ticket, log_out, login, logout};
