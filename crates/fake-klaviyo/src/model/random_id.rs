//! Random tokens and ids, in the shapes of Klaviyo's.

use rand::RngExt as _;
use rand::distr::{Alphanumeric, SampleString as _};

/// `length` random letters and digits; 43 carry more than 256 bits.
pub(crate) fn alphanumeric(length: usize) -> String {
    Alphanumeric.sample_string(&mut rand::rng(), length)
}

/// Six letters and digits, the shape of account, list and metric ids (O).
pub(crate) fn short_id() -> String {
    alphanumeric(6)
}

/// A ULID, the shape of profile ids (O): ten characters of time, sixteen random ones.
pub(crate) fn ulid(now_ms: i64) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let time = u64::try_from(now_ms).unwrap_or(0);
    let mut rng = rand::rng();
    let digit = |value: u64| char::from(DIGITS[usize::try_from(value & 31).unwrap_or(0)]);
    let when = (0..10).rev().map(|place| digit(time >> (5 * place)));
    let chance: Vec<char> = (0..16).map(|_| digit(rng.random::<u64>())).collect();
    when.chain(chance).collect()
}

/// A random UUID, version 4.
pub(crate) fn uuid() -> String {
    let mut bytes = rand::random::<[u8; 16]>();
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_shapes_of_klaviyos() {
        assert_eq!(short_id().len(), 6);
        let profile = ulid(1_790_000_000_000);
        assert!(profile.len() == 26 && profile.starts_with("01"), "{profile}");
        let error = uuid();
        assert!(error.len() == 36 && error.as_bytes()[14] == b'4', "{error}");
    }
}
