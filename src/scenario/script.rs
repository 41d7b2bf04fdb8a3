//! A scenario: who, what is arranged, which steps, and which items of the checklist it shows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Located, Step};
use crate::evidence::{KlaviyoSession, Standing, Tenancy};

/// A scenario as its file says it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Its id: folder and file name without the ending, `install/signed-out`.
    pub id: Located<String>,
    /// One line that says what happens.
    pub title: String,
    /// Why Klaviyo asks for it.
    pub why: String,
    /// Which apps it is for; all, when left out.
    #[serde(default)]
    pub applies_to: AppliesTo,
    /// What is arranged before the first step.
    #[serde(default)]
    pub given: Given,
    /// What happens.
    pub steps: Vec<Located<Step>>,
    /// Ids of the checklist's items that it shows.
    pub expects: Vec<Located<String>>,
}

/// Which apps a scenario is for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppliesTo {
    /// Ways of keeping tenants apart; any, when empty.
    #[serde(default)]
    #[schemars(with = "Vec<TenancyName>")]
    pub tenancy: Vec<Tenancy>,
    /// Only apps that have an account of their own for each user.
    #[serde(default)]
    pub sign_up: bool,
    /// Only apps with a `trigger`.
    #[serde(default)]
    pub trigger: bool,
}

/// What is arranged before a scenario's first step.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    /// Who acts.
    pub user: Persona,
    /// Whether that user is signed in to Klaviyo.
    #[schemars(with = "KlaviyoSessionName")]
    pub klaviyo: KlaviyoSession,
    /// How many Klaviyo accounts the user may install for; the last one is chosen.
    #[schemars(range(min = 1, max = 5))]
    pub accounts: u8,
    /// Whether a second user of the app takes part, for `switch-user`.
    pub other_user: bool,
}

impl Default for Given {
    fn default() -> Self {
        Self { user: Persona::SignedIn, klaviyo: KlaviyoSession::SignedIn, accounts: 1, other_user: false }
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
}

impl Persona {
    /// How the user stands to the app when the scenario begins.
    pub fn standing(self) -> Standing {
        match self {
            Self::SignedIn | Self::SeveralTenants => Standing::SignedIn,
            Self::SignedOut => Standing::SignedOut,
            Self::NoAccount => Standing::NoAccount,
        }
    }

    /// The word scenarios and reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::SignedOut => "signed-out",
            Self::NoAccount => "no-account",
            Self::SeveralTenants => "several-tenants",
        }
    }
}

// The evidence room knows nothing of schemas; these say to editors what its words are.

#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum TenancyName {
    /// One tenant per user.
    Single,
    /// Several, chosen from what the page offers.
    DropDown,
    /// Several, named in a text box by store URL.
    TextBox,
}

#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum ReachName {
    /// By environment variables that name a proxy, and certificates to trust.
    Env,
    /// By a hosts file of the app's own; on Linux, as root.
    Hosts,
    /// By base URLs that it is told.
    Urls,
}

#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its schema is used")]
enum KlaviyoSessionName {
    /// Signed in to Klaviyo.
    SignedIn,
    /// Signed out of Klaviyo.
    SignedOut,
}
