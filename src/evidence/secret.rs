//! All that is kept of a secret.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A secret's fingerprint and the facts a judge needs of it; the secret itself is not here.
///
/// Fingerprints are keyed per run: within a run equal secrets have equal fingerprints, across runs nothing can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Secret {
    /// Twelve hexadecimal digits.
    pub fingerprint: String,
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
    /// The smallest alphabet that `value` fits in.
    pub fn of(value: &str) -> Self {
        let all = |fits: fn(u8) -> bool| value.bytes().all(fits);
        if all(|byte| byte.is_ascii_digit()) {
            Self::Digits
        } else if all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
            Self::Hex
        } else if all(|byte| byte.is_ascii_alphanumeric()) {
            Self::Alphanumeric
        } else if all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)) {
            Self::UrlSafe
        } else {
            Self::Other
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
            ("a b", Alphabet::Other),
        ] {
            assert_eq!(Alphabet::of(value), alphabet, "{value}");
        }
    }
}
