//! Who installs an app at Klaviyo, and how its users stand to an account.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whose installs an app has: an account's, or each of its users'.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Installs {
    /// One for an account, whoever installs.
    #[default]
    PerAccount,
    /// One for each user: a user-scoped app, which acts as the user who authorized it.
    PerUser,
}

/// What a user of Klaviyo's may do in an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Everything.
    #[default]
    Owner,
    /// Everything.
    Admin,
    /// Everything but the account's own settings, which no scope covers.
    Manager,
    /// Reading, and nothing else.
    Analyst,
}

/// A change of a user's place in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UserChange {
    /// The user is removed from the account.
    Removed,
    /// The user is suspended.
    Suspended,
    /// The user has another role now.
    Role(Role),
}

impl Role {
    /// Whether the role may do what a scope is for. That an analyst may read all and write nothing is an assumption (A), as is which
    /// role has which scopes at all; this function is the only place that makes it.
    pub fn allows(self, scope: &str) -> bool {
        self != Self::Analyst || scope.ends_with(":read")
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Analyst => "analyst",
        })
    }
}

impl fmt::Display for UserChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Removed => f.write_str("removed from the account"),
            Self::Suspended => f.write_str("suspended"),
            Self::Role(role) => write!(f, "given the role {role}"),
        }
    }
}
