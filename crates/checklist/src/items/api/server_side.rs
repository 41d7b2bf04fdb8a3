//! The API is called with the token by the app's server, not by the browser.

use flowcheck_evidence::TokenState;

use super::every_call::{called, judged};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::verdict::{Finding, Verdict};

/// `api.server-side`.
pub(crate) static ITEM: Item = Item {
    id: "api.server-side",
    group: Group::Api,
    requirement: "The API is called with the token by the app's server, not by the browser",
    judged: "No call below /api, and no question whether one may be made, comes from a page",
    source: documents::OWN_SERVER,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::API,
    guidance: Topic::Api,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    judged(flow, "none from a browser", |call| {
        let exchange = call.exchange;
        let header = |wanted: &str| exchange.request_headers.iter().find(|(name, _)| name == wanted);
        // Only browsers say from which page a call comes.
        let (_, page) = header("origin")?;
        let about_token = header("access-control-request-headers")
            .is_some_and(|(_, names)| names.to_ascii_lowercase().contains("authorization"));
        if call.facts.token_state == TokenState::Missing && !about_token {
            return None;
        }
        let saw = format!("{} from a page of {page}", called(call));
        let expected = "calls with the token from the app's server only";
        let likely = "the token is handed to the page's script; the page should ask the app, and the app Klaviyo";
        Some(Verdict::Fail(Finding::app(expected, saw).likely(likely).at(call.seq)))
    })
}
