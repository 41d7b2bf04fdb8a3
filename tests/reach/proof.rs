//! The browser opens nothing at klaviyo.com before the probe has proved that it is the fake Klaviyo.

use std::net::SocketAddr;

use flowcheck::browser::{Browser, BrowserError, Options, Route, find};
use flowcheck::evidence::Recorder;
use flowcheck::gateway::{self, Gateway};
use flowcheck::klaviyo::Server;
use tokio::net::TcpListener;

/// What comes of opening a user whose way leads to `proxy`, where `gateway` is expected.
async fn opened(browser: &Browser, gateway: &Gateway, proxy: SocketAddr) -> Result<(), BrowserError> {
    let probe = gateway.probe();
    let route =
        Route { proxy: proxy.to_string(), probe: probe.url(), answer: probe.answer().to_owned(), loopback: None };
    let user = browser.user("user", &Recorder::new(), Some(&route)).await?;
    user.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_uses_another_gateway_is_refused() {
    let path = std::env::var("PATH").unwrap_or_default();
    let wanted = std::env::var("FLOWCHECK_BROWSER").ok();
    let found = find(wanted.as_deref(), false, &path).unwrap_or_else(|error| panic!("{error}"));
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let klaviyo = Server::builder().bind("127.0.0.1:0").await.expect("binds");
    let ours = Gateway::start(&klaviyo, gateway::Options::default()).await.expect("starts");
    let another = Gateway::start(&klaviyo, gateway::Options::default()).await.expect("starts");
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("binds").local_addr().expect("bound");
    for classic in [false, true] {
        let options = Options { classic, ..Options::default() };
        let browser = Browser::start(&found, options, folder.path()).await.expect("starts");
        opened(&browser, &ours, ours.browser_addr()).await.expect("it is ours");
        for elsewhere in [another.browser_addr(), closed] {
            let refused = opened(&browser, &ours, elsewhere).await.expect_err("it is not ours");
            let BrowserError::NotOurs { saw } = &refused else { panic!("{refused}") };
            assert!(!saw.contains(ours.probe().answer()), "{saw}");
            assert!(refused.to_string().contains("nothing was opened there"), "{refused}");
        }
        browser.stop().await;
    }
    assert_eq!(
        another.request_counts().total() + ours.request_counts().total(),
        0,
        "probes are no requests for Klaviyo"
    );
}
