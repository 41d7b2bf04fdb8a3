//! The gateway's public face: starting, querying and stopping it.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::klaviyo::Server;
use crate::klaviyo::embed::HEADERS_WITHIN;
use crate::watchdog::TempFolder;

use super::access_gate::AccessGate;
use super::certificate_authority::{CertificateAuthority, CertificateAuthorityError};
use super::child::ca_bundle;
use super::child::environment::{self, Environment, EnvironmentInputs};
use super::child::hosts_file::{self, HostsError, StandardPorts};
use super::child::java_trust_store::trust_store;
use super::context::EndpointContext;
use super::listener::Listener;
use super::probe::Probe;
use super::stats::{RefusedTarget, RequestCounts};

/// How long [`Gateway::stop`] waits for pending responses.
const STOP_WITHIN: Duration = Duration::from_secs(2);
const FOR_NODE: &str = include_str!("child/preload.cjs");
const FOR_PYTHON: &str = include_str!("child/sitecustomize.py");
const FOR_RUBY: &str = include_str!("child/preload.rb");

/// A gateway to one fake Klaviyo, which must outlive it. Dropping it closes every connection and removes its folder.
#[derive(Debug)]
pub struct Gateway {
    app: Endpoint,
    browser: Endpoint,
    probe: Probe,
    folder: TempFolder,
    ca_file: PathBuf,
    environment: Environment,
    /// Listeners on ports 443 and 80, for children with a hosts file.
    by_name: Vec<Listener>,
    direct_addrs: Vec<SocketAddr>,
    wrapper: Vec<OsString>,
}

/// A listening address with its own statistics.
#[derive(Debug)]
struct Endpoint {
    address: SocketAddr,
    context: Arc<EndpointContext>,
    listener: Listener,
}

/// Options of a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Refuse and list requests to hosts that are neither Klaviyo's nor this machine's, instead of forwarding them.
    pub hermetic: bool,
    /// Route children here by a hosts file of their own instead of proxy variables.
    pub hosts: bool,
    /// The address to listen on for browsers of other machines, which must request the probe first; loopback when none.
    pub browser_bind: Option<IpAddr>,
    /// Ports of this machine that browsers cannot reach through the gateway.
    pub closed_ports: &'static [u16],
    /// How long a client may be silent while the gateway waits for it.
    pub idle_timeout: Duration,
}

