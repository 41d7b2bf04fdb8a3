//! The documents that ask for the items.

use super::item::Source;

const FLOW: &str = "Handle your app's OAuth flow";
const DEVELOPERS: &str = "Klaviyo developer documentation";
pub(crate) const OAUTH: Source = Source { document: DEVELOPERS, place: "Make API calls using OAuth" };
pub(crate) const STATE: Source =
    Source { document: "Klaviyo developer documentation and RFC 6749", place: "OAuth, state; section 10.12" };
pub(crate) const STANDALONE: Source = Source { document: FLOW, place: "Standalone app installation flow" };
pub(crate) const BOTH_SIDES: Source = Source { document: FLOW, place: "Handling your app's OAuth flow" };
pub(crate) const NOT_ELSEWHERE: Source = Source { document: FLOW, place: "Embedded app installation flow, note" };
pub(crate) const MANUAL: Source = Source { document: FLOW, place: "Installation errors, note" };
pub(crate) const REVIEW: Source = Source { document: DEVELOPERS, place: "Pass your app review" };
pub(crate) const FLOW_ON_HOST: Source = Source { document: FLOW, place: "Embedded app installation flow" };
pub(crate) const ERRORS: Source = Source { document: FLOW, place: "Installation errors" };
pub(crate) const FROM_APP: Source = Source { document: FLOW, place: "Uninstalling from your app's platform" };
pub(crate) const FROM_KLAVIYO: Source = Source { document: FLOW, place: "Uninstalling from Klaviyo" };
pub(crate) const LIMITS: Source = Source { document: FLOW, place: "Rate limits" };
pub(crate) const REQUEST: Source = Source { document: UPDATE, place: "Update your app's authorization request flow" };
pub(crate) const INSTALLATIONS: Source =
    Source { document: UPDATE, place: "How installations are handled after updating" };
pub(crate) const HANDLING: Source = Source { document: UPDATE, place: "Authorization error handling" };
pub(crate) const LEAST: Source = Source { document: DEVELOPERS, place: "Pass your app review" };
const UPDATE: &str = "Update your OAuth scopes";
pub(crate) const CURRENT_PRACTICE: Source =
    Source { document: "RFC 9700", place: "OAuth 2.0 Security Best Current Practice" };
pub(crate) const REPLAY: Source = Source { document: "RFC 6749", place: "section 4.1.2" };
pub(crate) const API: Source = Source { document: DEVELOPERS, place: "API overview" };
pub(crate) const PER_USER: Source = Source { document: DEVELOPERS, place: "User-scoped apps" };
pub(crate) const VERSIONS: Source = Source { document: DEVELOPERS, place: "API versioning and deprecation policy" };
