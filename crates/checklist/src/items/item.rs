//! What defines an item of the checklist.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::flow::Flow;
use crate::sources::document::Source;
use crate::verdict::{Finding, Statement, Verdict};

/// One requirement: what it is, who asks for it, how it is judged, and what to do when it is not met.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    /// Its id; never changes once released.
    pub id: &'static str,
    /// Which part of the checklist it is in.
    pub group: Group,
    /// What is required, in one sentence.
    pub requirement: &'static str,
    /// How the evidence is judged, in one sentence.
    pub judged: &'static str,
    /// Who asks for it.
    pub source: Source,
    /// Whether it gates.
    pub tier: Tier,
    /// Decides it from what happened in one scenario.
    pub(crate) judge: fn(&Flow<'_>) -> Verdict,
    /// What usually goes wrong, the most telling first.
    pub(crate) causes: &'static [&'static Cause],
    /// What to do when it fails, where no usual cause says it better.
    pub remedy: &'static str,
    /// The guidance that explains it.
    pub guidance: Topic,
    /// The item that asks the same of an app in a host platform.
    pub twin: Option<&'static str>,
    /// Decides it from what happened in all scenarios of a run, where no scenario can alone; none where each scenario's own verdict stands.
    pub(crate) over_the_run: Option<OverTheRun>,
}

/// Decides an item from the flows of all scenarios, where they can.
pub(crate) type OverTheRun = fn(&[Flow<'_>]) -> Option<Verdict>;

/// One way to go wrong.
#[derive(Debug)]
pub struct Cause {
    /// Whether a finding and the evidence show it; then the cause in words.
    pub(crate) shows: fn(&Finding, &Flow<'_>) -> Option<Statement>,
    /// What to do about it.
    pub(crate) remedy: &'static str,
}

/// What the guidance of an item is about; each topic has a text that says what usually goes wrong, and sketches of how to do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Resuming an installation after login or sign-up.
    Resume,
    /// Installing for one tenant of several.
    Tenants,
    /// Completing an installation in the callback.
    Callback,
    /// Messages about a failed installation.
    Errors,
    /// Disconnecting in the app.
    Disconnect,
    /// Noticing that the install has ended in Klaviyo.
    Ended,
    /// Keeping to rate limits.
    Rate,
    /// Updating scopes.
    Scopes,
    /// The authorization request.
    Authorize,
    /// Token requests and refreshes.
    Token,
    /// Keeping secrets on the server.
    Secrets,
    /// Calling the API.
    Api,
    /// Sending data that reviewers and customers find their way in.
    Data,
    /// Installs of users.
    Users,
    /// Installing on a host platform first.
    Embedded,
}

impl Topic {
    /// All topics.
    pub const ALL: [Self; 15] = [
        Self::Resume,
        Self::Tenants,
        Self::Callback,
        Self::Errors,
        Self::Disconnect,
        Self::Ended,
        Self::Rate,
        Self::Scopes,
        Self::Authorize,
        Self::Token,
        Self::Secrets,
        Self::Api,
        Self::Data,
        Self::Users,
        Self::Embedded,
    ];
}

/// A part of the checklist, in Klaviyo's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Installing from Klaviyo's App Marketplace and from the app.
    Install,
    /// The same for an app that lives in a host platform.
    Embedded,
    /// Installs of users, for an app that each user installs.
    User,
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
    /// What the app leaves in a customer's account.
    Data,
}

impl Group {
    /// Its title in reports.
    pub fn title(self) -> &'static str {
        match self {
            Self::Install => "Installing",
            Self::Embedded => "Installing in a host platform",
            Self::User => "Installs of users",
            Self::Errors => "Errors while installing",
            Self::Uninstall => "Uninstalling",
            Self::Rate => "Rate limits",
            Self::Scopes => "Scopes",
            Self::Oauth => "OAuth",
            Self::Api => "API use",
            Self::Data => "Data in the account",
        }
    }
}

/// Whether a failing item fails the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Klaviyo's documents ask for it: a failure is a failure.
    Gate,
    /// Only RFCs, third parties or Klaviyo's best practices ask for it: a failure warns, and fails under `--strict`.
    Hardening,
}
