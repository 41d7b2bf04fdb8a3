//! A scenario: persona, initial state, steps, and the checklist items it covers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{Installs, KlaviyoSession, Role, SignInState, Tenancy};
use crate::scenario::app_file::KindName;
use crate::scenario::human_duration::HumanDuration;
use crate::scenario::spanned::Spanned;

use super::step::Step;

/// A scenario.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The scenario's id: folder and file name without the ending, as in `errors/denied`. Lower-case letters, digits and dashes.
    pub id: Spanned<String>,
    /// One line that says what happens.
    pub title: String,
    /// Why Klaviyo asks for it.
    pub why: String,
    /// Tags to select it by (`flowcheck run --tag WORD`). The folder of its id and its `user` are tags already.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Which apps the scenario applies to; all, by default.
    #[serde(default)]
    pub applies_to: AppliesTo,
    /// What is set up before the first step.
    #[serde(default)]
    pub given: Given,
    /// The steps, in order; at least one.
    pub steps: Vec<Spanned<Step>>,
    /// Ids of the checklist items that the scenario judges; at least one, each once.
    pub expects: Vec<Spanned<String>>,
}

/// Which apps a scenario is for.
#[expect(clippy::struct_excessive_bools, reason = "each is an independent property of an app")]
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppliesTo {
    /// How the app keeps tenants apart: a list of these words; any, by default.
    #[serde(default)]
    pub tenancy: Vec<Tenancy>,
    /// Kinds of app: a list of these words; any, by default.
    #[serde(default)]
    pub kind: Vec<KindName>,
    /// Whose installs the app has at Klaviyo: `per-account` or `per-user`; either, by default.
    #[serde(default)]
    pub installs: Option<Installs>,
    /// Only apps where each user has an account of the app's own.
    #[serde(default)]
    pub sign_up: bool,
    /// Only apps whose `flowcheck.yaml` has a `trigger`: scenarios that show nothing without one.
    #[serde(default)]
    pub trigger: bool,
    /// Only apps whose `flowcheck.yaml` has a `scopes_update`.
    #[serde(default)]
    pub scopes_update: bool,
    /// Only apps whose `scopes_update` has a `revoke`.
    #[serde(default)]
    pub revoke_outdated: bool,
    /// Only apps whose `flowcheck.yaml` has `klaviyo.settings_url`.
    #[serde(default)]
    pub settings_url: bool,
}

/// The initial state of a scenario.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    /// The user who acts.
    pub user: Persona,
    /// Whether that user is `signed-in` or `signed-out` at Klaviyo.
    pub klaviyo: KlaviyoSession,
    /// Number of Klaviyo accounts that the user may install for, 1 to 5. The last one is chosen, or another one after
    /// `switch-account`.
    #[schemars(range(min = 1, max = 5))]
    pub accounts: u8,
    /// The role of that user's own user at Klaviyo, in each account.
    pub klaviyo_role: Role,
    /// Whether a second user of the app takes part, for `switch-user`; with a user at Klaviyo of their own, an owner of the same accounts.
    pub other_user: bool,
    /// Whether Klaviyo ends an installation's tokens when its code is used a second time, as RFC 6749 asks (4.1.2).
    pub replay_revokes: bool,
    /// Lifetime of access tokens, such as `30s`, for apps that refresh them by their own clock. One hour by default, as at Klaviyo.
    pub token_life: Option<HumanDuration>,
}

impl Default for Given {
    fn default() -> Self {
        Self {
            user: Persona::SignedIn,
            klaviyo: KlaviyoSession::SignedIn,
            accounts: 1,
            klaviyo_role: Role::Owner,
            other_user: false,
            replay_revokes: false,
            token_life: None,
        }
    }
}

/// Who acts: a kind of user of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Persona {
    /// Has an account with one tenant, and is signed in to the app.
    SignedIn,
    /// Has an account with one tenant, and is signed out of the app.
    SignedOut,
    /// Has no account. Needs `sign_up: true` in `applies_to`.
    NoAccount,
    /// Has an account with several tenants, and is signed in to the app. Needs a `tenancy` without `single` in `applies_to`.
    SeveralTenants,
    /// Is signed in to the host platform of an embedded app, and has not installed the app there. Needs `kind: [embedded]`.
    NotInstalledOnHost,
}

impl Script {
    /// The tags to select it by: the folder of its id, its persona, and its own tags.
    pub fn tags(&self) -> Vec<&str> {
        let folder = self.id.value.split_once('/').map(|(folder, _)| folder);
        let mut tags: Vec<&str> = folder.into_iter().chain([self.given.user.word()]).collect();
        for tag in &self.tags {
            if !tags.contains(&tag.as_str()) {
                tags.push(tag);
            }
        }
        tags
    }
}

impl Persona {
    /// The user's sign-in state when the scenario begins.
    pub fn sign_in_state(self) -> SignInState {
        match self {
            Self::SignedIn | Self::SeveralTenants => SignInState::SignedIn,
            Self::SignedOut => SignInState::SignedOut,
            Self::NoAccount => SignInState::NoAccount,
            Self::NotInstalledOnHost => SignInState::NotOnHost,
        }
    }

    /// The persona's name in scenarios and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::SignedOut => "signed-out",
            Self::NoAccount => "no-account",
            Self::SeveralTenants => "several-tenants",
            Self::NotInstalledOnHost => "not-installed-on-host",
        }
    }
}
