//! How events get onto the timeline without a secret.
//!
//! - `recorder` orders, stamps and redacts; `bounded_timeline` is what it keeps of all that an app sends.
//! - `redact` replaces secrets by fingerprints, word by `word`; `registered` is what stands in their place; `configured_secret` are those known from the start, in every one of their `encodings`.
//! - `fuzz_targets` plays any text.
//! - `secret` is what is kept of a secret, with its `fingerprint`; `timeline_texts` names every text that is redacted once more.

pub(crate) mod bounded_timeline;
pub(crate) mod configured_secret;
pub(crate) mod encodings;
pub(crate) mod fingerprint;
#[cfg(any(test, fuzzing))]
pub mod fuzz_targets;
pub(crate) mod recorder;
pub(crate) mod redact;
pub(crate) mod registered;
pub(crate) mod secret;
pub(crate) mod timeline_texts;
pub(crate) mod word;
