//! `flowcheck.yaml`: the app under test, in one file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::checklist::ExpectedFailure;
use crate::evidence::{Declared, Installs, Routing, Tenancy};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::human_duration::HumanDuration;
use crate::scenario::spanned::Spanned;

use super::absent::{Absent, take};
use super::access::Access;
use super::app_action::AppAction;
use super::app_kind::{AppKind, Embedding, KindName};
use super::app_user::AppUser;
use super::newcomer::Newcomer;
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
    /// Whether people log in to the app itself, or to a [host platform](#embedded-apps) that it lives in.
    #[serde(default)]
    #[schemars(extend("default" = "standalone"))]
    pub kind: AppKind,
    /// How the app keeps tenants apart. Unless it is `single`, one of `users` has two tenants or more.
    #[serde(default = "single")]
    pub tenancy: Tenancy,
    /// Whose accounts people have in the app.
    #[serde(default)]
    pub accounts: Accounts,
    /// Whether people can create an account by themselves.
    #[serde(default = "yes")]
    pub sign_up: bool,
    /// How flowcheck starts the app; without it, the app must be running at `url`.
    #[serde(default)]
    pub start: Option<Start>,
    /// How an app that flowcheck does not start is treated; see [staging.md](staging.md).
    #[serde(default)]
    pub staging: Option<Staging>,
    /// How the app's requests to Klaviyo reach the fake one; see [gateway.md](gateway.md#for-flowcheck-run).
    #[serde(default)]
    pub reach: Routing,
    /// Base URL of the app, not at [one of the ports that drivers have](scale.md#ports-of-drivers).
    pub url: Spanned<String>,
    /// The app's settings at Klaviyo.
    pub klaviyo: Registration,
    /// Pages of the app that flowcheck opens by URL.
    #[serde(default)]
    pub pages: Pages,
    /// How parts of the app's pages are found that the page reader gets wrong; see [overrides](#overrides).
    #[serde(default)]
    pub overrides: Overrides,
    /// Credentials for an app that is not public; see [access](#access).
    #[serde(default)]
    pub access: Access,
    /// Users who exist before any scenario begins. The first with one tenant and the first with several are the ones who act.
    #[serde(default)]
    pub users: Vec<Spanned<AppUser>>,
    /// Who signs up where a scenario needs somebody without an account.
    #[serde(default)]
    pub newcomer: Newcomer,
    /// What makes the app call Klaviyo: an [action](#app-actions), or `none` with the reason why the app has none. Items that need it
    /// are not run where the file says nothing of it.
    #[serde(default)]
    pub trigger: Option<AppAction>,
    /// What resets the app's data before each scenario: an [action](#app-actions). An app that keeps its data in `{data}` needs none. A
    /// `reset` that fails (a status from 400 on, a failing command) ends the scenario as a mistake of this file.
    #[serde(default)]
    pub reset: Option<AppAction>,
    /// How the app's scopes are [updated](#updating-scopes), or `none` with the reason why they are not. Items about updates are not
    /// run where the file says nothing of it.
    #[serde(default)]
    pub scopes_update: Option<ScopesUpdate>,
    /// Time limits.
    #[serde(default)]
    pub timing: Timing,
    /// Items known to fail. They do not fail the run, nor do items that wait for them; one that passes does.
    #[serde(default)]
    pub expected_failures: Vec<Spanned<KnownFailure>>,
    /// Reasons for what the app does not have, as `none` gave them.
    #[serde(skip)]
    #[schemars(skip)]
    pub absent: Absent,
    /// What may be a mistake in it, or may not.
    #[serde(skip)]
    #[schemars(skip)]
    pub notes: Vec<Diagnostic>,
}

