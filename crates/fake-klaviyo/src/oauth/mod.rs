//! OAuth as Klaviyo does it.
//!
//! - `authorization_request` reads what an app asks for at `/oauth/authorize`, and says what is wrong with it.
//! - `authorize` leads the user through login and account choice to the consent page; `decision` takes Allow or Cancel.
//! - `token` exchanges codes and refreshes; `revoke` ends an install from the app's side.
//! - `client_auth` finds out which app is calling. `errors` is the one place that writes OAuth's errors.

mod authorization_request;
mod authorize;
mod client_auth;
mod decision;
mod errors;
mod exchange;
mod issued_tokens;
mod refresh;
mod revoke;
mod token;

pub(crate) use authorize::{authorize, choose_account};
pub(crate) use decision::decide;
pub(crate) use revoke::revoke;
pub(crate) use token::token;
