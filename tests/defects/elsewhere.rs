//! What defects fail besides, in scenarios that they are not about: only what truly follows. What merely could not be looked at is
//! `not run`, blocked by the item that failed.

/// A page in between on every way in from Klaviyo: each kind of user meets it.
const ON_EVERY_WAY_IN: &[&str] =
    &["install.any-klaviyo-host", "install.no-account.resumes", "install.signed-out.resumes", "install.tenant.resumes"];

/// No way in from Klaviyo at all: the user ends on a page of the app, and is never asked for the tenant.
const NO_WAY_IN: &[&str] =
    &["install.any-klaviyo-host", "install.no-account.resumes", "install.signed-out.resumes", "install.tenant.chosen"];

/// Items that a defect fails, warns of or leaves to a person somewhere in the whole checklist, besides those of its row.
pub(crate) const ELSEWHERE: &[(&str, &[&str])] = &[
    // Each callback with a good state has the app ask the wrong host, and answer 502.
    ("token-host", &["oauth.survives"]),
    ("interstitial", ON_EVERY_WAY_IN),
    ("detour", NO_WAY_IN),
];

/// The items for a defect.
pub(crate) fn of(defect: &str) -> &'static [&'static str] {
    ELSEWHERE.iter().find(|(name, _)| *name == defect).map_or(&[], |(_, items)| *items)
}
