//! A scenario: persona, initial state, steps, and the checklist items it covers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{KlaviyoSession, SignInState, Tenancy};
use crate::scenario::app_file::KindName;
use crate::scenario::human_duration::HumanDuration;
use crate::scenario::spanned::Spanned;

use super::step::Step;

/// A scenario.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The scenario's id: folder and file name without extension, as in `install/signed-out`.
    pub id: Spanned<String>,
    /// What happens, in one line.
    pub title: String,
    /// Why Klaviyo requires it.
    pub why: String,
    /// Tags to select the scenario by, besides the folder of its id and its persona.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Which apps the scenario is for. Default: all.
    #[serde(default)]
    pub applies_to: AppliesTo,
    /// The initial state.
    #[serde(default)]
    pub given: Given,
    /// The steps.
    pub steps: Vec<Spanned<Step>>,
    /// Ids of the checklist items that the scenario covers.
    pub expects: Vec<Spanned<String>>,
}

/// Which apps a scenario is for.
#[expect(clippy::struct_excessive_bools, reason = "each is an independent property of an app")]
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppliesTo {
    /// Tenancies. Default: any.
    #[serde(default)]
    pub tenancy: Vec<Tenancy>,
    /// Kinds of app. Default: any.
    #[serde(default)]
    pub kind: Vec<KindName>,
    /// Only apps in which users can create an account.
    #[serde(default)]
    pub sign_up: bool,
    /// Only apps with a `trigger`.
    #[serde(default)]
    pub trigger: bool,
    /// Only apps whose `flowcheck.yaml` says how their scopes are updated.
    #[serde(default)]
    pub scopes_update: bool,
    /// Only apps that can revoke installs which are too far out of date.
    #[serde(default)]
    pub revoke_outdated: bool,
}

/// The initial state of a scenario.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    /// The persona who acts.
    pub user: Persona,
    /// Whether the user is signed in to Klaviyo.
    pub klaviyo: KlaviyoSession,
    /// How many Klaviyo accounts the user can install the app for; the last one is chosen.
    #[schemars(range(min = 1, max = 5))]
    pub accounts: u8,
    /// Whether a second user takes part, for `switch-user`.
    pub other_user: bool,
    /// Whether Klaviyo revokes an installation's tokens when its code is used again, as RFC 6749, 4.1.2, recommends.
    pub replay_revokes: bool,
    /// Lifetime of access tokens, for apps that use their own clock. Default: an hour, as at Klaviyo.
    pub token_life: Option<HumanDuration>,
}

impl Default for Given {
    fn default() -> Self {
        Self {
            user: Persona::SignedIn,
            klaviyo: KlaviyoSession::SignedIn,
            accounts: 1,
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
    /// Has no account.
    NoAccount,
    /// Has an account with several tenants, and is signed in to the app.
    SeveralTenants,
    /// Is signed in to the host platform of an embedded app, and has not installed the app there.
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
