//! Calls of the API carry the OAuth token, and no private key.

use flowcheck_evidence::TokenState;

use super::every_call::judged;
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::verdict::{Finding, Verdict, statement};

/// `api.bearer-only`.
pub(crate) static ITEM: Item = Item {
    id: "api.bearer-only",
    group: Group::Api,
    requirement: "Calls of the API carry the OAuth token, and no private key",
    judged: "Every call below /api",
    source: documents::OAUTH,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::API,
    guidance: Topic::Api,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let expected = "Authorization: Bearer with the OAuth access token";
    judged(flow, "each with a Bearer token", |call| {
        let (saw, likely) = match call.facts.token_state {
            _ if call.is_preflight() => return None,
            TokenState::PrivateKey => ("a private API key", "code from before the app had OAuth is still in use"),
            TokenState::Missing => ("no credentials", "the token is not handed to this call"),
            _ => return None,
        };
        Some(Verdict::Fail(
            Finding::app(expected, statement!("{request} with {saw}", request = call.request(), saw))
                .likely(likely)
                .at(call.seq),
        ))
    })
}
