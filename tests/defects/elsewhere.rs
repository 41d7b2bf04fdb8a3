//! What defects fail besides, in scenarios that they are not about: only what truly follows. What merely could not be looked at is
//! `not run`, blocked by the item that failed.

/// A page in between on every way in from Klaviyo: each kind of user meets it.
const ON_EVERY_WAY_IN: &[&str] =
    &["install.any-klaviyo-host", "install.no-account.resumes", "install.signed-out.resumes", "install.tenant.resumes"];

/// No way in from Klaviyo at all: the user ends on a page of the app, and is never asked for the tenant.
const NO_WAY_IN: &[&str] =
    &["install.any-klaviyo-host", "install.no-account.resumes", "install.signed-out.resumes", "install.tenant.chosen"];

/// A page that offers nothing to disconnect does not surely show the installation: a person has to look.
const NOT_SURELY_SHOWN: &[&str] =
    &["install.shown", "install.tenant.isolated", "oauth.code-replay", "oauth.refresh", "oauth.refresh.rotation"];

/// Items that a defect fails, warns of or leaves to a person somewhere in the whole checklist, besides those of its row, in the app of
/// such a file.
pub(crate) const ELSEWHERE: &[(&str, &str, &[&str])] = &[
    // Each callback with a good state has the app ask the wrong host, and answer 502.
    ("env.flowcheck.yaml", "token-host", &["oauth.survives"]),
    ("flowcheck.yaml", "interstitial", ON_EVERY_WAY_IN),
    ("flowcheck.yaml", "detour", NO_WAY_IN),
    ("flowcheck.yaml", "no-disconnect", NOT_SURELY_SHOWN),
    // Nor does one that offers nothing to connect surely show that there is none.
    ("flowcheck.yaml", "no-connect-button", &["install.tenant.isolated", "uninstall.app.shown"]),
    // An expired code is among the hostile inputs too.
    ("flowcheck.yaml", "expired-500", &["oauth.survives"]),
    // Each way to revoke takes the same wrong token.
    ("flowcheck.yaml", "revoke-wrong-token", &["scope.outdated-revoked"]),
    // Whoever takes any state takes the same one twice.
    ("flowcheck.yaml", "state-unchecked", &["oauth.code-replay"]),
    // The page that calls Klaviyo has the token.
    ("flowcheck.yaml", "browser-call", &["oauth.secrets-hidden"]),
];

/// The items for a defect of the app of this file.
pub(crate) fn of(file: &str, defect: &str) -> &'static [&'static str] {
    let found = ELSEWHERE.iter().find(|(of, name, _)| *of == file && *name == defect);
    found.map_or(&[], |(_, _, items)| *items)
}
