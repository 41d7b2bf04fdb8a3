//! One request and its response.

use std::net::IpAddr;
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HOST, HeaderValue};
use hyper::http::request::{Builder, Parts};
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::connector::{connector, connector_to_this_machine};
use super::error::{HttpError, TransportError};

/// Bytes of an answer that are read: flowcheck asks for statuses, and for short JSON.
const MOST_OF_BODY: usize = 1 << 20;
/// What `localhost` stands for: which of them it is in `/etc/hosts` says nothing of where a server listens (R 6761 §6.3).
const LOOPBACK: [&str; 2] = ["127.0.0.1", "::1"];

/// Sends a request without a body, and returns the response once its body has been read. Redirects are not followed. A server on this
/// machine is found by IPv4 and by IPv6, and may show any certificate: nobody else can be between it and flowcheck.
pub(crate) async fn send(request: Builder, within: Duration) -> Result<Response<Bytes>, HttpError> {
    let (head, ()) = request.body(())?.into_parts();
    let response = async {
        let mut error = None;
        for head in to_each_address(head) {
            match send_to(head).await {
                Err(HttpError::Transport(refused)) if refused.is_refused_connection() => {
                    error.get_or_insert(refused);
                }
                other => return other,
            }
        }
        Err(error.map_or(HttpError::TimedOut(within), HttpError::Transport))
    };
    timeout(within, response).await.unwrap_or_else(|_| Err(HttpError::TimedOut(within)))
}

/// Whether a server accepts connections there, by IPv4 or by IPv6 where the host is this machine.
pub(crate) async fn accepts_connections(host: &str, port: u16) -> bool {
    if !is_localhost(host) {
        return TcpStream::connect((host.trim_matches(['[', ']']), port)).await.is_ok();
    }
    for address in LOOPBACK {
        if TcpStream::connect((address, port)).await.is_ok() {
            return true;
        }
    }
    false
}

fn is_localhost(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == "localhost" || host.ends_with(".localhost")
}

/// The request as it is, or where its host is `localhost` or a name below it, to each address of this machine.
fn to_each_address(head: Parts) -> Vec<Parts> {
    if !is_localhost(head.uri.host().unwrap_or_default()) {
        return vec![head];
    }
    let authority = head.uri.authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    let port = head.uri.port_u16().map_or_else(String::new, |port| format!(":{port}"));
    let to = |address: &&str| {
        let mut parts = head.uri.clone().into_parts();
        let address = if address.contains(':') { format!("[{address}]") } else { (*address).to_owned() };
        parts.authority = format!("{address}{port}").parse().ok();
        let mut head = head.clone();
        head.uri = Uri::from_parts(parts).ok()?;
        head.headers.entry(HOST).or_insert(authority.clone()?);
        Some(head)
    };
    LOOPBACK.iter().filter_map(to).collect()
}

async fn send_to(head: Parts) -> Result<Response<Bytes>, HttpError> {
    let request = Request::from_parts(head, Empty::<Bytes>::new());
    let connector = match request.uri().scheme_str() {
        Some("https") if is_loopback(request.uri()) => connector_to_this_machine()?,
        scheme => connector(scheme == Some("https"))?,
    };
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build(connector);
    let (head, body) = client.request(request).await.map_err(TransportError::new)?.into_parts();
    Ok(Response::from_parts(head, beginning(body).await?))
}

/// The first [`MOST_OF_BODY`] bytes of a body; the rest is not read.
async fn beginning(mut body: Incoming) -> Result<Bytes, HttpError> {
    let mut read = Vec::new();
    while read.len() < MOST_OF_BODY
        && let Some(frame) = body.frame().await
    {
        if let Ok(data) = frame.map_err(TransportError::new)?.into_data() {
            read.extend_from_slice(&data[..data.len().min(MOST_OF_BODY - read.len())]);
        }
    }
    Ok(read.into())
}

fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::io::{Read, Write as _};
    use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
    use std::sync::Arc;

    use hyper::Request;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
    use tokio_rustls::rustls::{self, ServerConfig};

    use super::*;

    #[tokio::test]
    async fn a_server_on_this_machine_is_found_on_either_address() {
        for at in [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)] {
            let listener = TcpListener::bind((at, 0)).expect("a free port");
            let port = listener.local_addr().expect("bound").port();
            for host in ["localhost", "LOCALHOST", "shop.localhost"] {
                assert!(accepts_connections(host, port).await, "{host} at {at}");
            }
            let host = if at.is_ipv6() { "[::1]" } else { "127.0.0.1" };
            assert!(accepts_connections(host, port).await);
            drop(listener);
            assert!(!accepts_connections("localhost", port).await);
        }
    }

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

    #[tokio::test(flavor = "multi_thread")]
    async fn an_answer_without_end_is_read_in_part() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("bound");
        let sender = std::thread::spawn(move || {
            let mut stream = listener.accept().expect("it comes").0;
            // An answer that comes before its request is none.
            stream.read_exact(&mut [0; 4]).expect("it asks");
            stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").expect("it listens");
            // Ends once nobody reads any more.
            let some = vec![b'x'; 65_536];
            while stream.write_all(&some).is_ok() {}
        });
        let answer =
            send(Request::get(format!("http://{address}/")), Duration::from_secs(20)).await.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.body().len()), (200, MOST_OF_BODY));
        sender.join().expect("it was told to end");
    }

    #[tokio::test]
    async fn silence_is_told_from_a_refused_connection() {
        let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = silent.local_addr().expect("bound");
        let error =
            send(Request::get(format!("http://{address}/")), Duration::from_millis(50)).await.expect_err("silent");
        assert!(matches!(error, HttpError::TimedOut(_)), "{error:?}");
    }

    /// A server on this machine by TLS, with a certificate that it signed itself; its port.
    async fn self_signed(address: IpAddr) -> u16 {
        let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let key = PrivatePkcs8KeyDer::from(signed.signing_key.serialize_der()).into();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS versions")
            .with_no_client_auth()
            .with_single_cert(vec![signed.cert.der().clone()], key)
            .expect("a server certificate");
        let listener = tokio::net::TcpListener::bind((address, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("it comes");
            let mut stream = TlsAcceptor::from(Arc::new(config)).accept(stream).await.expect("a handshake");
            let _ = stream.read(&mut [0; 4_096]).await;
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.expect("it listens");
        });
        port
    }

    #[tokio::test]
    async fn a_server_on_this_machine_may_have_signed_its_own_certificate_and_listen_at_either_address() {
        for address in [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)] {
            let port = self_signed(address).await;
            let answer = send(Request::get(format!("https://localhost:{port}/")), Duration::from_secs(5)).await;
            assert_eq!(answer.expect("an answer").status(), 204, "{address}");
        }
    }

    #[test]
    fn the_host_that_was_asked_for_is_named_whatever_the_address() {
        let (head, ()) = Request::get("http://shop.localhost:3000/a?b").body(()).expect("a request").into_parts();
        let all = to_each_address(head);
        let seen: Vec<String> = all.iter().map(|head| head.uri.to_string()).collect();
        assert_eq!(seen, ["http://127.0.0.1:3000/a?b", "http://[::1]:3000/a?b"]);
        assert!(all.iter().all(|head| head.headers[HOST] == "shop.localhost:3000"));
        let (head, ()) = Request::get("http://shop.example/a").body(()).expect("a request").into_parts();
        assert_eq!(to_each_address(head)[0].uri, "http://shop.example/a");
    }

    #[test]
    fn an_untrusted_certificate_is_reported_with_what_to_do() {
        let error = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let error = TransportError::new(std::io::Error::other(error));
        assert!(error.is_permanent() && error.to_string().contains("SSL_CERT_FILE"), "{error}");
    }
}
