//! Why a request has no response.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use tokio_rustls::rustls;

/// A request that got no response. Displays as one line that says what to do where flowcheck's user can do something.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// URL, method or headers are invalid.
    #[error("this request cannot be sent: {0}")]
    Invalid(#[from] hyper::http::Error),
    /// TLS could not be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// No connection, or the connection failed before the whole response was read.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The whole response did not arrive in time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
}

/// TLS cannot be used on this machine.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The system's root certificates.
    #[error("this machine's root certificates cannot be read: {0}; name a file of certificates in SSL_CERT_FILE")]
    Roots(#[source] io::Error),
    /// The TLS library.
    #[error("TLS cannot be set up: {0}")]
    Protocol(#[from] rustls::Error),
}

/// A failure at any layer below HTTP. HTTP clients wrap the cause several times ("client error (Connect)"), so this displays
/// and returns as its source the innermost cause ("Connection refused").
#[derive(Debug)]
pub struct TransportError(Box<dyn Error + Send + Sync>);

impl TransportError {
    pub(super) fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Box::new(error))
    }

    /// Whether nobody listens at the address.
    pub(super) fn is_refused_connection(&self) -> bool {
        self.root().downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
    }

    /// Whether the server answers, and TLS with it fails: that does not change with time.
    pub(crate) fn is_permanent(&self) -> bool {
        tls_error(self.root()).is_some()
    }

    fn root(&self) -> &(dyn Error + 'static) {
        let mut root: &(dyn Error + 'static) = &*self.0;
        while let Some(cause) = root.source() {
            root = cause;
        }
        root
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = self.root();
        write!(formatter, "{root}")?;
        match tls_error(root) {
            Some(rustls::Error::InvalidCertificate(_)) => formatter
                .write_str("; if a certificate authority of your own signed it, name its file in SSL_CERT_FILE"),
            Some(rustls::Error::InvalidMessage(_)) => {
                formatter.write_str("; what answers there may speak http, not https")
            }
            _ => Ok(()),
        }
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.root())
    }
}

/// What went wrong in TLS. Connectors wrap TLS errors in I/O errors, once or twice, which do not return them as their source.
fn tls_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    let mut error = error;
    while let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        error = inner;
    }
    error.downcast_ref()
}
