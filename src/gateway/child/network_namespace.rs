//! A network of a child's own, in which there is nothing but what is carried into it: so that what is not Klaviyo's is out of
//! reach for clients that take no notice of a proxy, too.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use nix::unistd::geteuid;
use tokio::process::Command;
use tokio::task::JoinSet;

use super::bridge::{Bridge, OutboundForward};

/// Starts the inner end of the bridge, which the first three words describe, waits until it says that it is there, and becomes
/// the command that follows.
const INSIDE: &str = r#"ip link set lo up && mkfifo "$1/ready" && { "$0" bridge "$1" "$2" "$3" > "$1/ready" & } \
    && read -r ready < "$1/ready" && shift 3 && exec "$@""#;
/// Tries whether there can be such a network.
const TRY: &str = "ip link set lo up";

/// The network, while it lasts; it ends with the processes in it.
#[derive(Debug)]
pub struct NetworkNamespace {
    wrapper: Vec<OsString>,
    _outside: JoinSet<()>,
}

impl NetworkNamespace {
    /// Prepares one, or says why there can be none. `program` is flowcheck's own, `folder` a private one of this cell's;
    /// `inbound` are the ports at which the child will listen.
    pub async fn open(
        program: &Path,
        folder: PathBuf,
        inbound: Vec<u16>,
        outbound: Vec<OutboundForward>,
    ) -> Result<Self, String> {
        possible().await?;
        let ports = inbound.iter().map(u16::to_string).collect::<Vec<_>>().join(",");
        let addresses = outbound.iter().map(|outbound| outbound.inside.to_string()).collect::<Vec<_>>().join(",");
        let bridge = Bridge { folder, inbound, outbound };
        let outside = bridge.serve_outside().await.map_err(|error| format!("its ports cannot be had: {error}"))?;
        let mut wrapper: Vec<OsString> = ["unshare", "--net", "sh", "-c", INSIDE].map(OsString::from).into();
        wrapper.extend([program.into(), bridge.folder.into(), ports.into(), addresses.into()]);
        Ok(Self { wrapper, _outside: outside })
    }

    /// Words to be put before the child's command.
    pub fn wrapper(&self) -> &[OsString] {
        &self.wrapper
    }
}

/// The inner end of the bridge that these words describe; none where they describe none.
pub fn parse_inner_bridge(folder: PathBuf, ports: &str, addresses: &str) -> Option<Bridge> {
    let words = |text: &str| text.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let inbound = words(ports).iter().map(|port| port.parse().ok()).collect::<Option<Vec<u16>>>()?;
    let addresses = words(addresses).iter().map(|word| word.parse().ok()).collect::<Option<Vec<SocketAddr>>>()?;
    // Where they lead is the outer end's to know.
    let outbound = addresses.into_iter().map(|inside| OutboundForward { inside, outside: inside }).collect();
    Some(Bridge { folder, inbound, outbound })
}

async fn possible() -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("this is not Linux".to_owned());
    }
    if !geteuid().is_root() {
        return Err("this user is not root".to_owned());
    }
    let tried = Command::new("unshare").args(["--net", "sh", "-c", TRY]).stdin(Stdio::null()).output().await;
    match tried {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Err(format!("`unshare` of util-linux cannot be run: {error}")),
    }
}
