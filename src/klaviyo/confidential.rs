//! A secret that does not show itself.

use std::fmt;

use ring::hmac;

/// A client secret or a password. Its `Debug` shows only that it is there.
#[derive(Clone, PartialEq, Eq)]
pub struct Confidential(String);

impl Confidential {
    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `shown` equals the secret, in a time that does not depend on where they differ.
    pub fn matches(&self, shown: &str) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &rand::random::<[u8; 32]>());
        let expected = hmac::sign(&key, self.0.as_bytes());
        hmac::verify(&key, shown.as_bytes(), expected.as_ref()).is_ok()
    }
}

impl<T: Into<String>> From<T> for Confidential {
    fn from(value: T) -> Self {
        Self(value.into())
    }
}

impl fmt::Debug for Confidential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Confidential(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_compared_and_never_shown() {
        let secret = Confidential::from("hush");
        assert!(secret.matches("hush"));
        assert!(!secret.matches("hus") && !secret.matches("hush ") && !secret.matches(""));
        assert_eq!(format!("{secret:?}"), "Confidential(…)");
    }
}
