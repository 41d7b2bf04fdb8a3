//! The recordings, fed to the translation.

use std::fs;
use std::sync::Arc;

use serde_json::Value;

use super::super::socket::Call;
use super::super::translation::Translation;
use super::lifecycles::Lifecycles;
use super::record::file;
use super::shapes::{SHAPES, Shape};
use crate::browser::page::navigation::activity::Activity;
use crate::browser::page::navigation::navigation_tracker::NavigationTracker;
use crate::browser::page::navigation::network_event::Follow;
use crate::browser::session::trackers::{Trackers, follower};
use crate::evidence::Recorder;

/// What came of a recording.
#[derive(Debug)]
struct Replayed {
    lifecycles: Lifecycles,
    /// How lively the tab is at the end.
    activity: Activity,
}

/// When Chromium answers what it was asked.
#[derive(Debug, Clone, Copy)]
enum Answers {
    AtOnce,
    AtTheEnd,
}

/// Feeds messages to a translation, and what comes of them to a tracker.
fn replayed(recording: &Value, messages: &[Value], answers: Answers) -> Replayed {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (tab, session) = (word(&recording["opened"]["tab"]), word(&recording["opened"]["session"]));
    let tracker = Arc::new(NavigationTracker::new("user", Recorder::new()));
    let trackers = Trackers::default();
    trackers.lock().expect("nobody else has it").follow(tab.clone(), tracker.clone(), Follow::Tab);
    let mut follow = follower(trackers);
    let mut translation = Translation::default();
    translation.tabs.user("user", true);
    translation.tabs.open(&tab, &session, "user");
    let (mut lifecycles, mut due) = (Lifecycles::default(), Vec::new());
    let mut take = |message: &Value| {
        let (events, calls) = translation.take(message);
        for (method, params) in &events {
            lifecycles.take(method, params);
            follow(method, params);
        }
        calls.into_iter().filter_map(|call: Call| call.then).collect::<Vec<_>>()
    };
    for message in messages {
        let follows = take(message);
        match answers {
            Answers::AtOnce => drop(follows.iter().map(&mut take).collect::<Vec<_>>()),
            Answers::AtTheEnd => due.extend(follows),
        }
    }
    for answer in &due {
        take(answer);
    }
    let activity = *tracker.watch().borrow();
    Replayed { lifecycles, activity }
}

fn recorded(shape: &str) -> (Value, Vec<Value>) {
    let text = fs::read_to_string(file(shape)).unwrap_or_else(|error| panic!("{shape} is recorded: {error}"));
    let recording: Value = serde_json::from_str(&text).expect("it is JSON");
    let messages = recording["messages"].as_array().expect("a list").clone();
    (recording, messages)
}

fn is_headers(message: &Value) -> bool {
    message["method"] == "Network.responseReceivedExtraInfo"
}

/// What is not as it ought to be of a shape: with its messages changed, and answers at some time.
fn wrong(shape: &Shape, changed: impl Fn(Vec<Value>) -> Vec<Value>, answers: Answers) -> Option<String> {
    let (recording, messages) = recorded(shape.name);
    let replayed = replayed(&recording, &changed(messages), answers);
    let (lines, order) = (replayed.lifecycles.lines(), replayed.lifecycles.out_of_order());
    if lines == shape.right() && order.is_empty() && !replayed.activity.is_busy() {
        return None;
    }
    let Activity { fetching, loading, .. } = replayed.activity;
    let (lines, right) = (lines.join("\n  "), shape.right().join("\n  "));
    let state = format!("{fetching} under way, loading {loading}, out of order {order:?}");
    Some(format!("{}: {state}, told\n  {lines}\nright is\n  {right}\n", shape.name))
}

/// Headers come last, or at least after all else.
fn late(messages: Vec<Value>) -> Vec<Value> {
    let (headers, mut others): (Vec<_>, Vec<_>) = messages.into_iter().partition(is_headers);
    others.extend(headers);
    others
}

#[test]
fn what_chromium_sends_of_each_shape_is_told_rightly_and_nothing_is_left_under_way() {
    for answers in [Answers::AtOnce, Answers::AtTheEnd] {
        let wrong: String = SHAPES.iter().filter_map(|shape| wrong(shape, |messages| messages, answers)).collect();
        assert!(wrong.is_empty(), "{answers:?}\n{wrong}");
    }
}

#[test]
fn headers_may_come_as_late_as_they_like() {
    // Of some requests of these, nothing but headers tells; they must have come while the page was there.
    let others = SHAPES.iter().filter(|shape| !["policy", "workers", "shared-workers"].contains(&shape.name));
    let wrong: String = others.filter_map(|shape| wrong(shape, late, Answers::AtTheEnd)).collect();
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn nothing_is_left_under_way_where_headers_are_late_or_never_come() {
    let never = |mut messages: Vec<Value>| {
        messages.retain(|message| !is_headers(message));
        messages
    };
    for shape in SHAPES {
        for changed in [late, never] {
            let (recording, messages) = recorded(shape.name);
            let replayed = replayed(&recording, &changed(messages), Answers::AtOnce);
            assert!(
                !replayed.activity.is_busy(),
                "{}: {:?}\n{:?}",
                shape.name,
                replayed.activity,
                replayed.lifecycles.lines()
            );
            assert_eq!(replayed.lifecycles.out_of_order(), [""; 0], "{}", shape.name);
        }
    }
}

#[test]
fn a_stream_that_is_open_is_not_waited_for() {
    for shape in ["event-stream", "media"] {
        let (recording, messages) = recorded(shape);
        let is_next = |message: &Value| message["params"]["request"]["url"] == "http://localhost:3000/other";
        let next = messages.iter().position(is_next).expect("the page is left");
        let replayed = replayed(&recording, &messages[..next], Answers::AtOnce);
        let lines = replayed.lifecycles.lines();
        assert!(lines.iter().any(|line| line.ends_with(": 200")), "{shape}: {lines:?}");
        assert_eq!(replayed.activity.fetching, 0, "{shape}: {lines:?}");
    }
}
