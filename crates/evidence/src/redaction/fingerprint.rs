//! What tells a secret from others within a run.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// 48 bits of a keyed hash, written as twelve hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Fingerprint(u64);

/// What is wrong with a text that should be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is {digits} hexadecimal digits, not {0:?}", digits = Fingerprint::DIGITS)]
pub struct NoFingerprint(String);

impl Fingerprint {
    const DIGITS: usize = 12;

    /// The first 48 bits of a hash.
    pub(crate) fn of(hash: &[u8]) -> Self {
        Self(hash[..Self::DIGITS / 2].iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0digits$x}", self.0, digits = Self::DIGITS)
    }
}

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, NoFingerprint> {
        let is_one = text.len() == Self::DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok().filter(|_| is_one);
        number.map(Self).ok_or_else(|| NoFingerprint(text.to_owned()))
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = NoFingerprint;

    fn try_from(text: String) -> Result<Self, NoFingerprint> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let fingerprint = Fingerprint::of(&[0, 1, 2, 0xab, 0xcd, 0xef, 0xff]);
        assert_eq!(fingerprint.to_string(), "000102abcdef");
        assert_eq!("000102abcdef".parse(), Ok(fingerprint));
        for other in ["", "000102abcde", "000102abcdef0", "+00102abcdef", "000102abcdeg", "é00102abcde"] {
            assert_eq!(other.parse::<Fingerprint>(), Err(NoFingerprint(other.to_owned())));
        }
    }
}
