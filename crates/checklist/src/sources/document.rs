//! A document that asks something of apps, and a place in it.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// A document that asks something of apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Document {
    /// Its name in `tables/demands.csv`.
    #[serde(skip)]
    pub key: &'static str,
    /// The document: "Handle your app's OAuth flow", "RFC 7636".
    #[serde(rename = "document")]
    pub title: &'static str,
    /// Its address.
    pub address: &'static str,
    /// Whether the checklist began with it, and whose it is.
    pub origin: Origin,
    /// The day on which the document says that it was last changed, `2026-09-02`.
    pub updated: Option<&'static str>,
    /// The day on which it was last gone through for demands; none for those that never change.
    pub seen: Option<&'static str>,
}

/// Whether the checklist began with a document, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// One of the two guides of Klaviyo's that the checklist began with.
    First,
    /// A page of Klaviyo's that was added since.
    Later,
    /// Somebody else's, who says it of Klaviyo.
    ThirdParty,
    /// A standard.
    Standard,
}

impl Origin {
    /// In a few words, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::First => "one of the two guides that the checklist began with",
            Self::Later => "added since the first two guides",
            Self::ThirdParty => "a third party's word, not seen at Klaviyo",
            Self::Standard => "a standard",
        }
    }
}

/// Who asks for an item, and where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Source {
    /// The document.
    #[serde(flatten)]
    pub document: &'static Document,
    /// The place in it.
    pub place: &'static str,
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, {}", self.document.title, self.place)
    }
}

impl Document {
    /// `seen 2026-11-29, added since the first two guides`.
    pub fn provenance(&self) -> String {
        let updated = self.updated.map(|day| format!("as of {day}, "));
        let seen = self.seen.map(|day| format!("seen {day}, "));
        format!("{}{}{}", updated.unwrap_or_default(), seen.unwrap_or_default(), self.origin.words())
    }
}
