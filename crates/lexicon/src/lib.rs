//! The words by which pages, controls, messages and mails are recognised: one data file per language in `lexicon/`.
//!
//! - [`Key`] names what a list of phrases means and who reads it; [`says`] asks whether a text holds a phrase of a key, in any language.
//! - [`Language`] is one data file, read strictly: it answers every key and holds no other.
//! - [`phrases`], [`lists`] and [`without`] are for the few rules that need the phrases themselves.
//! - [`negates`] and [`without_negated`] find phrases that a negation takes back.
//! - [`SENTENCE_ENDS`] divides a text into sentences.
//!
//! A phrase is written in lower case and found as whole words, in any case. `verbind*` also finds words that begin so, `*mail`
//! words that end so. Japanese is written without spaces, and found anywhere. All languages are looked at for every text: pages
//! mix them, and often do not say which one they are in.
//!
//! This crate knows phrases, not pages: rules that combine keys are where they are used.

mod key;
mod language;
mod negation;
mod phrase;
mod sentence;
mod table;

pub use key::Key;
pub use language::{LANGUAGES, Language, LanguageError};
pub use negation::{negates, without_negated};
pub use sentence::SENTENCE_ENDS;
pub use table::{lists, phrases, says, without};
