//! OAuth scopes with a meaning of their own.

/// The scope that Klaviyo grants to every app, requested or not, and that every app must request.
pub const ACCOUNTS_READ: &str = "accounts:read";

/// Every scope that an operation of the revisions 2025-01-15 to 2026-10-15 requires (P), and those of beta operations (D). Klaviyo has
/// others, as each revision adds some.
pub const LISTED_SCOPES: &[&str] = &[
    ACCOUNTS_READ,
    "applications:read",
    "applications:write",
    "brands:read",
    "brands:write",
    "campaigns:read",
    "campaigns:write",
    "catalogs:read",
    "catalogs:write",
    "conversations:read",
    "conversations:write",
    "coupon-codes:read",
    "coupon-codes:write",
    "coupons:read",
    "coupons:write",
    "custom-objects:read",
    "custom-objects:write",
    "data-privacy:read",
    "data-privacy:write",
    "events:read",
    "events:write",
    "flows:read",
    "flows:write",
    "forms:read",
    "forms:write",
    "images:read",
    "images:write",
    "lists:read",
    "lists:write",
    "metrics:read",
    "metrics:write",
    "profiles:read",
    "profiles:write",
    "push-tokens:read",
    "push-tokens:write",
    "reviews:read",
    "reviews:write",
    "segments:read",
    "segments:write",
    "sender-config:read",
    "sender-config:write",
    "subscriptions:read",
    "subscriptions:write",
    "tags:read",
    "tags:write",
    "templates:read",
    "templates:write",
    "tracking-settings:read",
    "tracking-settings:write",
    "translations:read",
    "translations:write",
    "usage:read",
    "web-feeds:read",
    "web-feeds:write",
    "webhooks:read",
    "webhooks:write",
];

/// Whether a scope lets an app change data.
pub fn permits_writing(scope: &str) -> bool {
    scope.ends_with(":write")
}
