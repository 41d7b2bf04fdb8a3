//! `flowcheck.yaml`: the app under test, in one file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Access, AppAction, AppKind, HumanDuration, Overrides, ScopesUpdate, Spanned, Staging};
use crate::checklist::ExpectedFailure;
use crate::evidence::{Routing, Tenancy};

/// The app under test. `{port}` and `{data}` stand for a free port and an empty folder, anew for each world;
/// `{host_port}` for the host platform's port; `{smtp_port}` for the port at which the app's mails are taken;
/// `{klaviyo_www}` and `{klaviyo_api}`, with `reach: urls`, for the fake Klaviyo's base URLs; `{tenant}` for a tenant's `key`, in
/// `pages.settings` and `scopes_update.feature` alone. `${NAME}` is taken from flowcheck's environment.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppFile {
    /// Its name, as users know it.
    pub name: String,
    /// Whether it lives in a host platform; standalone, when left out.
    #[serde(default)]
    pub kind: AppKind,
    /// How it keeps tenants apart; one tenant per user, when left out.
    #[serde(default = "single")]
    pub tenancy: Tenancy,
    /// Whose accounts people have in it.
    #[serde(default)]
    pub accounts: Accounts,
    /// Whether people can create an account by themselves.
    #[serde(default = "yes")]
    pub sign_up: bool,
    /// How flowcheck starts it; left out, it must be running at `url`.
    #[serde(default)]
    pub start: Option<Start>,
    /// How it is treated where flowcheck does not start it.
    #[serde(default)]
    pub staging: Option<Staging>,
    /// What makes its requests for Klaviyo come to the fake one.
    #[serde(default)]
    pub reach: Routing,
    /// Base URL it answers at.
    pub url: Spanned<String>,
    /// What Klaviyo knows of it.
    pub klaviyo: Registration,
    /// Pages flowcheck goes to by address.
    #[serde(default)]
    pub pages: Pages,
    /// How parts of its pages are found, for those that the page reader gets wrong.
    #[serde(default)]
    pub overrides: Overrides,
    /// What stands in front of it.
    #[serde(default)]
    pub access: Access,
    /// Its users. The first with one tenant, and the first with several, are the ones that act.
    #[serde(default)]
    pub users: Vec<Spanned<AppUser>>,
    /// What makes it call Klaviyo in the background.
    #[serde(default)]
    pub trigger: Option<AppAction>,
    /// What puts its data back to how it was, before each scenario.
    #[serde(default)]
    pub reset: Option<AppAction>,
    /// How its scopes change, as an update of the app would change them.
    #[serde(default)]
    pub scopes_update: Option<ScopesUpdate>,
    /// How long things may take.
    #[serde(default)]
    pub timing: Timing,
    /// Items known to fail. They do not fail the run; one that passes after all does.
    #[serde(default)]
    pub expected_failures: Vec<Spanned<KnownFailure>>,
}

/// An item known to fail.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownFailure {
    /// The item's id.
    pub id: String,
    /// Why it is accepted, for who reads the report.
    pub comment: String,
    /// The last day on which it is, `2027-01-31`; for good, when left out.
    #[serde(default)]
    pub until: Option<String>,
}

impl KnownFailure {
    /// As a run carries it.
    pub fn known(&self) -> ExpectedFailure {
        ExpectedFailure {
            item: self.id.as_str().into(),
            comment: self.comment.trim().to_owned(),
            until: self.until.clone(),
        }
    }
}

/// How flowcheck starts the app.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Program and arguments, split at spaces as a shell does, without a shell.
    pub command: Spanned<String>,
    /// Folder it runs in, relative to this file.
    #[serde(default)]
    pub folder: Option<String>,
    /// Environment variables it gets on top of flowcheck's own.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Address that answers with a status below 500 once the app is ready; `url`, when left out.
    #[serde(default)]
    pub ready: Option<String>,
    /// Whose time the app lives in.
    #[serde(default)]
    pub clock: Clock,
}

