//! The certificate authority of one run. Name constraints limit it to klaviyo.com, and its key never leaves memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree,
    IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use time::{Duration, OffsetDateTime};
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};

use super::host_class::{self, HostClass};

/// Validity of certificates: longer than a scenario moves the clock, and below the 825 days that Apple's systems accept.
const GOOD_FOR: Duration = Duration::days(800);
/// Validity in the past, for clients whose clock is behind.
const GOOD_SINCE: Duration = Duration::days(7);
/// Cached certificates for names more than one label below klaviyo.com; further ones are issued for each connection.
const DEEPER_AT_MOST: usize = 64;

/// A certificate authority.
pub(crate) struct CertificateAuthority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
    leaf_key: KeyPair,
    provider: Arc<CryptoProvider>,
    /// Certificates by name, for names that the wildcard certificate does not cover.
    deeper: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

/// Why there is no certificate authority.
#[derive(Debug, thiserror::Error)]
pub enum CertificateAuthorityError {
    /// Certificates could not be created.
    #[error("could not make certificates for klaviyo.com")]
    Make(#[from] rcgen::Error),
    /// The TLS library rejected them.
    #[error("could not set up TLS for klaviyo.com")]
    Tls(#[from] rustls::Error),
}

impl std::fmt::Debug for CertificateAuthority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CertificateAuthority(…)")
    }
}

impl CertificateAuthority {
    /// Creates an authority with a new key.
    pub(crate) fn new() -> Result<Self, CertificateAuthorityError> {
        let key = KeyPair::generate()?;
        let params = authority_params();
        let certificate = params.self_signed(&key)?;
        Ok(Self {
            certificate,
            issuer: Issuer::new(params, key),
            leaf_key: KeyPair::generate()?,
            provider: Arc::new(default_provider()),
            deeper: Mutex::default(),
        })
    }

    /// Its certificate in PEM, for clients that are to trust it.
    pub(crate) fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// TLS for connections that name a host of Klaviyo's by SNI. With another name, or none, the handshake fails.
    pub(crate) fn by_sni(self: &Arc<Self>) -> Result<Arc<ServerConfig>, CertificateAuthorityError> {
        self.tls(None)
    }

    /// TLS inside a CONNECT tunnel to Klaviyo, where SNI is optional.
    pub(crate) fn in_tunnel(self: &Arc<Self>) -> Result<Arc<ServerConfig>, CertificateAuthorityError> {
        let usual = self.certified(vec![host_class::DOMAIN.to_owned(), format!("*.{}", host_class::DOMAIN)])?;
        self.tls(Some(usual))
    }

    fn tls(
        self: &Arc<Self>,
        nameless: Option<Arc<CertifiedKey>>,
    ) -> Result<Arc<ServerConfig>, CertificateAuthorityError> {
        let usual = self.certified(vec![host_class::DOMAIN.to_owned(), format!("*.{}", host_class::DOMAIN)])?;
        let resolver = Resolver { authority: Arc::clone(self), usual, nameless };
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(resolver));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// The certificate for a name with more than one label below klaviyo.com, which `*.klaviyo.com` does not cover.
    fn deeper(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        let mut deeper = self.deeper.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = deeper.get(name) {
            return Some(Arc::clone(known));
        }
        let made = self.certified(vec![name.to_owned()]).ok()?;
        if deeper.len() < DEEPER_AT_MOST {
            deeper.insert(name.to_owned(), Arc::clone(&made));
        }
        Some(made)
    }

    fn certified(&self, names: Vec<String>) -> Result<Arc<CertifiedKey>, CertificateAuthorityError> {
        let leaf = leaf_params(names)?.signed_by(&self.leaf_key, &self.issuer)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.leaf_key.serialize_der()));
        let key = self.provider.key_provider.load_private_key(key)?;
        let chain: Vec<CertificateDer<'static>> = vec![leaf.der().clone(), self.certificate.der().clone()];
        Ok(Arc::new(CertifiedKey::new(chain, key)))
    }
}

