//! Time-based one-time passwords (RFC 6238): six digits every 30 seconds, by HMAC-SHA-1.

use totp_rs::{Builder, Secret};

/// Seconds for which a password is valid.
const STEP: u64 = 30;

/// An authenticator's secret. `Debug` does not show it.
#[derive(Clone)]
pub struct Totp(totp_rs::Totp);

impl Totp {
    /// Parses a secret in Base32, as apps show it: spaces, dashes and case do not matter.
    pub fn of(secret: &str) -> Option<Self> {
        let secret: String = secret.chars().filter(|one| !one.is_whitespace() && *one != '-').collect();
        let secret = Secret::try_from_base32(secret.trim_end_matches('=').to_ascii_uppercase()).ok()?;
        (!secret.as_bytes().is_empty()).then(|| Self(Builder::new().with_secret(secret).build_noncompliant()))
    }

    /// The password at a time, in seconds since 1970, and the number of its time step.
    pub fn at(&self, seconds: u64) -> (String, u64) {
        (self.0.generate(seconds).to_string(), seconds / STEP)
    }

    /// The password of a time step.
    pub fn of_step(&self, step: u64) -> String {
        self.0.generate(step * STEP).to_string()
    }
}

impl std::fmt::Debug for Totp {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Totp")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, Appendix B: the last six of its eight digits.
    #[test]
    fn passwords_are_those_of_the_rfc() {
        let totp = Totp::of("gezd gnbv gy3t qojq GEZD-GNBV-GY3T-QOJQ").expect("a secret");
        for (seconds, password) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(totp.at(seconds), (password.to_owned(), seconds / 30));
            assert_eq!(totp.of_step(seconds / 30), password);
        }
    }

    #[test]
    fn what_is_no_base32_is_no_secret() {
        for text in ["", "  ", "not base 32!", "0189"] {
            assert!(Totp::of(text).is_none(), "{text}");
        }
    }
}
