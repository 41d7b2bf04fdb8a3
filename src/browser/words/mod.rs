//! The words by which pages and controls are recognised: in English, German, French, Spanish, Portuguese and Japanese.
//!
//! Matching is on whole words, in lower case; `word*` may go on. Lists hold stems and phrases that apps of any kind use, never
//! a whole page's text.
//!
//! - [`acts`]: what connects and disconnects. [`answers`]: yes and no, go on, try again, dismiss, accept cookies.
//! - [`entry`]: logging in, signing up, and what looks like them: passwords changed and forgotten, newsletters.
//! - [`places`]: the pages of an app where integrations are.
//! - [`state`]: installed and not installed.
//! - [`tenant`]: stores, workspaces, accounts, and choosing among them.
//! - [`trouble`]: errors; what caused them is [`ErrorCause`](crate::evidence::ErrorCause)'s to say.

mod acts;
mod answers;
mod entry;
mod places;
mod state;
mod tenant;
mod trouble;

pub use acts::{matches_connect, matches_disconnect};
pub(super) use acts::{matches_connect_again, matches_connect_in, matches_disconnect_in};
pub(super) use answers::{accepts_cookies, asks_for_cookies, backs_out, confirms};
pub use answers::{matches_authorize_again, matches_continue, matches_dismiss, matches_retry};
pub(super) use entry::{
    asks_for_a_way_in, asks_for_news, changes_a_password, forgets_a_password, names_a_login, says_notice,
};
pub use entry::{matches_sign_in, matches_sign_out, matches_sign_up};
pub use places::leads_to_integrations;
pub(super) use state::{says_installed, says_not_installed};
pub(super) use tenant::{asks_to_choose, names_an_address, speaks_of_account, speaks_of_tenant};
pub(super) use trouble::speaks_of_error;