/// Why the gateway could not start.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// No port could be bound.
    #[error("cannot listen at {address}")]
    Listen {
        /// The address.
        address: IpAddr,
        /// The system's error.
        source: io::Error,
    },
    /// The private folder could not be created or written.
    #[error("cannot keep certificates in a private temporary folder")]
    Folder(#[source] io::Error),
    /// Children cannot be given a hosts file of their own.
    #[error(transparent)]
    Hosts(#[from] HostsError),
    /// The certificates could not be created.
    #[error(transparent)]
    CertificateAuthority(#[from] CertificateAuthorityError),
}

impl Default for Options {
    fn default() -> Self {
        Self { hermetic: false, hosts: false, browser_bind: None, closed_ports: &[], idle_timeout: HEADERS_WITHIN }
    }
}

impl Gateway {
    /// Starts listening on free ports of 127.0.0.1, for children that inherit this process's environment.
    pub async fn start(klaviyo: &Server, options: Options) -> Result<Self, GatewayError> {
        Self::start_with_environment(klaviyo, options, |name| std::env::var_os(name)).await
    }

    /// Like [`start`](Self::start), for children whose environment is otherwise what `before` returns.
    pub async fn start_with_environment(
        klaviyo: &Server,
        options: Options,
        before: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, GatewayError> {
        let authority = Arc::new(CertificateAuthority::new()?);
        let probe = Probe::new();
        let Options { hermetic, hosts, browser_bind, closed_ports, idle_timeout } = options;
        let ports = if hosts { Some(StandardPorts::open().await?) } else { None };
        let context = EndpointContext {
            klaviyo: klaviyo.http_handler(),
            by_sni: authority.by_sni()?,
            in_tunnel: authority.in_tunnel()?,
            hermetic,
            idle_timeout,
            probe: probe.clone(),
            stats: Arc::default(),
            access_gate: None,
            closed_ports: &[],
            activity: None,
        };
        let loopback = IpAddr::from(Ipv4Addr::LOCALHOST);
        let app = Endpoint::open(context.with_new_stats(), loopback).await?;
        let access_gate = browser_bind.map(|_| AccessGate::new());
        let browser =
            Endpoint::open(EndpointContext { access_gate, closed_ports, ..context }, browser_bind.unwrap_or(loopback))
                .await?;

        let folder = TempFolder::new("flowcheck-gateway-").map_err(GatewayError::Folder)?;
        let write_bytes =
            |name: &str, bytes: &[u8]| private_file(folder.path(), name, bytes).map_err(GatewayError::Folder);
        let write = |name: &str, text: &str| write_bytes(name, text.as_bytes());
        let ca_file = write("klaviyo-authority.pem", &authority.pem())?;
        let roots = ca_bundle::bundle(&authority.pem(), &environment::inherited_ca_files(&before));
        let bundle = write("roots.pem", &roots)?;
        let java = write_bytes("roots.jks", &trust_store(&roots))?;
        let node = write("preload.cjs", FOR_NODE)?;
        let ruby = write("preload.rb", FOR_RUBY)?;
        write("sitecustomize.py", FOR_PYTHON)?;
        write("php.ini", &format!("curl.cainfo=\"{0}\"\nopenssl.cafile=\"{0}\"\n", bundle.display()))?;

        let points = EnvironmentInputs {
            address: app.address,
            bundle: &bundle,
            node: &node,
            python: folder.path(),
            ruby: &ruby,
            java: &java,
            php: folder.path(),
            hermetic,
        };
        let (mut by_name, mut direct_addrs, mut wrapper) = (Vec::new(), Vec::new(), Vec::new());
        let environment = if let Some(StandardPorts { address, https, http }) = ports {
            wrapper = hosts_file::wrapper(&write("hosts", &hosts_file::file(address))?);
            direct_addrs.extend([&https, &http].into_iter().filter_map(|listener| listener.local_addr().ok()));
            by_name.extend([https, http].map(|listener| Listener::start(listener, Arc::clone(&app.context))));
            Environment::by_name(points, before)
        } else {
            Environment::new(points, before)
        };
        Ok(Self { app, browser, probe, folder, ca_file, environment, by_name, direct_addrs, wrapper })
    }

    /// The address of the app's endpoint.
    pub fn addr(&self) -> SocketAddr {
        self.app.address
    }

    /// The address of the browser's endpoint.
    pub fn browser_addr(&self) -> SocketAddr {
        self.browser.address
    }

    /// The probe by which a browser proves that klaviyo.com is this gateway.
    pub fn probe(&self) -> &Probe {
        &self.probe
    }

    /// A loopback URL by which a browser of another machine proves that the gateway resolves `localhost` for it.
    pub fn loopback_probe_url(&self) -> String {
        self.probe.url_at(&format!("http://localhost:{}", self.browser.address.port()))
    }

    /// The variables to set for a child process, on top of those it inherits.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The addresses on ports 443 and 80 that the hosts file resolves to; none where children use the proxy.
    pub fn direct_addrs(&self) -> Vec<SocketAddr> {
        self.direct_addrs.clone()
    }

    /// Words to put before a child's command; none where the variables are enough.
    pub fn wrapper(&self) -> &[OsString] {
        &self.wrapper
    }

    /// The file of the CA certificate that is valid for klaviyo.com only. Removed with the gateway.
    pub fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    /// Requests for Klaviyo that the app has sent so far, by ingress.
    pub fn request_counts(&self) -> RequestCounts {
        self.app.context.stats.request_counts()
    }

    /// TLS connections to Klaviyo that the app has opened so far, with or without requests.
    pub fn connections(&self) -> u64 {
        self.app.context.stats.connections()
    }

    /// Klaviyo's hosts whose certificate a client of the app has rejected so far.
    pub fn distrusted(&self) -> Vec<String> {
        self.app.context.stats.distrusted()
    }

    /// Targets that a hermetic gateway has refused to the app so far, in the order of their first attempt.
    pub fn refused(&self) -> Vec<RefusedTarget> {
        self.app.context.stats.refused()
    }

    /// Targets that a hermetic gateway has refused to browsers so far.
    pub fn refused_to_browser(&self) -> Vec<RefusedTarget> {
        self.browser.context.stats.refused()
    }

    /// Stops listening, waits up to two seconds for pending responses, closes every connection, and removes the folder.
    pub async fn stop(self) {
        tokio::join!(self.app.listener.stop(STOP_WITHIN), self.browser.listener.stop(STOP_WITHIN));
        drop(self.by_name);
        if let Err(error) = self.folder.close() {
            tracing::debug!("the gateway's folder could not be removed: {error}");
        }
    }
}

impl Endpoint {
    async fn open(context: EndpointContext, at: IpAddr) -> Result<Self, GatewayError> {
        let failed = |source| GatewayError::Listen { address: at, source };
        let listener = TcpListener::bind((at, 0)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let context = Arc::new(context);
        let listener = Listener::start(listener, Arc::clone(&context));
        Ok(Self { address, context, listener })
    }
}

/// Creates a file that only this user can read.
fn private_file(folder: &Path, name: &str, contents: &[u8]) -> io::Result<PathBuf> {
    let path = folder.join(name);
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?.write_all(contents)?;
    Ok(path)
}
