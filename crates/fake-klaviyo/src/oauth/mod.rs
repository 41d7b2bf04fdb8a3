//! OAuth as Klaviyo implements it.
//!
//! - `authorization_request` validates what an app asks for at `/oauth/authorize`; `state_change` compares its `state` with earlier ones.
//! - `authorize` takes the user through login and account choice to the consent page; `decision` handles Allow and
//!   Cancel.
//! - `token` is the token endpoint: `exchange` handles codes, `refresh` refresh tokens, and both return
//!   `issued_tokens`. `revoke` is the revocation endpoint.
//! - `client_auth` authenticates the calling app. `errors` writes every OAuth error.

mod authorization_request;
mod authorize;
mod client_auth;
mod decision;
mod errors;
mod exchange;
mod issued_tokens;
mod refresh;
mod revoke;
mod state_change;
mod token;

pub(crate) use authorize::{authorize, choose_account};
pub(crate) use decision::decide;
pub(crate) use revoke::revoke;
pub(crate) use token::token;
