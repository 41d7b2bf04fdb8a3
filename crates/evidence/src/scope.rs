//! Scopes that have a meaning of their own.

/// The scope that Klaviyo requires of every app, and grants unasked.
pub const ACCOUNTS_READ: &str = "accounts:read";
