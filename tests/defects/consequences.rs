//! What defects fail besides, in scenarios that they are not about: only what truly follows. What merely could not be looked at is
//! `not run`, blocked by the item that failed.

/// A page in between on every way in from Klaviyo: each kind of user meets it.
const ON_EVERY_WAY_IN: &[&str] =
    &["install.any-klaviyo-host", "install.no-account.resumes", "install.signed-out.resumes", "install.tenant.resumes"];

/// No way in from Klaviyo at all: the user ends on a page of the app, and is never asked for the tenant.
const NO_WAY_IN: &[&str] =
    &["install.any-klaviyo-host", "install.no-account.resumes", "install.signed-out.resumes", "install.tenant.chosen"];

/// The same on a host, where nobody is asked for the tenant in between.
const NO_WAY_IN_FROM_A_HOST: &[&str] = &[
    "embedded.no-account.resumes",
    "embedded.not-installed.resumes",
    "embedded.signed-out.resumes",
    "install.any-klaviyo-host",
];

/// A page that offers nothing to disconnect does not surely show the installation: a person has to look.
const NOT_SURELY_SHOWN: &[&str] =
    &["install.shown", "install.tenant.isolated", "oauth.code-replay", "oauth.refresh", "oauth.refresh.rotation"];

/// The frame shows that the session has ended, whatever was to be seen in it: a person has to look, or what is looked for is missing.
const NOTHING_IN_THE_FRAME: &[&str] = &[
    "error.denied.dismiss",
    "install.any-klaviyo-session",
    "install.from-app",
    "oauth.code-replay",
    "oauth.refresh",
    "oauth.refresh.rotation",
    "uninstall.app.findable",
    "uninstall.klaviyo.shown",
];

/// Items that a defect fails, warns of or leaves to a person somewhere in the whole checklist, besides those of its row, in the app of
/// such a file.
pub(crate) const ELSEWHERE: &[(&str, &str, &[&str])] = &[
    // Each callback with a good state has the app ask the wrong host, and answer 502.
    ("env.flowcheck.yaml", "token-host", &["oauth.survives"]),
    ("flowcheck.yaml", "interstitial", ON_EVERY_WAY_IN),
    ("flowcheck.yaml", "detour", NO_WAY_IN),
    ("embedded.flowcheck.yaml", "detour", NO_WAY_IN_FROM_A_HOST),
    ("flowcheck.yaml", "no-disconnect", NOT_SURELY_SHOWN),
    // Nor does one that offers nothing to connect surely show that there is none.
    ("flowcheck.yaml", "no-connect-button", &["install.tenant.isolated", "uninstall.app.shown"]),
    // An expired code is among the hostile inputs too.
    ("flowcheck.yaml", "expired-500", &["oauth.survives"]),
    // Each way to revoke takes the same wrong token.
    ("flowcheck.yaml", "revoke-wrong-token", &["scope.outdated-revoked"]),
    // Hostile inputs go to the callback too.
    ("flowcheck.yaml", "exits-on-callback", &["oauth.survives"]),
    // What the page never comes to show cannot be seen of other tenants, nor clicked.
    (
        "flowcheck.yaml",
        "never-stops-loading",
        &["install.settings-url", "install.tenant.isolated", "uninstall.app.findable"],
    ),
    // Nor can anybody who has signed out follow Klaviyo's link.
    ("flowcheck.yaml", "limits-own-login", &["install.settings-url"]),
    // What was never granted is never used.
    ("flowcheck.yaml", "reauthorization-not-stored", &["scope.least"]),
    // The job goes by tenants, and finds none that is connected.
    ("embedded-multi-tenant.flowcheck.yaml", "account-per-person", &["scope.least"]),
    ("embedded.flowcheck.yaml", "needs-cookies", NOTHING_IN_THE_FRAME),
    // Whoever takes any state takes the same one twice.
    ("flowcheck.yaml", "state-unchecked", &["oauth.code-replay"]),
    // A job that puts nobody on a list has nothing left to do the second time.
    ("flowcheck.yaml", "news-forgotten", &["scope.old-install"]),
    // On a host the way to the sign-up is by its login.
    ("embedded.flowcheck.yaml", "login-drops-return", &["embedded.no-account.resumes"]),
    // The call by key carries no token.
    ("flowcheck.yaml", "metric-by-key", &["api.bearer-only"]),
    // No event of its is taken, the example neither.
    ("flowcheck.yaml", "retired-revision", &["data.examples"]),
    // The page that calls Klaviyo has the token.
    ("flowcheck.yaml", "browser-call", &["oauth.secrets-hidden"]),
];

/// The items for a defect of the app of this file.
pub(crate) fn of(file: &str, defect: &str) -> &'static [&'static str] {
    let found = ELSEWHERE.iter().find(|(of, name, _)| *of == file && *name == defect);
    found.map_or(&[], |(_, _, items)| *items)
}
