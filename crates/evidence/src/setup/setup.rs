//! What was arranged before a scenario's first step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Declared, Installs, Role, RoutingSetup};

/// The scenario, the app and the people, as the runner set them up.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Setup {
    /// Which scenario this is.
    pub scenario: ScenarioSetup,
    /// The app under test.
    pub app: AppSetup,
    /// The app's users who take part; the first is the one who acts unless a step names another.
    pub users: Vec<UserSetup>,
    /// Klaviyo's accounts that the user may install for.
    pub accounts: Vec<AccountSetup>,
    /// Whether the user begins signed in to Klaviyo.
    pub klaviyo: KlaviyoSession,
    /// Host names that are the fake Klaviyo's, with port.
    pub klaviyo_hosts: Vec<String>,
    /// How the app was to come to Klaviyo.
    #[serde(default)]
    pub routing: RoutingSetup,
    /// Milliseconds without navigation or fetching after which a page has come to rest.
    pub quiet_ms: u64,
}

/// A scenario's name and place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioSetup {
    /// Its id: `install/signed-out`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its file, as a person would name it.
    pub file: String,
}

/// The app under test, as its `flowcheck.yaml` describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppSetup {
    /// Its name.
    pub name: String,
    /// How it keeps tenants apart.
    pub tenancy: Tenancy,
    /// Address it answers at.
    pub url: String,
    /// Installation URL on its listing.
    pub install_url: String,
    /// OAuth client id.
    pub client_id: String,
    /// Scopes declared in its settings at Klaviyo.
    pub scopes: Vec<String>,
    /// Whether these were only copied from the app's own request, so that comparing the two shows nothing.
    #[serde(default)]
    pub scopes_copied: bool,
    /// Redirect URIs registered at Klaviyo.
    pub redirect_uris: Vec<String>,
    /// Whether the app's own clock moves along with Klaviyo's.
    #[serde(default)]
    pub clock_follows: bool,
    /// What the file says of a trigger.
    #[serde(default)]
    pub trigger: Declared,
    /// Whether it was to, and could not be made to: Klaviyo's time was moved, and the app's stood still.
    #[serde(default)]
    pub clock_stood_still: bool,
    /// What it says of a page that shows whether the app is installed.
    #[serde(default)]
    pub settings: Declared,
    /// Whose installs it has.
    #[serde(default)]
    pub installs: Installs,
    /// The platform it lives in, if it is embedded in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostSetup>,
}

/// The platform that an embedded app lives in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HostSetup {
    /// Its name.
    pub name: String,
    /// Address it answers at.
    pub url: String,
    /// The app's page in its app listing.
    pub listing: String,
    /// How it opens the app.
    pub opens: Opens,
    /// What the browser does with cookies of an app in a frame, as a probe before the scenario found.
    pub third_party_cookies: ThirdPartyCookies,
}

/// How a host platform opens an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Opens {
    /// In a frame of its admin.
    Iframe,
    /// With the window to itself.
    Tab,
}

/// What the browser does with cookies of a site that is framed by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ThirdPartyCookies {
    /// They are neither sent nor kept.
    Blocked,
    /// They are sent: an app that needs them would look right here, and fail for most people.
    Allowed,
    /// It could not be found out; why.
    Unknown(String),
}

/// How an app keeps tenants apart and asks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tenancy {
    /// One tenant per user.
    Single,
    /// Several, chosen from what the page offers.
    DropDown,
    /// Several, named in a text box by store URL.
    TextBox,
}

/// One user of the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserSetup {
    /// What steps and acts call this user: `ada`.
    pub label: String,
    /// How the user stands to the app when the scenario begins.
    pub sign_in_state: SignInState,
    /// The user's tenants, by name; the one to install for first.
    pub tenants: Vec<String>,
    /// The e-mail address of their user at Klaviyo.
    #[serde(default)]
    pub klaviyo_user: String,
    /// The role of that user when the scenario begins.
    #[serde(default)]
    pub role: Role,
}

/// How a user stands to the app when a scenario begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignInState {
    /// Signed in.
    SignedIn,
    /// Has an account, is signed out.
    SignedOut,
    /// Has no account.
    NoAccount,
    /// Signed in to the host platform, where the app is not installed.
    NotOnHost,
}

/// One Klaviyo account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccountSetup {
    /// Six-character id.
    pub id: String,
    /// The organisation's name.
    pub name: String,
}

/// Whether the browser begins signed in to Klaviyo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KlaviyoSession {
    /// Signed in.
    SignedIn,
    /// Signed out.
    SignedOut,
}
