//! A network namespace for a child process. It contains only what a bridge carries into it, so that a hermetic run also holds
//! for apps whose HTTP client ignores proxy settings.

use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::task::JoinSet;

use super::bridge::{Bridge, OutboundForward};
use super::unshare::{UnshareError, try_unshare};

/// Starts the inner end of the bridge, which the first four words describe, waits until it reports that it listens, and
/// executes the command that follows.
const INSIDE: &str = r#"ip link set lo up && mkfifo "$1/ready" && { "$0" bridge "$1" "$2" "$3" > "$1/ready" & } \
    && read -r ready < "$1/ready" && shift 3 && exec "$@""#;
/// Tries whether such a namespace is possible.
const TRY: &str = "ip link set lo up";

/// Why there is no network namespace.
#[derive(Debug, thiserror::Error)]
pub enum NetworkNamespaceError {
    /// This machine or user cannot create one.
    #[error(transparent)]
    Unshare(#[from] UnshareError),
    /// A port that the bridge needs is taken, or its folder cannot be used.
    #[error("its ports cannot be had: {0}")]
    Ports(#[source] io::Error),
}

/// A network namespace. It lasts as long as processes are in it; dropping this closes the bridge.
#[derive(Debug)]
pub struct NetworkNamespace {
    wrapper: Vec<OsString>,
    _outside: JoinSet<()>,
}

impl NetworkNamespace {
    /// Prepares one. `program` is flowcheck's own, `folder` a private one for the bridge's sockets; `inbound` are the ports at
    /// which the child listens, `outbound` the addresses it may reach.
    pub async fn open(
        program: &Path,
        folder: PathBuf,
        inbound: Vec<u16>,
        outbound: Vec<OutboundForward>,
    ) -> Result<Self, NetworkNamespaceError> {
        try_unshare(["--net", "sh", "-c", TRY]).await?;
        let ports = inbound.iter().map(u16::to_string).collect::<Vec<_>>().join(",");
        let addresses = outbound.iter().map(|forward| forward.inside.to_string()).collect::<Vec<_>>().join(",");
        let bridge = Bridge { folder, inbound, outbound };
        let outside = bridge.serve_outside().await.map_err(NetworkNamespaceError::Ports)?;
        let mut wrapper: Vec<OsString> = ["unshare", "--net", "sh", "-c", INSIDE].map(OsString::from).into();
        wrapper.extend([program.into(), bridge.folder.into(), ports.into(), addresses.into()]);
        Ok(Self { wrapper, _outside: outside })
    }

    /// Words to put before the child's command.
    pub fn wrapper(&self) -> &[OsString] {
        &self.wrapper
    }
}

/// The inner end of the bridge from the arguments of `flowcheck bridge`; none where they are malformed.
pub fn parse_inner_bridge(folder: PathBuf, ports: &str, addresses: &str) -> Option<Bridge> {
    let words = |text: &str| text.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let inbound = words(ports).iter().map(|port| port.parse().ok()).collect::<Option<Vec<u16>>>()?;
    let addresses = words(addresses).iter().map(|word| word.parse().ok()).collect::<Option<Vec<SocketAddr>>>()?;
    // Only the outer end knows where they are carried to.
    let outbound = addresses.into_iter().map(|inside| OutboundForward { inside, outside: inside }).collect();
    Some(Bridge { folder, inbound, outbound })
}