/// Selects the certificate for the name that a client sends by SNI.
#[derive(Debug)]
struct Resolver {
    authority: Arc<CertificateAuthority>,
    usual: Arc<CertifiedKey>,
    nameless: Option<Arc<CertifiedKey>>,
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let Some(name) = hello.server_name() else { return self.nameless.clone() };
        let name = name.to_ascii_lowercase();
        if HostClass::of(&name) != HostClass::Klaviyo {
            return None;
        }
        let below = name.strip_suffix(host_class::DOMAIN)?.trim_end_matches('.');
        if below.contains('.') { self.authority.deeper(&name) } else { Some(Arc::clone(&self.usual)) }
    }
}

fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "flowcheck, for klaviyo.com in one run");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName(host_class::DOMAIN.to_owned())],
        // DNS name constraints do not constrain IP addresses: without this, Node and Python would also accept a
        // certificate for https://127.0.0.1.
        excluded_subtrees: vec![
            GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([0; 4], 0)),
            GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix([0; 16], 0)),
        ],
    });
    valid(params)
}

fn leaf_params(names: Vec<String>) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, host_class::DOMAIN);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(valid(params))
}

fn valid(mut params: CertificateParams) -> CertificateParams {
    let now = OffsetDateTime::now_utc();
    params.not_before = now - GOOD_SINCE;
    params.not_after = now + GOOD_FOR;
    params
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use tokio_rustls::rustls::RootCertStore;
    use tokio_rustls::rustls::client::WebPkiServerVerifier;
    use tokio_rustls::rustls::client::danger::ServerCertVerifier as _;
    use tokio_rustls::rustls::pki_types::{ServerName, UnixTime};

    use super::*;

    /// Whether rustls and OpenSSL accept a certificate for this name or address that the authority signed.
    fn taken(authority: &CertificateAuthority, name: &str) -> (bool, bool) {
        let key = authority.certified(vec![name.to_owned()]).expect("the authority signs anything");
        let mut roots = RootCertStore::empty();
        roots.add(authority.certificate.der().clone()).expect("a root");
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&authority.provider));
        let verifier = verifier.build().expect("a verifier");
        let server = ServerName::try_from(name).expect("a name");
        let by_rustls = verifier.verify_server_cert(&key.cert[0], &key.cert[1..], &server, &[], UnixTime::now());

        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("root.pem");
        std::fs::write(&root, authority.pem()).expect("written");
        let leaf = folder.path().join("leaf.der");
        std::fs::write(&leaf, &key.cert[0]).expect("written");
        let asked = if name.parse::<std::net::IpAddr>().is_ok() { "-verify_ip" } else { "-verify_hostname" };
        let by_openssl = Command::new("openssl")
            .args(["verify", "-x509_strict", "-purpose", "sslserver", "-no-CApath", "-no-CAstore", "-CAfile"])
            .arg(&root)
            .args([asked, name])
            .arg(&leaf)
            .output()
            .expect("openssl is installed");
        (by_rustls.is_ok(), by_openssl.status.success())
    }

    #[test]
    fn the_authority_can_vouch_for_klaviyo_com_and_names_below_it_and_for_nothing_else() {
        let authority = CertificateAuthority::new().expect("an authority");
        for (name, good) in [
            ("klaviyo.com", true),
            ("www.klaviyo.com", true),
            ("static.eu.klaviyo.com", true),
            ("example.com", false),
            ("notklaviyo.com", false),
            ("localhost", false),
            ("klaviyo.localhost", false),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("::1", false),
        ] {
            assert_eq!(taken(&authority, name), (good, good), "{name}");
        }
    }

    #[test]
    fn no_two_runs_share_an_authority() {
        let new = || CertificateAuthority::new().expect("an authority").pem();
        assert_ne!(new(), new());
    }

    #[test]
    fn certificates_outlive_ninety_days() {
        let params = valid(CertificateParams::default());
        assert!(params.not_after - OffsetDateTime::now_utc() > Duration::days(4 * 90));
        assert!(params.not_after - params.not_before < Duration::days(825));
    }
}
