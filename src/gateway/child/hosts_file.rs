//! A hosts file for a child process that resolves Klaviyo's names to the gateway, for apps whose HTTP client ignores proxy settings.

use std::ffi::OsString;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;

use tokio::net::TcpListener;

use crate::gateway::ports::{HTTP, HTTPS};

use super::unshare::{UnshareError, try_unshare};

/// The names in the hosts file. It has no wildcards; these are the ones that apps and Klaviyo's SDKs use.
const NAMES: &str = "klaviyo.com www.klaviyo.com a.klaviyo.com fast.a.klaviyo.com connect.klaviyo.com manage.klaviyo.com \
                     marketplace.klaviyo.com static.klaviyo.com static-tracking.klaviyo.com";
/// Loopback addresses to try until one is free.
const TRIES: usize = 20;
/// Mounts the hosts file, its first word, over the system's, and executes the command that follows.
const OVER: &str = r#"mount --bind "$0" /etc/hosts && exec "$@""#;

/// Why a child cannot have a hosts file of its own.
#[derive(Debug, thiserror::Error)]
pub enum HostsError {
    /// This machine or user cannot create a mount namespace.
    #[error("`reach: hosts` needs Linux, root, and permission to mount ({0})")]
    NotHere(#[from] UnshareError),
    /// Ports 443 and 80 could not be bound.
    #[error("cannot listen on ports {HTTPS} and {HTTP} of a loopback address")]
    Listen(#[source] io::Error),
}

impl HostsError {
    /// What to do about it, where that is known.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::NotHere(_) => Some(
                "run flowcheck as root, or in a container (docs/docker-compose.md has a file for it); `reach: env` is enough for \
                 most clients",
            ),
            Self::Listen(_) => None,
        }
    }
}

/// A loopback address with listeners on Klaviyo's ports.
#[derive(Debug)]
pub(crate) struct StandardPorts {
    pub(crate) address: Ipv4Addr,
    pub(crate) https: TcpListener,
    pub(crate) http: TcpListener,
}

impl StandardPorts {
    /// Listens on an address that nothing else listens on, so that worlds do not share it.
    pub(crate) async fn open() -> Result<Self, HostsError> {
        try_unshare(wrapper(Path::new("/etc/hosts")).into_iter().skip(1).chain(["true".into()])).await?;
        let mut last = io::ErrorKind::AddrInUse.into();
        for _ in 0..TRIES {
            let address = Ipv4Addr::new(127, rand::random_range(64..=254), rand::random(), rand::random_range(1..=254));
            match (TcpListener::bind((address, HTTPS)).await, TcpListener::bind((address, HTTP)).await) {
                (Ok(https), Ok(http)) => return Ok(Self { address, https, http }),
                (Err(error), _) | (_, Err(error)) => last = error,
            }
        }
        Err(HostsError::Listen(last))
    }
}

/// The system's hosts file with Klaviyo's names prepended: the first line with a name is the one that is used.
pub(crate) fn file(address: Ipv4Addr) -> String {
    let before = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    format!("{address} {NAMES}\n{before}")
}

/// Words to put before a command to give it, and only it, this hosts file.
pub(crate) fn wrapper(file: &Path) -> Vec<OsString> {
    let words = ["unshare", "--mount", "--propagation", "private", "sh", "-c", OVER].map(OsString::from);
    words.into_iter().chain([file.as_os_str().to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn klaviyo_s_names_come_before_the_system_s_own_lines() {
        let text = file(Ipv4Addr::new(127, 64, 0, 1));
        assert!(text.starts_with("127.64.0.1 klaviyo.com www.klaviyo.com a.klaviyo.com "), "{text}");
        assert_eq!(text.lines().skip(1).collect::<Vec<_>>().join("\n"), {
            let system = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
            system.lines().collect::<Vec<_>>().join("\n")
        });
    }
}
