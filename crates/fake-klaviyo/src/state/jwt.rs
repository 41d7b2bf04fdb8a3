//! Access tokens on the wire: JSON Web Tokens, signed with HS256 and the server's own key.

use std::sync::Once;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils, sign};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey, Header, Validation, decode};
use ring::digest::{SHA256, digest};
use ring::hmac;
use serde::{Deserialize, Serialize};

const ALGORITHM: Algorithm = Algorithm::HS256;

/// The claims of an access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The token's id, by which its record is looked up.
    pub(crate) jti: String,
    /// The user who authorized the app (D).
    pub(crate) sub: String,
    /// The account (D).
    #[serde(default)]
    pub(crate) tenant_id: String,
    /// The app.
    pub(crate) aud: String,
    /// Its scopes, separated by spaces.
    pub(crate) scope: String,
    /// When it was issued, in seconds since the epoch on Klaviyo's clock.
    pub(crate) iat: i64,
    /// When it expires, likewise.
    pub(crate) exp: i64,
}

/// A user's id: what `sub` names. It follows from the e-mail address, so that it is the same after a restart (A: its form).
pub(crate) fn user_id(email: &str) -> String {
    let digest = digest(&SHA256, email.to_ascii_lowercase().as_bytes());
    URL_SAFE_NO_PAD.encode(&digest.as_ref()[..15])
}

/// Signs and verifies access tokens with one key.
pub(crate) struct TokenSigner {
    /// The encoded header, the same for every token.
    header: String,
    signing: EncodingKey,
    verifying: DecodingKey,
    rules: Validation,
}

impl std::fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mint(…)")
    }
}

impl TokenSigner {
    /// A signer with a random key.
    pub(crate) fn new() -> Self {
        Self::with_key(&rand::random::<[u8; 32]>())
    }

    /// A signer with this key.
    pub(crate) fn with_key(key: &[u8]) -> Self {
        static INSTALLED: Once = Once::new();
        // The embedding program may have installed a provider already; any that supports HS256 will do.
        INSTALLED.call_once(|| {
            let _ = HS256_BY_RING.install_default();
        });
        let mut rules = Validation::new(ALGORITHM);
        // Expiry is checked against Klaviyo's clock and the token's record, not here.
        rules.validate_exp = false;
        rules.validate_aud = false;
        rules.required_spec_claims.clear();
        let header = serde_json::to_vec(&Header::new(ALGORITHM)).expect("a header is text");
        let header = URL_SAFE_NO_PAD.encode(header);
        Self { header, signing: EncodingKey::from_secret(key), verifying: DecodingKey::from_secret(key), rules }
    }

    /// The signed token with these claims.
    pub(crate) fn sign(&self, claims: &Claims) -> String {
        let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims).expect("claims are text"));
        let message = [&self.header, ".", &claims].concat();
        let signature = sign(message.as_bytes(), &self.signing, ALGORITHM).expect("any provider signs text with HS256");
        [&message, ".", &signature].concat()
    }

    /// The claims of a token that this key signed; none for any other text.
    pub(crate) fn read(&self, token: &str) -> Option<Claims> {
        decode::<Claims>(token, &self.verifying, &self.rules).ok().map(|token| token.claims)
    }
}

/// HS256 only, on `ring`, which is a dependency anyway.
static HS256_BY_RING: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| match (algorithm, key.family()) {
        (Algorithm::HS256, AlgorithmFamily::Hmac) => Ok(Box::new(Hs256(hmac_key(key.as_bytes())))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    verifier_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => Ok(Box::new(Hs256(hmac_key(key.try_get_as_bytes()?)))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

fn hmac_key(bytes: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, bytes)
}

struct Hs256(hmac::Key);

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(hmac::sign(&self.0, message).as_ref().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], tag: &Vec<u8>) -> Result<(), signature::Error> {
        hmac::verify(&self.0, message, tag).map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tokens_signed_here_are_read() {
        let claims = Claims {
            jti: "1".to_owned(),
            sub: user_id("ada@harbour.example"),
            tenant_id: "Ab12Cd".to_owned(),
            aud: "app".to_owned(),
            scope: flowcheck_evidence::ACCOUNTS_READ.to_owned(),
            iat: 0,
            exp: 1,
        };
        let (one, two) = (TokenSigner::new(), TokenSigner::new());
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
