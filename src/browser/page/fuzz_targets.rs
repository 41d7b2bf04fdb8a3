//! What `fuzz/` does with any bytes, and tests do with the seeds kept there.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use crate::browser::page::frames::parsed;
use crate::browser::page::navigation::document::Document;
use crate::browser::page::read_page::snapshot;
use crate::browser::page::secret_search::exposed_in;
use crate::evidence::{Event, Recorder};

const SECRET: &str = "the-token-Zq7-0123456789";

/// The page reader's answer: every part of the snapshot that is made of it is one of the page's controls or fields, and a secret on the
/// page is not recorded.
///
/// # Panics
///
/// Where that is not so.
pub fn page_reading(answer: &[u8]) {
    let Ok(Ok(reading)) = serde_json::from_slice(answer).map(parsed) else { return };
    let recorder = Recorder::with_key(b"a key", None);
    recorder.hide("access_token", SECRET);
    let snapshot =
        snapshot(reading, "ada", &Document::default(), &["www.klaviyo.localhost:4000".to_owned()], &recorder);
    let (controls, fields) = (snapshot.page.controls.len(), snapshot.page.fields.len());
    let parts = &snapshot.parts;
    let single = [
        &parts.connect,
        &parts.disconnect,
        &parts.banner,
        &parts.interruption,
        &parts.language,
        &parts.sign_up,
        &parts.way_in,
    ];
    let named = single.into_iter().flatten().map(|part| part.control).chain(parts.choice);
    let ways =
        parts.ways.to_integrations.iter().map(|(_, control)| *control).chain(parts.ways.to_disconnect.iter().copied());
    for control in named.chain(ways) {
        assert!(control < controls, "control {control} of {controls}");
    }
    let confirmation = parts.confirmation.iter().flat_map(|confirmation| confirmation.fields.iter().copied());
    let option = parts.disconnect_option.iter().map(|(field, _)| *field);
    for field in parts.asks_for.iter().copied().chain(confirmation).chain(option) {
        assert!(field < fields, "field {field} of {fields}");
    }
    for field in 0..fields {
        let _ = (
            snapshot.submit_of(field),
            snapshot.is_empty(field),
            snapshot.constraints(field),
            snapshot.is_in_boxes(field),
        );
    }
    recorder.record(Event::Page(Box::new(snapshot.page)));
    let mut kept = recorder.since(0);
    // As at the end of a scenario.
    recorder.redact_again(&mut kept);
    let kept = serde_json::to_string(&kept).expect("a timeline is JSON");
    let is_part = |one: char| one.is_ascii_alphanumeric() || "-_.~".contains(one);
    let stands =
        |(at, _): (usize, &str)| !kept[..at].ends_with(is_part) && !kept[at + SECRET.len()..].starts_with(is_part);
    assert!(!kept.match_indices(SECRET).any(stands), "{kept}");
}

/// A value in a browser: after a byte that chooses how often and in which way it is packed, with a secret at its end. It is looked through
/// within the limits, and the secret is found.
///
/// # Panics
///
/// Where that is not so.
pub fn packed_value(data: &[u8]) {
    let recorder = Recorder::with_key(b"a key", None);
    recorder.secret("access_token", SECRET);
    exposed_in(&String::from_utf8_lossy(data), &recorder);
    let Some((way, rest)) = data.split_first() else { return };
    let mut text: String = rest.iter().filter(|byte| byte.is_ascii_graphic()).map(|byte| char::from(*byte)).collect();
    text = format!("{text} {SECRET}");
    let mut way = usize::from(*way);
    for _ in 0..way % 3 {
        way /= 3;
        text = URL_SAFE_NO_PAD.encode(packed(text.as_bytes(), way % 4));
        way /= 4;
    }
    let (found, whole) = exposed_in(&text, &recorder);
    assert!(found == 1 || !whole, "{found} in {text}");
}

fn packed(bytes: &[u8], way: usize) -> Vec<u8> {
    let level = Compression::default();
    let done = match way {
        0 => {
            let mut writer = ZlibEncoder::new(Vec::new(), level);
            writer.write_all(bytes).and_then(|()| writer.finish())
        }
        1 => {
            let mut writer = GzEncoder::new(Vec::new(), level);
            writer.write_all(bytes).and_then(|()| writer.finish())
        }
        2 => {
            let mut writer = DeflateEncoder::new(Vec::new(), level);
            writer.write_all(bytes).and_then(|()| writer.finish())
        }
        _ => Ok(bytes.to_vec()),
    };
    done.expect("memory can be written")
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/play_seeds.rs"));

    #[test]
    fn seeds_hold() {
        play_seeds("page_reading", super::page_reading);
        play_seeds("packed_value", super::packed_value);
    }
}
