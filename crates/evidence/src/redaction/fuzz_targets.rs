//! What `fuzz/` does with any bytes, and tests do with the seeds kept there.

use crate::redaction::encodings::Form;
use crate::redaction::word::{SHORTEST_SEARCHED, is_word};
use crate::{ConfiguredSecret, Recorder};

/// A secret and what stands around it, a line each, after a byte that chooses a form: whatever stands there, a configured secret is not
/// in what is kept, and neither is one that came up later, as a word of its own. What was redacted stays as it is.
///
/// # Panics
///
/// Where that is not so.
pub fn redaction(data: &[u8]) {
    let Some((form, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let mut parts = text.splitn(3, '\n');
    let (secret, before, after) =
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    // What is put in a secret's place holds words of its own.
    if secret.len() < SHORTEST_SEARCHED || secret.chars().count() < SHORTEST_SEARCHED || text.contains(['‹', '›']) {
        return;
    }
    let configured = Recorder::with_key(b"a key", None);
    configured.configure(&[ConfiguredSecret::new("password", secret).of("id")]);
    for written in Form::ALL[usize::from(*form) % Form::ALL.len()].of(secret) {
        let redacted = configured.redact(&format!("{before}{written}{after}"));
        assert!(!redacted.contains(&written), "{written:?} in {redacted:?}");
        assert_eq!(configured.redact(&redacted), redacted);
    }
    let recorder = Recorder::with_key(b"a key", None);
    recorder.hide("code", secret);
    let redacted = recorder.redact(&format!("{before} {secret} {after}"));
    let is_word_secret = secret.bytes().all(is_word);
    let stands = |(at, _): (usize, &str)| {
        let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| is_word(*byte));
        let bytes = redacted.as_bytes();
        !is_word_secret || !is_part(bytes[..at].last()) && !is_part(bytes.get(at + secret.len()))
    };
    assert!(!redacted.match_indices(secret).any(stands), "{secret:?} in {redacted:?}");
    assert_eq!(recorder.redact(&redacted), redacted);
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/play_seeds.rs"));

    #[test]
    fn seeds_hold() {
        play_seeds("redaction", super::redaction);
    }
}
