//! Which defect of the fixture app fails which items, and which scenarios show it.

/// A seeded defect.
pub(crate) struct Row {
    /// Its name, as `--defect` takes it.
    pub(crate) defect: &'static str,
    /// Scenarios that it is about.
    pub(crate) touches: &'static [&'static str],
    /// Items that it fails.
    pub(crate) fails: &'static [&'static str],
}

impl Row {
    /// The app's file in which it shows: where a host matters, the one with Klaviyo's own, which need no resolver; for installs of users,
    /// the one that has them.
    pub(crate) fn file(&self) -> &'static str {
        match self.defect {
            "token-host" => "env.flowcheck.yaml",
            "one-token-per-account" | "role-scopes-refused" | "one-end-ends-all" => "per-user.flowcheck.yaml",
            _ => "flowcheck.yaml",
        }
    }
}

/// Every defect, in the order in which the app lists them.
pub(crate) const TABLE: &[Row] = &[
    Row { defect: "one-token-per-account", touches: &["user/two-users"], fails: &["user.isolated"] },
    Row { defect: "role-scopes-refused", touches: &["user/role"], fails: &["user.role-scopes"] },
    Row { defect: "one-end-ends-all", touches: &["user/role-changed"], fails: &["user.revoked-with-role"] },
    Row { defect: "no-pkce", touches: &["install/signed-in"], fails: &["oauth.pkce"] },
    Row { defect: "pkce-constant", touches: &["oauth/fresh"], fails: &["oauth.pkce"] },
    Row { defect: "constant-state", touches: &["oauth/fresh"], fails: &["oauth.state.sent"] },
    Row { defect: "user-id-state", touches: &["oauth/fresh"], fails: &["oauth.state.sent"] },
    Row { defect: "secret-in-body", touches: &["install/signed-in"], fails: &["oauth.client-auth"] },
    Row { defect: "token-host", touches: &["install/signed-in"], fails: &["oauth.token-host", "install.completes"] },
    Row {
        defect: "redirect-uri-differs",
        touches: &["install/signed-in"],
        fails: &["oauth.redirect-uri", "install.completes"],
    },
    Row {
        defect: "unknown-scope",
        touches: &["install/signed-in"],
        fails: &["oauth.authorize.request", "scope.requested"],
    },
    Row {
        defect: "no-accounts-scope",
        touches: &["install/signed-in"],
        fails: &["oauth.authorize.request", "scope.requested"],
    },
    Row {
        defect: "login-drops-return",
        touches: &["install/signed-out", "install/settings-url"],
        fails: &["install.signed-out.resumes", "install.settings-url"],
    },
    Row { defect: "sign-up-drops-return", touches: &["install/no-account"], fails: &["install.no-account.resumes"] },
    Row {
        defect: "signed-out-401",
        touches: &["install/signed-out", "install/no-account"],
        fails: &["install.signed-out.login", "install.no-account.sign-up"],
    },
    Row { defect: "no-sign-up-link", touches: &["install/no-account"], fails: &["install.no-account.sign-up"] },
    Row {
        defect: "interstitial",
        touches: &["install/signed-in"],
        fails: &["install.signed-in.direct", "install.no-manual-steps"],
    },
    Row { defect: "setup-key", touches: &["install/signed-in"], fails: &["install.no-manual-steps"] },
    Row {
        defect: "detour",
        touches: &["install/signed-in"],
        fails: &["install.signed-in.direct", "install.no-detour", "install.no-manual-steps"],
    },
    Row {
        defect: "no-tenant-choice",
        touches: &["install/tenant-drop-down"],
        fails: &["install.tenant.chosen", "install.tenant.isolated"],
    },
    Row { defect: "tenant-drops-install", touches: &["install/tenant-drop-down"], fails: &["install.tenant.resumes"] },
    Row { defect: "wrong-tenant", touches: &["install/tenant-drop-down"], fails: &["install.tenant.isolated"] },
    Row { defect: "all-tenants", touches: &["install/tenant-drop-down"], fails: &["install.tenant.isolated"] },
    Row { defect: "landing-error", touches: &["install/signed-in"], fails: &["install.completes"] },
    Row { defect: "never-shown", touches: &["install/signed-in"], fails: &["install.shown"] },
    Row { defect: "settings-url-gone", touches: &["install/settings-url"], fails: &["install.settings-url"] },
    Row { defect: "no-connect-button", touches: &["install/from-app"], fails: &["install.from-app"] },
    Row { defect: "connect-goes-nowhere", touches: &["install/from-app"], fails: &["install.from-app"] },
    Row {
        defect: "www-only",
        touches: &["install/klaviyo-subdomain", "install/signed-in"],
        fails: &["install.any-klaviyo-host"],
    },
    Row {
        defect: "remembers-first-account",
        touches: &["install/klaviyo-accounts"],
        fails: &["install.any-klaviyo-session"],
    },
    Row { defect: "denial-ignored", touches: &["errors/denied"], fails: &["error.denied.message"] },
    Row { defect: "denial-ignored-in-app", touches: &["errors/denied-in-app"], fails: &["error.denied.message"] },
    Row { defect: "denial-generic", touches: &["errors/denied"], fails: &["error.denied.message"] },
    Row { defect: "denial-raw", touches: &["errors/denied"], fails: &["error.denied.message", "error.denied.dismiss"] },
    Row { defect: "no-dismiss", touches: &["errors/denied"], fails: &["error.denied.dismiss"] },
    Row { defect: "denied-blocks-retry", touches: &["errors/denied"], fails: &["error.denied.retry"] },
    Row { defect: "expired-500", touches: &["errors/expired"], fails: &["error.expired.message"] },
    Row { defect: "expired-generic", touches: &["errors/expired"], fails: &["error.expired.message"] },
    Row { defect: "no-retry-link", touches: &["errors/expired"], fails: &["error.expired.link"] },
    Row {
        defect: "expired-retry-broken",
        touches: &["errors/expired"],
        fails: &["error.expired.link", "error.expired.retry"],
    },
    Row { defect: "pending-cleared-by-visit", touches: &["errors/abandoned"], fails: &["error.abandoned.return"] },
    Row { defect: "no-disconnect", touches: &["uninstall/in-app"], fails: &["uninstall.app.findable"] },
    Row {
        defect: "no-revoke",
        touches: &["uninstall/in-app"],
        fails: &["uninstall.app.revokes", "uninstall.app.removed"],
    },
    Row {
        defect: "revoke-wrong-token",
        touches: &["uninstall/in-app"],
        fails: &["uninstall.app.revokes", "uninstall.app.removed"],
    },
    Row { defect: "still-installed-after-disconnect", touches: &["uninstall/in-app"], fails: &["uninstall.app.shown"] },
    Row { defect: "shown-again-after-login", touches: &["uninstall/in-app"], fails: &["uninstall.app.shown"] },
    Row { defect: "reconnect-refused", touches: &["uninstall/in-app"], fails: &["uninstall.app.reinstall"] },
    Row {
        defect: "still-installed-after-klaviyo-uninstall",
        touches: &["uninstall/in-klaviyo"],
        fails: &["uninstall.klaviyo.shown"],
    },
    Row { defect: "hammers-dead-token", touches: &["uninstall/in-klaviyo"], fails: &["uninstall.klaviyo.quiet"] },
    Row {
        defect: "stale-connection-blocks",
        touches: &["uninstall/in-klaviyo"],
        fails: &["uninstall.klaviyo.reinstall"],
    },
    Row { defect: "private-key", touches: &["install/signed-in"], fails: &["api.bearer-only"] },
    Row { defect: "retired-revision", touches: &["install/signed-in"], fails: &["api.revision"] },
    Row { defect: "browser-call", touches: &["install/signed-in"], fails: &["api.server-side"] },
    Row { defect: "unpublished-path", touches: &["install/signed-in"], fails: &["api.published"] },
    Row { defect: "challenge-as-forbidden", touches: &["api/edge-challenge"], fails: &["api.edge-challenge"] },
    Row { defect: "client-event", touches: &["install/signed-in"], fails: &["api.server-side"] },
    // Data in the account.
    Row { defect: "names-without-app", touches: &["scopes/least"], fails: &["data.named-for-app"] },
    Row { defect: "past-one-by-one", touches: &["scopes/least"], fails: &["data.bulk"] },
    Row { defect: "rating-as-text", touches: &["scopes/least"], fails: &["data.stable-schema"] },
    Row { defect: "metric-by-key", touches: &["scopes/least"], fails: &["data.one-source"] },
    Row { defect: "no-examples", touches: &["install/no-account"], fails: &["data.examples"] },
    Row { defect: "state-unchecked", touches: &["oauth/state-checked"], fails: &["oauth.state.checked"] },
    Row { defect: "locks-out-on-bad-state", touches: &["oauth/state-checked"], fails: &["oauth.state.checked"] },
    Row {
        defect: "state-unbound",
        touches: &["oauth/state-bound", "oauth/state-checked"],
        fails: &["oauth.state.bound"],
    },
    Row { defect: "code-replayed", touches: &["oauth/code-replay"], fails: &["oauth.code-replay"] },
    Row { defect: "no-refresh", touches: &["oauth/refresh"], fails: &["oauth.refresh"] },
    Row { defect: "refresh-not-repeated", touches: &["oauth/refresh"], fails: &["oauth.refresh"] },
    Row {
        defect: "rotation-ignored",
        touches: &["oauth/refresh-rotation", "oauth/refresh"],
        fails: &["oauth.refresh.rotation"],
    },
    Row { defect: "refresh-storm", touches: &["oauth/refresh-once", "oauth/refresh"], fails: &["oauth.refresh.once"] },
    Row { defect: "outage-500", touches: &["oauth/token-unavailable"], fails: &["oauth.unavailable"] },
    Row { defect: "outage-ignored", touches: &["oauth/token-unavailable"], fails: &["oauth.unavailable"] },
    Row { defect: "outage-blocks-retry", touches: &["oauth/token-unavailable"], fails: &["oauth.unavailable"] },
    Row { defect: "no-timeout", touches: &["oauth/token-slow"], fails: &["oauth.unavailable"] },
    Row { defect: "token-in-page", touches: &["oauth/secrets"], fails: &["oauth.secrets-hidden"] },
    Row { defect: "secret-in-page", touches: &["oauth/secrets"], fails: &["oauth.secrets-hidden"] },
    Row { defect: "verifier-in-cookie", touches: &["oauth/secrets"], fails: &["oauth.secrets-hidden"] },
    Row { defect: "tokens-in-cookie", touches: &["oauth/secrets"], fails: &["oauth.secrets-hidden"] },
    Row { defect: "odd-callback-500", touches: &["oauth/hostile"], fails: &["oauth.survives"] },
    Row { defect: "exits-on-long-state", touches: &["oauth/hostile"], fails: &["oauth.survives"] },
    Row { defect: "hangs-on-callback", touches: &["install/signed-in"], fails: &["install.completes"] },
    Row { defect: "exits-on-callback", touches: &["install/signed-in"], fails: &["install.completes"] },
    Row { defect: "loops-on-api", touches: &["install/signed-in"], fails: &["install.completes"] },
    Row {
        defect: "limits-own-login",
        touches: &["uninstall/in-app"],
        fails: &["uninstall.app.shown", "uninstall.app.reinstall"],
    },
    Row { defect: "never-stops-loading", touches: &["install/signed-in"], fails: &["install.shown"] },
    // Scopes.
    Row {
        defect: "old-scopes-requested",
        touches: &["scopes/new-install", "scopes/forbidden"],
        fails: &["scope.requested", "scope.new-install", "scope.forbidden.link", "scope.reauthorized"],
    },
    Row { defect: "no-update-notice", touches: &["scopes/forbidden"], fails: &["scope.proactive"] },
    Row { defect: "update-breaks-old", touches: &["scopes/old-install"], fails: &["scope.old-install"] },
    Row { defect: "forbidden-ignored", touches: &["scopes/forbidden"], fails: &["scope.forbidden.told"] },
    Row { defect: "forbidden-no-link", touches: &["scopes/forbidden"], fails: &["scope.forbidden.link"] },
    Row { defect: "forbidden-mail-each-time", touches: &["scopes/forbidden"], fails: &["scope.forbidden.no-spam"] },
    Row { defect: "reauthorization-not-stored", touches: &["scopes/forbidden"], fails: &["scope.reauthorized"] },
    Row { defect: "outdated-not-revoked", touches: &["scopes/outdated"], fails: &["scope.outdated-revoked"] },
    Row { defect: "news-forgotten", touches: &["scopes/least"], fails: &["scope.least"] },
    Row { defect: "unasked-scope", touches: &["scopes/least"], fails: &["scope.least"] },
    // Rate limits.
    Row { defect: "ignores-retry-after", touches: &["rate/throttled"], fails: &["rate.respects-retry-after"] },
    Row { defect: "drops-throttled", touches: &["rate/throttled"], fails: &["rate.delivers"] },
    Row { defect: "resends-throttled", touches: &["rate/throttled"], fails: &["rate.delivers"] },
    Row { defect: "one-limit-stops-all", touches: &["rate/isolated"], fails: &["rate.isolated"] },
];

/// Defects that let the user wait: for them flowcheck waits no longer than it must.
pub(crate) const HANG: &[&str] = &["no-timeout", "hangs-on-callback"];
