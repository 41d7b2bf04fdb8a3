//! All documents that the checklist was drawn from.

use super::document::{Document, Origin};

/// The day on which Klaviyo's pages were last gone through.
const GONE_THROUGH: Option<&str> = Some("2026-11-29");

pub(crate) static FLOW: Document = Document {
    key: "flow",
    title: "Handle your app's OAuth flow",
    address: "https://developers.klaviyo.com/en/docs/handle_your_apps_oauth_flow",
    origin: Origin::First,
    updated: None,
    seen: GONE_THROUGH,
};
pub(crate) static FLOW_SINCE: Document =
    Document { key: "flow-since", origin: Origin::Later, updated: Some("2026-09-02"), ..FLOW };
pub(crate) static SCOPES: Document = Document {
    key: "scopes",
    title: "Update your OAuth scopes",
    address: "https://developers.klaviyo.com/en/docs/update_your_oauth_scopes",
    origin: Origin::First,
    updated: None,
    seen: GONE_THROUGH,
};
pub(crate) static SCOPES_SINCE: Document = Document { key: "scopes-since", origin: Origin::Later, ..SCOPES };
pub(crate) static REVIEW: Document = Document {
    key: "review",
    title: "Pass your app review",
    address: "https://developers.klaviyo.com/en/docs/pass_your_app_review",
    ..LATER
};
pub(crate) static LISTING: Document = Document {
    key: "listing",
    title: "Klaviyo app listing requirements",
    address: "https://developers.klaviyo.com/en/docs/klaviyo_app_listing_requirements",
    updated: Some("2026-04-17"),
    ..LATER
};
pub(crate) static SUBMIT: Document = Document {
    key: "submit",
    title: "Submit your app for review",
    address: "https://developers.klaviyo.com/en/docs/submit_your_app_for_review",
    updated: Some("2026-11-06"),
    ..LATER
};
pub(crate) static CREATE_APP: Document = Document {
    key: "create",
    title: "Create a public OAuth app",
    address: "https://developers.klaviyo.com/en/docs/create_a_public_oauth_app",
    updated: Some("2025-07-29"),
    ..LATER
};
pub(crate) static OAUTH: Document = Document {
    key: "oauth",
    title: "Make API calls using OAuth",
    address: "https://developers.klaviyo.com/en/docs/set_up_oauth",
    updated: Some("2026-11-18"),
    ..LATER
};
pub(crate) static TROUBLESHOOTING: Document = Document {
    key: "errors",
    title: "Troubleshoot OAuth errors",
    address: "https://developers.klaviyo.com/en/docs/troubleshoot_oauth_errors",
    updated: Some("2026-04-17"),
    ..LATER
};
pub(crate) static USER_SCOPED: Document = Document {
    key: "users",
    title: "Build a user-scoped app",
    address: "https://developers.klaviyo.com/en/docs/user_scoped_apps",
    ..LATER
};
pub(crate) static APPLICATIONS: Document = Document {
    key: "applications",
    title: "Applications API overview",
    address: "https://developers.klaviyo.com/en/reference/applications_api_overview",
    ..LATER
};
pub(crate) static API: Document = Document {
    key: "api",
    title: "API overview",
    address: "https://developers.klaviyo.com/en/reference/api_overview",
    ..LATER
};
pub(crate) static VERSIONS: Document = Document {
    key: "versions",
    title: "API versioning and deprecation policy",
    address: "https://developers.klaviyo.com/en/docs/api_versioning_and_deprecation_policy",
    ..LATER
};
pub(crate) static CHANGELOG: Document = Document {
    key: "changelog",
    title: "Changelog",
    address: "https://developers.klaviyo.com/en/docs/changelog",
    ..LATER
};
pub(crate) static LIMITS: Document = Document {
    key: "limits",
    title: "Rate limits, status codes, and errors",
    address: "https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling",
    ..LATER
};
pub(crate) static BRANDING: Document = Document {
    key: "branding",
    title: "Understanding branded events",
    address: "https://developers.klaviyo.com/en/docs/understanding_branded_events",
    updated: Some("2026-11-09"),
    ..LATER
};
pub(crate) static AGENT_SKILL: Document = Document {
    key: "skill",
    title: "Agent skill klaviyo-migrate-oauth",
    address: "https://developers.klaviyo.com/en/agents/skills/klaviyo-migrate-oauth",
    ..LATER
};
pub(crate) static SAMPLE_APP: Document = Document {
    key: "sample",
    title: "Sample app Pet Party Planner, README",
    address: "https://github.com/klaviyo-labs/Pet-Party-Planner",
    ..LATER
};
pub(crate) static EDGE: Document = Document {
    key: "edge",
    title: "klaviyo-api-python on GitHub, issue 84",
    address: "https://github.com/klaviyo/klaviyo-api-python/issues/84",
    ..LATER
};
pub(crate) static ACADEMY: Document = Document {
    key: "academy",
    title: "Klaviyo Academy, Test and QA your app",
    address: "https://academy.klaviyo.com/en-us/courses/build-an-oauth-app-with-klaviyo/lessons/test-and-qa-your-app",
    ..LATER
};
pub(crate) static SETTINGS: Document = Document {
    key: "settings",
    title: "Pandium documentation",
    address: "https://docs.pandium.com",
    origin: Origin::ThirdParty,
    ..LATER
};
pub(crate) static AUTHORIZATION: Document =
    Document { key: "rfc6749", title: "RFC 6749", address: "https://www.rfc-editor.org/rfc/rfc6749", ..STANDARD };
pub(crate) static REVOCATION: Document =
    Document { key: "rfc7009", title: "RFC 7009", address: "https://www.rfc-editor.org/rfc/rfc7009", ..STANDARD };
pub(crate) static PKCE: Document =
    Document { key: "rfc7636", title: "RFC 7636", address: "https://www.rfc-editor.org/rfc/rfc7636", ..STANDARD };
pub(crate) static CURRENT_PRACTICE: Document =
    Document { key: "rfc9700", title: "RFC 9700", address: "https://www.rfc-editor.org/rfc/rfc9700", ..STANDARD };

/// What pages of Klaviyo's that were added since have in common.
const LATER: Document =
    Document { key: "", title: "", address: "", origin: Origin::Later, updated: None, seen: GONE_THROUGH };
/// What standards have in common.
const STANDARD: Document = Document { origin: Origin::Standard, seen: None, ..LATER };

/// Every document: Klaviyo's first two guides, its later pages, others' words, standards.
pub fn documents() -> &'static [&'static Document] {
    &ALL
}

static ALL: [&Document; 26] = [
    &FLOW,
    &SCOPES,
    &FLOW_SINCE,
    &SCOPES_SINCE,
    &REVIEW,
    &LISTING,
    &SUBMIT,
    &CREATE_APP,
    &OAUTH,
    &TROUBLESHOOTING,
    &USER_SCOPED,
    &APPLICATIONS,
    &API,
    &VERSIONS,
    &CHANGELOG,
    &LIMITS,
    &BRANDING,
    &AGENT_SKILL,
    &SAMPLE_APP,
    &EDGE,
    &ACADEMY,
    &SETTINGS,
    &AUTHORIZATION,
    &REVOCATION,
    &PKCE,
    &CURRENT_PRACTICE,
];
