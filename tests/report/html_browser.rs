//! A report opened in a real browser, from disk.

use std::path::Path;

use fantoccini::{Client, ClientBuilder};
use flowcheck::browser::{Driver, Engine, find};
use flowcheck::checklist::Outcome;
use flowcheck::report::html;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::screenshot_png::png;

/// Chromium, and a folder for the reports that it opens.
pub(super) struct Opened {
    pub(super) client: Client,
    driver: Driver,
    folder: TempDir,
}

impl Opened {
    /// A browser, with nothing opened yet.
    pub(super) async fn start() -> Self {
        let path = std::env::var("PATH").unwrap_or_default();
        let found = find(None, false, &path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(found.engine, Engine::Chromium, "install Chromium: its emulation is asked for");
        let folder = tempfile::tempdir().expect("there is room");
        let driver = Driver::start(&found, folder.path()).await.unwrap_or_else(|error| panic!("{error}"));
        let options = json!({ "binary": found.browser, "args": ["--headless=new", "--no-sandbox", "--disable-gpu"] });
        let capabilities = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(driver.address())
            .await
            .expect("a session");
        Self { client, driver, folder }
    }

    /// Writes a run's report, and returns its address.
    pub(super) fn report(&self, name: &str, outcome: &Outcome) -> String {
        let file = self.folder.path().join(name).with_extension("html");
        std::fs::write(&file, html(outcome, &|name| Some(png(name)))).expect("it can be written");
        format!("file://{}", file.display())
    }

    /// Goes to an address and waits until the page's script is done.
    pub(super) async fn open(&self, address: &str) {
        self.client.goto("about:blank").await.expect("it goes there");
        self.client.goto(address).await.expect("it goes there");
        let ready = "const done = arguments[0]; const ask = () => document.body.dataset.ready ? done(true) : setTimeout(ask, 20); ask();";
        self.client.execute_async(ready, vec![]).await.expect("the timelines are unpacked");
    }

    /// What a script returns.
    pub(super) async fn tells(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// One of Chromium's own commands.
    pub(super) async fn command(&self, name: &str, parameters: Value) -> Value {
        let command = Cdp(json!({ "cmd": name, "params": parameters }));
        self.client.issue_cmd(command).await.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The window's size in pixels, and `light` or `dark`.
    pub(super) async fn looks(&self, width: u32, scheme: &str) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500 });
        self.command("Emulation.setDeviceMetricsOverride", size).await;
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.command("Emulation.setEmulatedMedia", media).await;
    }

    /// Ends the browser.
    pub(super) async fn close(self) {
        self.client.close().await.expect("it closes");
        self.driver.stop().await;
    }
}

/// Where a tool of the tests lies.
pub(super) fn tool(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report/tools").join(path);
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; scripts/install-clients installs it", path.display()))
}

/// Chromium's own commands, by its driver.
#[derive(Debug)]
struct Cdp(Value);

impl fantoccini::wd::WebDriverCompatibleCommand for Cdp {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (hyper::Method, Option<String>) {
        (hyper::Method::POST, Some(self.0.to_string()))
    }
}
