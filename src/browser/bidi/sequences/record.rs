//! The recorder: visits the pages with the real Chromium, and writes what it sends.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep};

use super::super::chromium::{Chromium, address};
use super::super::socket::Socket;
use super::super::translation::Translation;
use super::shapes::{SHAPES, Shape};
use super::site::{Site, trusting};
use crate::browser::session::driver_ports::DriverPort;
use crate::browser::session::open_session::open;
use crate::browser::{Driver, Options, Source};

/// Without a message for so long, the visit is over; and at the latest after so long.
const QUIET: Duration = Duration::from_millis(1_500);
const LONGEST: Duration = Duration::from_secs(12);
/// What the translation never reads, and what is another each time.
const LEFT_OUT: &[&str] = &[
    "adScriptAncestry",
    "alternateProtocolUsage",
    "associatedCookies",
    "blockedCookies",
    "callFrames",
    "charset",
    "clientSecurityState",
    "connectTiming",
    "connectionId",
    "connectionReused",
    "cookiePartitionKey",
    "corsErrorStatus",
    "dataLength",
    "encodedDataLength",
    "exemptedCookies",
    "headersText",
    "initialPriority",
    "initiator",
    "isLinkPreload",
    "mixedContentType",
    "monotonicTime",
    "origin",
    "protocol",
    "referrerPolicy",
    "remoteIPAddress",
    "remotePort",
    "resourceIPAddressSpace",
    "responseTime",
    "securityDetails",
    "securityOrigin",
    "securityOriginDetails",
    "securityState",
    "serviceWorkerRouterInfo",
    "siteHasCookieInOtherPartition",
    "timestamp",
    "timing",
    "trustTokenParams",
    "wallTime",
];

/// Where a shape's recording lies.
pub(super) fn file(shape: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/chromium-events").join(format!("{shape}.json"))
}

/// What is put in the place of what changes from run to run, as text of the message.
#[derive(Debug)]
struct Names {
    ports: [(String, String); 2],
    known: HashMap<String, String>,
}

/// `FLOWCHECK_RECORD=redirects,blob` records only these anew.
#[test]
#[ignore = "needs a browser and minutes, and writes fixtures/chromium-events anew"]
fn record_the_sequences() {
    let wanted = std::env::var("FLOWCHECK_RECORD").ok();
    let wanted = |shape: &&Shape| wanted.as_ref().is_none_or(|wanted| wanted.split(',').any(|one| one == shape.name));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("there is room");
        let found = trusting(folder.path());
        let driver = Driver::start(&found, folder.path()).await.expect("the driver starts");
        let port = DriverPort::reserved().expect("a port is free");
        let opened = open(&Source::Here(found), Some(&driver), Some(&port), None, Options::default(), None)
            .await
            .expect("a browser");
        let debugger = opened.granted["goog:chromeOptions"]["debuggerAddress"].as_str().expect("it can be debugged");
        let version = opened.granted["browserVersion"].clone();
        for shape in SHAPES.iter().filter(wanted) {
            let site = Site::start().await.expect("a port");
            let messages = visited(debugger, shape, site).await;
            write(shape, site, &version, &messages);
        }
        driver.stop().await;
    });
}

