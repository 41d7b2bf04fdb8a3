//! The page in a real browser: axe-core finds nothing serious, wide and narrow, light and dark; deep links open; nothing runs off the side.

use std::path::{Path, PathBuf};

use fantoccini::{Client, ClientBuilder};
use flowcheck::browser::{Driver, Engine, find};
use flowcheck::report::html;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::picture::png;
use super::sample::{passing, sample};

fn axe() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report/tools/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; scripts/install-clients installs it", path.display()))
}

async fn command(client: &Client, name: &str, parameters: Value) {
    let script = json!({ "cmd": name, "params": parameters });
    client.issue_cmd(Cdp(script)).await.expect("the browser does it");
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

#[tokio::test]
async fn axe_finds_nothing_serious_and_nothing_runs_off_the_side() {
    let path = std::env::var("PATH").unwrap_or_default();
    let found = find(None, false, &path).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.engine, Engine::Chromium, "install Chromium: its emulation is asked for");
    let folder = tempfile::tempdir().expect("there is room");
    let driver = Driver::start(&found.driver, folder.path()).await.unwrap_or_else(|error| panic!("{error}"));
    let options = json!({ "binary": found.browser, "args": ["--headless=new", "--no-sandbox", "--disable-gpu"] });
    let capabilities = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(driver.address())
        .await
        .expect("a session");
    let axe = axe();
    for (name, outcome) in [("failing", sample()), ("passing", passing())] {
        let file: PathBuf = folder.path().join(name).with_extension("html");
        std::fs::write(&file, html(&outcome, &|name| Some(png(name)))).expect("it can be written");
        for (width, scheme) in [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")] {
            let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500 });
            command(&client, "Emulation.setDeviceMetricsOverride", size).await;
            let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
            command(&client, "Emulation.setEmulatedMedia", media).await;
            client.goto("about:blank").await.expect("it goes there");
            let deep = format!("file://{}#scenario-install-signed-in-3", file.display());
            client.goto(&deep).await.expect("it goes there");
            let ready = r"const done = arguments[0]; const ask = () => document.body.dataset.ready ? done(true) : setTimeout(ask, 20); ask();";
            client.execute_async(ready, vec![]).await.expect("the timelines are unpacked");
            let seen = "const entry = document.getElementById('scenario-install-signed-in-3'); return !!entry && entry.checkVisibility();";
            assert_eq!(client.execute(seen, vec![]).await.expect("it answers"), true, "a deep link opens its entry");
            // Closed parts are looked at as well.
            client
                .execute("document.querySelectorAll('details').forEach(part => { part.open = true; });", vec![])
                .await
                .expect("it opens");
            let sides = client
                .execute("return [document.documentElement.scrollWidth, innerWidth]", vec![])
                .await
                .expect("it answers");
            assert!(sides[0].as_u64() <= sides[1].as_u64(), "{name} {width} {scheme}: wider than the window: {sides}");
            client.execute(&axe, vec![]).await.expect("axe loads");
            let run = "const done = arguments[0]; axe.run({ resultTypes: ['violations'] }).then(found => done(found.violations.map(one => [one.impact, one.id, one.nodes.length, one.nodes[0].html.slice(0, 200), one.nodes[0].failureSummary])));";
            let violations = client.execute_async(run, vec![]).await.expect("axe runs");
            let serious: Vec<&Value> = violations
                .as_array()
                .expect("a list")
                .iter()
                .filter(|one| one[0] == "serious" || one[0] == "critical")
                .collect();
            assert!(serious.is_empty(), "{name} {width} {scheme}: {serious:#?}");
        }
    }
    // It would have found something, had there been something.
    client.execute("document.querySelector('main').innerHTML = '<img src=\"data:,\"><p style=\"color:#ccc;background:#fff\">pale</p>'", vec![]).await.expect("it breaks");
    let run = "const done = arguments[0]; axe.run().then(found => done(found.violations.length));";
    let found = client.execute_async(run, vec![]).await.expect("axe runs");
    assert!(found.as_u64() >= Some(2), "{found}");
    client.close().await.expect("it closes");
    driver.stop().await;
}
