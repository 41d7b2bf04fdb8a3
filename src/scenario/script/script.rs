//! A scenario: who, what is arranged, which steps, and which items of the checklist it shows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{KlaviyoSession, SignInState, Tenancy};
use crate::scenario::app_file::KindName;
use crate::scenario::human_duration::HumanDuration;
use crate::scenario::spanned::Spanned;

use super::step::Step;

/// A scenario as its file says it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Its id: folder and file name without the ending, `install/signed-out`.
    pub id: Spanned<String>,
    /// One line that says what happens.
    pub title: String,
    /// Why Klaviyo asks for it.
    pub why: String,
    /// Words to choose it by, besides the folder of its id and who acts, which are its tags anyway.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Which apps it is for; all, when left out.
    #[serde(default)]
    pub applies_to: AppliesTo,
    /// What is arranged before the first step.
    #[serde(default)]
    pub given: Given,
    /// What happens.
    pub steps: Vec<Spanned<Step>>,
    /// Ids of the checklist's items that it shows.
    pub expects: Vec<Spanned<String>>,
}

/// Which apps a scenario is for.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that an app has or has not")]
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppliesTo {
    /// Ways of keeping tenants apart; any, when empty.
    #[serde(default)]
    pub tenancy: Vec<Tenancy>,
    /// Kinds of app; any, when empty.
    #[serde(default)]
    pub kind: Vec<KindName>,
    /// Only apps that have an account of their own for each user.
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

/// What is arranged before a scenario's first step.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    /// Who acts.
    pub user: Persona,
    /// Whether that user is signed in to Klaviyo.
    pub klaviyo: KlaviyoSession,
    /// How many Klaviyo accounts the user may install for; the last one is chosen.
    #[schemars(range(min = 1, max = 5))]
    pub accounts: u8,
    /// Whether a second user of the app takes part, for `switch-user`.
    pub other_user: bool,
    /// Whether Klaviyo ends an installation's tokens when its code is used a second time, as RFC 6749 asks (4.1.2).
    pub replay_revokes: bool,
    /// How long access tokens live, for apps that look at their own clock; an hour, as at Klaviyo, when left out.
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

/// Who acts, and how that user stands to the app.
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
    /// What it can be chosen by: the folder of its id, who acts, and its own tags.
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
    /// How the user stands to the app when the scenario begins.
    pub fn sign_in_state(self) -> SignInState {
        match self {
            Self::SignedIn | Self::SeveralTenants => SignInState::SignedIn,
            Self::SignedOut => SignInState::SignedOut,
            Self::NoAccount => SignInState::NoAccount,
            Self::NotInstalledOnHost => SignInState::NotOnHost,
        }
    }

    /// The word scenarios and reports use.
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
