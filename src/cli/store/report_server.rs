//! Serves a stored run on a loopback port: its page, its `run.json` and its screenshots, and nothing else.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::time::{Duration, sleep};

use super::file::read_regular;
use super::report_files::{html, screenshot};
use super::run_store::{RUN, SHOTS, StoredRun};

/// How long a client may take to send its request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// What the page may do, beside what it says itself: which scripts, styles and pictures.
const OF_THE_PAGE: &str = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";
/// What any other file may do.
const OF_A_FILE: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// A listener, and the run that it serves.
#[derive(Debug)]
pub(in crate::cli) struct ReportServer {
    listener: TcpListener,
    address: SocketAddr,
    content: Arc<Content>,
}

#[derive(Debug)]
struct Content {
    folder: PathBuf,
    /// Rendered by this version, whichever version made the run.
    page: Bytes,
    hosts: [String; 2],
}

impl ReportServer {
    /// Begins to listen on loopback; port 0 takes a free one.
    pub(in crate::cli) async fn open(run: &StoredRun, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let port = address.port();
        let content = Content {
            folder: run.folder.clone(),
            page: html(&run.outcome, &run.shots()).into(),
            hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")],
        };
        Ok(Self { listener, address, content: Arc::new(content) })
    }

    /// The URL that it is served at.
    pub(in crate::cli) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves without end.
    pub(in crate::cli) async fn serve(&self) {
        loop {
            let Ok((stream, _)) = self.listener.accept().await else {
                // Most likely the limit of open files; connections close as clients leave.
                sleep(Duration::from_millis(50)).await;
                continue;
            };
            let content = Arc::clone(&self.content);
            tokio::spawn(async move {
                let answer = service_fn(move |request| {
                    let answer = content.answer(&request);
                    async move { Ok::<_, Infallible>(answer) }
                });
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEADER_TIMEOUT)
                    .serve_connection(TokioIo::new(stream), answer);
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a connection ended badly");
                }
            });
        }
    }
}

impl Content {
    fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        // A page whose host name was rebound to this machine (DNS rebinding) must not read the run.
        if !self.hosts.iter().any(|known| known == host) {
            return plain(StatusCode::MISDIRECTED_REQUEST, "ask for 127.0.0.1 or localhost");
        }
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "this server is read-only");
        }
        let path = request.uri().path();
        if path == "/" || path == "/index.html" {
            return found("text/html; charset=utf-8", self.page.clone());
        }
        let file = match path.strip_prefix('/').unwrap_or(path).split_once('/') {
            None if path == "/run.json" => read_regular(&self.folder.join(RUN)).ok(),
            Some((SHOTS, name)) => screenshot(&self.folder.join(SHOTS), name),
            _ => None,
        };
        match file {
            Some(bytes) => found(media_type(path), bytes.into()),
            None => plain(StatusCode::NOT_FOUND, "the run has no such file"),
        }
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("json") => "application/json",
        Some("png") => "image/png",
        _ => "image/jpeg",
    }
}

fn found(media_type: &'static str, bytes: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    let policy = if media_type.starts_with("text/html") { OF_THE_PAGE } else { OF_A_FILE };
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

fn plain(status: StatusCode, why: &'static str) -> Response<Full<Bytes>> {
    let mut response = found("text/plain; charset=utf-8", Bytes::from_static(why.as_bytes()));
    *response.status_mut() = status;
    response
}
