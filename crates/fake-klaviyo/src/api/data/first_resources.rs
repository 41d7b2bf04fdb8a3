//! What a shop's account has before any app is installed: lists, a segment, and the metrics of the shop and of Klaviyo (A).

use serde_json::{Map, Value, json};

use crate::api::data::account_data::AccountData;
use crate::api::data::derived_resources::{add, add_derived};

/// Lists, with how people get on them.
const LISTS: [(&str, &str); 2] = [("Newsletter", "double_opt_in"), ("SMS Subscribers", "single_opt_in")];

/// Metrics of the shop's own platform, the kind of integration that Klaviyo calls eCommerce.
const OF_THE_SHOP: [&str; 5] =
    ["Placed Order", "Ordered Product", "Checkout Started", "Viewed Product", "Fulfilled Order"];
/// Metrics of Klaviyo's own.
const OF_KLAVIYO: [&str; 4] = ["Received Email", "Opened Email", "Clicked Email", "Subscribed to List"];

/// Adds the resources that an account starts with.
pub(crate) fn seed(records: &mut AccountData, account: &str, now_ms: i64) {
    let group = json!({"name": "Default", "default": true, "exclusive": false});
    add(records, "tag-group", None, object(&group), now_ms);
    for topic in TOPICS {
        add(records, "webhook-topic", Some(format!("event:klaviyo.{topic}")), Map::new(), now_ms);
    }
    for metric in ["revenue", "ordered_product", "refunded_sales"] {
        add(records, "mapped-metric", Some(metric.to_owned()), Map::new(), now_ms);
    }
    for of_the_account in ["tracking-setting", "billing-usage", "brand-voice", "brand-email-default"] {
        add(records, of_the_account, Some(account.to_owned()), Map::new(), now_ms);
    }
    let place = json!({"latitude": 38.7, "longitude": -9.1, "radius": 100.0});
    add(records, "geofence", None, object(&place), now_ms);
    shop(records, now_ms);
}

/// The topics of webhooks that each account has, after `event:klaviyo.` (D, Working with system webhooks).
const TOPICS: [&str; 23] = [
    "bounced_email",
    "clicked_email",
    "dropped_email",
    "opened_email",
    "received_email",
    "marked_email_as_spam",
    "subscribed_to_email_marketing",
    "unsubscribed_from_email_marketing",
    "manually_suppressed_from_email_marketing",
    "manually_unsuppressed_from_email_marketing",
    "updated_email_preferences",
    "sent_sms",
    "received_sms",
    "clicked_sms",
    "failed_to_deliver_sms",
    "subscribed_to_sms_marketing",
    "unsubscribed_from_sms_marketing",
    "received_push",
    "bounced_push",
    "opened_push",
    "ready_to_review",
    "submitted_rating",
    "submitted_review",
];

fn shop(records: &mut AccountData, now_ms: i64) {
    for (name, opt_in) in LISTS {
        let list = json!({"name": name, "opt_in_process": opt_in});
        add(records, "list", None, object(&list), now_ms);
    }
    let segment =
        json!({"name": "Engaged in the last 90 days", "is_active": true, "is_processing": false, "is_starred": false});
    add(records, "segment", None, object(&segment), now_ms);
    let shop = json!({"object": "integration", "id": "0eMvjm", "name": "Online shop", "category": "eCommerce"});
    let klaviyo = json!({"object": "integration", "id": "0rG4eP", "name": "Klaviyo", "category": "Internal"});
    let metrics = OF_THE_SHOP.iter().map(|name| (name, &shop)).chain(OF_KLAVIYO.iter().map(|name| (name, &klaviyo)));
    for (name, integration) in metrics {
        let metric = json!({"name": name, "integration": integration});
        let id = add(records, "metric", None, object(&metric), now_ms);
        add_derived(records, &("metric", id), now_ms);
    }
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_lists_a_segment_and_metrics_and_nobody_in_them() {
        let mut records = AccountData::default();
        seed(&mut records, "HaRb01", 0);
        let count = |kind: &str| records.all(kind).len();
        assert_eq!((count("list"), count("segment"), count("metric")), (2, 1, 9));
        assert_eq!((count("profile"), count("event")), (0, 0));
        let times = records.all("metric").iter().map(|metric| metric.field("created"));
        assert!(times.clone().all(|time| time.is_some()), "{times:?}");
    }
}
