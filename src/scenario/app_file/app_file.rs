//! `flowcheck.yaml`: the app under test, in one file.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::checklist::ExpectedFailure;
use crate::evidence::{Routing, Tenancy};
use crate::scenario::human_duration::HumanDuration;
use crate::scenario::spanned::Spanned;

use super::access::Access;
use super::app_action::AppAction;
use super::app_kind::{AppKind, Embedding, KindName};
use super::app_user::AppUser;
use super::overrides::Overrides;
use super::scopes_update::ScopesUpdate;
use super::staging::Staging;
use super::start::Start;

/// The app under test. `{port}` is replaced by a free port and `{data}` by an empty folder, new in each world; `{host_port}` by the
/// host platform's port; `{smtp_port}` by the port of the SMTP sink; `{klaviyo_www}` and `{klaviyo_api}`, with `reach: urls`, by the
/// fake Klaviyo's base URLs; `{tenant}` by a tenant's `key`, in `pages.settings` and `scopes_update.feature` only. `${NAME}` is read
/// from flowcheck's environment.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppFile {
    /// The app's name, as users know it.
    pub name: String,
    /// Whether the app is embedded in a host platform. Default: standalone.
    #[serde(default)]
    pub kind: AppKind,
    /// How users choose a tenant. Default: one tenant per user.
    #[serde(default = "single")]
    pub tenancy: Tenancy,
    /// Whose accounts users log in with.
    #[serde(default)]
    pub accounts: Accounts,
    /// Whether users can create an account themselves.
    #[serde(default = "yes")]
    pub sign_up: bool,
    /// How flowcheck starts the app. Without it, the app must be running at `url`.
    #[serde(default)]
    pub start: Option<Start>,
    /// How flowcheck treats an app that it does not start.
    #[serde(default)]
    pub staging: Option<Staging>,
    /// How the app's requests for Klaviyo are routed to the fake Klaviyo.
    #[serde(default)]
    pub reach: Routing,
    /// The app's base URL.
    pub url: Spanned<String>,
    /// The app's registration with Klaviyo.
    pub klaviyo: Registration,
    /// Pages that flowcheck opens by URL.
    #[serde(default)]
    pub pages: Pages,
    /// How parts of the app's pages are located, where the page reader does not recognise them.
    #[serde(default)]
    pub overrides: Overrides,
    /// Credentials for access control in front of the app.
    #[serde(default)]
    pub access: Access,
    /// The app's users. Scenarios use the first one with one tenant and the first one with several.
    #[serde(default)]
    pub users: Vec<Spanned<AppUser>>,
    /// Makes the app call Klaviyo in the background.
    #[serde(default)]
    pub trigger: Option<AppAction>,
    /// Resets the app's data before each scenario.
    #[serde(default)]
    pub reset: Option<AppAction>,
    /// How an update of the app changes its scopes.
    #[serde(default)]
    pub scopes_update: Option<ScopesUpdate>,
    /// Time limits.
    #[serde(default)]
    pub timing: Timing,
    /// Items that are known to fail. They do not fail the run; one that passes does.
    #[serde(default)]
    pub expected_failures: Vec<Spanned<KnownFailure>>,
}

/// An item that is known to fail.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownFailure {
    /// The item's id.
    pub id: String,
    /// Why the failure is accepted; shown in the report.
    pub comment: String,
    /// The last day on which the failure is accepted, as in `2027-01-31`. Default: no end.
    #[serde(default)]
    pub until: Option<String>,
}

impl KnownFailure {
    /// The expected failure, as a run carries it.
    pub fn known(&self) -> ExpectedFailure {
        ExpectedFailure {
            item: self.id.as_str().into(),
            comment: self.comment.trim().to_owned(),
            until: self.until.clone(),
        }
    }
}

/// Whose accounts users log in with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Accounts {
    /// The app's own: users log in to the app.
    #[default]
    Own,
    /// Klaviyo's: the app has no login and knows users by their Klaviyo account.
    Klaviyo,
}

