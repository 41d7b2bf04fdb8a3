//! Klaviyo's pages, each a template with its renderer next to it. They need no script.
//!
//! - `login`: signing in and out. `accounts`: the account choice. `consent`: Allow or Cancel.
//! - `listing`: an app in the App Marketplace, with Install. `integrations`: an account's installed apps, with Uninstall.
//! - `error` and `home`.
//!
//! Every page names itself in `<meta name="klaviyo-page">`, and the consent page lists its scopes in `<meta
//! name="klaviyo-scopes">`. All extend `layout.html`.

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
