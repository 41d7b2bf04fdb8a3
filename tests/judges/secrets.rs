//! No recording holds a secret, nor what differs from machine to machine.

use std::fs;

use flowcheck::evidence::{AppEvent, Event};

use crate::recordings::{files, recorded};

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
    assert!(bytes < 8 << 20, "{bytes} bytes");
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
