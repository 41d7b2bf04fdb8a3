//! A scenario's step as the timeline knows it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{KlaviyoFault, Revisit, Start, Tampering, UserChange};

/// What a step does. `Display` is its title in reports and progress: `install from the app`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Starts an installation there.
    Install(Start),
    /// Clicks Allow on the consent page.
    Allow,
    /// Clicks Cancel on the consent page.
    Deny,
    /// Leaves the consent page undecided, for this many seconds of Klaviyo's time.
    Leave {
        /// Seconds.
        for_s: u64,
    },
    /// Comes back to the consent page.
    Return,
    /// Lets time pass in Klaviyo.
    Wait {
        /// Seconds.
        for_s: u64,
    },
    /// Looks at the app's settings.
    LookAtSettings,
    /// Looks at the settings of the tenants that were not chosen.
    LookAtOtherTenants,
    /// Looks at Klaviyo's integrations page.
    LookAtIntegrations,
    /// Follows Klaviyo's link to the app's settings.
    LookAtSettingsUrl,
    /// Searches what the browser received and keeps for secrets.
    SearchBrowser,
    /// Installs the app on its host platform.
    InstallOnHost,
    /// Dismisses the error message.
    Dismiss,
    /// Uses the app's disconnect control.
    Disconnect,
    /// Uninstalls the app on Klaviyo's integrations page.
    UninstallInKlaviyo,
    /// Changes the place of the user in the account at Klaviyo.
    ChangeKlaviyoUser(UserChange),
    /// Runs the `trigger` of `flowcheck.yaml`.
    Trigger,
    /// Signs out of the app and in again.
    SignInAgain,
    /// Signs out of the app.
    SignOut,
    /// Continues as the scenario's other user.
    SwitchUser,
    /// Opens a second tab of the same browser.
    NewTab,
    /// Goes to the other tab.
    SwitchTab,
    /// Chooses another Klaviyo account from now on.
    SwitchAccount,
    /// Opens the callback with something wrong about it.
    Callback(Tampering),
    /// Visits a page again.
    Revisit(Revisit),
    /// Makes Klaviyo misbehave from now on.
    Fault(KlaviyoFault),
    /// Makes Klaviyo behave well again.
    NoFaults,
    /// Makes the app work so many times at once.
    Rush(u8),
    /// Updates the app's scopes.
    UpdateScopes,
    /// Opens the page that uses the new scopes.
    UseFeature,
    /// Makes the app revoke outdated installs.
    RevokeOutdated,
    /// Refuses the next write of the account with 429.
    Throttle,
    /// Waits until `Retry-After` is over.
    WaitOut,
}

impl fmt::Display for StepKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Install(Start::Klaviyo) => "install from Klaviyo's App Marketplace",
            Self::Install(Start::KlaviyoSubdomain) => "install from the listing at marketplace.klaviyo.com",
            Self::Install(Start::App) => "install from the app",
            Self::Install(Start::Message) => "install again from the message shown",
            Self::Install(Start::Notice) => "authorize again from the notice",
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Leave { for_s } => return write!(f, "leave the consent page for {}", Seconds(*for_s)),
            Self::Return => "come back to the consent page",
            Self::Wait { for_s } => return write!(f, "let {} pass", Seconds(*for_s)),
            Self::LookAtSettings => "look at the app's settings",
            Self::LookAtOtherTenants => "look at the other tenants' settings",
            Self::LookAtIntegrations => "look at Klaviyo's integrations page",
            Self::LookAtSettingsUrl => "follow Klaviyo's link to the app's settings",
            Self::SearchBrowser => "look through what the browser received and keeps",
            Self::InstallOnHost => "install the app on the host platform",
            Self::Dismiss => "dismiss the message",
            Self::Disconnect => "disconnect in the app",
            Self::UninstallInKlaviyo => "uninstall in Klaviyo",
            Self::ChangeKlaviyoUser(change) => return write!(f, "have the user at Klaviyo {change}"),
            Self::Trigger => "make the app call Klaviyo",
            Self::SignInAgain => "sign out and in again",
            Self::SignOut => "sign out of the app",
            Self::SwitchUser => "continue as the other user",
            Self::NewTab => "open a second tab",
            Self::SwitchTab => "go to the other tab",
            Self::SwitchAccount => "choose another Klaviyo account from now on",
            Self::Callback(Tampering::Foreign) => "open the callback of the other user's installation",
            Self::Callback(Tampering::Replayed) => "open the callback of this installation again",
            Self::Callback(Tampering::Hostile) => "send hostile inputs to the callback",
            Self::Callback(tampering) => return write!(f, "open the callback {tampering}"),
            Self::Revisit(Revisit::Reload) => "reload the page",
            Self::Revisit(Revisit::Back) => "go back",
            Self::Fault(fault) => return write!(f, "fault from now on: {fault}"),
            Self::NoFaults => "from now on Klaviyo behaves well",
            Self::Rush(times) => return write!(f, "make the app work {times} times at once"),
            Self::UpdateScopes => "update the app's scopes",
            Self::UseFeature => "use what the new scopes are for",
            Self::RevokeOutdated => "make the app revoke outdated installs",
            Self::Throttle => "throttle the next write of this account",
            Self::WaitOut => "wait until Retry-After is over",
        })
    }
}

/// Seconds as scenarios write them: `90s`, `5m`, `1h`.
struct Seconds(u64);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            s if s > 0 && s % 86_400 == 0 => write!(f, "{}d", s / 86_400),
            s if s > 0 && s % 3_600 == 0 => write!(f, "{}h", s / 3_600),
            s if s > 0 && s % 60 == 0 => write!(f, "{}m", s / 60),
            s => write!(f, "{s}s"),
        }
    }
}
