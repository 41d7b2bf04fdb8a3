//! A mail that the app sent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Secret;

/// A mail as its reader sees it, secrets replaced by fingerprints: what its links carry may let anybody in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mail {
    /// Who it says it is from.
    pub from: String,
    /// Whom it was sent to, one address each.
    pub to: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// Its text, whitespace folded; of a mail that is HTML alone, what is left without the marks.
    pub text: String,
    /// Its links, in reading order.
    pub links: Vec<MailLink>,
    /// What looks like a code to type in.
    pub codes: Vec<Secret>,
}

/// A link in a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailLink {
    /// Where it leads, secrets replaced.
    pub href: String,
    /// The words that carry it; empty where the address itself stands in the text.
    pub words: String,
}
