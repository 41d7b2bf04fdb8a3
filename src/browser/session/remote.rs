//! A WebDriver end that somebody else runs: a Selenium Grid, or a driver on another machine.

use std::collections::BTreeSet;
use std::net::{IpAddr, TcpListener, ToSocketAddrs};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use hyper::header::AUTHORIZATION;
use hyper::{Method, Request, StatusCode};
use serde_json::Value;
use tokio::time::sleep;
use url::Url;

use crate::browser::{BrowserError, Engine};
use crate::http_client::{self, HttpError};
use crate::watchdog::{CleanupGuard, Resource, register};

/// How long the end may take to answer what needs no browser.
const ANSWER: Duration = Duration::from_secs(15);
/// How long a session may take that was asked for by a flowcheck that is gone, and how often is looked for it.
const ORPHANS: u32 = 20;
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// A WebDriver end elsewhere.
#[derive(Debug, Clone)]
pub struct Remote {
    /// Its base, with a slash at the end; credentials in it are for the end alone.
    url: Url,
    /// What browsers it is asked for.
    pub engine: Engine,
    /// How its browsers' machines reach this one; none where they are on it.
    pub way_back: Option<WayBack>,
}

/// How other machines reach this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayBack {
    /// This machine's name or address, as they know it.
    pub host: String,
    /// The address to listen at for them.
    pub bind: IpAddr,
}

/// A request to a remote end that brought no useful answer.
#[derive(Debug, thiserror::Error)]
pub enum RemoteEndError {
    /// The address is no URL.
    #[error(transparent)]
    Address(#[from] url::ParseError),
    /// No answer came.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The answer is an error's.
    #[error("it answered {0}")]
    Status(StatusCode),
    /// The answer is not a WebDriver end's.
    #[error("what answers there does not speak WebDriver")]
    NotWebDriver,
}

/// What cannot be used as an end, or as a way back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// The end's address is none.
    #[error("--webdriver {0} is no address of a WebDriver end")]
    NotHttp(String),
    /// No such browser can be asked for.
    #[error(
        "with --webdriver, --browser is chrome or firefox, not {0}: which program that is, the other machine decides"
    )]
    Browser(String),
    /// The name has no address.
    #[error("--advertise {host} cannot be resolved here: {why}")]
    Unknown {
        /// The name.
        host: String,
        /// Why not.
        why: String,
    },
    /// The address is not this machine's.
    #[error("cannot listen at {address} for browsers of other machines: {why}")]
    NotHere {
        /// The name or address that was advertised.
        host: String,
        /// The address that was tried.
        address: IpAddr,
        /// Why not.
        why: String,
    },
}

impl RemoteError {
    /// What the user can do about it, where the problem does not say it itself.
    pub fn remedy(&self) -> Option<String> {
        match self {
            Self::NotHttp(_) => {
                Some("write http://HOST:PORT, such as http://grid.example:4444, or https://HOST".to_owned())
            }
            Self::Browser(_) => None,
            Self::Unknown { .. } => Some(
                "name an address of this machine that the browsers' machines reach, or say by --bind where to listen"
                    .to_owned(),
            ),
            Self::NotHere { host, .. } => Some(format!(
                "where --advertise {host} leads here only by a way round (a port mapping, a name of Docker's), say by --bind where to \
                 listen: --bind 0.0.0.0 is everywhere"
            )),
        }
    }
}

impl WayBack {
    /// The way that `--advertise` and `--bind` describe, tried as far as this machine can.
    pub fn new(host: &str, bind: Option<IpAddr>) -> Result<Self, RemoteError> {
        let unknown = |why: String| RemoteError::Unknown { host: host.to_owned(), why };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let bind = match bind {
            Some(bind) => bind,
            None => (bare, 0)
                .to_socket_addrs()
                .map_err(|error| unknown(error.to_string()))?
                .min_by_key(std::net::SocketAddr::is_ipv6)
                .ok_or_else(|| unknown("it has no address".to_owned()))?
                .ip(),
        };
        match TcpListener::bind((bind, 0)) {
            // In front of a port, an IPv6 address stands in brackets.
            Ok(_) if bare.contains(':') => Ok(Self { host: format!("[{bare}]"), bind }),
            Ok(_) => Ok(Self { host: bare.to_owned(), bind }),
            Err(error) => Err(RemoteError::NotHere { host: host.to_owned(), address: bind, why: error.to_string() }),
        }
    }
}

