//! A search of what a browser received and keeps, for secrets that belong on the app's server.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Secret;

/// One search of one user's browser.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Search {
    /// Which of the setup's users' browsers was searched.
    pub user: String,
    /// How many answers' bodies could be read.
    pub bodies: usize,
    /// How many could not: the browser had let go of them.
    pub unread: usize,
    /// How many addresses were asked for.
    pub addresses: usize,
    /// How many cookies it keeps.
    pub cookies: usize,
    /// How many values its pages keep in local and session storage.
    pub stored: usize,
    /// How many addresses, bodies and values hold more that is compressed than was unpacked.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub packed: usize,
    /// The secrets that were found, each with its place.
    pub exposed: Vec<Exposure>,
    /// Why nothing could be searched, where that is so.
    pub impossible: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A secret in a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exposure {
    /// What it is: `client_secret`, `access_token`, `refresh_token`, `code_verifier`.
    pub label: String,
    /// Its fingerprint.
    pub secret: Secret,
    /// Where it was.
    pub spot: Location,
}

/// A place in a browser where a secret can be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Location {
    /// The body of the answer from this address.
    Body(String),
    /// A header of the answer from this address.
    Header {
        /// The address.
        url: String,
        /// The header's name.
        name: String,
    },
    /// This address itself, which the browser asked for.
    Address(String),
    /// A cookie.
    Cookie {
        /// Its name.
        name: String,
        /// Whether scripts cannot read it.
        http_only: bool,
        /// Whether an answer of a server set it; none where that was not looked at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        set_by_server: Option<bool>,
    },
    /// Local or session storage.
    Storage {
        /// The key.
        key: String,
        /// The page's address.
        url: String,
    },
}
