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

use crate::guard::Folder;
use crate::klaviyo::Server;
use crate::klaviyo::connection::HEADERS_WITHIN;

use super::authority::{Authority, AuthorityError};
use super::environment::{self, Environment, Points};
use super::hosts::{self, HostsError, Ports};
use super::knock::Knock;
use super::listener::Listener;
use super::probe::Probe;
use super::roots;
use super::tally::{Reached, Refused};
use super::tunnel::Shared;

/// How long [`Gateway::stop`] waits for answers that are under way.
const STOP_WITHIN: Duration = Duration::from_secs(2);
const FOR_NODE: &str = include_str!("preload.cjs");
const FOR_PYTHON: &str = include_str!("sitecustomize.py");
const FOR_RUBY: &str = include_str!("preload.rb");

/// A gateway to one fake Klaviyo, which must outlive it. Dropping it ends it at once, and removes its folder.
#[derive(Debug)]
pub struct Gateway {
    app: Door,
    browser: Door,
    probe: Probe,
    folder: Folder,
    authority_file: PathBuf,
    environment: Environment,
    /// Klaviyo's own ports, where children find it by its names.
    by_name: Vec<Listener>,
    own_ports: Vec<SocketAddr>,
    wrapper: Vec<OsString>,
}

/// One way in.
#[derive(Debug)]
struct Door {
    address: SocketAddr,
    shared: Arc<Shared>,
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
    pub browsers_at: Option<IpAddr>,
    /// Ports of this machine to which it takes no browser's request.
    pub closed_ports: &'static [u16],
    /// How long a client may be silent where it is its turn to speak.
    pub patience: Duration,
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
    Authority(#[from] AuthorityError),
}

impl Default for Options {
    fn default() -> Self {
        Self { hermetic: false, hosts: false, browsers_at: None, closed_ports: &[], patience: HEADERS_WITHIN }
    }
}

impl Gateway {
    /// Begins to listen, on free ports of 127.0.0.1, for children that inherit this process' environment.
    pub async fn start(klaviyo: &Server, options: Options) -> Result<Self, GatewayError> {
        Self::start_over(klaviyo, options, |name| std::env::var_os(name)).await
    }

    /// The same, for children that would otherwise find in their environment what `before` says.
    pub async fn start_over(
        klaviyo: &Server,
        options: Options,
        before: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, GatewayError> {
        let authority = Arc::new(Authority::new()?);
        let probe = Probe::new();
        let Options { hermetic, hosts, browsers_at, closed_ports, patience } = options;
        let ports = if hosts { Some(Ports::open().await?) } else { None };
        let shared = Shared {
            door: klaviyo.door(),
            by_sni: authority.by_sni()?,
            in_tunnel: authority.in_tunnel()?,
            hermetic,
            patience,
            probe: probe.clone(),
            tally: Arc::default(),
            knock: None,
            closed_ports: &[],
        };
        let loopback = IpAddr::from(Ipv4Addr::LOCALHOST);
        let app = Door::open(shared.beside(), loopback).await?;
        let knock = browsers_at.map(|_| Knock::new());
        let browser = Door::open(Shared { knock, closed_ports, ..shared }, browsers_at.unwrap_or(loopback)).await?;

        let folder = Folder::new("flowcheck-gateway-").map_err(GatewayError::Folder)?;
        let write = |name: &str, text: &str| private_file(folder.path(), name, text).map_err(GatewayError::Folder);
        let authority_file = write("klaviyo-authority.pem", &authority.pem())?;
        let bundle = write("roots.pem", &roots::bundle(&authority.pem(), &environment::roots_before(&before)))?;
        let node = write("preload.cjs", FOR_NODE)?;
        let ruby = write("preload.rb", FOR_RUBY)?;
        write("sitecustomize.py", FOR_PYTHON)?;

        let python = folder.path();
        let points = Points { address: app.address, bundle: &bundle, node: &node, python, ruby: &ruby, hermetic };
        let (mut by_name, mut own_ports, mut wrapper) = (Vec::new(), Vec::new(), Vec::new());
        let environment = if let Some(Ports { address, https, http }) = ports {
            wrapper = hosts::wrapper(&write("hosts", &hosts::file(address))?);
            own_ports.extend([&https, &http].into_iter().filter_map(|listener| listener.local_addr().ok()));
            by_name.extend([https, http].map(|listener| Listener::start(listener, Arc::clone(&app.shared))));
            Environment::by_name(points, before)
        } else {
            Environment::new(points, before)
        };
        Ok(Self { app, browser, probe, folder, authority_file, environment, by_name, own_ports, wrapper })
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
    pub fn probe_of_loopback(&self) -> String {
        self.probe.url_at(&format!("http://localhost:{}", self.browser.address.port()))
    }

    /// What to set for a child process, on top of what it inherits from this one.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Klaviyo's own ports at the address that children find by its names; none where they come by a proxy.
    pub fn own_ports(&self) -> Vec<SocketAddr> {
        self.own_ports.clone()
    }

    /// Words to be put before a child's command; none where the environment is enough.
    pub fn wrapper(&self) -> &[OsString] {
        &self.wrapper
    }

    /// The certificate of the authority that vouches for klaviyo.com here, and for nothing else; gone with the gateway.
    pub fn authority_file(&self) -> &Path {
        &self.authority_file
    }

    /// How many requests for Klaviyo came from the app so far, by the way they took.
    pub fn reached(&self) -> Reached {
        self.app.shared.tally.reached()
    }

    /// TLS connections to Klaviyo that the app began so far, whether or not it asked for anything.
    pub fn connections(&self) -> u64 {
        self.app.shared.tally.connections()
    }

    /// Klaviyo's hosts whose certificate a client of the app refused so far.
    pub fn distrusted(&self) -> Vec<String> {
        self.app.shared.tally.distrusted()
    }

    /// What a hermetic gateway turned away from the app so far, in the order of first tries.
    pub fn refused(&self) -> Vec<Refused> {
        self.app.shared.tally.refused()
    }

    /// The same, from browsers.
    pub fn refused_to_browser(&self) -> Vec<Refused> {
        self.browser.shared.tally.refused()
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

impl Door {
    async fn open(shared: Shared, at: IpAddr) -> Result<Self, GatewayError> {
        let failed = |source| GatewayError::Listen { address: at, source };
        let listener = TcpListener::bind((at, 0)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let shared = Arc::new(shared);
        let listener = Listener::start(listener, Arc::clone(&shared));
        Ok(Self { address, shared, listener })
    }
}

/// A file that only this user can read.
fn private_file(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    let path = folder.join(name);
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?.write_all(text.as_bytes())?;
    Ok(path)
}
