//! CA certificates as Java reads them: a key store of its first format (JKS), which every JDK can open.

use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

/// What begins a key store, and the version of its format.
const MAGIC: u32 = 0xfeed_feed;
const VERSION: u32 = 2;
/// The kind of an entry that is a certificate to trust.
const TRUSTED_CERTIFICATE: u32 = 2;
/// The password that Java's own trust store has. It protects nothing but the digest at the end, which Java checks only where a
/// password is given.
const PASSWORD: &str = "changeit";
/// Goes into the digest behind the password.
const SALT: &[u8] = b"Mighty Aphrodite";

/// A trust store of the certificates in a PEM bundle. What is no certificate is left out.
pub(crate) fn trust_store(bundle: &str) -> Vec<u8> {
    let certificates: Vec<CertificateDer<'_>> =
        CertificateDer::pem_slice_iter(bundle.as_bytes()).filter_map(Result::ok).collect();
    let mut store = Vec::new();
    let number = |store: &mut Vec<u8>, number: u32| store.extend(number.to_be_bytes());
    let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    number(&mut store, MAGIC);
    number(&mut store, VERSION);
    number(&mut store, length(certificates.len()));
    for (index, certificate) in certificates.iter().enumerate() {
        number(&mut store, TRUSTED_CERTIFICATE);
        text(&mut store, &format!("flowcheck-{index}"));
        // When it was added: nobody asks.
        store.extend(0_u64.to_be_bytes());
        text(&mut store, "X.509");
        number(&mut store, length(certificate.len()));
        store.extend(certificate.as_ref());
    }
    let digest = digest(&store);
    store.extend(digest);
    store
}

/// A text with its length before it.
fn text(store: &mut Vec<u8>, text: &str) {
    store.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
    store.extend(text.as_bytes());
}

/// The digest over the password, two bytes for each letter, and the store.
fn digest(store: &[u8]) -> Vec<u8> {
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    PASSWORD.encode_utf16().for_each(|letter| context.update(&letter.to_be_bytes()));
    context.update(SALT);
    context.update(store);
    context.finish().as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_has_each_certificate_of_the_bundle_and_nothing_else() {
        let bundle = "# a comment\n-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n\
                      -----BEGIN CERTIFICATE-----\nREVGRw==\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nQQ==";
        let store = trust_store(bundle);
        assert_eq!(store[..12], [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 2]);
        let entry = |alias: &[u8], certificate: &[u8]| {
            let length = u8::try_from(certificate.len()).expect("short");
            [&[0, 0, 0, 2, 0, 11], alias, &[0; 8], &[0, 5], b"X.509", &[0, 0, 0, length], certificate].concat()
        };
        let entries = [entry(b"flowcheck-0", b"ABC"), entry(b"flowcheck-1", b"DEFG")].concat();
        assert_eq!(store[12..store.len() - 20], entries);
        assert_eq!(store[store.len() - 20..], digest(&store[..store.len() - 20]));
    }
}
