//! Why a server could not start.

use std::io;
use std::net::SocketAddr;

use crate::store::file::StateFileError;

/// Why [`Builder::bind`](crate::Builder::bind) failed.
///
/// ```
/// use fake_klaviyo::{BindError, Server};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let first = Server::builder().bind("127.0.0.1:0").await?;
/// let second = Server::builder().bind(&first.addr().to_string()).await;
/// assert!(matches!(second, Err(BindError::Taken { .. })));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program listens at this address.
    #[error("{address} is taken; end the program that listens there, or bind to port 0 to be given a free one")]
    Taken {
        /// The address.
        address: String,
        /// The system's error.
        source: io::Error,
    },
    /// The system refused to listen at this address for another reason.
    #[error("cannot listen at {address}; give a loopback address with a port, such as 127.0.0.1:0")]
    Unusable {
        /// The address.
        address: String,
        /// The system's error.
        source: io::Error,
    },
    /// The address can be reached from other machines.
    #[error("{address} is not a loopback address; a fake Klaviyo listens on loopback only, such as 127.0.0.1:0")]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The state file cannot be used.
    #[error(transparent)]
    State(#[from] StateFileError),
}
