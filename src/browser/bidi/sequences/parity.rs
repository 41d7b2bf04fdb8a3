//! The same pages, told of by the translation and by chromedriver's BiDi: which requests, and how each ended.
//!
//! They rightly differ in what `DIFFERS` lists, and in these, which are left out of the comparison: chromedriver tells that an
//! answer was completed as soon as its headers are there, so that one that fails later is told of as both, one that never ends as
//! completed, and one of a document sometimes before its request.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fantoccini::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::super::Bidi;
use super::lifecycles::{Lifecycles, NEVER_SENT};
use super::shapes::{SHAPES, Shape};
use super::site::{Site, trusting};
use crate::browser::page::navigation::network_event::EVENTS;
use crate::browser::session::capabilities::capabilities;
use crate::browser::session::driver_ports::DriverPort;
use crate::browser::session::open_session::connect;
use crate::browser::{Driver, Found, Options, Source};

/// Without an event for so long, a visit is over; and at the latest after so long.
const QUIET: Duration = Duration::from_millis(900);
const LONGEST: Duration = Duration::from_secs(8);

/// What only the translation tells of a shape, and what only chromedriver does, always or now and then.
#[derive(Debug)]
struct Difference {
    shape: &'static str,
    own: &'static [&'static str],
    driver: &'static [&'static str],
}

const DIFFERS: &[Difference] = &[
    // A document from the cache has the status that its page sees; chromedriver tells the network's.
    Difference { shape: "revalidated", own: &["document GET /tagged: 200"], driver: &["document GET /tagged: 304"] },
    Difference { shape: "service-worker", own: &["GET /worker.js: 200"], driver: &[] },
    // chromedriver has no word for what a policy forbids, leaves a redirect to it open, and tells of failures of nothing.
    Difference {
        shape: "policy",
        own: &[
            "GET /script.js: blocked: csp",
            "GET /to-elsewhere: 302",
            "GET http://one.localhost:3000/picture.svg: blocked: csp",
            "GET http://one.localhost:3000/picture.svg: blocked: csp",
        ],
        driver: &[
            "GET /script.js: ",
            "GET /to-elsewhere: open",
            "GET http://one.localhost:3000/picture.svg: ",
            "GET http://one.localhost:3000/picture.svg: ",
            "never sent: net::ERR_BLOCKED_BY_CSP",
        ],
    },
    Difference {
        shape: "mixed-content",
        own: &["GET http://plain.example/script.js: blocked: mixed-content"],
        driver: &["GET http://plain.example/script.js: ", "never sent: net::ERR_ABORTED"],
    },
    // Of a page that is rendered in case the user goes there, chromedriver leaves the request open.
    Difference { shape: "prerender", own: &["document GET /framed?guessed: 200"], driver: &["never sent: open"] },
    // What a worker asked for is over with it. A script that the worker does not take was answered all the same.
    Difference {
        shape: "workers",
        own: &["GET /missing.js: 404", "GET /never: the page was left", "GET /never: the page was left"],
        driver: &["GET /missing.js: net::ERR_FAILED", "GET /never: open", "GET /never: open"],
    },
];

/// Shapes that are not compared: chromedriver's BiDi closes its connection where a context with shared workers is removed.
const NOT_COMPARED: &[&str] = &["shared-workers"];

/// Whoever tells of what a browser does.
#[derive(Debug)]
struct Teller {
    bidi: Bidi,
    received: Arc<Mutex<Vec<(String, Value)>>>,
    /// The session ends when it is let go of.
    client: Client,
    driver: Driver,
    /// The browser's, where it is spoken with directly.
    _debugger: Option<DriverPort>,
}

#[test]
#[ignore = "needs a browser and two minutes; `make test` runs it"]
fn of_each_shape_the_translation_tells_what_chromedriver_does() {
    let folder = tempfile::tempdir().expect("there is room");
    let found = trusting(folder.path());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let wrong = runtime.block_on(async {
        let (own, driver) =
            tokio::join!(Teller::start(&found, true, folder.path()), Teller::start(&found, false, folder.path()));
        let mut wrong = String::new();
        for shape in SHAPES.iter().filter(|shape| !NOT_COMPARED.contains(&shape.name)) {
            // On a machine that has much else to do, a visit seems over before it is: a difference is looked at again.
            for (quiet, is_last) in [(QUIET, false), (QUIET * 4, true)] {
                let (own, driver) = tokio::join!(own.visit(shape, quiet), driver.visit(shape, quiet));
                let Some(difference) = difference(shape, &own, &driver) else { break };
                if is_last {
                    wrong.push_str(&difference);
                }
            }
        }
        own.stop().await;
        driver.stop().await;
        wrong
    });
    assert!(wrong.is_empty(), "{wrong}");
}

