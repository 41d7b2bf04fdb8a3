//! A secret that `Debug` does not print.

use std::fmt;

use subtle::ConstantTimeEq as _;

/// A client secret or a password, which `Debug` does not print.
///
/// ```
/// use fake_klaviyo::Confidential;
///
/// assert_eq!(format!("{:?}", Confidential::from("hush")), "Confidential(…)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Confidential(String);

impl Confidential {
    /// The secret itself.
    ///
    /// ```
    /// use fake_klaviyo::Confidential;
    ///
    /// assert_eq!(Confidential::from("hush").reveal(), "hush");
    /// ```
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `shown` equals the secret, compared in constant time.
    ///
    /// ```
    /// use fake_klaviyo::Confidential;
    ///
    /// assert!(Confidential::from("hush").matches("hush"));
    /// assert!(!Confidential::from("hush").matches("hus"));
    /// ```
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
