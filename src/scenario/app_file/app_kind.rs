//! What kind of app it is: one with its own login, or one that lives in a host platform.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::start::Start;
use crate::evidence::Opens;
use crate::scenario::spanned::Spanned;

/// What kind of app it is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AppKind {
    /// People come to it at its own address, and log in there.
    #[default]
    Standalone,
    /// It lives in a host platform: people log in to the host, and find the app in the host's admin.
    Embedded(Box<Embedding>),
}

/// How an app lives in a host platform. Its users and tenants are the host's.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Embedding {
    /// How the host opens the app.
    #[schemars(with = "OpensName")]
    pub opens: Opens,
    /// The host platform.
    pub host: Host,
}

/// A host platform. `{host_port}` stands for a free port of its own, anew for each world.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// Its name, as users know it.
    pub name: String,
    /// How flowcheck starts it, before the app; left out, it must be running at `url`.
    #[serde(default)]
    pub start: Option<Start>,
    /// Base URL it answers at. Its name must be another than the app's: ports do not keep cookies apart.
    pub url: Spanned<String>,
    /// Where a user logs in; the base URL, when left out.
    #[serde(default)]
    pub login: Option<String>,
    /// Where a signed-in user starts; the base URL, when left out.
    #[serde(default)]
    pub home: Option<String>,
    /// The app's page in the host's app listing, where it is installed on the host.
    pub listing: String,
}

/// A kind of app, as scenarios name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KindName {
    /// With a login of its own.
    Standalone,
    /// Living in a host platform.
    Embedded,
}

// The evidence room knows nothing of schemas; this says to editors what its words are.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its schema is used")]
enum OpensName {
    /// In a frame of the host's admin.
    Iframe,
    /// With the window to itself.
    Tab,
}
