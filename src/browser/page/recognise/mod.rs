//! What a page is, worked out from what a person sees on it; how sure that is, and why. Pure: no browser, no clock.
//!
//! - [`page`]: asks each of the others, and weighs what they say; [`recognised`]: what one of them says.
//! - [`foreground`]: what a person can reach: a dialog hides the page behind it, a cookie banner is no part of it.
//! - [`account_form`]: login and sign-up; [`ways_in`]: the same without a form; [`sign_up_link`]: from one to the other. [`field_kind`]: what a field takes. [`tenant`]: the choice of a store.
//! - [`error`], [`notice`]: messages. [`error_cause`]: what an error message says went wrong.
//! - [`install_state`]: installed or not, and the controls that change it.
//! - [`onward`]: where a page leads on, and what it wants filled in first.
//! - [`controls`]: what a control does, by its name alone.
//! - [`overrides`]: what `flowcheck.yaml` says of a page, which counts before all of that.
//!
//! The words that all of them look for are in [`lexicon`](crate::lexicon).
//!
//! Under [`Page::SURE`](crate::evidence::Page::SURE) a guess is not acted upon: a person must look, or say it in
//! `flowcheck.yaml`.

mod account_form;
mod controls;
mod error;
mod error_cause;
mod field_kind;
mod foreground;
mod install_state;
mod notice;
mod onward;
mod overrides;
mod page;
mod recognised;
mod sign_up_link;
mod tenant;
mod ways_in;

pub use controls::{
    backs_out, closes, confirms, leads_to_disconnect, leads_to_integrations, matches_authorize_again, matches_connect,
    matches_continue, matches_disconnect, matches_dismiss, matches_retry, matches_sign_in, matches_sign_out,
    matches_sign_up, says_to_retry,
};
pub(super) use field_kind::name_field_kinds;
pub(super) use foreground::behind_dialog;
pub use onward::next_step::leads_on;
pub use onward::phrase_to_type::{marked_phrase, quoted};
pub(super) use overrides::name_overridden_fields;
pub(super) use page::recognise;
