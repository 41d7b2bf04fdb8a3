//! The kind of an app: standalone, or embedded in a host platform.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::start::Start;
use crate::evidence::Opens;
use crate::scenario::spanned::Spanned;

/// The kind of an app.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AppKind {
    /// People open the app at its own URL, and log in there.
    #[default]
    Standalone,
    /// The app lives in a host platform: people log in to the host, and find the app in the host's admin.
    Embedded(Box<Embedding>),
}

/// How an app is embedded in a host platform. Its users and tenants are the host's.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Embedding {
    /// How the host opens the app.
    #[schemars(with = "OpensName")]
    pub opens: Opens,
    /// The host platform.
    pub host: Host,
}

/// A host platform. `{host_port}` is replaced by a free port, new in each world.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// The host's name, as users know it.
    pub name: String,
    /// How flowcheck starts the host, before the app: fields as for `start` of the app. Without it, the host must be running at `url`.
    #[serde(default)]
    pub start: Option<Start>,
    /// Base URL of the host. Host and app need different host names, since cookies ignore ports. Any name below `localhost` means this
    /// machine.
    pub url: Spanned<String>,
    /// Where a user logs in; the host's `url` by default.
    #[serde(default)]
    pub login: Option<String>,
    /// Where a signed-in user starts; the host's `url` by default.
    #[serde(default)]
    pub home: Option<String>,
    /// The app's page in the host's app listing, where it is installed on the host.
    pub listing: String,
}

/// The kind of an app, as scenarios name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KindName {
    /// Apps with a login of their own.
    Standalone,
    /// Apps that live in a host platform.
    Embedded,
}

// The evidence crate has no schemas; this one tells editors its values.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its schema is used")]
enum OpensName {
    /// In a frame of the host's admin.
    Iframe,
    /// With the whole window.
    Tab,
}
