//! Token and revocation requests go to a.klaviyo.com.

use flowcheck_evidence::Facts;

use super::seen_requests::unseen;
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::token_refusal::is_for_people;
use crate::verdict::{Finding, Value, Verdict, counted, statement};

/// `oauth.token-host`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.token-host",
    group: Group::Oauth,
    requirement: "Token and revocation requests go to a.klaviyo.com",
    judged: "Every token and revocation request",
    source: documents::OAUTH,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "send token and revocation requests to a.klaviyo.com",
    guidance: Topic::Token,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let mut checked = 0;
    for exchange in flow.events.exchanges() {
        if !matches!(exchange.it.facts, Facts::Token(_) | Facts::Revoke(_)) {
            continue;
        }
        checked += 1;
        if is_for_people(&exchange.it.host) {
            let saw = statement!(
                "{path} asked for at {host}",
                path = Value::address(&exchange.it.path),
                host = Value::name(&exchange.it.host)
            );
            return Verdict::Fail(
                Finding::app("token and revocation requests at a.klaviyo.com, and nowhere else", saw)
                    .likely(
                        "www.klaviyo.com has answered them with 403 since 2025-03-31; only consent is asked for there",
                    )
                    .at(exchange.seq),
            );
        }
    }
    if checked == 0 {
        unseen(flow)
    } else {
        Verdict::Pass(statement!(
            "{requests}, none at a host for people",
            requests = counted(checked, "request", "requests")
        ))
    }
}
