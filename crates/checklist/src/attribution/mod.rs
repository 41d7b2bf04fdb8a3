//! What becomes of a judge's verdict: who is to blame, what explains it, and whether it stands.
//!
//! - `applicability`: items that are not for the app's kind.
//! - `blame` finds failures that are not the app's fault, but the file's, the fake Klaviyo's or the host platform's; `unreached_klaviyo` knows of apps whose client never came to Klaviyo.
//! - `callback_blame` leaves what a callback that stopped early kept from being judged to the one item that tells of it.
//! - `callback_fault` is what the callback answered where it never asked for tokens.
//! - `downgrade_to_review` leaves a pass to a person, where the browser hides what most users would see.
//! - `failed_trigger` tells once of a trigger that was answered with a redirect or an error.
//! - `proxy_setting` is what to write in a client that does not go by the environment, by platform.
//! - `incident` names what an app got into by itself, and `incident_blame` explains by it what it kept from being judged.

pub(crate) mod applicability;
pub(crate) mod blame;
pub(crate) mod callback_blame;
pub(crate) mod callback_fault;
pub(crate) mod downgrade_to_review;
pub(crate) mod failed_trigger;
mod incident;
pub(crate) mod incident_blame;
pub(crate) mod proxy_setting;
mod unreached_klaviyo;
