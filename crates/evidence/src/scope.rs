//! OAuth scopes with a meaning of their own.

/// The scope that Klaviyo grants to every app, requested or not, and that every app must request.
pub const ACCOUNTS_READ: &str = "accounts:read";

/// Whether a scope lets an app change data.
pub fn permits_writing(scope: &str) -> bool {
    scope.ends_with(":write")
}