/// Whose time the app lives in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// The computer's.
    #[default]
    Own,
    /// Klaviyo's: where flowcheck moves time, the app's clock moves along. Needs libfaketime.
    Follow,
}

/// Whose accounts people have in the app.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Accounts {
    /// The app's own: people log in to it.
    #[default]
    Own,
    /// Klaviyo's: there is no login, and whoever installs is known by the Klaviyo account.
    Klaviyo,
}

/// What Klaviyo knows of the app: its settings on the app management page.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// OAuth client id.
    pub client_id: String,
    /// OAuth client secret.
    pub client_secret: String,
    /// Scopes.
    pub scopes: Vec<Spanned<String>>,
    /// Whether these scopes were only copied from the app's own request; comparing the two then shows nothing.
    #[serde(default)]
    pub scopes_copied: bool,
    /// Redirect URIs.
    pub redirect_uris: Vec<Spanned<String>>,
    /// Installation URL of the directory listing. One fixed URL, the same for every user.
    pub install_url: Spanned<String>,
    /// Whether Klaviyo has reviewed the app; consent warns when not.
    #[serde(default)]
    pub reviewed: bool,
}

/// Pages of the app, by address.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// Where a user logs in; the base URL, when left out.
    #[serde(default)]
    pub login: Option<String>,
    /// Where it shows whether it is installed, and offers to connect and disconnect; may hold `{tenant}`.
    #[serde(default)]
    pub settings: Option<String>,
    /// Where a signed-in user starts; the base URL, when left out.
    #[serde(default)]
    pub home: Option<String>,
}

/// A user of the app, who exists before any scenario begins.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppUser {
    /// E-mail address or user name to log in with.
    pub login: String,
    /// Password; left out where the app mails a code or a link instead of asking for one.
    #[serde(default)]
    pub password: String,
    /// The secret of the user's one-time passwords, in Base32.
    #[serde(default)]
    pub totp: Option<String>,
    /// The user's tenants.
    #[serde(default)]
    pub tenants: Vec<Tenant>,
    /// Of an embedded app: whether the user has installed it on the host.
    #[serde(default = "yes")]
    pub installed_on_host: bool,
}

/// A tenant: a store, a sub-account, a workspace.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Its name, as the chooser shows it.
    pub name: String,
    /// What stands for `{tenant}` in addresses; its name, when left out.
    #[serde(default)]
    pub key: Option<String>,
    /// Its store URL, for choosers that are a text box.
    #[serde(default)]
    pub url: Option<String>,
}

/// How long things may take.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Timing {
    /// For the app to become ready.
    pub ready: HumanDuration,
    /// For a page to load.
    pub page: HumanDuration,
    /// Without navigation or fetching, after which a page has come to rest.
    pub quiet: HumanDuration,
    /// For a whole scenario.
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
    /// The user who acts for a persona with one tenant.
    pub fn user_with_one_tenant(&self) -> Option<&AppUser> {
        self.users_with_one_tenant().next()
    }

    /// Another user than that one.
    pub fn other_user(&self) -> Option<&AppUser> {
        self.users_with_one_tenant().nth(1)
    }

    /// The user who has not installed an embedded app on its host.
    pub fn user_not_on_host(&self) -> Option<&AppUser> {
        self.users.iter().map(|user| &user.value).find(|user| !user.installed_on_host)
    }

    /// The user who acts for a persona with several tenants.
    pub fn user_with_several_tenants(&self) -> Option<&AppUser> {
        self.users.iter().map(|user| &user.value).find(|user| user.tenants.len() > 1)
    }

    fn users_with_one_tenant(&self) -> impl Iterator<Item = &AppUser> {
        self.users.iter().map(|user| &user.value).filter(|user| user.tenants.len() <= 1 && user.installed_on_host)
    }
}

impl Start {
    /// Program and arguments, placeholders still in them; put in after the split, what they stand for may hold spaces.
    pub fn words(&self) -> Vec<String> {
        shlex::split(&self.command.value).unwrap_or_default()
    }
}

impl Tenant {
    /// What stands for `{tenant}` in addresses.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.name)
    }
}