impl Remote {
    /// The end at an address; `wanted` is the browser's name, Chromium when left out.
    pub fn new(address: &str, wanted: Option<&str>, way_back: Option<WayBack>) -> Result<Self, RemoteError> {
        let engine = match wanted {
            None | Some("chrome" | "chromium") => Engine::Chromium,
            Some("firefox") => Engine::Firefox,
            Some(other) => return Err(RemoteError::Browser(other.to_owned())),
        };
        let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let mut url = url.ok_or_else(|| RemoteError::NotHttp(address.to_owned()))?;
        url.set_query(None);
        url.set_fragment(None);
        // What stands behind the last slash would be replaced by what is asked for.
        url.set_path(&format!("{}/", url.path().trim_end_matches('/')));
        Ok(Self { url, engine, way_back })
    }

    /// Its base URL as drivers' clients take it, credentials included.
    pub(in crate::browser) fn address(&self) -> &str {
        self.url.as_str()
    }

    /// Whether it is spoken with by TLS.
    pub(in crate::browser) fn is_secure(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The same, to be shown.
    pub fn shown(&self) -> String {
        let mut url = self.url.clone();
        // They fail only for URLs without a host.
        let _ = (url.set_username(""), url.set_password(None));
        url.to_string().trim_end_matches('/').to_owned()
    }

    /// The name of its browsers in WebDriver.
    pub fn browser_name(&self) -> &'static str {
        match self.engine {
            Engine::Chromium => "chrome",
            Engine::Firefox => "firefox",
        }
    }

    /// Makes sure that it answers, and that a Grid which has browsers at all has the one that is wanted: it would let the request
    /// wait for minutes otherwise.
    pub async fn look(&self) -> Result<(), BrowserError> {
        let silent = |error: RemoteEndError| BrowserError::NoEnd { end: self.shown(), why: error.to_string() };
        let status = status(&self.url).await.map_err(silent)?;
        let offered: BTreeSet<&str> =
            slots(&status).filter_map(|slot| slot["stereotype"]["browserName"].as_str()).collect();
        if offered.is_empty() || offered.contains(self.browser_name()) {
            return Ok(());
        }
        let offered = offered.into_iter().collect::<Vec<_>>().join(", ");
        Err(BrowserError::NotOffered { end: self.shown(), wanted: self.browser_name(), offered })
    }

    /// Where its BiDi is. An end names an address of its own machine; what came through to it comes through to its BiDi, too.
    pub(in crate::browser) fn socket(&self, named: &str) -> String {
        let Ok(mut socket) = Url::parse(named) else { return named.to_owned() };
        // They fail only for URLs without a host.
        let _ = socket.set_host(self.url.host_str());
        // A Grid has it at its own port, a driver may have another for it.
        if socket.path().ends_with("/se/bidi") {
            let scheme = if self.is_secure() { "wss" } else { "ws" };
            let _ = (socket.set_scheme(scheme), socket.set_port(self.url.port_or_known_default()));
        }
        let _ = (socket.set_username(self.url.username()), socket.set_password(self.url.password()));
        socket.to_string()
    }

    /// Puts a session on the watchdog's list that is about to be asked for by this name.
    pub(in crate::browser) fn asks_for(&self, name: &str) -> Lease {
        Lease::new(Resource::PendingSession { remote_end: self.url.to_string(), name: name.to_owned() })
    }

    /// Puts a session on the watchdog's list.
    pub(in crate::browser) fn holds(&self, id: &str) -> Lease {
        Lease::new(Resource::Session { remote_end: self.url.to_string(), id: id.to_owned() })
    }
}

/// Something at the end that is to be given back: by us, else by the watchdog.
#[derive(Debug)]
pub(in crate::browser) struct Lease(Option<CleanupGuard>);

impl Lease {
    fn new(resource: Resource) -> Self {
        Self(Some(register(resource)))
    }

    /// Takes it off the list: it is over.
    pub(in crate::browser) fn settle(mut self) {
        self.0 = None;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(held) = self.0.take() {
            held.abandon();
        }
    }
}

/// Gives a session back in the name of a flowcheck that is gone.
pub async fn give_back(end: &str, id: &str) -> Result<(), RemoteEndError> {
    let end = Url::parse(end)?;
    ask(Method::DELETE, &end, &format!("session/{id}")).await.map(drop)
}

