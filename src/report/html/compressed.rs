//! The timelines, deflated and in Base64, since they are long and seldom opened. The page's script unpacks them.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;

/// Texts as one compressed JSON list.
pub(super) fn pack(texts: &[String]) -> String {
    let json = serde_json::Value::from(texts.to_vec()).to_string();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let packed = encoder.write_all(json.as_bytes()).and_then(|()| encoder.finish()).unwrap_or_default();
    STANDARD.encode(packed)
}
