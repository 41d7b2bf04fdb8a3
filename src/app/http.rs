//! One request without a body, as readiness, triggers and resets need it.

use std::time::Duration;

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::{Method, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

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
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let answer = async {
        let response = client.request(request).await.map_err(|error| in_words(&error))?;
        let status = response.status().as_u16();
        response.into_body().collect().await.map_err(|error| in_words(&error))?;
        Ok(status)
    };
    timeout(deadline, answer).await.unwrap_or_else(|_| Err(format!("no answer within {deadline:?}")))
}

/// The innermost cause: "connection refused", not "client error".
fn in_words(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
