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
    judged: "A path or method below /api that is not published, or that the revision sent does not have, is for review: Klaviyo answers it 404 or 405",
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
        let likely = match call.facts.operation {
            _ if call.is_preflight() => return None,
            Some(_) if !call.facts.not_in_revision => return None,
            Some(_) => "the operation is in another revision than the one in the header",
            None if call.facts.mock_gap => {
                "it may be of a beta of Klaviyo's, of which flowcheck does not know all operations"
            }
            None => "the path or the method is mistyped, or of a retired version of the API",
        };
        let saw = statement!("{request}, answered {status}", request = call.request(), status = call.exchange.status);
        Some(Verdict::Review(Finding::app("operations that Klaviyo publishes", saw).likely(likely).at(call.seq)))
    })
}
