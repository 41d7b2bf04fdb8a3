//! The sandbox's page, in a real browser, and who is kept out of it.

use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use flowcheck::browser::{Driver, Engine, find};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::sandbox_session::ServedSandbox;
use super::workspace::Workspace;

/// How long the page may take to show what has happened.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn the_page_shows_what_happens_while_it_happens_and_its_buttons_do_what_they_say() {
    let workspace = Workspace::new();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let served = ServedSandbox::start(&workspace, &[]);
        let tab = Tab::open(&workspace).await;

        tab.go(&format!("{}/_flowcheck/sandbox", served.base)).await;
        tab.sees("#locked", "flowcheck serve").await;
        tab.go(&format!("{}/_flowcheck/sandbox#{}", served.base, "x".repeat(43))).await;
        tab.sees("#locked", "each run makes a new one").await;

        tab.go("about:blank").await;
        tab.go(&served.link).await;
        tab.sees("#live", "live").await;
        tab.sees("#panel-installs", "Nobody has installed").await;
        let address = tab.client.current_url().await.expect("an address");
        assert_eq!(address.as_str(), format!("{}/_flowcheck/sandbox", served.base), "the secret is out of sight");

        let code = served.code().await.expect("answers");
        let tokens = served.exchange(&code).await.expect("answers").expect("tokens");
        tab.sees("#entries", "authorization_code · tokens issued").await;
        tab.sees("#panel-installs", "Sandbox App in Sandbox Store").await;
        tab.sees("#panel-tokens", "2 live").await;
        assert!(served.accepts(&tokens.access).await);
        tab.sees("#entries", "get_accounts").await;

        tab.type_into("#filter", "get_accounts").await;
        tab.until(
            "one line is left",
            "return [...document.querySelectorAll('#entries li')].filter(one => one.checkVisibility()).length === 1",
        )
        .await;
        tab.click("#entries li:not([hidden]) summary").await;
        tab.sees("#entries", "curl -sS -X GET").await;
        tab.sees("#entries .curl", "\"$TOKEN\"").await;
        let page = tab.text("html").await;
        assert!(!page.contains(&tokens.access) && !page.contains(&tokens.refresh), "tokens are redacted");
        tab.type_into("#filter", "nothing like it").await;
        tab.sees("#journal", "Nothing matches the filter.").await;

        let before = now(&served).await;
        tab.click_named("#panel-clock button", "+1 h").await;
        tab.sees("#panel-clock", "1 h ahead of the wall").await;
        assert!(now(&served).await >= before + 3_600);

        tab.click("#panel-faults form[data-body*=token] button").await;
        tab.sees("#panel-faults", "status 503 at token, 1×").await;
        tab.click_named("#panel-faults button", "Disarm all").await;
        tab.until("nothing is armed", "return !document.querySelector('#panel-faults').textContent.includes('Armed')")
            .await;
        tab.type_into("#panel-faults [data-at='kind.throttle.retry_after_s']", "77").await;
        tab.click("#panel-faults form[data-body*=throttle] button").await;
        tab.type_into("#filter", "429").await;
        tab.sees("#entries", "armed: 429 with Retry-After: 77 at the API").await;
        let throttled = served.plain("GET", "/api/accounts").send().await.expect("it answers");
        assert_eq!(throttled.headers()["retry-after"], "77");

        tab.type_into("#panel-apps textarea", "accounts:read flows:read").await;
        tab.click("#panel-apps form button").await;
        tab.type_into("#filter", "flows").await;
        tab.sees("#entries", "now has the scopes accounts:read flows:read").await;

        tab.click("#panel-installs button").await;
        tab.sees("#panel-installs", "uninstalled in Klaviyo").await;
        assert!(!served.accepts(&tokens.access).await);
        tab.sees("#panel-tokens", "0 live").await;

        let complaints = tab.client.execute("return document.body.scrollWidth > innerWidth", vec![]).await;
        assert_eq!(complaints.expect("it runs"), false, "nothing sticks out");
        tab.close().await;
    });
}

