//! One request and its response.

use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::Response;
use hyper::body::Bytes;
use hyper::http::request::Builder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

use super::connector::connector;
use super::error::{HttpError, TransportError};

/// Sends a request without a body, and returns the response once its body has been read. Redirects are not followed.
pub(crate) async fn send(request: Builder, within: Duration) -> Result<Response<Bytes>, HttpError> {
    let request = request.body(Empty::<Bytes>::new())?;
    let connector = connector(request.uri().scheme_str() == Some("https"))?;
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build(connector);
    let response = async {
        let (head, body) = client.request(request).await.map_err(TransportError::new)?.into_parts();
        let body = body.collect().await.map_err(TransportError::new)?.to_bytes();
        Ok(Response::from_parts(head, body))
    };
    timeout(within, response).await.unwrap_or_else(|_| Err(HttpError::TimedOut(within)))
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::io::Read;
    use std::net::{Ipv4Addr, TcpListener};
    use std::sync::Arc;

    use hyper::Request;
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::ServerConfig;
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

    use super::*;

    #[tokio::test]
    async fn an_https_address_is_spoken_to_by_tls() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let first = std::thread::spawn(move || {
            let mut byte = [0];
            listener.accept().expect("it comes").0.read_exact(&mut byte).expect("it speaks");
            byte[0]
        });
        let address = format!("https://127.0.0.1:{port}/");
        assert!(send(Request::get(address), Duration::from_secs(5)).await.is_err());
        // The type of a record that shakes hands.
        assert_eq!(first.join().expect("it was read"), 0x16);
    }

    #[tokio::test]
    async fn a_refused_connection_is_displayed_by_its_innermost_cause_and_keeps_it() {
        let closed =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr()).expect("a free port");
        let error = send(Request::get(format!("http://{closed}/")), Duration::from_secs(5)).await.expect_err("refused");
        assert!(matches!(error, HttpError::Transport(_)), "{error:?}");
        let cause = error.source().and_then(|cause| cause.downcast_ref::<std::io::Error>()).expect("its cause is kept");
        assert_eq!(cause.kind(), std::io::ErrorKind::ConnectionRefused);
        assert_eq!(error.to_string(), cause.to_string());
    }

    #[tokio::test]
    async fn silence_is_told_from_a_refused_connection() {
        let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = silent.local_addr().expect("bound");
        let error =
            send(Request::get(format!("http://{address}/")), Duration::from_millis(50)).await.expect_err("silent");
        assert!(matches!(error, HttpError::TimedOut(_)), "{error:?}");
    }

    #[tokio::test]
    async fn an_untrusted_certificate_is_reported_with_what_to_do() {
        let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let key = PrivatePkcs8KeyDer::from(signed.signing_key.serialize_der()).into();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS versions")
            .with_no_client_auth()
            .with_single_cert(vec![signed.cert.der().clone()], key)
            .expect("a server certificate");
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("it comes");
            drop(TlsAcceptor::from(Arc::new(config)).accept(stream).await);
        });
        let error = send(Request::get(format!("https://localhost:{port}/")), Duration::from_secs(5)).await;
        let error = error.expect_err("it is self-signed").to_string();
        assert!(error.starts_with("invalid peer certificate") && error.contains("SSL_CERT_FILE"), "{error}");
    }
}
