//! What calls of the API carry.

use super::sources::{DEVELOPERS, OAUTH};
use crate::{Group, Item, Source, Tier, api};

const API: Source = Source { document: DEVELOPERS, place: "API overview" };
const VERSIONS: Source = Source { document: DEVELOPERS, place: "API versioning and deprecation policy" };

pub(super) static ITEMS: &[Item] = &[
    Item {
        id: "api.bearer-only",
        group: Group::Api,
        requirement: "Calls of the API carry the OAuth token, and no private key",
        judged: "Every call below /api",
        source: OAUTH,
        tier: Tier::Gate,
        judge: api::bearer_only,
    },
    Item {
        id: "api.revision",
        group: Group::Api,
        requirement: "Calls of the API carry a dated revision that is not retired",
        judged: "Every call below /api: a date, and not more than two years before the newest revision",
        source: VERSIONS,
        tier: Tier::Gate,
        judge: api::revision,
    },
    Item {
        id: "api.server-side",
        group: Group::Api,
        requirement: "The API is called with the token by the app's server, not by the browser",
        judged: "No call below /api, and no question whether one may be made, comes from a page",
        source: OAUTH,
        tier: Tier::Gate,
        judge: api::server_side,
    },
    Item {
        id: "api.published",
        group: Group::Api,
        requirement: "The app calls operations that Klaviyo publishes",
        judged: "A path or method below /api that is not published is for review: Klaviyo answers it 404 or 405",
        source: API,
        tier: Tier::Gate,
        judge: api::published,
    },
];