/// Visits a shape's pages in a context of its own, and comes back with what was sent.
async fn visited(debugger: &str, shape: &Shape, site: Site) -> Vec<Value> {
    let received = Arc::<Mutex<Vec<Value>>>::default();
    let translation = Arc::<Mutex<Translation>>::default();
    let (writes, translates) = (received.clone(), translation.clone());
    let url = address(debugger).await.expect("it has an address");
    let socket = Socket::connect(&url, move |message| {
        writes.lock().unwrap_or_else(PoisonError::into_inner).push(message.clone());
        translates.lock().unwrap_or_else(PoisonError::into_inner).take(message).1
    });
    let chromium = Chromium::over(socket.await.expect("it can be connected to"), translation);
    let received = || received.lock().unwrap_or_else(PoisonError::into_inner);
    let proxy = format!("127.0.0.1:{}", site.port);
    let user = json!({ "acceptInsecureCerts": true, "proxy": { "httpProxy": proxy, "sslProxy": proxy } });
    let user = chromium.send("browser.createUserContext", &user).await.expect("a context");
    let tab = chromium.send("browsingContext.create", &json!({ "userContext": user["userContext"] })).await;
    let tab = tab.expect("a tab");
    for visit in shape.visits() {
        let url = site.url(visit);
        let navigate = json!({ "context": tab["context"], "url": url, "wait": "none" });
        // One that fails is a shape as well.
        chromium.send("browsingContext.navigate", &navigate).await.ok();
        let (begun, mut last, mut count) = (Instant::now(), Instant::now(), 0);
        while last.elapsed() < QUIET && begun.elapsed() < LONGEST {
            sleep(Duration::from_millis(50)).await;
            let now = received().len();
            if now != count {
                (last, count) = (Instant::now(), now);
            }
        }
    }
    let mut messages = std::mem::take(&mut *received());
    chromium.send("browser.removeUserContext", &user).await.expect("it can be removed");
    // The tab's own session and the tab come first, by which a replay knows it.
    let session = messages.iter().find_map(|message| message["sessionId"].as_str()).map(str::to_owned);
    messages.insert(0, json!({ "tab": tab["context"], "session": session }));
    messages
}

fn write(shape: &Shape, site: Site, version: &Value, messages: &[Value]) {
    let mut names = Names {
        ports: [(format!(":{}", site.port), ":3000".to_owned()), (format!(":{}", site.refusing), ":3001".to_owned())],
        known: HashMap::new(),
    };
    let opened = names.kept(&messages[0]);
    let read = |message: &&Value| {
        let method = message["method"].as_str().unwrap_or_default();
        ["Network.", "Page.", "Target."].iter().any(|domain| method.starts_with(domain))
            && message["sessionId"].is_string()
            && !["Network.dataReceived", "Network.requestWillBeSentExtraInfo"].contains(&method)
    };
    let lines: Vec<_> = messages[1..].iter().filter(read).map(|message| format!("  {}", names.kept(message))).collect();
    let text = format!(
        "{{\n\"browser\": {version},\n\"visits\": {},\n\"opened\": {opened},\n\"messages\": [\n{}\n]\n}}\n",
        json!(shape.visits()),
        lines.join(",\n")
    );
    let file = file(shape.name);
    fs::create_dir_all(file.parent().expect("it stands in a folder")).expect("the folder can be made");
    fs::write(file, text).expect("it can be written");
}

impl Names {
    /// A message as it is kept.
    fn kept(&mut self, value: &Value) -> Value {
        match value {
            Value::Object(entries) => {
                let of_request = |key: &str| matches!(key, "url" | "method");
                let kept = entries.iter().filter(|(key, _)| !LEFT_OUT.contains(&key.as_str()));
                let kept = kept.map(|(key, value)| match (key.as_str(), value) {
                    // The headers of requests say what browser of what machine it is.
                    ("request", Value::Object(request)) => {
                        let request = request.iter().filter(|(key, _)| of_request(key));
                        let request: Map<_, _> = request.map(|(key, value)| (key.clone(), self.kept(value))).collect();
                        (key.clone(), Value::Object(request))
                    }
                    _ => (key.clone(), self.kept(value)),
                });
                Value::Object(kept.collect())
            }
            Value::Array(all) => all.iter().map(|one| self.kept(one)).collect(),
            Value::String(text) => Value::String(self.text(text)),
            other => other.clone(),
        }
    }

    fn text(&mut self, text: &str) -> String {
        // Ids of tabs, frames, documents, sessions and requests are 32 digits.
        let is_id = |text: &str| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_id(text) {
            let next = format!("ID-{}", self.known.len() + 1);
            return self.known.entry(text.to_owned()).or_insert(next).clone();
        }
        // Others tell a process.
        if let Some((process, number)) = text.split_once('.')
            && [process, number].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        {
            let next = format!("REQUEST-{}", self.known.len() + 1);
            return self.known.entry(text.to_owned()).or_insert(next).clone();
        }
        self.ports.iter().fold(text.to_owned(), |text, (port, name)| text.replace(port, name))
    }
}
