//! Whether a child can be given namespaces of its own, by `unshare` of util-linux.

use std::ffi::OsStr;
use std::io;
use std::process::Stdio;

use nix::unistd::geteuid;
use tokio::process::Command;

/// Why a child cannot be given namespaces of its own.
#[derive(Debug, thiserror::Error)]
pub enum UnshareError {
    /// Another operating system.
    #[error("this is not Linux")]
    NotLinux,
    /// Another user.
    #[error("this user is not root")]
    NotRoot,
    /// The kernel or a container runtime forbids it; this is what `unshare` printed.
    #[error("{0}")]
    Denied(String),
    /// The program is missing.
    #[error("`unshare` of util-linux cannot be run: {0}")]
    Missing(#[source] io::Error),
}

/// Tries `unshare` with these arguments, the last of which are a command that ends by itself.
pub(super) async fn try_unshare(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<(), UnshareError> {
    if !cfg!(target_os = "linux") {
        return Err(UnshareError::NotLinux);
    }
    if !geteuid().is_root() {
        return Err(UnshareError::NotRoot);
    }
    let output = Command::new("unshare").args(arguments).stdin(Stdio::null()).output().await;
    let output = output.map_err(UnshareError::Missing)?;
    if output.status.success() {
        return Ok(());
    }
    Err(UnshareError::Denied(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}
