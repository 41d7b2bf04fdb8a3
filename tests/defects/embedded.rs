//! The same for the fixture app in a host platform: which defect fails which items there.

use crate::table::Row;

/// A defect with the configuration in which it shows.
pub(crate) struct Embedded {
    /// A file beside the fixture app's `flowcheck.yaml`.
    pub(crate) file: &'static str,
    /// What it touches and fails.
    pub(crate) row: Row,
}

/// In a frame of the host's admin, one store per user.
pub(crate) const FRAMED: &str = "embedded.flowcheck.yaml";
/// In place of the host's admin, several stores per user.
pub(crate) const SEVERAL: &str = "embedded-multi-tenant.flowcheck.yaml";

const fn row(
    file: &'static str,
    defect: &'static str,
    touches: &'static [&'static str],
    fails: &'static [&'static str],
) -> Embedded {
    Embedded { file, row: Row { defect, touches, fails } }
}

/// Every defect that only an embedded app has, and those of any app that fail an item of embedded ones.
pub(crate) const EMBEDDED: &[Embedded] = &[
    row(FRAMED, "login-drops-return", &["embedded/signed-out"], &["embedded.signed-out.resumes"]),
    row(FRAMED, "sign-up-drops-return", &["embedded/no-account"], &["embedded.no-account.resumes"]),
    row(
        FRAMED,
        "signed-out-401",
        &["embedded/signed-out", "embedded/no-account"],
        &["embedded.signed-out.login", "embedded.no-account.sign-up"],
    ),
    row(
        FRAMED,
        "detour",
        &["embedded/signed-in"],
        &["embedded.signed-in.direct", "install.no-detour", "install.no-manual-steps"],
    ),
    row(
        SEVERAL,
        "no-tenant-choice",
        &["embedded/several-tenants"],
        &["embedded.tenant.chosen", "embedded.tenant.isolated"],
    ),
    row(SEVERAL, "tenant-drops-install", &["embedded/several-tenants"], &["embedded.tenant.resumes"]),
    row(FRAMED, "own-login-page", &["embedded/signed-out"], &["embedded.signed-out.login"]),
    row(SEVERAL, "account-per-person", &["embedded/several-tenants"], &["embedded.tenant.isolated"]),
    row(FRAMED, "no-host-message", &["embedded/not-installed"], &["embedded.not-installed.told"]),
    row(FRAMED, "no-listing-link", &["embedded/not-installed"], &["embedded.not-installed.told"]),
    row(FRAMED, "not-installed-for-good", &["embedded/not-installed"], &["embedded.not-installed.resumes"]),
    row(FRAMED, "redirects-in-frame", &["install/from-app"], &["install.from-app"]),
    row(FRAMED, "needs-cookies", &["embedded/signed-in"], &["install.completes", "install.shown"]),
];
