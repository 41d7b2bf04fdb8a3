//! Where there is much to write, it goes in bulk.

use std::collections::{BTreeMap, BTreeSet};

use crate::flow::{ApiRequest, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::{Finding, Value, Verdict, statement};

use super::accepted::{nothing_of_the_kind, unless_seen_to_the_end};

/// `data.bulk`.
pub(crate) static ITEM: Item = Item {
    id: "data.bulk",
    group: Group::Data,
    requirement: "Where there is much to write, it goes in bulk",
    judged: "At most 19 different writes of one thing each, of one kind for one account, in one step of a scenario, where Klaviyo has an operation for many; the number is this project's own",
    source: documents::SYNCING,
    tier: Tier::Hardening,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "collect what there is to send, and send it by the bulk operation: up to 1,000 events or 10,000 profiles a call",
    guidance: Topic::Data,
    twin: None,
    over_the_run: None,
};

/// Writes of one kind that are many; Klaviyo names no number.
const MANY: usize = 20;

/// Operations that write one thing, each with the one that writes many.
const SINGLE: [(&str, &str); 14] = [
    ("create_event", "bulk_create_events"),
    ("create_profile", "bulk_import_profiles"),
    ("update_profile", "bulk_import_profiles"),
    ("create_or_update_profile", "bulk_import_profiles"),
    ("create_coupon_code", "bulk_create_coupon_codes"),
    ("create_catalog_item", "bulk_create_catalog_items"),
    ("update_catalog_item", "bulk_update_catalog_items"),
    ("delete_catalog_item", "bulk_delete_catalog_items"),
    ("create_catalog_variant", "bulk_create_catalog_variants"),
    ("update_catalog_variant", "bulk_update_catalog_variants"),
    ("delete_catalog_variant", "bulk_delete_catalog_variants"),
    ("create_catalog_category", "bulk_create_catalog_categories"),
    ("update_catalog_category", "bulk_update_catalog_categories"),
    ("delete_catalog_category", "bulk_delete_catalog_categories"),
];

/// Operations that take many things at once, and of which it shows in the evidence whether a call had only one.
const TAKES_MANY: [&str; 8] = [
    "bulk_create_events",
    "bulk_import_profiles",
    "bulk_subscribe_profiles",
    "bulk_unsubscribe_profiles",
    "bulk_suppress_profiles",
    "bulk_unsuppress_profiles",
    "add_profiles_to_list",
    "remove_profiles_from_list",
];

/// A kind of writes that belong together: the operation, the account, and where the step began.
type Kind<'a> = (&'a str, Option<&'a str>, u32);

fn judge(flow: &Flow<'_>) -> Verdict {
    let mut singles: BTreeMap<Kind<'_>, BTreeSet<(&str, &str)>> = BTreeMap::new();
    let mut writes = 0;
    for call in flow.events.api_calls().filter(|call| call.facts.install.is_some() && call.succeeded()) {
        let Some(operation) = call.facts.operation.as_deref() else { continue };
        let Some(bulk) = bulk_operation(operation) else { continue };
        writes += 1;
        if !writes_one(&call, operation, bulk) {
            continue;
        }
        let step = flow.events.step_began(call.seq);
        // What is sent again is no further thing.
        let which = (call.exchange.path.as_str(), call.exchange.request_body.as_deref().unwrap_or_default());
        let alike = singles.entry((operation, call.facts.account.as_deref(), step)).or_default();
        if alike.insert(which) && alike.len() == MANY {
            return too_many(flow, &call, operation, bulk, step);
        }
    }
    if writes == 0 {
        return nothing_of_the_kind(flow, "the app wrote nothing that Klaviyo has an operation for many of");
    }
    let most = singles.values().map(BTreeSet::len).max();
    let seen =
        most.map_or_else(|| "all in bulk".into(), |most| statement!("at most {most} of one kind at a time", most));
    unless_seen_to_the_end(flow, Verdict::Pass(seen))
}

/// The failure at a call with which the writes of its kind become many.
fn too_many(flow: &Flow<'_>, call: &ApiRequest<'_>, operation: &str, bulk: &str, step: u32) -> Verdict {
    let (rest, _) = flow.events.rest_of_step(step);
    let alike = |other: &ApiRequest<'_>| {
        other.facts.operation.as_deref() == Some(operation)
            && other.facts.account == call.facts.account
            && other.succeeded()
    };
    let count = rest.api_calls().filter(alike).count().max(MANY);
    let (expected, likely) = if operation == bulk {
        ("calls that carry many", "the call for many is made once for each")
    } else {
        ("few calls that carry many", "each is sent by a call of its own, also where many wait")
    };
    let saw = statement!(
        "{count} calls of {operation} for one account in one step; {bulk} takes many",
        count,
        operation = Value::name(operation),
        bulk = Value::name(bulk)
    );
    Verdict::Fail(Finding::app(expected, saw).likely(likely).at(call.seq))
}

/// The operation that takes many of what an operation writes.
fn bulk_operation(operation: &str) -> Option<&'static str> {
    let single = SINGLE.iter().find(|(single, _)| *single == operation).map(|(_, bulk)| *bulk);
    single.or_else(|| SINGLE.iter().map(|(_, bulk)| *bulk).chain(TAKES_MANY).find(|bulk| *bulk == operation))
}

/// Whether a call writes one thing.
fn writes_one(call: &ApiRequest<'_>, operation: &str, bulk: &str) -> bool {
    let sent = &call.facts.sent;
    operation != bulk || TAKES_MANY.contains(&operation) && sent.events() + sent.profiles == 1
}
