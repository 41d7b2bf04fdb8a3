//! `oauth.state.sent`: two attempts of one user and one of another, with what different apps send.

use flowcheck::checklist::{Verdict, VerdictKind};
use flowcheck::evidence::{Event, Evidence, Facts, Recorder, StateChange, StatePattern};

use crate::recordings::{HONEST, judge, one};

/// A random value.
const RANDOM: [&str; 3] = ["tBx0fHq3mKz9Lw2VsN8aRg", "Uakgb_J5m9g-0JDMbcJqLw", "pQ3kXo9LwT2vNs8aD4eF6g"];

/// Two attempts of one user and one of another, each with a `state` of its own, and how it differs from the ones before.
fn sent(states: [&str; 3], change: Option<StateChange>) -> Evidence {
    let recorder = Recorder::new();
    recorder.known("ada@example.com", "the user's login");
    recorder.known("ben@example.com", "the user's login");
    let mut evidence = one(HONEST, "oauth/fresh");
    let mut states = states.into_iter();
    for entry in &mut evidence.timeline {
        if let Event::Exchange(exchange) = &mut entry.event
            && let Facts::Authorize(call) = &mut exchange.facts
        {
            call.state = states.next().map(|state| recorder.secret("state", state));
            call.state_change = change;
        }
    }
    assert_eq!(states.next(), None, "three attempts were recorded");
    evidence
}

fn verdict(states: [&str; 3], bits: u32, pattern: Option<StatePattern>) -> Verdict {
    judge("oauth.state.sent", &sent(states, Some(StateChange { bits_at_most: bits, pattern })))
}

#[test]
fn a_constant_fails_however_long_it_is() {
    let ada_then_all = ["tBx0fHq3mKz9Lw2VsN8aRg", "Uakgb_J5m9g-0JDMbcJqLw", "tBx0fHq3mKz9Lw2VsN8aRg"];
    for states in [["pebble-app"; 3], [RANDOM[0]; 3], ada_then_all] {
        assert_eq!(verdict(states, 0, None).kind(), VerdictKind::Fail, "{states:?}");
    }
}

#[test]
fn what_is_each_users_own_and_always_the_same_warns() {
    for states in [
        // An id, an address, Base64 of one, a hash of the session, and a JWT that holds no time.
        ["17", "17", "18"],
        ["ada@example.com", "ada@example.com", "ben@example.com"],
        ["YWRhQGV4YW1wbGUuY29t", "YWRhQGV4YW1wbGUuY29t", "YmVuQGV4YW1wbGUuY29t"],
        [RANDOM[0], RANDOM[0], RANDOM[1]],
        [
            "eyJhbGciOiJIUzI1NiJ9.eyJ1IjoxN30.q1Z",
            "eyJhbGciOiJIUzI1NiJ9.eyJ1IjoxN30.q1Z",
            "eyJhbGciOiJIUzI1NiJ9.eyJ1IjoxOH0.7xT",
        ],
    ] {
        assert_eq!(verdict(states, 200, None).kind(), VerdictKind::Warn, "{states:?}");
    }
}

#[test]
fn a_counter_and_the_time_warn_and_any_other_small_change_is_left_to_a_person() {
    let states = ["attempt-of-user-17-0000000041", "attempt-of-user-17-0000000042", "attempt-of-user-18-0000000043"];
    for (pattern, kind) in [
        (Some(StatePattern::Counter), VerdictKind::Warn),
        (Some(StatePattern::Time), VerdictKind::Warn),
        (None, VerdictKind::Review),
    ] {
        assert_eq!(verdict(states, 33, pattern).kind(), kind, "{pattern:?}");
    }
}

#[test]
fn a_random_value_passes_and_so_does_what_is_signed_anew_each_time() {
    assert_eq!(verdict(RANDOM, 120, None).kind(), VerdictKind::Pass);
    // What was recorded before the change was looked at says nothing of it.
    assert_eq!(judge("oauth.state.sent", &sent(RANDOM, None)).kind(), VerdictKind::Pass);
    // The id stands there too, but the rest is random.
    let with_id = ["17.tBx0fHq3mKz9Lw2VsN8a", "17.Uakgb_J5m9g-0JDMbcJq", "18.pQ3kXo9LwT2vNs8aD4eF"];
    assert_eq!(verdict(with_id, 114, None).kind(), VerdictKind::Pass);
    // A number that counts up beside it takes nothing away.
    assert_eq!(verdict(with_id, 114, Some(StatePattern::Counter)).kind(), VerdictKind::Pass);
}

#[test]
fn without_another_user_a_repeat_may_be_a_constant_or_an_id() {
    let mut evidence = sent([RANDOM[0], RANDOM[0], RANDOM[1]], None);
    evidence.setup.users.truncate(1);
    let third = evidence.timeline.iter().rposition(
        |entry| matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Authorize(_))),
    );
    evidence.timeline.remove(third.expect("there are three"));
    assert_eq!(judge("oauth.state.sent", &evidence).kind(), VerdictKind::Review);
}
