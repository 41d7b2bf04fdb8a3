//! Plain values, which depend on nothing else in the crate: accounts, clients, faults, settings.
//!
//! - `account`: an account and its users. `address`: where a company is. `client`: an app as it is registered at Klaviyo.
//! - `authorization_code`, `install` and `token`: what the OAuth flow leaves, as it is stored.
//! - `scopes`: OAuth scopes and their plain-language descriptions.
//! - `fault`: a fault to inject. `settings`: the configurable behaviour of a server.
//! - `confidential`: a secret that `Debug` never prints. `random_id`: random ids and tokens.

pub(crate) mod account;
pub(crate) mod address;
pub(crate) mod authorization_code;
pub(crate) mod client;
pub(crate) mod confidential;
pub(crate) mod fault;
pub(crate) mod install;
pub(crate) mod random_id;
pub(crate) mod scopes;
pub(crate) mod settings;
pub(crate) mod token;
