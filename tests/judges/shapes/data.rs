//! `data.*`: what apps leave in an account, by shapes of which no seeded defect has one.

use flowcheck::checklist::{Verdict, VerdictKind};
use flowcheck::evidence::{
    ApiCall, Declared, Entry, Event, Evidence, Exchange, Facts, SentData, SentMetric, SentProperty, StepKind,
    StepPhase, StepProblem, TokenState, ValueType,
};

use crate::recordings::{HONEST, judge, one};

const PASS: VerdictKind = VerdictKind::Pass;
const FAIL: VerdictKind = VerdictKind::Fail;
const REVIEW: VerdictKind = VerdictKind::Review;
const NOT_APPLICABLE: VerdictKind = VerdictKind::NotApplicable;

fn recorded() -> Evidence {
    one(HONEST, "scopes/least")
}

fn facts(exchange: &mut Exchange) -> &mut ApiCall {
    match &mut exchange.facts {
        Facts::Api(facts) => facts,
        other => panic!("{other:?}"),
    }
}

fn is_write(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Api(_)) && exchange.method == "POST")
}

/// A call that Klaviyo took.
fn call(operation: &str, sent: SentData) -> Exchange {
    let template = recorded().timeline.into_iter().find(is_write).expect("the honest app writes");
    let Event::Exchange(exchange) = template.event else { panic!("it is an exchange") };
    let mut exchange = *exchange;
    let facts = facts(&mut exchange);
    facts.operation = Some(operation.to_owned());
    *facts.sent = sent;
    exchange
}

/// The honest app's run with other writes, all in the step in which it was made to work.
fn writing(calls: Vec<Exchange>) -> Evidence {
    let mut evidence = recorded();
    let at = evidence.timeline.iter().position(is_write).expect("the honest app writes");
    let at_ms = evidence.timeline[at].at_ms;
    evidence.timeline.retain(|entry| !is_write(entry));
    let new = calls.into_iter().map(|call| Entry { seq: 0, at_ms, event: Event::Exchange(Box::new(call)) });
    evidence.timeline.splice(at..at, new);
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
    evidence
}

/// An event of a metric with properties, each of a type or of none.
fn event(metric: &str, properties: &[(&str, Option<ValueType>)]) -> Exchange {
    let property = |(name, value): &(&str, Option<ValueType>)| SentProperty {
        name: (*name).into(),
        types: value.iter().copied().collect(),
    };
    let properties = properties.iter().map(property).collect();
    let metrics = vec![SentMetric { name: metric.into(), events: 1, properties }];
    call("create_event", SentData { metrics, ..SentData::default() })
}

fn verdict(item: &str, calls: Vec<Exchange>) -> Verdict {
    judge(item, &writing(calls))
}

fn kind(item: &str, calls: Vec<Exchange>) -> VerdictKind {
    verdict(item, calls).kind()
}

/// The verdict on the names of lists and properties of an app that has a name.
fn names(app: &str, lists: &[&str], properties: &[&str]) -> VerdictKind {
    let lists =
        lists.iter().map(|name| call("create_list", SentData { lists: vec![(*name).into()], ..SentData::default() }));
    let profile_properties = properties.iter().map(|name| (*name).into()).collect();
    let profile = call("create_or_update_profile", SentData { profiles: 1, profile_properties, ..SentData::default() });
    let mut evidence = writing(lists.chain([profile]).collect());
    app.clone_into(&mut evidence.setup.app.name);
    judge("data.named-for-app", &evidence).kind()
}

#[test]
fn lists_and_properties_say_which_app_made_them() {
    for (app, lists, properties, right) in [
        ("PetParty", &["PetParty Invitees"][..], &["petparty_pets"][..], PASS),
        ("Pebble Loyalty", &["Pebble VIPs"], &["Pebble Loyalty tier", "$source"], PASS),
        ("Pebble Loyalty for Klaviyo", &[], &["PL points"], PASS),
        ("ペブル", &["ペブル会員"], &[], PASS),
        ("Pebble Loyalty", &["VIPs"], &[], FAIL),
        ("Pebble Loyalty", &[], &["tier", "Pebble Loyalty points"], FAIL),
        ("Pebble Loyalty", &["Pebble Loyalty VIPs"], &["birthday"], FAIL),
        ("Harbour Reviews", &["Reviewers"], &["last_rating"], FAIL),
        // Whether customers know the app by this, only a person can say.
        ("Pebble Loyalty", &["Loyalty members"], &[], REVIEW),
        ("Pebble Loyalty", &["Glow members"], &["glow_points", "glow_tier"], REVIEW),
        ("ペブル", &["VIPs"], &[], REVIEW),
        // Klaviyo's own, or none at all.
        ("Pebble Loyalty", &[], &["$consent"], NOT_APPLICABLE),
        ("Pebble Loyalty", &[], &[], NOT_APPLICABLE),
    ] {
        assert_eq!(names(app, lists, properties), right, "{app}: {lists:?}, {properties:?}");
    }
}

