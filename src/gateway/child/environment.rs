//! Environment variables that route the requests of a child process, and of its own children, through the gateway.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Proxies for https, in the two spellings in use.
const PROXIES: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
/// Proxies for everything else, set by a hermetic gateway only.
const OTHER_PROXIES: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
/// Hosts that bypass the proxy. An inherited value is dropped, since it may name klaviyo.com; the gateway forwards what it named.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];
const LOOPBACK: &str = "localhost,127.0.0.1,::1";
/// Variables that name a CA bundle, with their readers. `SSL_CERT_DIR` stays as it is: it adds to `SSL_CERT_FILE`.
const BUNDLES: [&str; 12] = [
    "SSL_CERT_FILE",       // OpenSSL, and so Python and Ruby; Perl's HTTP::Tiny; Go on Linux; rustls
    "NODE_EXTRA_CA_CERTS", // Node
    "REQUESTS_CA_BUNDLE",  // Python's requests
    "CURL_CA_BUNDLE",      // curl, requests
    "HTTPLIB2_CA_CERTS",   // Python's httplib2
    "AWS_CA_BUNDLE",       // botocore
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", // gRPC
    "DENO_CERT",           // Deno
    "NIX_SSL_CERT_FILE",   // programs from nixpkgs
    "PERL_LWP_SSL_CA_FILE", // Perl's LWP
    "MOJO_CA_FILE",        // Perl's Mojolicious
    "CARGO_HTTP_CAINFO",   // Rust's cargo, which a start command may run
];
/// Switches by which clients heed the proxies above, each with its reader.
const HEED_PROXIES: [&str; 3] = [
    "NODE_USE_ENV_PROXY", // Node's fetch and http, from version 24 on
    "PERL_LWP_ENV_PROXY", // Perl's LWP
    "MOJO_PROXY",         // Perl's Mojolicious
];
const NODE_OPTIONS: &str = "NODE_OPTIONS";
const PYTHONPATH: &str = "PYTHONPATH";
const RUBYOPT: &str = "RUBYOPT";
const JAVA_TOOL_OPTIONS: &str = "JAVA_TOOL_OPTIONS";
const PHP_INI_SCAN_DIR: &str = "PHP_INI_SCAN_DIR";
/// The gateway's address, read by the preloads.
const ADDRESS: &str = "FLOWCHECK_GATEWAY";

/// Variables for a child process; they replace inherited ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    variables: Vec<(&'static str, OsString)>,
}

/// What the variables refer to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EnvironmentInputs<'a> {
    /// The address of the app's endpoint.
    pub(crate) address: SocketAddr,
    /// The CA bundle.
    pub(crate) bundle: &'a Path,
    /// The Node preload.
    pub(crate) node: &'a Path,
    /// The folder of the Python preload.
    pub(crate) python: &'a Path,
    /// The Ruby preload.
    pub(crate) ruby: &'a Path,
    /// The CA certificates as Java reads them.
    pub(crate) java: &'a Path,
    /// The folder of the settings that PHP reads beside its own.
    pub(crate) php: &'a Path,
    /// Whether cleartext http is proxied too.
    pub(crate) hermetic: bool,
}

