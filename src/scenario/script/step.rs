//! The steps a scenario can take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{Revisit, Start, StepKind, Tampering};
use crate::scenario::human_duration::HumanDuration;

use super::fault::Fault;

/// A step, written as a name (`- allow`) or as a name with a value (`- install: klaviyo`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Starts an installation and continues through login, sign-up, tenant chooser and Klaviyo's own pages to the consent page;
    /// where the app goes astray, as a persistent user would.
    Install(InstallFrom),
    /// Clicks Allow on the consent page and waits until the app is idle.
    Allow,
    /// Clicks Cancel on the consent page and waits until the app is idle.
    Deny,
    /// Leaves the consent page without a decision: opens the app's home page and moves Klaviyo's clock by this much.
    Leave(HumanDuration),
    /// Returns to the consent page that was left.
    Return,
    /// Moves Klaviyo's clock by this much, without waiting.
    Wait(HumanDuration),
    /// Opens a page and records it.
    Look(LookAt),
    /// Installs the app on the host platform: by the link of the message that is shown, or else from the host's app store.
    InstallOnHost,
    /// Dismisses the error message that is shown.
    Dismiss,
    /// Uses the app's disconnect control.
    Disconnect,
    /// Uninstalls the app on Klaviyo's integrations page.
    UninstallInKlaviyo,
    /// Makes the app call Klaviyo, by the `trigger` of `flowcheck.yaml`.
    Trigger,
    /// Signs out of the app and in again.
    SignInAgain,
    /// Continues as the scenario's other user, in that user's own browser.
    SwitchUser,
    /// Chooses another of the user's Klaviyo accounts from now on.
    SwitchAccount,
    /// Opens the app's callback in the user's browser, altered like this.
    Callback(CallbackWith),
    /// Revisits the current or the previous page.
    Revisit(RevisitBy),
    /// Makes Klaviyo malfunction from now on; replaces an earlier `fault`.
    Fault(Fault),
    /// Ends Klaviyo's malfunction.
    NoFaults,
    /// Sends this many concurrent requests for the app's settings page, and runs its `trigger` at the same time.
    Rush(u8),
    /// Updates the app's scopes, in its registration with Klaviyo and in the app, by `scopes_update` of `flowcheck.yaml`.
    UpdateScopes,
    /// Opens the page of the app that uses the new scopes.
    UseFeature,
    /// Makes the app revoke installs that are too far out of date.
    RevokeOutdated,
    /// Refuses the app's next write for this account with 429 and `Retry-After`.
    Throttle,
    /// Waits for the `Retry-After` of the last 429 to pass; in real time, unless the app's clock follows Klaviyo's.
    WaitOut,
}

/// How a callback is altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallbackWith {
    /// `state` differs in one character from what the app sent; the code is good.
    Altered,
    /// `state` is left out; the code is good.
    Missing,
    /// Code and `state` are those of the installation that the other user began.
    Foreign,
    /// The callback that completed the installation, opened again.
    Replayed,
    /// A series of inputs that Klaviyo never sends.
    Hostile,
}

/// How a page is revisited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RevisitBy {
    /// The browser's Reload.
    Reload,
    /// The browser's Back.
    Back,
}

/// Where an installation starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InstallFrom {
    /// The app's listing in Klaviyo's directory.
    Klaviyo,
    /// The same listing on another of Klaviyo's subdomains.
    KlaviyoSubdomain,
    /// The app's own connect control.
    App,
    /// The link or button of the message that is shown.
    Message,
    /// The link or button of the notice that asks the user to authorize again, on the current page or in a mail.
    Notice,
}

/// What to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LookAt {
    /// The app's settings: does it show as installed?
    Settings,
    /// The settings of the tenants that were not chosen.
    OtherTenants,
    /// Klaviyo's integrations page of the account.
    Integrations,
    /// Everything that the user's browser received and stores, searched for secrets.
    Browser,
}

impl From<InstallFrom> for Start {
    fn from(from: InstallFrom) -> Self {
        match from {
            InstallFrom::Klaviyo => Self::Klaviyo,
            InstallFrom::KlaviyoSubdomain => Self::KlaviyoSubdomain,
            InstallFrom::App => Self::App,
            InstallFrom::Message => Self::Message,
            InstallFrom::Notice => Self::Notice,
        }
    }
}

impl From<CallbackWith> for Tampering {
    fn from(with: CallbackWith) -> Self {
        match with {
            CallbackWith::Altered => Self::Altered,
            CallbackWith::Missing => Self::Missing,
            CallbackWith::Foreign => Self::Foreign,
            CallbackWith::Replayed => Self::Replayed,
            CallbackWith::Hostile => Self::Hostile,
        }
    }
}

impl From<RevisitBy> for Revisit {
    fn from(by: RevisitBy) -> Self {
        match by {
            RevisitBy::Reload => Self::Reload,
            RevisitBy::Back => Self::Back,
        }
    }
}

impl From<&Step> for StepKind {
    fn from(step: &Step) -> Self {
        match *step {
            Step::Install(from) => Self::Install(from.into()),
            Step::Allow => Self::Allow,
            Step::Deny => Self::Deny,
            Step::Leave(span) => Self::Leave { for_s: span.duration().as_secs() },
            Step::Return => Self::Return,
            Step::Wait(span) => Self::Wait { for_s: span.duration().as_secs() },
            Step::Look(LookAt::Settings) => Self::LookAtSettings,
            Step::Look(LookAt::OtherTenants) => Self::LookAtOtherTenants,
            Step::Look(LookAt::Integrations) => Self::LookAtIntegrations,
            Step::Look(LookAt::Browser) => Self::SearchBrowser,
            Step::InstallOnHost => Self::InstallOnHost,
            Step::Dismiss => Self::Dismiss,
            Step::Disconnect => Self::Disconnect,
            Step::UninstallInKlaviyo => Self::UninstallInKlaviyo,
            Step::Trigger => Self::Trigger,
            Step::SignInAgain => Self::SignInAgain,
            Step::SwitchUser => Self::SwitchUser,
            Step::SwitchAccount => Self::SwitchAccount,
            Step::Callback(with) => Self::Callback(with.into()),
            Step::Revisit(by) => Self::Revisit(by.into()),
            Step::Fault(fault) => Self::Fault(fault.recorded()),
            Step::NoFaults => Self::NoFaults,
            Step::Rush(times) => Self::Rush(times),
            Step::UpdateScopes => Self::UpdateScopes,
            Step::UseFeature => Self::UseFeature,
            Step::RevokeOutdated => Self::RevokeOutdated,
            Step::Throttle => Self::Throttle,
            Step::WaitOut => Self::WaitOut,
        }
    }
}
