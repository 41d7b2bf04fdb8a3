//! Access tokens on the wire: JSON Web Tokens, signed with HS256 by a key of this run.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde::{Deserialize, Serialize};

/// `{"typ":"JWT","alg":"HS256"}`: every token's first part (R 7515 §4).
const HEADER: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9";

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The token's own id, by which the rest is looked up.
    pub(crate) jti: String,
    /// The account.
    pub(crate) sub: String,
    /// The app.
    pub(crate) aud: String,
    /// What it may do.
    pub(crate) scope: String,
    /// Seconds since the epoch on Klaviyo's clock.
    pub(crate) iat: i64,
    /// The same, when it dies.
    pub(crate) exp: i64,
}

/// Signs and verifies with a key of its own.
pub(crate) struct Mint {
    key: hmac::Key,
}

impl std::fmt::Debug for Mint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mint(…)")
    }
}

impl Mint {
    /// One with a key at random.
    pub(crate) fn new() -> Self {
        Self::with_key(&rand::random::<[u8; 32]>())
    }

    /// One with this key.
    pub(crate) fn with_key(key: &[u8]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, key) }
    }

    /// The token for these claims.
    pub(crate) fn sign(&self, claims: &Claims) -> String {
        let claims = serde_json::to_vec(claims).expect("names of members are text");
        let mut token = String::with_capacity(HEADER.len() + claims.len() * 3 / 2 + 64);
        token.push_str(HEADER);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let tag = hmac::sign(&self.key, token.as_bytes());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(tag, &mut token);
        token
    }

    /// The claims of a token that was signed here; none for any other text. Time and audience are judged on Klaviyo's own
    /// clock and books, not here.
    pub(crate) fn read(&self, token: &str) -> Option<Claims> {
        let (signed, tag) = token.rsplit_once('.')?;
        hmac::verify(&self.key, signed.as_bytes(), &URL_SAFE_NO_PAD.decode(tag).ok()?).ok()?;
        // Nothing else was ever signed with this key, so the header is ours.
        let claims = signed.strip_prefix(HEADER)?.strip_prefix('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tokens_signed_here_are_read() {
        let claims = Claims {
            jti: "1".to_owned(),
            sub: "Ab12Cd".to_owned(),
            aud: "app".to_owned(),
            scope: "accounts:read".to_owned(),
            iat: 0,
            exp: 1,
        };
        let (one, two) = (Mint::new(), Mint::new());
        let token = one.sign(&claims);
        let parts: Vec<_> = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).expect("it is Base64")).collect();
        assert_eq!((parts.len(), parts[0].as_slice()), (3, br#"{"typ":"JWT","alg":"HS256"}"#.as_slice()));
        assert_eq!(one.read(&token).as_ref(), Some(&claims));
        assert_eq!(two.read(&token), None);
        assert_eq!(one.read(&token[..token.len() - 2]), None);
        let unsigned = token.rsplit_once('.').expect("it has parts").0;
        for other in
            ["e30.e30.", "", ".", "..", unsigned, &format!("{unsigned}."), &format!("A{token}"), &format!("{token}A")]
        {
            assert_eq!(one.read(other), None, "{other}");
        }
    }
}
