//! A secret that `Debug` does not print.

use std::fmt;

use subtle::ConstantTimeEq as _;

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
        self.0.as_bytes().ct_eq(shown.as_bytes()).into()
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
