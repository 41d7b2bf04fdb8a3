//! A metric is sent by OAuth alone, and not by an API key as well.

use std::collections::BTreeMap;

use flowcheck_evidence::{TokenState, clip};

use crate::flow::{ApiRequest, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::{Finding, Value, Verdict, counted, statement};

use super::accepted::{accepted, nothing_of_the_kind, unless_seen_to_the_end};

/// `data.one-source`.
pub(crate) static ITEM: Item = Item {
    id: "data.one-source",
    group: Group::Data,
    requirement: "A metric is sent by OAuth alone, and not by an API key as well",
    judged: "No metric that the app sends by OAuth is sent by a private key, or by the account's public one below /client, too",
    source: documents::ONE_METRIC,
    tier: Tier::Hardening,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "send every event by the install's token, and remove what sent it by a key",
    guidance: Topic::Data,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let mut by_oauth: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
    for call in accepted(flow) {
        for metric in &call.facts.sent.metrics {
            by_oauth.entry(metric.name.as_str()).or_default().push(call.facts.account.as_deref());
        }
    }
    if by_oauth.is_empty() {
        return nothing_of_the_kind(flow, "the app sent no event by OAuth");
    }
    let twice = flow.events.api_calls().find_map(|call| {
        let key = Key::of(&call)?;
        let metric = call.facts.sent.metrics.iter().find(|metric| {
            let accounts = by_oauth.get(metric.name.as_str());
            accounts.is_some_and(|accounts| accounts.iter().any(|account| key.may_be_of(*account)))
        })?;
        Some((call.seq, metric, key))
    });
    let Some((at, metric, key)) = twice else {
        let metrics = counted(by_oauth.len(), "metric", "metrics");
        return unless_seen_to_the_end(flow, Verdict::Pass(statement!("{metrics}, by OAuth alone", metrics)));
    };
    let saw = statement!(
        "\"{metric}\" by OAuth and by {key}",
        metric = Value::name(clip(&metric.name, 60)),
        key = key.words()
    );
    let why = "code from before the app had OAuth still sends it: the account has two metrics of one name";
    Verdict::Fail(Finding::app("each metric by OAuth alone", saw).likely(why).at(at))
}

/// The key that a call was made by.
#[derive(Debug, Clone, Copy)]
enum Key<'a> {
    /// A private key, which does not tell whose it is; an app with OAuth has none of its customers' to use.
    Private,
    /// The public key of an account, its id.
    Public(&'a str),
}

impl<'a> Key<'a> {
    fn of(call: &ApiRequest<'a>) -> Option<Self> {
        if call.is_preflight() {
            return None;
        }
        if call.facts.token_state == TokenState::PrivateKey {
            return Some(Self::Private);
        }
        let company = call.exchange.query.iter().find(|(name, _)| name == "company_id")?;
        (call.exchange.path.starts_with("/client/") && call.succeeded()).then_some(Self::Public(&company.1))
    }

    fn may_be_of(self, account: Option<&str>) -> bool {
        match self {
            Self::Private => true,
            Self::Public(company) => account == Some(company),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Private => "a private key",
            Self::Public(_) => "the account's public key",
        }
    }
}
