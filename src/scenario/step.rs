//! The steps a scenario can take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fault, HumanDuration};
use crate::evidence::{Revisit, Start, StepKind, Tampering};

/// One step. Written as a word (`- allow`) or as a word with its object (`- install: klaviyo`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Starts an installation there, and goes on through login, sign-up, tenant and Klaviyo's own pages until the consent
    /// page; where the app strays, the way a persistent user would take.
    Install(InstallFrom),
    /// Clicks Allow on the consent page, and waits until the app has come to rest.
    Allow,
    /// Clicks Cancel on the consent page, and waits until the app has come to rest.
    Deny,
    /// Leaves the consent page undecided: opens the app's home page, while this much time passes in Klaviyo.
    Leave(HumanDuration),
    /// Comes back to the consent page that was left.
    Return,
    /// Lets this much time pass in Klaviyo; it is moved, not waited for.
    Wait(HumanDuration),
    /// Goes to see something, and records it.
    Look(LookAt),
    /// Installs the app on the host platform: by the link of the message that is shown, else on the host's app listing.
    InstallOnHost,
    /// Dismisses the error message that is shown.
    Dismiss,
    /// Finds the app's disconnect control and uses it.
    Disconnect,
    /// Uninstalls the app on Klaviyo's integrations page.
    UninstallInKlaviyo,
    /// Makes the app call Klaviyo, by the `trigger` of `flowcheck.yaml`.
    Trigger,
    /// Signs out of the app and in again.
    SignInAgain,
    /// Goes on as the scenario's other user, in a browser of that user's own.
    SwitchUser,
    /// From now on, chooses another of the user's Klaviyo accounts.
    SwitchAccount,
    /// Opens the app's callback in the user's browser, with this about it that is not as Klaviyo sent it.
    Callback(CallbackWith),
    /// Visits the page again that is, or was, in front of the user.
    Revisit(RevisitBy),
    /// From now on Klaviyo misbehaves like this, and no longer like that of an earlier `fault`.
    Fault(Fault),
    /// From now on Klaviyo behaves well again.
    NoFaults,
    /// Makes the app work so many times at once: its settings page, asked for again and again, and its `trigger`.
    Rush(u8),
    /// Updates the app's scopes: in its settings at Klaviyo, and in the app, as `scopes_update` of `flowcheck.yaml` says.
    UpdateScopes,
    /// Opens the page of the app that uses the new scopes.
    UseFeature,
    /// Makes the app revoke installs that are too far out of date.
    RevokeOutdated,
    /// From now on, refuses the next call by which the app writes for this account, with 429 and `Retry-After`.
    Throttle,
    /// Waits until `Retry-After` of the last 429 is over; really waits, unless the app's clock follows Klaviyo's.
    WaitOut,
}

/// What is wrong with a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallbackWith {
    /// `state` differs in one character from what the app sent; the code is good.
    Altered,
    /// `state` is left out; the code is good.
    Missing,
    /// Code and `state` are those of the installation that the other user began.
    Foreign,
    /// It is the callback that has completed the installation, opened again.
    Replayed,
    /// A table of inputs that no Klaviyo sends, one after the other.
    Hostile,
}

/// How a page is visited again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RevisitBy {
    /// The browser's Reload.
    Reload,
    /// The browser's Back.
    Back,
}

/// Where an installation is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InstallFrom {
    /// Install on the app's listing in Klaviyo's directory.
    Klaviyo,
    /// The same listing on another of Klaviyo's subdomains.
    KlaviyoSubdomain,
    /// The app's own connect control.
    App,
    /// The link or button of the message that is shown.
    Message,
    /// The link or button of the notice that asks to authorize again, on the page that is shown or in a mail.
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
    /// All that the user's browser received and keeps: is a secret in it?
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
