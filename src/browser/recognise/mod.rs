//! What a page is, worked out from what a person sees on it; how sure that is, and why. Pure: no browser, no clock.
//!
//! - [`page`]: asks each of the others, and weighs what they say.
//! - [`front`]: what is in front of the person: a dialog hides the page behind it, a cookie banner is no part of it.
//! - [`entry`]: login and sign-up. [`tenant`]: the choice of a store. [`error`], [`notice`]: messages.
//! - [`state`]: installed or not, and the controls that change it.
//! - [`pointed`]: what `flowcheck.yaml` says of a page by its `overrides`, which counts before all of that.
//!
//! Under [`Page::SURE`](crate::evidence::Page::SURE) a guess is not acted upon: a person must look, or say it in
//! `flowcheck.yaml`.

mod entry;
mod error;
mod front;
mod notice;
mod page;
mod pointed;
mod state;
mod tenant;

pub(super) use page::recognise;
pub(super) use pointed::name_fields;
