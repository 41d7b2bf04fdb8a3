//! The words by which pages are recognised. Matching is on whole words, in lower case.

use crate::evidence::says_any;

/// Whether a control with this name connects an integration.
pub fn matches_connect(name: &str) -> bool {
    !matches_disconnect(name)
        && says_any(
            name,
            &[
                "connect",
                "install",
                "integrate",
                "authorize",
                "authorise",
                "link",
                "enable",
                "reconnect",
                "activate",
                "set up",
            ],
        )
}

/// Whether a control with this name disconnects an integration.
pub fn matches_disconnect(name: &str) -> bool {
    says_any(
        name,
        &["disconnect", "uninstall", "unlink", "remove", "revoke", "deactivate", "disable", "delete integration"],
    )
}

/// Whether a control with this name tries something again.
pub fn matches_retry(name: &str) -> bool {
    says_any(
        name,
        &[
            "again",
            "retry",
            "restart",
            "start over",
            "reinstall",
            "reconnect",
            "start the installation",
            "start installation",
        ],
    ) || matches_connect(name)
}

/// Whether a control with this name gets a message out of the way.
pub fn matches_dismiss(name: &str) -> bool {
    matches!(name.trim(), "×" | "✕" | "✖" | "x" | "X")
        || says_any(
            name,
            &[
                "dismiss",
                "close",
                "ok",
                "okay",
                "got it",
                "back",
                "cancel",
                "return",
                "go to",
                "home",
                "dashboard",
                "continue",
                "not now",
                "settings",
                "integrations",
            ],
        )
}

/// Whether a control with this name goes on to the next step.
pub fn matches_continue(name: &str) -> bool {
    says_any(
        name,
        &["continue", "next", "proceed", "go on", "get started", "start", "finish", "done", "submit", "save", "ok"],
    )
}

/// Whether a link with this name leads to a sign-up.
pub fn matches_sign_up(name: &str) -> bool {
    says_any(
        name,
        &[
            "sign up",
            "signup",
            "register",
            "create account",
            "create an account",
            "create your account",
            "get started",
            "join",
            "new account",
            "start free trial",
        ],
    )
}

/// Whether a control with this name signs out.
pub fn matches_sign_out(name: &str) -> bool {
    says_any(name, &["log out", "logout", "sign out", "signout", "log off"])
}

/// Whether text speaks of a tenant: a store, an account below the account, a workspace.
pub(super) fn speaks_of_tenant(text: &str) -> bool {
    says_any(
        text,
        &[
            "store",
            "stores",
            "shop",
            "shops",
            "workspace",
            "workspaces",
            "tenant",
            "sub-account",
            "subaccount",
            "organization",
            "organisation",
            "site",
            "brand",
            "location",
            "company",
            "project",
            "team",
        ],
    )
}

/// Whether text speaks of something that went wrong.
pub(super) fn speaks_of_error(text: &str) -> bool {
    says_any(
        text,
        &[
            "denied",
            "declined",
            "refused",
            "rejected",
            "cancelled",
            "canceled",
            "failed",
            "failure",
            "error",
            "went wrong",
            "not valid",
            "invalid",
            "expired",
            "no longer valid",
            "no longer good",
            "no longer works",
            "no longer usable",
            "couldn't",
            "could not",
            "can't",
            "cannot",
            "unable",
            "was not installed",
            "wasn't installed",
            "not completed",
            "problem",
            "not found",
            "unauthorized",
            "forbidden",
            "try again",
            "oops",
        ],
    )
}

/// Whether text says that something is not installed. To be asked before [`says_installed`].
pub(super) fn says_not_installed(text: &str) -> bool {
    says_any(
        text,
        &[
            "not connected",
            "not installed",
            "disconnected",
            "isn't connected",
            "is not connected",
            "not linked",
            "inactive",
            "not active",
            "uninstalled",
            "not yet connected",
            "no connection",
        ],
    )
}

/// Whether text says that something is installed.
pub(super) fn says_installed(text: &str) -> bool {
    !says_not_installed(text) && says_any(text, &["connected", "installed", "linked", "active", "enabled"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connecting_and_disconnecting_are_told_apart() {
        for name in ["Connect Klaviyo", "Install", "Reconnect", "Link account"] {
            assert!(matches_connect(name) && !matches_disconnect(name), "{name}");
        }
        for name in ["Disconnect", "Uninstall app", "Remove integration", "Revoke access"] {
            assert!(matches_disconnect(name) && !matches_connect(name), "{name}");
        }
        for name in ["Reviews", "Connections", "Linkage", "Shopify"] {
            assert!(!matches_connect(name) && !matches_disconnect(name), "{name}");
        }
    }

    #[test]
    fn what_is_over_is_no_error_by_that_alone() {
        assert!(speaks_of_error("Your session is no longer valid"));
        assert!(!speaks_of_error("The app was uninstalled in Klaviyo. Points are no longer sent there."));
    }

    #[test]
    fn not_connected_is_not_connected() {
        assert!(says_installed("Klaviyo Connected since May"));
        assert!(says_not_installed("Klaviyo Not connected") && !says_installed("Klaviyo Not connected"));
        assert!(!says_installed("Klaviyo") && !says_not_installed("Klaviyo"));
    }
}
