//! Serves the corpus on loopback, by numbers: an address must not tell what a page is.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::answer::{Page, frames};

type Documents = Arc<HashMap<String, (u16, Bytes)>>;

/// Opens it and returns its base address. It ends with the test.
pub(crate) async fn open(pages: &[Page]) -> String {
    let numbered = pages.iter().enumerate().map(|(number, page)| {
        (format!("/{number}"), (page.answer.status.unwrap_or(200), Bytes::from(page.html.clone())))
    });
    let framed = frames().into_iter().map(|(name, html)| (format!("/frames/{name}.html"), (200, Bytes::from(html))));
    let documents: Documents = Arc::new(numbered.chain(framed).collect());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let documents = documents.clone();
            let answer =
                service_fn(move |request| std::future::ready(Ok::<_, Infallible>(answer(&request, &documents))));
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    });
    format!("http://{address}")
}

fn answer(request: &Request<Incoming>, documents: &Documents) -> Response<Full<Bytes>> {
    // Whatever a page links to is there, and empty.
    let (status, html) = documents.get(request.uri().path()).cloned().unwrap_or((204, Bytes::new()));
    let mut response = Response::new(Full::new(html));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert("content-type", "text/html; charset=utf-8".parse().expect("it is plain text"));
    response
}
