//! The app calls operations that Klaviyo publishes.

use super::every_call::judged;
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::verdict::{Finding, Verdict, statement};

/// `api.published`.
pub(crate) static ITEM: Item = Item {
    id: "api.published",
    group: Group::Api,
    requirement: "The app calls operations that Klaviyo publishes",
    judged: "A path or method below /api that is not published is for review: Klaviyo answers it 404 or 405",
    source: documents::API,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::API,
    guidance: Topic::Api,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    judged(flow, "all of published operations", |call| {
        if call.is_preflight() || call.facts.operation.is_some() {
            return None;
        }
        let saw = statement!("{request}, answered {status}", request = call.request(), status = call.exchange.status);
        let likely = "the path or the method is mistyped, or of a retired version of the API";
        Some(Verdict::Review(Finding::app("operations that Klaviyo publishes", saw).likely(likely).at(call.seq)))
    })
}
