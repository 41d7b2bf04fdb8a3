//! The gateway as the rest of flowcheck holds it.

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
use crate::klaviyo::connection::HEADERS_WITHIN;
use crate::watchdog::TempFolder;

use super::access_gate::AccessGate;
use super::certificate_authority::{CertificateAuthority, CertificateAuthorityError};
use super::child::ca_bundle;
use super::child::environment::{self, Environment, EnvironmentInputs};
use super::child::hosts_file::{self, HostsError, StandardPorts};
use super::context::EndpointContext;
use super::listener::Listener;
use super::probe::Probe;
use super::stats::{RefusedTarget, RequestCounts};

/// How long [`Gateway::stop`] waits for answers that are under way.
const STOP_WITHIN: Duration = Duration::from_secs(2);
const FOR_NODE: &str = include_str!("child/preload.cjs");
const FOR_PYTHON: &str = include_str!("child/sitecustomize.py");
const FOR_RUBY: &str = include_str!("child/preload.rb");

/// A gateway to one fake Klaviyo, which must outlive it. Dropping it ends it at once, and removes its folder.
#[derive(Debug)]
pub struct Gateway {
    app: Endpoint,
    browser: Endpoint,
    probe: Probe,
    folder: TempFolder,
    ca_file: PathBuf,
    environment: Environment,
    /// Klaviyo's own ports, where children find it by its names.
    by_name: Vec<Listener>,
    direct_addrs: Vec<SocketAddr>,
    wrapper: Vec<OsString>,
}

/// One way in.
#[derive(Debug)]
struct Endpoint {
    address: SocketAddr,
    context: Arc<EndpointContext>,
    listener: Listener,
}

/// How a gateway behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Refuse and list what is neither Klaviyo's nor on this machine, rather than let it pass.
    pub hermetic: bool,
    /// Lead children here by a hosts file of their own rather than by a proxy.
    pub hosts: bool,
    /// Where to listen for browsers of other machines, which must ask for the probe before anything else; on loopback for this
    /// one's, where there is none.
    pub browser_bind: Option<IpAddr>,
    /// How long a client may be silent where it is its turn to speak.
    pub idle_timeout: Duration,
}

/// Why there is no gateway.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// No port could be had.
    #[error("cannot listen at {address}")]
    Listen {
        /// Where.
        address: IpAddr,
        /// Why not.
        source: io::Error,
    },
    /// The private folder could not be made or written to.
    #[error("cannot keep certificates in a private temporary folder")]
    Folder(#[source] io::Error),
    /// Children cannot be given a hosts file.
    #[error(transparent)]
    Hosts(#[from] HostsError),
    /// There are no certificates.
    #[error(transparent)]
    CertificateAuthority(#[from] CertificateAuthorityError),
}

impl Default for Options {
    fn default() -> Self {
        Self { hermetic: false, hosts: false, browser_bind: None, idle_timeout: HEADERS_WITHIN }
    }
}

impl Gateway {
    /// Begins to listen, on free ports of 127.0.0.1, for children that inherit this process' environment.
    pub async fn start(klaviyo: &Server, options: Options) -> Result<Self, GatewayError> {
        Self::start_with_environment(klaviyo, options, |name| std::env::var_os(name)).await
    }

    /// The same, for children that would otherwise find in their environment what `before` says.
    pub async fn start_with_environment(
        klaviyo: &Server,
        options: Options,
        before: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, GatewayError> {
        let authority = Arc::new(CertificateAuthority::new()?);
        let probe = Probe::new();
        let Options { hermetic, hosts, browser_bind, idle_timeout } = options;
        let ports = if hosts { Some(StandardPorts::open().await?) } else { None };
        let context = EndpointContext {
            klaviyo: klaviyo.door(),
            by_sni: authority.by_sni()?,
            in_tunnel: authority.in_tunnel()?,
            hermetic,
            idle_timeout,
            probe: probe.clone(),
            stats: Arc::default(),
            access_gate: None,
        };
        let loopback = IpAddr::from(Ipv4Addr::LOCALHOST);
        let app = Endpoint::open(context.with_new_stats(), loopback).await?;
        let access_gate = browser_bind.map(|_| AccessGate::new());
        let browser =
            Endpoint::open(EndpointContext { access_gate, ..context }, browser_bind.unwrap_or(loopback)).await?;

        let folder = TempFolder::new("flowcheck-gateway-").map_err(GatewayError::Folder)?;
        let write = |name: &str, text: &str| private_file(folder.path(), name, text).map_err(GatewayError::Folder);
        let ca_file = write("klaviyo-authority.pem", &authority.pem())?;
        let bundle =
            write("roots.pem", &ca_bundle::bundle(&authority.pem(), &environment::inherited_ca_files(&before)))?;
        let node = write("preload.cjs", FOR_NODE)?;
        let ruby = write("preload.rb", FOR_RUBY)?;
        write("sitecustomize.py", FOR_PYTHON)?;

        let python = folder.path();
        let points =
            EnvironmentInputs { address: app.address, bundle: &bundle, node: &node, python, ruby: &ruby, hermetic };
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

    /// Where it listens, for apps.
    pub fn addr(&self) -> SocketAddr {
        self.app.address
    }

    /// Where it listens, for browsers.
    pub fn browser_addr(&self) -> SocketAddr {
        self.browser.address
    }

    /// What proves to a browser that klaviyo.com is this gateway.
    pub fn probe(&self) -> &Probe {
        &self.probe
    }

    /// An address on this machine's loopback that proves to a browser of another one that it comes here for such.
    pub fn loopback_probe_url(&self) -> String {
        self.probe.url_at(&format!("http://localhost:{}", self.browser.address.port()))
    }

    /// What to set for a child process, on top of what it inherits from this one.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Klaviyo's own ports at the address that children find by its names; none where they come by a proxy.
    pub fn direct_addrs(&self) -> Vec<SocketAddr> {
        self.direct_addrs.clone()
    }

    /// Words to be put before a child's command; none where the environment is enough.
    pub fn wrapper(&self) -> &[OsString] {
        &self.wrapper
    }

    /// The certificate of the authority that vouches for klaviyo.com here, and for nothing else; gone with the gateway.
    pub fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    /// How many requests for Klaviyo came from the app so far, by the way they took.
    pub fn request_counts(&self) -> RequestCounts {
        self.app.context.stats.request_counts()
    }

    /// TLS connections to Klaviyo that the app began so far, whether or not it asked for anything.
    pub fn connections(&self) -> u64 {
        self.app.context.stats.connections()
    }

    /// Klaviyo's hosts whose certificate a client of the app refused so far.
    pub fn distrusted(&self) -> Vec<String> {
        self.app.context.stats.distrusted()
    }

    /// What a hermetic gateway turned away from the app so far, in the order of first tries.
    pub fn refused(&self) -> Vec<RefusedTarget> {
        self.app.context.stats.refused()
    }

    /// The same, from browsers.
    pub fn refused_to_browser(&self) -> Vec<RefusedTarget> {
        self.browser.context.stats.refused()
    }

    /// Stops listening, lets answers that are under way finish for up to two seconds, closes every connection, and
    /// removes the folder.
    pub async fn stop(self) {
        tokio::join!(self.app.listener.stop(STOP_WITHIN), self.browser.listener.stop(STOP_WITHIN));
        drop(self.by_name);
        if let Err(error) = self.folder.close() {
            tracing::debug!("the gateway's folder stays: {error}");
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

/// A file that only this user can read.
fn private_file(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    let path = folder.join(name);
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?.write_all(text.as_bytes())?;
    Ok(path)
}
