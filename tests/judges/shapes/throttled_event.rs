//! `rate.delivers`: which events are one to Klaviyo, when a throttled one comes again.

use flowcheck::checklist::VerdictKind;
use flowcheck::evidence::{AppEvent, Entry, Event, Evidence, Exchange};
use serde_json::{Value, json};

use crate::recordings::{HONEST, judge, one};

/// What a call says of its event beside metric and profile.
type Said = (Option<&'static str>, Option<&'static str>, i64);

fn body(unique_id: Option<&str>, time: Option<&str>, profile: &str, tries: i64) -> String {
    let mut attributes = json!({
        "properties": { "rating": 5 },
        "metric": { "data": { "type": "metric", "attributes": { "name": "Submitted review" } } },
        "profile": { "data": { "type": "profile", "attributes": { "email": profile } } },
    });
    for (name, value) in [("unique_id", unique_id), ("time", time)] {
        attributes[name] = value.map_or(Value::Null, Value::from);
    }
    if tries > 0 {
        attributes["properties"]["tries"] = tries.into();
    }
    attributes.as_object_mut().expect("it is one").retain(|_, value| !value.is_null());
    json!({ "data": { "type": "event", "attributes": attributes } }).to_string()
}

/// The honest app's evidence, in which the throttled event has this id, and in each run of the job, from the one that met the limit on, events
/// with these ids arrive.
fn evidence_of_runs(throttled: &str, runs: [&[&'static str]; 4]) -> Evidence {
    let body = |id: &str| body(Some(id), None, "tove@readers.example", 0);
    let mut evidence = evidence(&body(throttled), &[]);
    let is_arrival = |entry: &Entry| matches!(&entry.event, Event::Exchange(exchange) if exchange.path == "/api/events" && exchange.status == 202);
    let arrival = one(HONEST, "rate/throttled").timeline.into_iter().find(is_arrival).expect("one arrived");
    let ran = |entry: &Entry| matches!(&entry.event, Event::App(AppEvent::Triggered(_)));
    let limit = |entry: &Entry| matches!(&entry.event, Event::Exchange(exchange) if exchange.status == 429);
    let mut at = evidence.timeline.iter().position(limit).expect("it was throttled");
    for ids in runs {
        at += evidence.timeline[at..].iter().position(ran).expect("four runs");
        for id in ids {
            let mut copy = arrival.clone();
            if let Event::Exchange(exchange) = &mut copy.event {
                exchange.request_body = Some(body(id));
            }
            evidence.timeline.insert(at, copy);
            at += 1;
        }
        at += 1;
    }
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
    evidence
}

/// The honest app's evidence, in which the throttled event is `first`, and what arrives later is `later`, at these seconds.
fn evidence(first: &str, later: &[(String, i64)]) -> Evidence {
    let mut evidence = one(HONEST, "rate/throttled");
    let is_event = |exchange: &Exchange| exchange.path == "/api/events";
    let mut arrived = None;
    for entry in &mut evidence.timeline {
        if let Event::Exchange(exchange) = &mut entry.event
            && is_event(exchange)
        {
            match exchange.status {
                429 => exchange.request_body = Some(first.to_owned()),
                // The first is the throttled one, and the others are of other reviews.
                _ if arrived.is_none() => arrived = Some(entry.clone()),
                _ => {}
            }
        }
    }
    let arrived = arrived.expect("it arrived");
    let at = evidence.timeline.iter().position(|entry| entry.seq == arrived.seq).expect("it is there");
    let copies = later.iter().map(|(body, second)| {
        let mut copy = arrived.clone();
        if let Event::Exchange(exchange) = &mut copy.event {
            exchange.request_body = Some(body.clone());
            exchange.klaviyo_time_s = *second;
        }
        copy
    });
    evidence.timeline.splice(at..=at, copies.collect::<Vec<_>>());
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
    evidence
}

#[test]
fn a_repeat_is_harmless_where_klaviyo_takes_it_for_the_same_event() {
    const T1: &str = "2026-11-21T13:04:31.764711406Z";
    const T1_ELSEWHERE: &str = "2026-11-21T14:04:31+01:00";
    const T2: &str = "2026-11-21T13:04:32Z";
    let table: &[(Said, &[Said], VerdictKind)] = &[
        // One id, one event, whatever the time.
        ((Some("a"), Some(T1), 0), &[(Some("a"), Some(T1), 10), (Some("a"), Some(T2), 11)], VerdictKind::Pass),
        // No id: one second, one event, in whatever zone and with whatever fraction it is written.
        ((None, Some(T1), 0), &[(None, Some(T1), 10), (None, Some(T1_ELSEWHERE), 99)], VerdictKind::Pass),
        // Neither: the second in which it came.
        ((None, None, 0), &[(None, None, 10), (None, None, 10)], VerdictKind::Pass),
        ((None, None, 0), &[(None, None, 10), (None, None, 11)], VerdictKind::Fail),
        // Another id, or one with an id and one without, in the same second.
        ((Some("a"), Some(T1), 0), &[(Some("a"), Some(T1), 10), (Some("b"), Some(T1), 10)], VerdictKind::Fail),
        ((Some("a"), Some(T1), 0), &[(Some("a"), Some(T1), 10), (None, Some(T1), 10)], VerdictKind::Fail),
        // The app says that the other happened later: an event of its own.
        ((None, Some(T1), 0), &[(None, Some(T1), 10), (None, Some(T2), 10)], VerdictKind::Pass),
        // None has the throttled one's second: one of them may be it.
        ((None, Some(T1), 0), &[(None, Some(T2), 10), (None, Some("2026-11-21T13:05:00Z"), 40)], VerdictKind::Review),
        ((None, Some(T1), 0), &[(None, Some(T2), 10)], VerdictKind::Pass),
    ];
    for (first, later, kind) in table {
        let of = |(id, time, second): &Said| (body(*id, *time, "tove@readers.example", 0), 1_795_305_880 + second);
        let later: Vec<(String, i64)> = later.iter().map(of).collect();
        let evidence = evidence(&of(first).0, &later);
        assert_eq!(judge("rate.delivers", &evidence).kind(), *kind, "{first:?}: {later:?}");
    }
}

#[test]
fn what_each_run_sends_under_an_id_of_its_own_is_no_copy_of_what_was_throttled() {
    const T: [&str; 5] = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    let table: [([&[&'static str]; 4], VerdictKind); 6] = [
        // A balance a day, in the run that waits, or in the one after it.
        ([&T[..1], &T[1..2], &T[2..3], &T[3..4]], VerdictKind::Pass),
        ([&[], &T[..2], &T[2..3], &T[3..4]], VerdictKind::Pass),
        // Copies that were made while the limit lasted, and come to an end.
        ([&[], &T[..1], &T[1..2], &[]], VerdictKind::Fail),
        ([&[], &[], &T[..4], &[]], VerdictKind::Fail),
        ([&T[..1], &T[1..2], &T[2..3], &[]], VerdictKind::Fail),
        // One of two with one id is a repeat; what else comes is not one a run.
        ([&T[..1], &[T[1], T[1]], &T[2..3], &T[3..4]], VerdictKind::Fail),
    ];
    for (runs, kind) in table {
        assert_eq!(judge("rate.delivers", &evidence_of_runs(T[0], runs)).kind(), kind, "{runs:?}");
    }
    // What was throttled never comes, and each run sends another.
    let lost = evidence_of_runs("sunday", [&T[..1], &T[1..2], &T[2..3], &T[3..4]]);
    assert_ne!(judge("rate.delivers", &lost).kind(), VerdictKind::Pass);
}

#[test]
fn an_event_is_known_again_though_its_properties_count_the_tries_and_not_for_another_profile() {
    let time = Some("2026-11-21T13:04:31Z");
    let first = body(None, time, "tove@readers.example", 0);
    let second_try = body(None, time, "Tove@readers.example", 2);
    let others = body(None, time, "emil@readers.example", 0);
    for (later, kind) in [
        (vec![(second_try.clone(), 1)], VerdictKind::Pass),
        (vec![(second_try.clone(), 1), (second_try.clone(), 1)], VerdictKind::Pass),
        (vec![(second_try, 1), (others.clone(), 1)], VerdictKind::Pass),
        (vec![(others, 1)], VerdictKind::Fail),
    ] {
        assert_eq!(judge("rate.delivers", &evidence(&first, &later)).kind(), kind, "{later:?}");
    }
}