#[test]
fn a_list_that_klaviyo_did_not_make_has_no_name() {
    let mut refused = call("create_list", SentData { lists: vec!["VIPs".into()], ..SentData::default() });
    refused.status = 409;
    assert_eq!(kind("data.named-for-app", vec![refused]), NOT_APPLICABLE);
}

/// Calls of an operation that differ in their bodies, each with so many profiles.
fn many(operation: &str, calls: usize, profiles: usize) -> Vec<Exchange> {
    let one = |number: usize| {
        let mut one = call(operation, SentData { profiles, ..SentData::default() });
        one.request_body = Some(format!("{{\"number\":{number}}}"));
        one
    };
    (0..calls).map(one).collect()
}

#[test]
fn much_of_one_kind_goes_in_bulk() {
    for (operation, calls, profiles, right) in [
        ("create_event", 1, 0, PASS),
        ("create_event", 19, 0, PASS),
        ("create_event", 20, 0, FAIL),
        ("create_or_update_profile", 60, 1, FAIL),
        ("create_catalog_item", 25, 0, FAIL),
        ("create_coupon_code", 40, 0, FAIL),
        // Many calls that carry many each, and calls for many that carry one.
        ("bulk_import_profiles", 40, 500, PASS),
        ("bulk_import_profiles", 40, 1, FAIL),
        ("add_profiles_to_list", 30, 1, FAIL),
        ("add_profiles_to_list", 30, 100, PASS),
        // Klaviyo has no operation for many of these.
        ("create_list", 40, 0, NOT_APPLICABLE),
        ("create_template", 40, 0, NOT_APPLICABLE),
    ] {
        assert_eq!(kind("data.bulk", many(operation, calls, profiles)), right, "{calls} of {operation}");
    }
}

#[test]
fn what_is_one_write_or_for_several_accounts_or_refused_is_not_much() {
    let mut repeated = many("create_event", 30, 0);
    for call in &mut repeated {
        call.request_body = Some("{}".to_owned());
    }
    assert_eq!(kind("data.bulk", repeated), PASS);
    let mut accounts = many("create_event", 30, 0);
    for (number, call) in accounts.iter_mut().enumerate() {
        facts(call).account = Some(format!("ACC{:03}", number % 2));
    }
    assert_eq!(kind("data.bulk", accounts), PASS);
    let mut throttled = many("create_event", 30, 0);
    for call in throttled.iter_mut().skip(10) {
        call.status = 429;
    }
    assert_eq!(kind("data.bulk", throttled), PASS);
    // One by one as shoppers come: a few in each step.
    let mut steps = writing(many("create_event", 30, 0));
    let began = steps.timeline.iter().find(|entry| {
        matches!(&entry.event, Event::Step(mark) if mark.step == StepKind::Trigger && mark.phase == StepPhase::Began)
    });
    let began = began.expect("the app was made to work").event.clone();
    let first = steps.timeline.iter().position(is_write).expect("it writes");
    for number in (1..5).rev() {
        steps.timeline.insert(first + number * 6, Entry { seq: 0, at_ms: 0, event: began.clone() });
    }
    for (seq, entry) in (0..).zip(&mut steps.timeline) {
        entry.seq = seq;
    }
    assert_eq!(judge("data.bulk", &steps).kind(), PASS);
}

#[test]
fn the_type_of_a_property_does_not_change_from_event_to_event() {
    use ValueType::{Boolean, List, Number, Object, Text};
    for (one, other, right) in [
        (Some(Number), Some(Number), PASS),
        (Some(Text), Some(Text), PASS),
        (Some(Number), None, PASS),
        (None, None, PASS),
        (Some(Number), Some(Text), FAIL),
        (Some(Boolean), Some(Text), FAIL),
        (Some(Text), Some(List), FAIL),
        (Some(List), Some(Object), FAIL),
    ] {
        let calls = vec![event("Ordered", &[("total", one)]), event("Ordered", &[("total", other)])];
        assert_eq!(kind("data.stable-schema", calls), right, "{one:?} and {other:?}");
    }
    // In one bulk call.
    let mut bulk = event("Ordered", &[("total", Some(Number))]);
    let metric = &mut facts(&mut bulk).sent.metrics[0];
    metric.events = 2;
    metric.properties[0].types.push(Text);
    assert_eq!(kind("data.stable-schema", vec![bulk]), FAIL);
}