/// The app's registration with Klaviyo: its settings on the app management page.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// OAuth client id.
    pub client_id: String,
    /// OAuth client secret.
    pub client_secret: String,
    /// Scopes that the app requests.
    pub scopes: Vec<Spanned<String>>,
    /// Whether these scopes were copied from the app's own request, which makes comparing the two meaningless.
    #[serde(default)]
    pub scopes_copied: bool,
    /// Redirect URIs.
    pub redirect_uris: Vec<Spanned<String>>,
    /// Installation URL in the directory listing: one fixed URL, the same for every user.
    pub install_url: Spanned<String>,
    /// Whether Klaviyo has reviewed the app. If not, the consent page warns.
    #[serde(default)]
    pub reviewed: bool,
}

/// URLs of the app's pages.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// Login page. Default: the base URL.
    #[serde(default)]
    pub login: Option<String>,
    /// Page that shows whether the app is installed, with its connect and disconnect controls; may contain `{tenant}`.
    #[serde(default)]
    pub settings: Option<String>,
    /// Page where a signed-in user starts. Default: the base URL.
    #[serde(default)]
    pub home: Option<String>,
}

/// Time limits.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Timing {
    /// How long the app may take to become ready.
    pub ready: HumanDuration,
    /// How long a page may take to load.
    pub page: HumanDuration,
    /// How long a page must neither navigate nor fetch to count as idle.
    pub quiet: HumanDuration,
    /// How long a scenario may take.
    pub scenario: HumanDuration,
}

impl Default for Timing {
    fn default() -> Self {
        let seconds = |count| HumanDuration::from(std::time::Duration::from_secs(count));
        Self { ready: seconds(30), page: seconds(20), quiet: seconds(3), scenario: seconds(120) }
    }
}

fn yes() -> bool {
    true
}

fn single() -> Tenancy {
    Tenancy::Single
}

impl AppFile {
    /// The embedding of an embedded app; none for a standalone one.
    pub fn embedding(&self) -> Option<&Embedding> {
        match &self.kind {
            AppKind::Standalone => None,
            AppKind::Embedded(embedding) => Some(embedding),
        }
    }

    /// The kind's name.
    pub fn kind_name(&self) -> KindName {
        self.embedding().map_or(KindName::Standalone, |_| KindName::Embedded)
    }

    /// The login page, of the app or of its host platform.
    pub fn login_page(&self) -> &str {
        match self.embedding() {
            Some(Embedding { host, .. }) => host.login.as_ref().unwrap_or(&host.url.value),
            None => self.pages.login.as_ref().unwrap_or(&self.url.value),
        }
    }

    /// The page where a signed-in user starts, of the app or of its host platform.
    pub fn home_page(&self) -> &str {
        match self.embedding() {
            Some(Embedding { host, .. }) => host.home.as_ref().unwrap_or(&host.url.value),
            None => self.pages.home.as_ref().unwrap_or(&self.url.value),
        }
    }

    /// The user for personas with one tenant.
    pub fn user_with_one_tenant(&self) -> Option<&AppUser> {
        self.users_with_one_tenant().next()
    }

    /// A second user with one tenant.
    pub fn other_user(&self) -> Option<&AppUser> {
        self.users_with_one_tenant().nth(1)
    }

    /// The user who has not installed an embedded app on its host platform.
    pub fn user_not_on_host(&self) -> Option<&AppUser> {
        self.users.iter().map(|user| &user.value).find(|user| !user.installed_on_host)
    }

    /// The user for personas with several tenants.
    pub fn user_with_several_tenants(&self) -> Option<&AppUser> {
        self.users.iter().map(|user| &user.value).find(|user| user.tenants.len() > 1)
    }

    fn users_with_one_tenant(&self) -> impl Iterator<Item = &AppUser> {
        self.users.iter().map(|user| &user.value).filter(|user| user.tenants.len() <= 1 && user.installed_on_host)
    }
}
