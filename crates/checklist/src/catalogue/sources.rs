//! Documents that more than one part of the checklist quotes.

use crate::Source;

pub(super) const FLOW: &str = "Handle your app's OAuth flow";
pub(super) const DEVELOPERS: &str = "Klaviyo developer documentation";
pub(super) const OAUTH: Source = Source { document: DEVELOPERS, place: "Make API calls using OAuth" };
pub(super) const STATE: Source =
    Source { document: "Klaviyo developer documentation and RFC 6749", place: "OAuth, state; section 10.12" };