#[test]
fn nobody_gets_in_without_the_secret_by_another_name_or_from_another_page() {
    let workspace = Workspace::new();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let served = ServedSandbox::start(&workspace, &[]);
        let own = served.base.clone();
        let port = own.rsplit(':').next().expect("a port").to_owned();
        let secret = format!("Bearer {}", served.secret());
        let status = async |method: &str, path: &str, headers: &[(&str, &str)]| {
            let call = served.plain(method, &format!("/_flowcheck/{path}"));
            let call = headers.iter().fold(call, |call, (name, value)| call.header(*name, *value));
            call.body(r#"{"advance_s":1}"#).send().await.expect("it answers").status().as_u16()
        };
        for path in ["sandbox/panels", "sandbox/feed", "sandbox/entry?seq=0", "clock"] {
            assert_eq!(status("GET", path, &[]).await, 401, "{path}");
            assert_eq!(status("GET", path, &[("authorization", "Bearer wrong")]).await, 401, "{path}");
        }
        // A name of somebody else's that was made to lead here.
        let rebound = format!("sandbox.attacker.example:{port}");
        for path in ["sandbox", "sandbox/page.js", "sandbox/panels", "sandbox/feed", "clock"] {
            assert_eq!(status("GET", path, &[("host", &rebound), ("authorization", &secret)]).await, 421, "{path}");
            let named = [("host", "www.klaviyo.com"), ("authorization", &secret)];
            assert_eq!(status("GET", path, &named).await, 403, "{path}");
        }
        // Another page in the same browser: of another site, and of an app on another port of this machine.
        for origin in ["https://attacker.example", "http://127.0.0.1:3000", "http://localhost:3000", "null"] {
            let from = [("origin", origin), ("authorization", secret.as_str())];
            assert_eq!(status("POST", "clock", &from).await, 403, "{origin}");
        }
        for site in ["cross-site", "same-site"] {
            let from = [("sec-fetch-site", site), ("sec-fetch-dest", "empty"), ("authorization", &secret)];
            assert_eq!(status("GET", "sandbox/panels", &from).await, 403, "{site}");
            let framed = [("sec-fetch-site", site), ("sec-fetch-dest", "iframe")];
            assert_eq!(status("GET", "sandbox", &framed).await, 403, "{site}");
            let followed = [("sec-fetch-site", site), ("sec-fetch-dest", "document")];
            assert_eq!(status("GET", "sandbox", &followed).await, 200, "a link may be followed from anywhere");
        }
        let by_page = [("origin", own.as_str()), ("sec-fetch-site", "same-origin"), ("authorization", &secret)];
        assert_eq!(status("POST", "clock", &by_page).await, 200);
        let page = served.plain("GET", "/_flowcheck/sandbox").send().await.expect("it answers");
        let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
        assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
        let text = page.text().await.expect("text");
        assert!(!text.contains(served.secret()) && !text.contains("<script>") && !text.contains(" style="), "{text}");
    });
}

async fn now(served: &ServedSandbox) -> i64 {
    let clock = served.control("GET", "clock", &Value::Null).await.expect("answers");
    clock["now_s"].as_i64().expect("a number")
}

/// A browser's one tab.
struct Tab {
    client: Client,
    driver: Driver,
}

impl Tab {
    async fn open(workspace: &Workspace) -> Self {
        let path = std::env::var("PATH").unwrap_or_default();
        let found = find(std::env::var("FLOWCHECK_BROWSER").ok().as_deref(), false, &path)
            .unwrap_or_else(|error| panic!("{error}"));
        let driver = Driver::start(&found, &workspace.path("")).await.expect("the driver starts");
        let binary = found.browser.display().to_string();
        let (name, options) = match found.engine {
            Engine::Chromium => (
                "goog:chromeOptions",
                json!({"binary": binary, "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage"]}),
            ),
            Engine::Firefox => ("moz:firefoxOptions", json!({"binary": binary, "args": ["-headless"]})),
        };
        let capabilities = Capabilities::from_iter([(name.to_owned(), options)]);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(capabilities).connect(driver.address()).await;
        Self { client: client.expect("the browser starts"), driver }
    }

    async fn go(&self, address: &str) {
        self.client.goto(address).await.expect("it is there");
    }

    async fn find(&self, css: &str) -> Element {
        self.client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css))
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// The visible text.
    async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.expect("text")
    }

    /// Waits until something shows this.
    async fn sees(&self, css: &str, text: &str) {
        let look = "const seen = document.querySelector(arguments[0])?.innerText ?? ''; return seen.replace(/\\s+/g, ' ').includes(arguments[1])";
        self.until_with(&format!("{css} shows {text:?}"), look, vec![json!(css), json!(text)]).await;
    }

    async fn until(&self, what: &str, script: &str) {
        self.until_with(what, script, vec![]).await;
    }

    async fn until_with(&self, what: &str, script: &str, arguments: Vec<Value>) {
        let deadline = std::time::Instant::now() + PATIENCE;
        while self.client.execute(script, arguments.clone()).await.expect("it runs") != json!(true) {
            let page = async { self.text("body").await };
            assert!(std::time::Instant::now() < deadline, "never: {what}; the page shows\n{}", page.await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    async fn click_named(&self, css: &str, name: &str) {
        for button in self.client.find_all(Locator::Css(css)).await.expect("it looks") {
            if button.text().await.expect("text") == name {
                return button.click().await.expect("it can be clicked");
            }
        }
        panic!("no {name} among {css}");
    }

    async fn type_into(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.expect("it can be cleared");
        field.send_keys(text).await.expect("it takes keys");
    }

    async fn close(self) {
        self.client.close().await.expect("it closes");
        self.driver.stop().await;
    }
}
