//! The steps a scenario can take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{Revisit, Start, Tampering};
use crate::scenario::human_duration::HumanDuration;

use super::fault::Fault;

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