/// An item that is known to fail.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownFailure {
    /// The item's id.
    pub id: String,
    /// Why the failure is accepted, for readers of the report.
    pub comment: String,
    /// The last day on which it is accepted, such as `2027-01-31`; without it, every day.
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Accounts {
    /// The app's own: people log in to it.
    #[default]
    Own,
    /// Klaviyo's: there is no login, and whoever installs is identified by the Klaviyo account. There are no `users`, and scenarios
    /// about login and sign-up do not apply.
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
    /// Scopes in the app's settings. `accounts:read` must be among them: Klaviyo requires it of every OAuth app.
    pub scopes: Vec<Spanned<String>>,
    /// Whether `scopes` were copied from the app's own request. `scope.requested` is then for review, since comparing a request with
    /// itself shows nothing.
    #[serde(default)]
    pub scopes_copied: bool,
    /// Redirect URIs in the app's settings; at least one.
    pub redirect_uris: Vec<Spanned<String>>,
    /// Installation URL of the listing. One fixed URL for everyone: no `{tenant}`, no user's login.
    pub install_url: Spanned<String>,
    /// Whether accounts install the app, or each of their users: what was declared when the app was created at Klaviyo.
    #[serde(default)]
    pub installs: Installs,
    /// Settings URL in the app's settings: where Klaviyo's integrations page sends users who have installed the app. One fixed URL for
    /// everyone, which reaches the app's settings, by its login where the user is signed out.
    #[serde(default)]
    pub settings_url: Option<String>,
    /// Why the app has no settings URL, such as `its settings are in Klaviyo`. What is judged by one does not apply then, and the report
    /// shows the reason.
    #[serde(default)]
    pub no_settings_url: Option<String>,
    /// Whether Klaviyo has reviewed the app; otherwise the consent page warns.
    #[serde(default)]
    pub reviewed: bool,
}

/// URLs of the app's pages.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// Where a user logs in, or a page with a link to it; `url` by default.
    #[serde(default)]
    pub login: Option<String>,
    /// Where the app shows whether it is installed, and offers to connect and disconnect; may hold `{tenant}`. By default it is looked
    /// for, from `home` along links that promise integrations or settings.
    #[serde(default)]
    pub settings: Option<String>,
    /// Why the app has no page that shows whether it is installed, such as `none: the callback's answer is all that users see`. What
    /// only such a page could show does not apply then, and the report shows the reason.
    #[serde(default)]
    pub none: Option<String>,
    /// Where a signed-in user starts; `url` by default.
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
    /// How long there must be neither navigation nor fetching before a page counts as idle.
    pub quiet: HumanDuration,
    /// How long a whole scenario may take.
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

    /// Keeps the reasons of `none` apart, so that every other field is one that the app has.
    pub(crate) fn with_absent(mut self) -> Self {
        self.absent.trigger = take(&mut self.trigger);
        take(&mut self.reset);
        if let Some(update) = &mut self.scopes_update {
            self.absent.revoke = take(&mut update.revoke);
        }
        self.absent.scopes_update = self.scopes_update.as_ref().and_then(|update| update.none.clone());
        self.scopes_update = self.scopes_update.filter(|update| update.none.is_none());
        self
    }

    /// What the file says of a trigger.
    pub fn declares_trigger(&self) -> Declared {
        Declared::of(self.trigger.is_some(), self.absent.trigger.as_deref())
    }

    /// What it says of a page that shows whether the app is installed.
    pub fn declares_settings(&self) -> Declared {
        Declared::of(self.pages.settings.is_some(), self.pages.none.as_deref())
    }

    /// What it says of a settings URL that is registered at Klaviyo.
    pub fn declares_settings_url(&self) -> Declared {
        Declared::of(self.klaviyo.settings_url.is_some(), self.klaviyo.no_settings_url.as_deref())
    }

    /// What it says of updates of the app's scopes.
    pub fn declares_scopes_update(&self) -> Declared {
        Declared::of(self.scopes_update.is_some(), self.absent.scopes_update.as_deref())
    }

    /// What it says of outdated installs being revoked, which is no more than it says of updates at all.
    pub fn declares_revoke(&self) -> Declared {
        match self.declares_scopes_update() {
            Declared::Given => {
                let given = self.scopes_update.as_ref().is_some_and(|update| update.revoke.is_some());
                Declared::of(given, self.absent.revoke.as_deref())
            }
            other => other,
        }
    }
}
