//! The steps a scenario can take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{Revisit, Start, Tampering};
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
