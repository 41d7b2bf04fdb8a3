//! An item of the checklist.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Verdict;
use flowcheck_evidence::Evidence;

/// An item's id, `install.signed-out.resumes`; never changes once released.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ItemId(String);

impl ItemId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ItemId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One requirement, and how it is decided.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    /// Its id.
    pub id: &'static str,
    /// Which part of the checklist it stands in.
    pub group: Group,
    /// What is required, in one sentence.
    pub requirement: &'static str,
    /// How the evidence is judged, in one sentence.
    pub judged: &'static str,
    /// Who asks for it.
    pub source: Source,
    /// Whether it gates.
    pub tier: Tier,
    /// Decides it from one scenario's evidence.
    pub judge: fn(&Evidence) -> Verdict,
}

/// A part of the checklist, in Klaviyo's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Installing from Klaviyo's directory and from the app.
    Install,
    /// The same for an app that lives in a host platform.
    Embedded,
    /// Errors while installing.
    Errors,
    /// Uninstalling from either side.
    Uninstall,
    /// Keeping to Klaviyo's rate limits.
    Rate,
    /// Scopes, and updates of them.
    Scopes,
    /// OAuth as Klaviyo's servers and reviewers see it.
    Oauth,
    /// What an app's calls of the API carry.
    Api,
}

impl Group {
    /// Its title in reports.
    pub fn title(self) -> &'static str {
        match self {
            Self::Install => "Installing",
            Self::Embedded => "Installing in a host platform",
            Self::Errors => "Errors while installing",
            Self::Uninstall => "Uninstalling",
            Self::Rate => "Rate limits",
            Self::Scopes => "Scopes",
            Self::Oauth => "OAuth",
            Self::Api => "API use",
        }
    }
}

/// Who asks for an item, and where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Source {
    /// The document: "Handle your app's OAuth flow", "RFC 7636".
    pub document: &'static str,
    /// The place in it.
    pub place: &'static str,
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, {}", self.document, self.place)
    }
}

/// Whether a failing item fails the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Klaviyo's documents ask for it: a failure is a failure.
    Gate,
    /// Only the RFCs ask for it: a failure warns, and fails under `--strict`.
    Hardening,
}
