//! One request without a body, as readiness, triggers and resets need it.

use std::time::Duration;

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::{Method, Request};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;
use tokio_rustls::rustls::crypto::ring;

use crate::evidence::innermost;

/// Gets an address and returns the status of the answer once its body is read, or what went wrong, in words.
pub(super) async fn get(address: &str, deadline: Duration) -> Result<u16, String> {
    ask(Method::GET, address, &[], deadline).await
}

/// The same by any method, with these headers.
pub(super) async fn ask(
    method: Method,
    address: &str,
    headers: &[(String, String)],
    deadline: Duration,
) -> Result<u16, String> {
    let mut request = Request::builder().method(method).uri(address);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let request = request.body(Empty::new()).map_err(|error| format!("{address} is no address: {error}"))?;
    let answer = async {
        // Reading the system's roots takes longer than most answers from this machine.
        if request.uri().scheme_str() == Some("https") {
            status_by(https()?, request).await
        } else {
            status_by(HttpConnector::new(), request).await
        }
    };
    timeout(deadline, answer).await.unwrap_or_else(|_| Err(format!("no answer within {deadline:?}")))
}

async fn status_by<C>(connector: C, request: Request<Empty<Bytes>>) -> Result<u16, String>
where
    C: Connect + Clone + Send + Sync + 'static,
{
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build(connector);
    let response = client.request(request).await.map_err(|error| innermost(&error))?;
    let status = response.status().as_u16();
    response.into_body().collect().await.map_err(|error| innermost(&error))?;
    Ok(status)
}

/// Trusts whom this machine trusts.
fn https() -> Result<HttpsConnector<HttpConnector>, String> {
    let builder = HttpsConnectorBuilder::new()
        .with_provider_and_native_roots(ring::default_provider())
        .map_err(|error| format!("this machine's certificates cannot be read: {error}"))?;
    Ok(builder.https_or_http().enable_http1().build())
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::{Ipv4Addr, TcpListener};

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
        assert!(get(&format!("https://127.0.0.1:{port}/"), Duration::from_secs(5)).await.is_err());
        // The type of a record that shakes hands.
        assert_eq!(first.join().expect("it was read"), 0x16);
    }
}
