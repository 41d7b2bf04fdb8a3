//! All that is kept of a secret.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Fingerprint;

/// A secret's fingerprint and the facts a judge needs of it; the secret itself is not here.
///
/// Fingerprints are keyed per run: within a run equal secrets have equal fingerprints, across runs nothing can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Secret {
    /// Twelve hexadecimal digits.
    #[schemars(with = "String")]
    pub fingerprint: Fingerprint,
    /// Length in characters.
    pub length: usize,
    /// The smallest alphabet it fits in.
    pub alphabet: Alphabet,
    /// What it is, where it is something known: "the user's e-mail address".
    pub known: Option<String>,
}

/// The smallest of the usual alphabets that a value fits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Alphabet {
    /// 0-9.
    Digits,
    /// 0-9 and a-f, with `-` as UUIDs have it.
    Hex,
    /// Letters and digits.
    Alphanumeric,
    /// Letters, digits, and the marks that Base64, URLs and JWTs use.
    UrlSafe,
    /// Anything else.
    Other,
}

impl Alphabet {
    /// From the smallest on.
    const ALL: [Self; 5] = [Self::Digits, Self::Hex, Self::Alphanumeric, Self::UrlSafe, Self::Other];

    /// The smallest alphabet that `value` fits in.
    pub fn of(value: &str) -> Self {
        // One look at each byte: access tokens are long, and there are many.
        let fitting = value.bytes().fold(u8::MAX, |fitting, byte| fitting & ALPHABETS_OF[usize::from(byte)]);
        Self::ALL[fitting.trailing_zeros() as usize]
    }

    const fn has(self, byte: u8) -> bool {
        match self {
            Self::Digits => byte.is_ascii_digit(),
            Self::Hex => byte.is_ascii_hexdigit() || byte == b'-',
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::UrlSafe => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
            }
            Self::Other => true,
        }
    }

    /// Bits of variety that one character of it can carry.
    pub fn bits_per_character(self) -> f64 {
        match self {
            Self::Digits => 10_f64.log2(),
            Self::Hex => 4.0,
            Self::Alphanumeric => 62_f64.log2(),
            Self::UrlSafe | Self::Other => 6.0,
        }
    }
}

/// By byte, a bit for each of [`Alphabet::ALL`] that has it.
const ALPHABETS_OF: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        let mut place = 0;
        while place < Alphabet::ALL.len() {
            #[expect(clippy::cast_possible_truncation, reason = "there are 256 bytes")]
            if Alphabet::ALL[place].has(byte as u8) {
                table[byte] |= 1 << place;
            }
            place += 1;
        }
        byte += 1;
    }
    table
};

impl Secret {
    /// The most bits of variety a value of this length and alphabet can carry; an upper bound, not a measurement.
    pub fn bits_at_most(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^52")]
        let length = self.length as f64;
        length * self.alphabet.bits_per_character()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_alphabet_is_found() {
        for (value, alphabet) in [
            ("1234", Alphabet::Digits),
            ("12ab-34", Alphabet::Hex),
            ("zebra9", Alphabet::Alphanumeric),
            ("a_b-c.d", Alphabet::UrlSafe),
            ("a-b.z~", Alphabet::UrlSafe),
            ("zebra-9", Alphabet::UrlSafe),
            ("", Alphabet::Digits),
            ("a b", Alphabet::Other),
        ] {
            assert_eq!(Alphabet::of(value), alphabet, "{value}");
        }
    }
}