#[test]
fn another_metric_another_account_or_a_refused_event_changes_no_type() {
    let of = |metric: &str, value_type| event(metric, &[("total", Some(value_type))]);
    let (number, text) = (ValueType::Number, ValueType::Text);
    let twice = || vec![of("Ordered", number), of("Ordered", number)];
    let with = |other: Exchange| twice().into_iter().chain([other]).collect::<Vec<_>>();
    assert_eq!(kind("data.stable-schema", with(of("Refunded", text))), PASS);
    let mut elsewhere = of("Ordered", text);
    facts(&mut elsewhere).account = Some("OTHER1".to_owned());
    assert_eq!(kind("data.stable-schema", with(elsewhere)), PASS);
    let mut refused = of("Ordered", text);
    refused.status = 400;
    assert_eq!(kind("data.stable-schema", with(refused)), PASS);
    assert_eq!(kind("data.stable-schema", with(of("Ordered", text))), FAIL);
    assert_eq!(kind("data.stable-schema", vec![of("Ordered", number)]), NOT_APPLICABLE);
    assert_eq!(kind("data.stable-schema", Vec::new()), NOT_APPLICABLE);
}

#[test]
fn names_of_metrics_and_properties_have_one_spelling() {
    let plain = |metrics: &[&str]| metrics.iter().map(|metric| event(metric, &[])).collect::<Vec<_>>();
    for (metrics, right) in [
        (&["Placed order", "Placed order"][..], PASS),
        (&["Placed order", "Refunded order", "Placed order"], PASS),
        (&["Reached level 1", "Reached level 2", "Reached level 3", "Reached level 1"], PASS),
        (&["Placed order", "Placed Order"], FAIL),
        (&["placed_order", "Placed order"], FAIL),
        (&["PlacedOrder", "placed-order"], FAIL),
        // The number may be what the metric is about.
        (&["Order 1001 placed", "Order 1002 placed", "Order 1003 placed"], REVIEW),
    ] {
        assert_eq!(kind("data.stable-schema", plain(metrics)), right, "{metrics:?}");
    }
    let text = Some(ValueType::Text);
    let with = |properties: &[(&str, Option<ValueType>)]| event("Ordered", properties);
    for (one, other, right) in [
        (&[("orderId", text)][..], &[("orderId", text)][..], PASS),
        (&[("orderId", text)], &[("customerId", text)], PASS),
        (&[("orderId", text)], &[("order_id", text)], FAIL),
        (&[("Total", text)], &[("total", text)], FAIL),
        // Both on purpose.
        (&[("orderId", text), ("order_id", text)], &[("orderId", text)], PASS),
    ] {
        assert_eq!(kind("data.stable-schema", vec![with(one), with(other)]), right, "{one:?} and {other:?}");
    }
}

fn by_key(mut call: Exchange) -> Exchange {
    call.status = 401;
    let facts = facts(&mut call);
    (facts.token_state, facts.token) = (TokenState::PrivateKey, None);
    (facts.install, facts.account) = (None, None);
    call
}

fn by_public_key(mut call: Exchange, company: &str) -> Exchange {
    call.path = "/client/events".into();
    call.query = vec![("company_id".into(), company.into())];
    let facts = facts(&mut call);
    (facts.token_state, facts.token) = (TokenState::Missing, None);
    (facts.install, facts.account) = (None, None);
    call
}

#[test]
fn a_metric_by_oauth_is_sent_by_no_key() {
    let account = facts(&mut event("Ordered", &[])).account.clone().expect("it is for an account");
    let ordered = || event("Ordered", &[]);
    for (calls, right, what) in [
        (vec![ordered(), ordered()], PASS, "by OAuth alone"),
        (vec![ordered(), by_key(ordered())], FAIL, "by a private key too"),
        (vec![by_key(ordered()), ordered()], FAIL, "by a private key before"),
        (vec![ordered(), by_key(event("Refunded", &[]))], PASS, "another metric by a private key"),
        (vec![ordered(), by_public_key(ordered(), &account)], FAIL, "by the public key of the account"),
        (vec![ordered(), by_public_key(ordered(), "OTHER1")], PASS, "for an account of the app's makers"),
        (vec![ordered(), by_public_key(event("Looked", &[]), &account)], PASS, "another metric by the public key"),
        (vec![by_key(ordered())], NOT_APPLICABLE, "by a private key alone"),
        (Vec::new(), NOT_APPLICABLE, "no event"),
    ] {
        assert_eq!(kind("data.one-source", calls), right, "{what}");
    }
}

#[test]
fn what_was_not_seen_at_work_is_not_run() {
    for item in ["data.named-for-app", "data.bulk", "data.stable-schema", "data.one-source"] {
        let mut undeclared = writing(Vec::new());
        undeclared.setup.app.trigger = Declared::Nothing;
        assert_eq!(judge(item, &undeclared).kind(), VerdictKind::NotRun, "{item}");
        let mut refused = writing(Vec::new());
        for entry in &mut refused.timeline {
            if let Event::Step(mark) = &mut entry.event
                && mark.step == StepKind::Trigger
                && mark.phase == StepPhase::Done
            {
                mark.phase = StepPhase::Failed(StepProblem::NoPageOpen);
            }
        }
        assert_eq!(judge(item, &refused).kind(), VerdictKind::NotRun, "{item}");
        let mut uninstalled = writing(Vec::new());
        uninstalled.timeline.truncate(3);
        assert_eq!(judge(item, &uninstalled).kind(), VerdictKind::NotRun, "{item}");
    }
}
