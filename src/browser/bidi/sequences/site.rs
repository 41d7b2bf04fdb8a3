//! A site on loopback that serves the pages: by HTTP/1.1, and by HTTP/2 over TLS for hosts that a browser reaches through it as a proxy.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertifiedKey, KeyPair, PublicKeyData as _};
use ring::digest::{SHA256, digest};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::pages::{Answer, End, Request, answer};
use crate::browser::{Found, find};

/// Hosts that are reached by TLS.
const BY_TLS: [&str; 2] = ["secure.example", "strict.example"];

/// A running site. It ends with the runtime that started it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    /// Where it listens; a browser may use it as its proxy.
    pub(super) port: u16,
    /// A port where nothing listens.
    pub(super) refusing: u16,
}

impl Site {
    pub(super) async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let refusing = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let site = Self { port: listener.local_addr()?.port(), refusing };
        let tls = acceptor();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let tls = tls.clone();
                // A browser may go away at any time.
                tokio::spawn(async move { site.serve(stream, tls).await.ok() });
            }
        });
        Ok(site)
    }

    /// The address of a page of it, or of another host's.
    pub(super) fn url(self, page: &str) -> String {
        let page = page.replace(":REFUSED", &format!(":{}", self.refusing));
        if page.starts_with('/') { format!("http://localhost:{}{page}", self.port) } else { page }
    }

    async fn serve(self, mut stream: TcpStream, tls: TlsAcceptor) -> std::io::Result<()> {
        let Some(request) = read(&mut stream).await? else { return Ok(()) };
        if request.method == "CONNECT" {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            return self.serve_h2(tls.accept(stream).await?).await;
        }
        if let Some(key) = request.header("sec-websocket-key") {
            let key = derive_accept_key(key.as_bytes());
            let head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
            stream.write_all(format!("{head}Sec-WebSocket-Accept: {key}\r\n\r\n").as_bytes()).await?;
            return hold(&mut stream).await;
        }
        write(&mut stream, &self.answer(&request)).await
    }

    async fn serve_h2(self, stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
        let mut connection = h2::server::handshake(stream).await.map_err(std::io::Error::other)?;
        while let Some(asked) = connection.accept().await {
            let (asked, mut respond) = asked.map_err(std::io::Error::other)?;
            let request = Request {
                method: asked.method().to_string(),
                path: asked.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
                headers: Vec::new(),
            };
            let answer = self.answer(&request);
            if let Some(link) = answer.early {
                let hints = http_head(103).header("link", link).body(()).map_err(std::io::Error::other)?;
                respond.send_informational(hints).map_err(std::io::Error::other)?;
            }
            let mut head = http_head(answer.status);
            for (name, value) in &answer.headers {
                head = head.header(*name, value);
            }
            let head = head.body(()).map_err(std::io::Error::other)?;
            let mut body = respond.send_response(head, false).map_err(std::io::Error::other)?;
            body.send_data(answer.body.into(), true).map_err(std::io::Error::other)?;
        }
        Ok(())
    }

    fn answer(self, request: &Request) -> Answer {
        let mut answer = answer(request);
        let fill = |text: &str| {
            text.replace(":PORT", &format!(":{}", self.port)).replace(":REFUSED", &format!(":{}", self.refusing))
        };
        answer.body = fill(&answer.body);
        for (_, value) in &mut answer.headers {
            *value = fill(value);
        }
        answer
    }
}

fn http_head(status: u16) -> hyper::http::response::Builder {
    hyper::Response::builder().status(status)
}

/// The site's certificate, of its own signing.
fn certificate() -> &'static CertifiedKey<KeyPair> {
    static MADE: OnceLock<CertifiedKey<KeyPair>> = OnceLock::new();
    MADE.get_or_init(|| {
        rcgen::generate_simple_self_signed(BY_TLS.map(str::to_owned)).expect("a certificate can be made")
    })
}

/// The Chromium of this machine, started so that it takes the site's certificate for a good one: by one that it merely puts up
/// with, it is told nothing that it would remember.
pub(super) fn trusting(folder: &Path) -> Found {
    let found = find(Some("chromium"), false, &std::env::var("PATH").unwrap_or_default());
    let found = found.unwrap_or_else(|error| panic!("{error}"));
    let key = digest(&SHA256, &certificate().signing_key.subject_public_key_info());
    let flag = format!("--ignore-certificate-errors-spki-list={}", STANDARD.encode(key));
    let program = folder.join("trusting-chromium");
    let script = format!("#!/bin/sh\nexec '{}' '{flag}' \"$@\"\n", found.browser.display());
    fs::write(&program, script).expect("there is room");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).expect("it is ours");
    Found { browser: program, ..found }
}

fn acceptor() -> TlsAcceptor {
    let made = certificate();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("it is a key");
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("the key is the certificate's");
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Option<Request>> {
    let mut received = Vec::new();
    let end = loop {
        let mut room = [0; 4_096];
        let read = stream.read(&mut room).await?;
        if read == 0 {
            return Ok(None);
        }
        received.extend_from_slice(&room[..read]);
        if let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let head = String::from_utf8_lossy(&received[..end]).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let method = first.next().unwrap_or_default().to_owned();
    let target = first.next().unwrap_or_default();
    // A proxy is asked for whole addresses.
    let path = target.strip_prefix("http://").map_or(target, |rest| rest.find('/').map_or("/", |at| &rest[at..]));
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers: Vec<_> = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let request = Request { method, path: path.to_owned(), headers };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0_usize);
    let mut rest = vec![0; length.saturating_sub(received.len() - end)];
    stream.read_exact(&mut rest).await?;
    Ok(Some(request))
}

async fn write(stream: &mut TcpStream, answer: &Answer) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} Status\r\nConnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        head = format!("{head}{name}: {value}\r\n");
    }
    let has_body = !matches!(answer.status, 204 | 205 | 304);
    match answer.end {
        End::Whole if has_body => {
            let length = answer.body.len();
            stream.write_all(format!("{head}Content-Length: {length}\r\n\r\n{}", answer.body).as_bytes()).await
        }
        End::Whole => stream.write_all(format!("{head}\r\n").as_bytes()).await,
        End::Cut => stream.write_all(format!("{head}Content-Length: 9999\r\n\r\n{}", answer.body).as_bytes()).await,
        End::Open => {
            let chunk = format!("{:x}\r\n{}\r\n", answer.body.len(), answer.body);
            stream.write_all(format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunk}").as_bytes()).await?;
            hold(stream).await
        }
        End::Never => hold(stream).await,
        End::Nothing => Ok(()),
    }
}

/// Keeps a connection until the browser says something more, or goes away.
async fn hold(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.read(&mut [0; 64]).await.map(drop)
}