/// Gives back what comes of a request by this name, should it still come to anything.
pub async fn give_back_named(end: &str, name: &str) -> Result<(), RemoteEndError> {
    let base = Url::parse(end)?;
    for _ in 0..ORPHANS {
        let status = status(&base).await?;
        let ours = |slot: &&Value| slot["session"]["capabilities"]["se:name"] == name;
        if let Some(id) = slots(&status).find(ours).and_then(|slot| slot["session"]["sessionId"].as_str()) {
            return give_back(end, id).await;
        }
        sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// The slots of a Grid's nodes; a driver has none.
fn slots(status: &Value) -> impl Iterator<Item = &Value> {
    let nodes = status["value"]["nodes"].as_array().into_iter().flatten();
    nodes.flat_map(|node| node["slots"].as_array().into_iter().flatten())
}

async fn status(end: &Url) -> Result<Value, RemoteEndError> {
    let body = ask(Method::GET, end, "status").await?;
    let status: Value = serde_json::from_slice(&body).unwrap_or_default();
    if status["value"].is_object() { Ok(status) } else { Err(RemoteEndError::NotWebDriver) }
}

async fn ask(method: Method, end: &Url, what: &str) -> Result<Bytes, RemoteEndError> {
    let url = end.join(what)?;
    let mut request = Request::builder().method(method).uri(url.as_str());
    if let Some(credentials) = basic(&url) {
        request = request.header(AUTHORIZATION, credentials);
    }
    let answer = http_client::send(request, ANSWER).await?;
    if answer.status().is_success() { Ok(answer.into_body()) } else { Err(RemoteEndError::Status(answer.status())) }
}

/// What a URL's credentials are as a header.
pub(in crate::browser) fn basic(url: &Url) -> Option<String> {
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pair = format!("{}:{}", decoded(url.username()), decoded(url.password().unwrap_or_default()));
    (!url.username().is_empty()).then(|| format!("Basic {}", STANDARD.encode(pair)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(address: &str) -> Remote {
        Remote::new(address, None, None).expect("it is an address")
    }

    #[test]
    fn credentials_are_for_the_end_alone() {
        let remote = remote("http://qa:s%40fe@grid.example:4444/wd/hub");
        assert_eq!(remote.shown(), "http://grid.example:4444/wd/hub");
        assert_eq!(remote.address(), "http://qa:s%40fe@grid.example:4444/wd/hub/");
        assert_eq!(basic(&remote.url), Some(format!("Basic {}", STANDARD.encode("qa:s@fe"))));
    }

    #[test]
    fn bidi_is_where_the_end_is() {
        let grid = remote("http://grid.example:4444");
        let named = "ws://10.0.0.7:5555/session/x/se/bidi";
        assert_eq!(grid.socket(named), "ws://grid.example:4444/session/x/se/bidi");
        assert_eq!(grid.socket("ws://127.0.0.1:9222/session/x"), "ws://grid.example:9222/session/x");
        assert_eq!(remote("https://grid.example").socket(named), "wss://grid.example/session/x/se/bidi");
        assert!(remote("http://qa:safe@grid.example").socket(named).starts_with("ws://qa:safe@grid.example/"));
    }

    #[test]
    fn what_is_no_end_is_told_with_what_to_write() {
        for wrong in ["grid:4444", "ftp://grid", "4444", "ws://grid:4444", ""] {
            let remedy = Remote::new(wrong, None, None).unwrap_err().remedy();
            assert!(remedy.is_some_and(|remedy| remedy.starts_with("write http://HOST:PORT")), "{wrong}");
        }
        assert!(Remote::new("http://grid", Some("/opt/chrome"), None).is_err());
    }

    #[test]
    fn only_an_address_of_this_machine_can_be_listened_at() {
        let way = WayBack::new("127.0.0.1", None).expect("loopback is everywhere");
        assert_eq!(way.bind.to_string(), "127.0.0.1");
        // Of a range for documents (R 5737), which no machine has.
        let error = WayBack::new("192.0.2.1", None).unwrap_err();
        assert!(error.remedy().is_some_and(|remedy| remedy.contains("--bind 0.0.0.0")), "{error}");
        let everywhere = WayBack::new("192.0.2.1", Some([0, 0, 0, 0].into())).expect("one may listen everywhere");
        assert_eq!(everywhere.host, "192.0.2.1");
    }
}