impl Environment {
    /// The variables for a child that uses the proxy, where `before` returns what it would inherit.
    pub(crate) fn new(points: EnvironmentInputs<'_>, before: impl Fn(&str) -> Option<OsString>) -> Self {
        let proxy = OsString::from(format!("http://{}", points.address));
        let mut variables: Vec<(&'static str, OsString)> = Vec::new();
        variables.extend(PROXIES.map(|name| (name, proxy.clone())));
        if points.hermetic {
            variables.extend(OTHER_PROXIES.map(|name| (name, proxy.clone())));
        }
        variables.extend(EXCEPTIONS.map(|name| (name, LOOPBACK.into())));
        variables.extend(BUNDLES.map(|name| (name, points.bundle.into())));
        variables.extend(HEED_PROXIES.map(|name| (name, "1".into())));
        variables.push((ADDRESS, points.address.to_string().into()));
        variables.push((NODE_OPTIONS, node_options(before(NODE_OPTIONS), points.node)));
        variables.push((PYTHONPATH, python_path(before(PYTHONPATH), points.python)));
        variables.extend(ruby_options(before(RUBYOPT), points.ruby).map(|options| (RUBYOPT, options)));
        variables.push((JAVA_TOOL_OPTIONS, java_options(before(JAVA_TOOL_OPTIONS), points.java, Some(points.address))));
        variables.push((PHP_INI_SCAN_DIR, php_folders(before(PHP_INI_SCAN_DIR), points.php)));
        Self { variables }
    }

    /// The variables for a child with a hosts file: CA certificates, and no proxy for Klaviyo.
    pub(crate) fn by_name(points: EnvironmentInputs<'_>, before: impl Fn(&str) -> Option<OsString>) -> Self {
        let exceptions = |name: &str| {
            let mut hosts = before(name).unwrap_or_default();
            if !hosts.is_empty() {
                hosts.push(",");
            }
            hosts.push(LOOPBACK);
            hosts.push(",klaviyo.com,.klaviyo.com");
            hosts
        };
        let variables = EXCEPTIONS.map(|name| (name, exceptions(name)));
        let bundles = BUNDLES.map(|name| (name, OsString::from(points.bundle)));
        let of_languages = [
            (JAVA_TOOL_OPTIONS, java_options(before(JAVA_TOOL_OPTIONS), points.java, None)),
            (PHP_INI_SCAN_DIR, php_folders(before(PHP_INI_SCAN_DIR), points.php)),
        ];
        Self { variables: variables.into_iter().chain(bundles).chain(of_languages).collect() }
    }

    /// The variables.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &OsStr)> {
        self.variables.iter().map(|(name, value)| (*name, value.as_os_str()))
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// The CA bundles that a child would have used, as files or folders.
pub(crate) fn inherited_ca_files(before: impl Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = Vec::new();
    for value in BUNDLES.iter().filter_map(|name| before(name)).filter(|value| !value.is_empty()) {
        let place = PathBuf::from(value);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// `NODE_OPTIONS` with the preload appended; its path may contain spaces, quotes and backslashes.
fn node_options(before: Option<OsString>, preload: &Path) -> OsString {
    let path = preload.to_string_lossy().replace('\\', r"\\").replace('"', "\\\"");
    let mut options = before.unwrap_or_default();
    if !options.is_empty() {
        options.push(" ");
    }
    options.push(format!("--require \"{path}\""));
    options
}

/// `PYTHONPATH` with a folder prepended; Python loads the first `sitecustomize` on the path.
fn python_path(before: Option<OsString>, folder: &Path) -> OsString {
    let mut path = folder.as_os_str().to_owned();
    if let Some(before) = before.filter(|before| !before.is_empty()) {
        path.push(":");
        path.push(before);
    }
    path
}

/// `JAVA_TOOL_OPTIONS` with the trust store appended, and the proxy where there is one. Java reads neither a proxy nor certificates
/// from the environment; what an app's command line sets takes precedence.
fn java_options(before: Option<OsString>, trust_store: &Path, proxy: Option<SocketAddr>) -> OsString {
    let mut options = before.unwrap_or_default();
    if !options.is_empty() {
        options.push(" ");
    }
    options
        .push(format!("\"-Djavax.net.ssl.trustStore={}\" -Djavax.net.ssl.trustStoreType=jks", trust_store.display()));
    if let Some(proxy) = proxy {
        options.push(format!(" -Dhttps.proxyHost={} -Dhttps.proxyPort={}", proxy.ip(), proxy.port()));
    }
    options
}

/// `PHP_INI_SCAN_DIR` with a folder appended; an empty name before it stands for PHP's own folder.
fn php_folders(before: Option<OsString>, folder: &Path) -> OsString {
    let mut folders = before.unwrap_or_default();
    folders.push(":");
    folders.push(folder);
    folders
}

/// `RUBYOPT` with a library appended. None where its path contains spaces: Ruby cannot parse such a path and would not start.
fn ruby_options(before: Option<OsString>, library: &Path) -> Option<OsString> {
    let path = library.to_str().filter(|path| !path.contains(char::is_whitespace))?;
    let mut options = before.unwrap_or_default();
    if !options.is_empty() {
        options.push(" ");
    }
    options.push(format!("-r{path}"));
    Some(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(hermetic: bool, before: impl Fn(&str) -> Option<OsString>) -> Environment {
        let points = EnvironmentInputs {
            address: SocketAddr::from(([127, 0, 0, 1], 4_000)),
            bundle: Path::new("/run/b.pem"),
            node: Path::new("/run/a \"b\"/preload.cjs"),
            python: Path::new("/run/python"),
            ruby: Path::new("/run/preload.rb"),
            java: Path::new("/run/a b/roots.jks"),
            php: Path::new("/run/php"),
            hermetic,
        };
        Environment::new(points, before)
    }

    #[test]
    fn inherited_proxies_are_replaced_and_options_and_paths_are_kept() {
        let preset = |name: &str| match name {
            "NODE_OPTIONS" => Some("--max-old-space-size=512".into()),
            "PYTHONPATH" => Some("lib:vendor".into()),
            "RUBYOPT" => Some("-W0".into()),
            "JAVA_TOOL_OPTIONS" => Some("-Xmx64m".into()),
            "PHP_INI_SCAN_DIR" => Some("/etc/php".into()),
            _ => None,
        };
        let environment = environment(false, preset);
        assert_eq!(environment.get("https_proxy"), Some(OsStr::new("http://127.0.0.1:4000")));
        assert_eq!(environment.get("NO_PROXY"), Some(OsStr::new("localhost,127.0.0.1,::1")));
        assert_eq!(environment.get("REQUESTS_CA_BUNDLE"), Some(OsStr::new("/run/b.pem")));
        let options = r#"--max-old-space-size=512 --require "/run/a \"b\"/preload.cjs""#;
        assert_eq!(environment.get("NODE_OPTIONS"), Some(OsStr::new(options)));
        assert_eq!(environment.get("PYTHONPATH"), Some(OsStr::new("/run/python:lib:vendor")));
        assert_eq!(environment.get("RUBYOPT"), Some(OsStr::new("-W0 -r/run/preload.rb")));
        assert_eq!(ruby_options(None, Path::new("/a folder/preload.rb")), None);
        let options = "-Xmx64m \"-Djavax.net.ssl.trustStore=/run/a b/roots.jks\" -Djavax.net.ssl.trustStoreType=jks \
                       -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=4000";
        assert_eq!(environment.get("JAVA_TOOL_OPTIONS"), Some(OsStr::new(options)));
        assert_eq!(environment.get("PHP_INI_SCAN_DIR"), Some(OsStr::new("/etc/php:/run/php")));
    }

    #[test]
    fn only_a_hermetic_gateway_proxies_cleartext_http() {
        assert_eq!(environment(false, |_| None).get("http_proxy"), None);
        assert_eq!(environment(true, |_| None).get("http_proxy"), Some(OsStr::new("http://127.0.0.1:4000")));
    }

    #[test]
    fn with_a_hosts_file_a_child_keeps_its_proxy_except_for_klaviyo() {
        let points = EnvironmentInputs {
            address: SocketAddr::from(([127, 0, 0, 1], 4_000)),
            bundle: Path::new("/run/b.pem"),
            node: Path::new("/run/preload.cjs"),
            python: Path::new("/run/python"),
            ruby: Path::new("/run/preload.rb"),
            java: Path::new("/run/a b/roots.jks"),
            php: Path::new("/run/php"),
            hermetic: false,
        };
        let environment = Environment::by_name(points, |name| (name == "NO_PROXY").then(|| "intranet".into()));
        let exceptions = "intranet,localhost,127.0.0.1,::1,klaviyo.com,.klaviyo.com";
        assert_eq!(environment.get("NO_PROXY"), Some(OsStr::new(exceptions)));
        assert_eq!(environment.get("SSL_CERT_FILE"), Some(OsStr::new("/run/b.pem")));
        assert_eq!((environment.get("HTTPS_PROXY"), environment.get("NODE_OPTIONS")), (None, None));
        let options = "\"-Djavax.net.ssl.trustStore=/run/a b/roots.jks\" -Djavax.net.ssl.trustStoreType=jks";
        assert_eq!(environment.get("JAVA_TOOL_OPTIONS"), Some(OsStr::new(options)));
        assert_eq!(environment.get("PHP_INI_SCAN_DIR"), Some(OsStr::new(":/run/php")));
    }

    #[test]
    fn each_ca_bundle_is_read_once() {
        let before = |name: &str| match name {
            "SSL_CERT_FILE" | "CURL_CA_BUNDLE" => Some("/etc/corporate.pem".into()),
            "NODE_EXTRA_CA_CERTS" => Some("/etc/more.pem".into()),
            "DENO_CERT" => Some("".into()),
            _ => None,
        };
        assert_eq!(inherited_ca_files(before), [Path::new("/etc/corporate.pem"), Path::new("/etc/more.pem")]);
    }
}
