//! One request, and its answer.

use std::error::Error;
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::Response;
use hyper::body::Bytes;
use hyper::http::request::Builder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

use crate::evidence::root_cause;

use super::connector;

/// Sends a request without a body and returns the answer once it is whole; or what went wrong, in words.
pub(crate) async fn send(request: Builder, within: Duration) -> Result<Response<Bytes>, String> {
    let request = request.body(Empty::<Bytes>::new()).map_err(|error| format!("that cannot be asked for: {error}"))?;
    let connector = connector(request.uri().scheme_str() == Some("https"))?;
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build(connector);
    let answer = async {
        let (head, body) = client.request(request).await.map_err(|error| why(&error))?.into_parts();
        let body = body.collect().await.map_err(|error| why(&error))?.to_bytes();
        Ok(Response::from_parts(head, body))
    };
    timeout(within, answer).await.unwrap_or_else(|_| Err(format!("no answer within {within:?}")))
}

/// What went wrong; where that can be helped here, how.
fn why(error: &dyn Error) -> String {
    let why = root_cause(error);
    // As rustls words it.
    if why.starts_with("invalid peer certificate") {
        format!("{why}; where an authority of your own has signed it, name that authority's file in SSL_CERT_FILE")
    } else {
        why
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::{Ipv4Addr, TcpListener};

    use hyper::Request;

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
}
