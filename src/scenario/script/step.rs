//! The steps a scenario can take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{Revisit, Start, StepKind, Tampering, UserChange};
use crate::scenario::human_duration::HumanDuration;

use super::fault::Fault;

/// A step, written as a name (`- allow`) or as a name with a value (`- install: klaviyo`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Starts an installation, and continues through login, sign-up, tenant choice and Klaviyo's own pages to the consent page. Where
    /// the app strays from that path, it is recovered as a persistent user would.
    Install(InstallFrom),
    /// Clicks Allow on the consent page, and waits until the app is idle. Needs an `install` or `return` before it.
    Allow,
    /// Clicks Cancel on the consent page, and waits until the app is idle. Needs an `install` or `return` before it.
    Deny,
    /// Leaves the consent page without a decision: opens the app's home page, and moves Klaviyo's time by this much. Needs an
    /// `install` or `return` before it.
    Leave(HumanDuration),
    /// Returns to the consent page. Needs a `leave` before it.
    Return,
    /// Moves Klaviyo's time by this much.
    Wait(HumanDuration),
    /// Opens something, and records it.
    Look(LookAt),
    /// Installs the app on its host platform: by the link of the message shown, else on the host's app listing page. Needs
    /// `user: not-installed-on-host`.
    InstallOnHost,
    /// Dismisses the message shown. Needs an `allow` or `deny` since the last installation began.
    Dismiss,
    /// Finds the app's disconnect control and uses it.
    Disconnect,
    /// Uninstalls the app on Klaviyo's integrations page.
    UninstallInKlaviyo,
    /// Changes the place of the current user's own user at Klaviyo in the account: `removed`, `suspended`, or `role:` with the new
    /// role. Klaviyo ends that user's installs by itself. Needs `applies_to: installs: per-user`.
    ChangeKlaviyoUser(UserChange),
    /// Makes the app call Klaviyo, by the `trigger` of `flowcheck.yaml`. Skipped where the file has none.
    Trigger,
    /// Signs out of the app and in again.
    SignInAgain,
    /// Signs out of the app, by its own control where it has one.
    SignOut,
    /// Continues as the scenario's other user, in a fresh browser context of that user's own. Needs `other_user: true`.
    SwitchUser,
    /// Opens a second tab of the same browser, and continues there.
    NewTab,
    /// Goes to the tab that was in front before, with the page that is open there. Needs a `new-tab` before it.
    SwitchTab,
    /// Chooses another of the user's Klaviyo accounts from now on. Needs `accounts: 2` or more.
    SwitchAccount,
    /// Opens the app's callback in the user's browser, with something about it that differs from what Klaviyo sent.
    Callback(CallbackWith),
    /// Visits the current or the previous page again.
    Revisit(RevisitBy),
    /// Makes Klaviyo misbehave like this from now on, instead of like an earlier `fault`.
    Fault(Fault),
    /// Makes Klaviyo behave correctly from now on.
    NoFaults,
    /// Requests the app's settings page this many times at once (2 to 20) in the user's browser, and runs the `trigger` once meanwhile.
    Rush(u8),
    /// Updates the app's scopes: in its settings at Klaviyo, and in the app, as `scopes_update` of `flowcheck.yaml` says. Needs
    /// `applies_to: scopes_update: true`.
    UpdateScopes,
    /// Opens the page of the app that uses the new scopes. Needs `applies_to: scopes_update: true`.
    UseFeature,
    /// Makes the app revoke outdated installs. Needs `applies_to: revoke_outdated: true`.
    RevokeOutdated,
    /// Answers the next call by which the app writes for the current account with 429 and `Retry-After: 1` (5 where the app also meets
    /// the limit in the pauses between steps).
    Throttle,
    /// Waits until `Retry-After` of the last 429 is over, in real time unless the app's clock follows Klaviyo's.
    WaitOut,
}

