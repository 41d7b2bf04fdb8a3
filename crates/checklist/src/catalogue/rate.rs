//! Keeping to rate limits.

use super::sources::FLOW;
use crate::{Group, Item, Source, Tier, rate};

const LIMITS: Source = Source { document: FLOW, place: "Rate limits" };

pub(super) static ITEMS: &[Item] = &[
    Item {
        id: "rate.respects-retry-after",
        group: Group::Rate,
        requirement: "A 429 is obeyed",
        judged: "A retry is seen, and none to that endpoint for that account before Retry-After has passed",
        source: LIMITS,
        tier: Tier::Gate,
        judge: rate::respects_retry_after,
    },
    Item {
        id: "rate.delivers",
        group: Group::Rate,
        requirement: "Nothing is lost because of a 429",
        judged: "The throttled write arrives later, once",
        source: LIMITS,
        tier: Tier::Gate,
        judge: rate::delivers,
    },
    Item {
        id: "rate.isolated",
        group: Group::Rate,
        requirement: "Quotas are per account and app: throttling one account does not stop another's calls",
        judged: "Calls for a second account go on while Retry-After of the first one lasts",
        source: LIMITS,
        tier: Tier::Gate,
        judge: rate::isolated,
    },
];
