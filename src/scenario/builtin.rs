//! The checklist's scenarios, compiled into the program.

/// A scenario of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Builtin {
    /// Its file: `scenarios/install/signed-out.yaml`.
    pub file: &'static str,
    /// The file's text.
    pub source: &'static str,
}

/// Every scenario of the checklist, in the checklist's order.
pub fn builtin() -> &'static [Builtin] {
    BUILTIN
}

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(Builtin {
            file: concat!("scenarios/", $name, ".yaml"),
            source: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/", $name, ".yaml")),
        }),*]
    };
}

/// One line for each file below `scenarios/`; a test compares the two.
static BUILTIN: &[Builtin] = built_in![
    "install/signed-in",
    "install/signed-out",
    "install/no-account",
    "install/tenant-drop-down",
    "install/tenant-text-box",
    "install/from-app",
    "install/klaviyo-subdomain",
    "install/klaviyo-signed-out",
    "install/klaviyo-accounts",
    "install/settings-url",
    "embedded/signed-in",
    "embedded/signed-out",
    "embedded/no-account",
    "embedded/not-installed",
    "embedded/several-tenants",
    "user/two-users",
    "user/role",
    "user/role-changed",
    "errors/denied",
    "errors/denied-in-app",
    "errors/expired",
    "errors/expired-in-app",
    "errors/abandoned",
    "uninstall/in-app",
    "uninstall/in-klaviyo",
    "rate/throttled",
    "rate/isolated",
    "scopes/new-install",
    "scopes/old-install",
    "scopes/forbidden",
    "scopes/outdated",
    "scopes/least",
    "oauth/fresh",
    "oauth/state-checked",
    "oauth/state-bound",
    "oauth/code-replay",
    "oauth/refresh",
    "oauth/refresh-rotation",
    "oauth/refresh-once",
    "oauth/token-unavailable",
    "oauth/token-slow",
    "oauth/secrets",
    "oauth/hostile",
    "api/edge-challenge",
];