/// How a callback is altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallbackWith {
    /// A valid code, and a `state` that differs in one character from what the app sent. Needs an `install` before it.
    Altered,
    /// A valid code, and no `state`. Needs an `install` before it.
    Missing,
    /// A valid code, and an empty `state`. Needs an `install` before it.
    Empty,
    /// A valid code, and the first half of the `state` that the app sent. Needs an `install` before it.
    Shorter,
    /// A valid code, and the `state` that the app sent with eight more characters. Needs an `install` before it.
    Longer,
    /// A valid code, and the `state` that the app sent with its letters in the other case; skipped where they are of one case only.
    /// Needs an `install` before it.
    OtherCase,
    /// A valid code, and the `state` that the app sent without its signature, the part after the last dot or other mark; skipped where it has none.
    /// Needs an `install` before it.
    Unsigned,
    /// A valid code, and the `state` that the app sent with other contents and the same signature; skipped where it is no encoded
    /// JSON. Needs an `install` before it.
    ReEncoded,
    /// A valid code, and the `state` of an installation that the other user began. Needs an `install` before it, and
    /// `other_user: true`.
    OtherUsers,
    /// Code and `state` of an installation that the other user began. Needs an `install` before it, and `other_user: true`.
    Foreign,
    /// The callback that completed the installation, a second time. Needs an `allow` before it.
    Replayed,
    /// A [table of inputs](../src/runner/steps/hostile_inputs.yaml) that Klaviyo never sends, one after the other. Needs an `install` before it.
    Hostile,
}

/// How a page is revisited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RevisitBy {
    /// The browser's Reload button.
    Reload,
    /// The browser's Back button.
    Back,
}

/// Where an installation starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InstallFrom {
    /// From the app's listing in Klaviyo's App Marketplace.
    Klaviyo,
    /// From the same listing at marketplace.klaviyo.com, another of Klaviyo's subdomains.
    KlaviyoSubdomain,
    /// From the app's own connect control.
    App,
    /// From the link or button of the message shown. Needs an `allow` or `deny` since the last installation began.
    Message,
    /// From the link or button of the notice that asks to authorize again: on the page shown, on the settings page or in a mail. Needs
    /// `applies_to: scopes_update: true`.
    Notice,
}

/// What to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LookAt {
    /// The app's settings: does it show as installed?
    Settings,
    /// The settings of the tenants that were not chosen. Needs `user: several-tenants`.
    OtherTenants,
    /// The account's integrations page at Klaviyo.
    Integrations,
    /// Where the Settings link on Klaviyo's integrations page leads, logged in where the app asks for it. Needs
    /// `applies_to: settings_url: true`.
    SettingsUrl,
    /// Everything that the user's browser has received and keeps: is a secret in it? Needs a driver with WebDriver BiDi.
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
            CallbackWith::Empty => Self::Empty,
            CallbackWith::Shorter => Self::Shorter,
            CallbackWith::Longer => Self::Longer,
            CallbackWith::OtherCase => Self::OtherCase,
            CallbackWith::Unsigned => Self::Unsigned,
            CallbackWith::ReEncoded => Self::ReEncoded,
            CallbackWith::OtherUsers => Self::OtherUsers,
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
            Step::Look(LookAt::SettingsUrl) => Self::LookAtSettingsUrl,
            Step::Look(LookAt::Browser) => Self::SearchBrowser,
            Step::InstallOnHost => Self::InstallOnHost,
            Step::Dismiss => Self::Dismiss,
            Step::Disconnect => Self::Disconnect,
            Step::UninstallInKlaviyo => Self::UninstallInKlaviyo,
            Step::ChangeKlaviyoUser(change) => Self::ChangeKlaviyoUser(change),
            Step::Trigger => Self::Trigger,
            Step::SignInAgain => Self::SignInAgain,
            Step::SignOut => Self::SignOut,
            Step::SwitchUser => Self::SwitchUser,
            Step::NewTab => Self::NewTab,
            Step::SwitchTab => Self::SwitchTab,
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
