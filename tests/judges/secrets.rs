//! No recording holds a secret, nor what differs from machine to machine.

use std::collections::BTreeSet;
use std::fs;

use flowcheck::evidence::{AppEvent, ConfiguredSecret, Entry, Event, Recorder};
use serde_json::Value;

use crate::recordings::{Recorded, files, recorded};

/// What would give it away: the fixture app's client secret and password, the beginning of a JWT and of Basic credentials.
const SECRETS: [&str; 5] = ["harbour-reviews-client-secret", "harbour-demo", "eyJ", "Basic aGFy", "pk_"];

#[test]
fn no_recording_holds_a_secret() {
    for path in files() {
        let text = fs::read_to_string(&path).expect("a recording can be read");
        for secret in SECRETS {
            assert!(!text.contains(secret), "{} holds {secret}", path.display());
        }
        // Passwords of users that flowcheck makes up begin like this.
        assert!(!text.contains("Aa1-"), "{} holds a made-up password", path.display());
    }
}

#[test]
fn every_parameter_that_is_a_secret_is_a_fingerprint() {
    for path in files() {
        let text = fs::read_to_string(&path).expect("a recording can be read");
        for name in ["code=", "state=", "code_verifier=", "token=", "refresh_token=", "client_secret=", "password="] {
            for (at, _) in text.match_indices(name) {
                let value = &text[at + name.len()..];
                let empty = value.starts_with(['&', '"', ' ']);
                assert!(
                    empty || value.starts_with('‹'),
                    "{}: {name}{}",
                    path.display(),
                    value.chars().take(20).collect::<String>()
                );
            }
        }
    }
}

#[test]
fn recordings_are_small_and_hold_neither_log_nor_pictures() {
    let bytes: u64 = files().iter().map(|path| fs::metadata(path).expect("it is there").len()).sum();
    assert!(bytes < 10 << 20, "{bytes} bytes");
    for one in recorded() {
        for (index, entry) in one.evidence.timeline.iter().enumerate() {
            assert_eq!(entry.seq as usize, index, "{} {}", one.defect, one.scenario);
            match &entry.event {
                Event::Page(page) => assert_eq!(page.shot, None),
                Event::App(AppEvent::Log(line)) => panic!("a line of the app's log: {line}"),
                _ => {}
            }
        }
    }
}

/// Passwords that people choose for an app that they only try.
const WEAK: [&str; 8] = ["test", "demo", "admin", "hush", "pass", "1234", "secret", "klaviyo"];
/// A secret that is only known after all was recorded.
const LATE: &str = "late-known-0123456789";
/// Texts on a timeline that flowcheck or Klaviyo chooses, or that have one of a few values.
const OWN: [&str; 25] = [
    "/event/act/user",
    "/event/exchange/facts/api/account",
    "/event/exchange/facts/api/install",
    "/event/exchange/facts/api/missing_scopes",
    "/event/exchange/facts/api/operation",
    "/event/exchange/facts/api/scopes",
    "/event/exchange/facts/authorize/attempt",
    "/event/exchange/facts/authorize/client_id",
    "/event/exchange/facts/authorize/redirect_uri",
    "/event/exchange/facts/authorize/scopes",
    "/event/exchange/facts/decision/account",
    "/event/exchange/facts/decision/attempt",
    "/event/exchange/facts/page",
    "/event/exchange/facts/revoke/install",
    "/event/exchange/facts/token/attempt",
    "/event/exchange/facts/token/install",
    "/event/exchange/facts/token/outcome/refused/error",
    "/event/hop/method",
    "/event/hop/user",
    "/event/klaviyo",
    "/event/page/user",
    "/event/probe/method",
    "/event/probe/user",
    "/event/search/exposed/label",
    "/event/search/user",
];

#[test]
fn redacting_a_recording_once_more_changes_nothing() {
    for one in recorded() {
        let mut again = one.evidence.timeline.clone();
        Recorder::new().redact_again(&mut again);
        let (before, after) = (serde_json::to_value(&one.evidence.timeline), serde_json::to_value(&again));
        assert_eq!(before.expect("it serialises"), after.expect("it serialises"), "{} {}", one.defect, one.scenario);
    }
}

#[test]
fn a_password_that_is_a_common_word_changes_no_verdict() {
    let recorder = Recorder::new();
    recorder.configure(&WEAK.map(|word| ConfiguredSecret::new("password", word).of("ada")));
    let shown =
        |one: &Recorded| serde_json::to_string(&one.evidence).expect("it serialises").matches("‹password ").count();
    let mut replaced = 0;
    for mut one in recorded() {
        let (before, shown_before) = (one.verdicts(), shown(&one));
        recorder.redact_again(&mut one.evidence.timeline);
        replaced += shown(&one) - shown_before;
        for ((item, before), (_, after)) in before.iter().zip(one.verdicts()) {
            assert_eq!(before.kind(), after.kind(), "{item} of {} {}", one.defect, one.scenario);
        }
    }
    assert!(replaced > 0, "some of these words are on record");
}

#[test]
fn a_secret_that_becomes_known_late_is_taken_out_of_every_text_that_came_from_elsewhere() {
    let recorder = Recorder::new();
    recorder.hide("token", LATE);
    let (mut seen, mut kept) = (BTreeSet::new(), BTreeSet::new());
    for entry in recorded().iter().flat_map(|one| &one.evidence.timeline) {
        let json = serde_json::to_value(entry).expect("it serialises");
        for (place, shape) in texts(&json) {
            if !seen.insert(shape.clone()) {
                continue;
            }
            let mut changed = json.clone();
            let text = changed.pointer_mut(&place).expect("it is there");
            *text = format!("{} {LATE}", text.as_str().expect("it is a text")).into();
            // What takes no other text is a fingerprint, or one of a few words.
            let Ok(mut entry) = serde_json::from_value::<Entry>(changed) else { continue };
            recorder.redact_again(std::slice::from_mut(&mut entry));
            if serde_json::to_string(&entry).expect("it serialises").contains(LATE) {
                kept.insert(shape);
            }
        }
    }
    assert!(seen.len() > 60, "recordings have texts of many kinds: {seen:#?}");
    kept.retain(|shape| !OWN.iter().any(|own| shape == own || shape.starts_with(&format!("{own}/"))));
    assert!(kept.is_empty(), "{kept:#?}");
}

/// Every text of a document: its place, and the same without the places in lists.
fn texts(json: &Value) -> Vec<(String, String)> {
    let below = |name: &str, list: bool, value: &Value| {
        let texts = texts(value).into_iter();
        let step = |shape: String| if list { shape } else { format!("/{name}{shape}") };
        texts.map(|(place, shape)| (format!("/{name}{place}"), step(shape))).collect::<Vec<_>>()
    };
    match json {
        Value::String(_) => vec![(String::new(), String::new())],
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(index, item)| below(&index.to_string(), true, item)).collect()
        }
        Value::Object(members) => members.iter().flat_map(|(name, value)| below(name, false, value)).collect(),
        _ => Vec::new(),
    }
}