/// What only one of them tells, but for what is known.
fn difference(shape: &Shape, own: &[String], driver: &[String]) -> Option<String> {
    let known = DIFFERS.iter().find(|differs| differs.shape == shape.name);
    let (known_own, known_driver) = known.map_or((&[][..], &[][..]), |differs| (differs.own, differs.driver));
    let without = |lines: &[String], others: &[String], known: &[&str]| {
        let mut rest = lines.to_vec();
        for other in others.iter().map(String::as_str).chain(known.iter().copied()) {
            if let Some(at) = rest.iter().position(|line| line == other) {
                rest.remove(at);
            }
        }
        rest
    };
    let mut only_own = without(own, driver, known_own);
    let mut only_driver = without(driver, own, known_driver);
    // Now and then chromedriver tells of an answer without its request.
    only_driver.retain(|line| {
        let end = line.strip_prefix(NEVER_SENT);
        let own = end.and_then(|end| only_own.iter().position(|line| line.ends_with(end)));
        own.map(|own| only_own.remove(own)).is_none()
    });
    let differs = !only_own.is_empty() || !only_driver.is_empty();
    differs.then(|| format!("{}: flowcheck alone {only_own:#?}, chromedriver alone {only_driver:#?}\n", shape.name))
}

impl Teller {
    /// A browser, and who tells of it: the translation itself, or chromedriver.
    async fn start(found: &Found, itself: bool, folder: &Path) -> Self {
        let driver = Driver::start(found, folder).await.expect("the driver starts");
        let debugger = itself.then(|| DriverPort::reserved().expect("a port is free"));
        let port = debugger.as_ref().map(DriverPort::number);
        let mut wanted = capabilities(&Source::Here(found.clone()), Options::default(), port, None);
        wanted.insert("webSocketUrl".to_owned(), json!(!itself));
        let client = connect(HttpConnector::new(), wanted, driver.address()).await.expect("a browser");
        let granted = client.capabilities().cloned().unwrap_or_default();
        let received = Arc::<Mutex<Vec<(String, Value)>>>::default();
        let events = received.clone();
        let on_event = move |method: &str, params: &Value| {
            events.lock().unwrap_or_else(PoisonError::into_inner).push((method.to_owned(), params.clone()));
        };
        let bidi = if itself {
            let debugger = granted["goog:chromeOptions"]["debuggerAddress"].as_str().expect("it can be debugged");
            Bidi::in_chromium(debugger, on_event).await
        } else {
            Bidi::connect(granted["webSocketUrl"].as_str().expect("it has BiDi"), on_event).await
        };
        let bidi = bidi.expect("it can be spoken with");
        bidi.send("session.subscribe", &json!({ "events": EVENTS })).await.expect("it tells");
        Self { bidi, received, client, driver, _debugger: debugger }
    }

    async fn stop(self) {
        self.client.close().await.expect("the session ends");
        self.driver.stop().await;
    }

    /// Visits a shape's pages in a context of its own, and comes back with what was told of each request.
    async fn visit(&self, shape: &Shape, quiet: Duration) -> Vec<String> {
        let site = Site::start().await.expect("a port");
        let received = || self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received().clear();
        let proxy = format!("127.0.0.1:{}", site.port);
        let proxy = json!({ "proxyType": "manual", "httpProxy": proxy, "sslProxy": proxy });
        let user = json!({ "acceptInsecureCerts": true, "proxy": proxy });
        let user = self.bidi.send("browser.createUserContext", &user).await.expect("a context");
        let tab = json!({ "type": "tab", "userContext": user["userContext"] });
        let tab = self.bidi.send("browsingContext.create", &tab).await.expect("a tab");
        for visit in shape.visits() {
            let navigate = json!({ "context": tab["context"], "url": site.url(visit), "wait": "none" });
            // One that fails is a shape as well.
            self.bidi.send("browsingContext.navigate", &navigate).await.ok();
            let (begun, mut last, mut count) = (Instant::now(), Instant::now(), 0);
            while last.elapsed() < quiet && begun.elapsed() < LONGEST {
                sleep(Duration::from_millis(25)).await;
                let now = received().len();
                if now != count {
                    (last, count) = (Instant::now(), now);
                }
            }
        }
        let events = std::mem::take(&mut *received());
        let removed = self.bidi.send("browser.removeUserContext", &user).await;
        removed.unwrap_or_else(|error| panic!("{}, direct {}: {error}", shape.name, self.bidi.is_direct()));
        let mut lifecycles = Lifecycles::default();
        for (method, params) in events {
            let params = params.to_string().replace(&format!(":{}", site.port), ":3000");
            let params = params.replace(&format!(":{}", site.refusing), ":3001");
            lifecycles.take(&method, &serde_json::from_str(&params).expect("it was JSON"));
        }
        lifecycles.ends()
    }
}
