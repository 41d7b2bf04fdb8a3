//! What flowcheck did as the user, and what for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Gesture, Obstacle, PageRef, Revisit, Tampering};

/// One act of the user in the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Act {
    /// Which of the setup's users acted.
    pub user: String,
    /// What for; judges tell needed acts from avoidable ones by it.
    pub purpose: Purpose,
    /// What was done.
    pub gesture: Gesture,
}

/// What an act was for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Arranging the scenario's beginning; not part of the flow that is judged.
    Prepare,
    /// Starting an installation; a new attempt begins here.
    StartInstall(Start),
    /// Filling and sending the app's login form.
    LogIn,
    /// Going from the login page to the sign-up page.
    FindSignUp,
    /// Filling and sending the app's sign-up form.
    SignUp,
    /// Saying which tenant to install for; the tenant's name.
    ChooseTenant(String),
    /// Logging in to Klaviyo.
    KlaviyoLogIn,
    /// Choosing one of several Klaviyo accounts; the account's id.
    KlaviyoAccount(String),
    /// Clicking Allow on the consent page.
    Allow,
    /// Clicking Cancel on the consent page.
    Deny,
    /// Leaving the consent page undecided.
    Leave,
    /// Coming back to the consent page.
    Return,
    /// A step the checklist does not foresee, taken as a persistent user would; what it got around.
    Recover(Obstacle),
    /// Starting anew from the app's own settings, where the way that was begun led nowhere; where it led.
    StartAnew(PageRef),
    /// Installing the app on its host platform.
    InstallOnHost,
    /// Dismissing an error message.
    Dismiss,
    /// Going somewhere to see the state of things.
    Look(Place),
    /// Using the feature that needs the scopes the app added.
    UseFeature,
    /// Clicking on the way to the app's disconnect control, on it, or to confirm it.
    Disconnect {
        /// Clicks from the settings page, this one included.
        clicks: u32,
        /// Whether this is the control itself (or its confirmation), not the way to it.
        control: bool,
    },
    /// Uninstalling the app on Klaviyo's integrations page.
    KlaviyoUninstall,
    /// Signing out of the app and in again.
    SignInAgain,
    /// Signing out of the app.
    SignOut,
    /// Opening the app's callback with something about it that is not as Klaviyo sent it.
    Callback(Tampering),
    /// Loading the page in front of the user again, or going back to the one before it.
    Revisit(Revisit),
    /// Making the app work several times at once; how many times.
    Rush(u8),
}

/// Where an installation is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// Install on the app's listing in Klaviyo's App Marketplace.
    Klaviyo,
    /// The same listing on another of Klaviyo's subdomains.
    KlaviyoSubdomain,
    /// The app's own connect control.
    App,
    /// The link or button of an error message.
    Message,
    /// The link or button of a notice that asks to authorize again, in the app or in a mail.
    Notice,
}

/// Where a user looks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The app's page that shows whether it is installed, of the tenant named, if the app has tenants.
    Settings(Option<String>),
    /// Klaviyo's integrations page of the account.
    Integrations,
    /// Where the settings URL that is registered at Klaviyo leads to.
    SettingsUrl,
    /// Where Klaviyo's redirect left the user after the decision.
    Landing,
}
