//! The CA certificates that children trust: the ones they would trust anyway, and the gateway's own.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where systems keep their CA bundle; the first that exists is used (as in Go's `crypto/x509`).
const SYSTEM: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/etc/openssl@3/cert.pem",
];
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// A PEM bundle of `ours`, the system's CA certificates, and those in the files and folders `before`, without duplicates. Files
/// that cannot be read are left out, as the child could not read them either.
pub(crate) fn bundle(ours: &str, before: &[PathBuf]) -> String {
    let system = SYSTEM.iter().map(Path::new).find(|file| file.is_file()).map(Path::to_owned);
    let mut seen = HashSet::new();
    let mut bundle = String::new();
    let texts = system.iter().chain(before).flat_map(|place| texts(place));
    for text in std::iter::once(ours.to_owned()).chain(texts) {
        for certificate in certificates(&text) {
            if seen.insert(certificate.to_owned()) {
                bundle.push_str(certificate);
                bundle.push('\n');
            }
        }
    }
    bundle
}

/// The contents of a file, or of each file in a folder.
fn texts(place: &Path) -> Vec<String> {
    let files = match fs::read_dir(place) {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(_) => vec![place.to_owned()],
    };
    files
        .iter()
        .filter_map(|file| fs::read(file).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect()
}

fn certificates(text: &str) -> impl Iterator<Item = &str> {
    text.split(BEGIN).skip(1).filter_map(|rest| {
        // Includes the marker, which precedes this part.
        let end = rest.find(END)? + END.len();
        let begin = rest.as_ptr().addr() - text.as_ptr().addr() - BEGIN.len();
        text.get(begin..begin + BEGIN.len() + end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(body: &str) -> String {
        format!("{BEGIN}\n{body}\n{END}\n")
    }

    #[test]
    fn a_bundle_has_ours_and_what_was_trusted_before_each_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("before.pem");
        let text = format!("# Some root\n{}{}{}", certificate("QQ=="), certificate("Qg=="), certificate("QQ=="));
        fs::write(&file, text).expect("written");
        let bundle =
            bundle(&certificate("T3Vycw=="), &[file, folder.path().join("none.pem"), folder.path().to_owned()]);
        for body in ["T3Vycw==", "QQ==", "Qg=="] {
            assert_eq!(bundle.matches(&certificate(body)).count(), 1, "{body}");
        }
        assert!(bundle.starts_with(&certificate("T3Vycw==")) && !bundle.contains("Some root"));
    }

    #[test]
    fn a_certificate_that_breaks_off_is_left_out() {
        let text = format!("{}{BEGIN}\nQQ==", certificate("Qg=="));
        assert_eq!(certificates(&text).collect::<Vec<_>>(), [certificate("Qg==").trim_end()]);
    }
}
