//! Requests over several kept connections for a while: how many a second, and how long they take.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use base64::Engine as _;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Connections that ask at the same time.
const CONNECTIONS: usize = 16;
/// How long each rate is measured for.
const MEASURED: Duration = Duration::from_secs(2);

/// What is asked, over and over.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) address: SocketAddr,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

/// How it went.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) per_second: f64,
    /// Milliseconds that 99 of 100 answers took at most.
    pub(crate) p99_ms: f64,
}

impl Ask {
    /// A form, sent with Basic credentials.
    pub(crate) fn form(address: SocketAddr, path: &str, user: &str, password: &str, form: &str) -> Self {
        let credentials = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        Self {
            address,
            method: "POST",
            path: path.to_owned(),
            headers: vec![
                ("authorization", format!("Basic {credentials}")),
                ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ],
            body: Bytes::copy_from_slice(form.as_bytes()),
        }
    }

    /// The same for somebody else.
    pub(crate) fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    /// Asks for a while, and says how it went.
    pub(crate) async fn rate(&self) -> Rate {
        self.rate_for(MEASURED).await
    }

    /// Asks for as long as this.
    pub(crate) async fn rate_for(&self, span: Duration) -> Rate {
        let until = Instant::now() + span;
        let askers: Vec<_> = (0..CONNECTIONS).map(|_| tokio::spawn(over_one_connection(self.clone(), until))).collect();
        let mut took = Vec::new();
        for asker in askers {
            took.extend(asker.await.expect("an asker ends"));
        }
        took.sort_unstable();
        let answered = u32::try_from(took.len()).expect("a countable number");
        let p99 = took[took.len() * 99 / 100];
        Rate { per_second: f64::from(answered) / span.as_secs_f64(), p99_ms: p99.as_secs_f64() * 1000.0 }
    }

    /// Asks this many times, one after the other over several connections; nothing is measured.
    pub(crate) async fn times(&self, count: usize) {
        let askers: Vec<_> = (0..CONNECTIONS)
            .map(|asker| {
                let (ask, share) = (self.clone(), (count + asker) / CONNECTIONS);
                tokio::spawn(async move {
                    let mut sender = ask.connect().await;
                    for _ in 0..share {
                        ask.send(&mut sender).await;
                    }
                })
            })
            .collect();
        for asker in askers {
            asker.await.expect("an asker ends");
        }
    }

    async fn connect(&self) -> hyper::client::conn::http1::SendRequest<Full<Bytes>> {
        let stream = TcpStream::connect(self.address).await.expect("connects");
        let (sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("speaks HTTP");
        tokio::spawn(connection);
        sender
    }

    async fn send(&self, sender: &mut hyper::client::conn::http1::SendRequest<Full<Bytes>>) {
        let mut request = Request::builder().method(self.method).uri(&self.path);
        if self.headers.iter().all(|(name, _)| *name != "host") {
            request = request.header("host", self.address.to_string());
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(self.body.clone())).expect("a request");
        let answer = sender.send_request(request).await.expect("an answer");
        assert!(answer.status().is_success(), "{} {} answered {}", self.method, self.path, answer.status());
        answer.into_body().collect().await.expect("a whole answer");
    }
}

async fn over_one_connection(ask: Ask, until: Instant) -> Vec<Duration> {
    let mut sender = ask.connect().await;
    let mut took = Vec::new();
    let mut began = Instant::now();
    while began < until {
        ask.send(&mut sender).await;
        let now = Instant::now();
        took.push(now - began);
        began = now;
    }
    took
}
