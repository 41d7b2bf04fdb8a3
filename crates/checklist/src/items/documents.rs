//! The places in documents that ask for the items.

use crate::sources::document::Source;
use crate::sources::library;

pub(crate) const BOTH_SIDES: Source = Source { document: &library::FLOW, place: "Handling your app's OAuth flow" };
pub(crate) const STANDALONE: Source = Source { document: &library::FLOW, place: "Standalone app installation flow" };
pub(crate) const FLOW_ON_HOST: Source = Source { document: &library::FLOW, place: "Embedded app installation flow" };
pub(crate) const NOT_ELSEWHERE: Source =
    Source { document: &library::FLOW, place: "Embedded app installation flow, note" };
pub(crate) const ERRORS: Source = Source { document: &library::FLOW, place: "Installation errors" };
pub(crate) const MANUAL: Source = Source { document: &library::FLOW, place: "Installation errors, note" };
pub(crate) const FROM_APP: Source = Source { document: &library::FLOW, place: "Uninstalling from your app's platform" };
pub(crate) const FROM_KLAVIYO: Source = Source { document: &library::FLOW, place: "Uninstalling from Klaviyo" };
pub(crate) const LIMITS: Source = Source { document: &library::FLOW, place: "Rate limits" };
pub(crate) const EVERY_HOST: Source =
    Source { document: &library::FLOW_SINCE, place: "Handling your app's OAuth flow, note" };
pub(crate) const REQUEST: Source =
    Source { document: &library::SCOPES, place: "Update your app's authorization request flow" };
pub(crate) const INSTALLATIONS: Source =
    Source { document: &library::SCOPES, place: "How installations are handled after updating" };
pub(crate) const HANDLING: Source = Source { document: &library::SCOPES, place: "Authorization error handling" };
pub(crate) const LEAST: Source = Source { document: &library::REVIEW, place: "Common errors, unused scopes" };
pub(crate) const OAUTH: Source = Source { document: &library::OAUTH, place: "OAuth authorization code flow" };
pub(crate) const STATE: Source =
    Source { document: &library::OAUTH, place: "Request authorization, state; RFC 6749, section 10.12" };
pub(crate) const SECRETS: Source = Source { document: &library::CREATE_APP, place: "Create an app, step 3" };
pub(crate) const OWN_SERVER: Source = Source { document: &library::SAMPLE_APP, place: "OAuth or client APIs" };
pub(crate) const SETTINGS_URL: Source = Source { document: &library::SETTINGS, place: "Settings URL" };
pub(crate) const API: Source = Source { document: &library::API, place: "Endpoints" };
pub(crate) const VERSIONS: Source = Source { document: &library::VERSIONS, place: "Revisions and their stages" };
pub(crate) const REPLAY: Source = Source { document: &library::AUTHORIZATION, place: "section 4.1.2" };
pub(crate) const CURRENT_PRACTICE: Source =
    Source { document: &library::CURRENT_PRACTICE, place: "OAuth 2.0 Security Best Current Practice" };
pub(crate) const PER_USER: Source =
    Source { document: &library::USER_SCOPED, place: "Company-scoped and user-scoped apps" };
pub(crate) const EDGE: Source = Source { document: &library::EDGE, place: "403 with an HTML page" };
pub(crate) const SEEDING: Source = Source { document: &library::REVIEW, place: "Seeding profiles and events" };
pub(crate) const NAMING: Source = Source { document: &library::REVIEW, place: "Naming lists and profile properties" };
pub(crate) const SYNCING: Source = Source { document: &library::REVIEW, place: "Syncing data effectively" };
pub(crate) const SCHEMA: Source = Source { document: &library::REVIEW, place: "Defining your event schema" };
pub(crate) const ONE_METRIC: Source = Source { document: &library::BRANDING, place: "Metrics by OAuth" };
