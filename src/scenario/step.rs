//! The steps a scenario can take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fault, HumanDuration};
use crate::evidence::{Revisit, Start, Tampering};

/// One step. Written as a word (`- allow`) or as a word with its object (`- install: klaviyo`).
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
    /// Makes the app call Klaviyo, by the `trigger` of `flowcheck.yaml`. Needs `applies_to: trigger: true`.
    Trigger,
    /// Signs out of the app and in again.
    SignInAgain,
    /// Continues as the scenario's other user, in a fresh browser context of that user's own. Needs `other_user: true`.
    SwitchUser,
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

/// What is wrong with a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallbackWith {
    /// A valid code, and a `state` that differs in one character from what the app sent. Needs an `install` before it.
    Altered,
    /// A valid code, and no `state`. Needs an `install` before it.
    Missing,
    /// Code and `state` of an installation that the other user began. Needs an `install` before it, and `other_user: true`.
    Foreign,
    /// The callback that completed the installation, a second time. Needs an `allow` before it.
    Replayed,
    /// A [table of inputs](../src/runner/hostile.yaml) that Klaviyo never sends, one after the other. Needs an `install` before it.
    Hostile,
}

/// How a page is visited again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RevisitBy {
    /// The browser's Reload button.
    Reload,
    /// The browser's Back button.
    Back,
}

/// Where an installation is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InstallFrom {
    /// From the app's listing in Klaviyo's directory.
    Klaviyo,
    /// From the same listing on another of Klaviyo's subdomains.
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

impl Step {
    /// The step in words, as reports and progress show it.
    pub fn title(&self) -> String {
        match self {
            Self::Install(InstallFrom::Klaviyo) => "install from Klaviyo's directory".to_owned(),
            Self::Install(InstallFrom::KlaviyoSubdomain) => {
                "install from the directory on another subdomain of Klaviyo's".to_owned()
            }
            Self::Install(InstallFrom::App) => "install from the app".to_owned(),
            Self::Install(InstallFrom::Message) => "install again from the message shown".to_owned(),
            Self::Install(InstallFrom::Notice) => "authorize again from the notice".to_owned(),
            Self::Allow => "allow".to_owned(),
            Self::Deny => "deny".to_owned(),
            Self::Leave(span) => format!("leave the consent page for {span}"),
            Self::Return => "come back to the consent page".to_owned(),
            Self::Wait(span) => format!("let {span} pass"),
            Self::Look(LookAt::Settings) => "look at the app's settings".to_owned(),
            Self::Look(LookAt::OtherTenants) => "look at the other tenants' settings".to_owned(),
            Self::Look(LookAt::Integrations) => "look at Klaviyo's integrations page".to_owned(),
            Self::InstallOnHost => "install the app on the host platform".to_owned(),
            Self::Dismiss => "dismiss the message".to_owned(),
            Self::Disconnect => "disconnect in the app".to_owned(),
            Self::UninstallInKlaviyo => "uninstall in Klaviyo".to_owned(),
            Self::Trigger => "make the app call Klaviyo".to_owned(),
            Self::SignInAgain => "sign out and in again".to_owned(),
            Self::SwitchUser => "go on as the other user".to_owned(),
            Self::SwitchAccount => "choose another Klaviyo account from now on".to_owned(),
            Self::Look(LookAt::Browser) => "look through what the browser received and keeps".to_owned(),
            Self::Callback(CallbackWith::Altered) => "open the callback with an altered state".to_owned(),
            Self::Callback(CallbackWith::Missing) => "open the callback without a state".to_owned(),
            Self::Callback(CallbackWith::Foreign) => "open the callback of the other user's installation".to_owned(),
            Self::Callback(CallbackWith::Replayed) => "open the callback of this installation again".to_owned(),
            Self::Callback(CallbackWith::Hostile) => "give the callback hostile inputs".to_owned(),
            Self::Revisit(RevisitBy::Reload) => "reload the page".to_owned(),
            Self::Revisit(RevisitBy::Back) => "go back".to_owned(),
            Self::Fault(fault) => format!("from now on {fault}"),
            Self::NoFaults => "from now on Klaviyo behaves well".to_owned(),
            Self::Rush(times) => format!("make the app work {times} times at once"),
            Self::UpdateScopes => "update the app's scopes".to_owned(),
            Self::UseFeature => "use what the new scopes are for".to_owned(),
            Self::RevokeOutdated => "make the app revoke outdated installs".to_owned(),
            Self::Throttle => "throttle the next write of this account".to_owned(),
            Self::WaitOut => "wait until Retry-After is over".to_owned(),
        }
    }
}
