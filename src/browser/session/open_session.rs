//! Opening a session: by a driver of this machine, or at an end elsewhere.

use std::time::Duration;

use fantoccini::error::NewSessionError;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use rand::distr::{Alphanumeric, SampleString as _};
use serde_json::json;
use tokio::time::timeout;

use crate::browser::session::capabilities::capabilities;
use crate::browser::session::cdp_command::OfChromium;
use crate::browser::session::driver_ports::DriverPort;
use crate::browser::session::user_agent::UserAgent;
use crate::browser::session::webdriver_session::{COMMAND, Opened};
use crate::browser::{BrowserError, Driver, Options, Remote, Route, Source};
use crate::http_client::connector;

/// How long a Grid may let a request wait; by itself it gives up after five minutes, unless it is told otherwise.
const QUEUED: Duration = Duration::from_mins(11);

/// Opens a session; `driver` is that of this machine's browsers, `debugger` where flowcheck speaks with such a browser itself.
pub(in crate::browser) async fn open(
    source: &Source,
    driver: Option<&Driver>,
    debugger: Option<&DriverPort>,
    agent: Option<&UserAgent>,
    options: Options,
    route: Option<&Route>,
) -> Result<Opened, BrowserError> {
    let debugger = debugger.map(DriverPort::number);
    let mut wanted = capabilities(source, options, debugger, agent);
    if let Some(route) = route {
        wanted.insert("acceptInsecureCerts".to_owned(), json!(true));
        wanted.insert("proxy".to_owned(), route.in_webdriver(source.engine()));
    }
    match (source, driver) {
        (Source::There(remote), _) => at(remote, wanted).await,
        (Source::Here(_), Some(driver)) => {
            let opened = timeout(COMMAND, connect(HttpConnector::new(), wanted, driver.address()))
                .await
                .map_err(|_| BrowserError::Timeout { what: "open a session".to_owned(), after: COMMAND })?;
            let client = opened.map_err(|error| BrowserError::Session(Box::new(error)))?;
            let granted = client.capabilities().cloned().unwrap_or_default();
            if let Some(port) = debugger {
                own_browser(&client, &granted, port).await?;
            }
            Ok(Opened { granted, client, lease: None })
        }
        (Source::Here(_), None) => Err(BrowserError::Lost),
    }
}

/// Makes sure that the driver speaks with the browser that it started. chromedriver takes whichever answers at the debugger's port, even
/// one of another program that was quicker to take that port.
async fn own_browser(client: &Client, granted: &Capabilities, port: u16) -> Result<(), BrowserError> {
    let what = || "ask the browser how it was started".to_owned();
    let asked = OfChromium { method: "Browser.getBrowserCommandLine", params: json!({}) };
    let answer = timeout(COMMAND, client.issue_cmd(asked))
        .await
        .map_err(|_| BrowserError::Timeout { what: what(), after: COMMAND })?
        .map_err(|source| BrowserError::Command { what: what(), source: Box::new(source) })?;
    let folder = granted.values().find_map(|of| of["userDataDir"].as_str());
    let folder = folder.map(|folder| json!(format!("--user-data-dir={folder}")));
    let arguments = answer["arguments"].as_array();
    let is_own = folder.is_some_and(|folder| arguments.is_some_and(|arguments| arguments.contains(&folder)));
    if is_own { Ok(()) } else { Err(BrowserError::AnotherBrowser { port }) }
}

/// Opens a session at an end elsewhere. It bears a name, by which people see whose it is, and the watchdog finds it where flowcheck
/// ends before it has heard of it.
async fn at(remote: &Remote, mut wanted: Capabilities) -> Result<Opened, BrowserError> {
    let name = format!("flowcheck-{}", Alphanumeric.sample_string(&mut rand::rng(), 12));
    wanted.insert("se:name".to_owned(), json!(name));
    let end = || remote.shown();
    let by =
        connector(remote.is_secure()).map_err(|error| BrowserError::NoEnd { end: end(), why: error.to_string() })?;
    let asked = remote.asks_for(&name);
    let opened = timeout(QUEUED, connect(by, wanted, remote.address())).await;
    let Ok(opened) = opened else {
        return Err(BrowserError::NoSlot { end: end(), why: format!("none came within {QUEUED:?}") });
    };
    let client = match opened {
        Ok(client) => client,
        Err(error) => {
            asked.settle();
            return Err(refused(end(), &error));
        }
    };
    let id = client.session_id().await.ok().flatten().ok_or(BrowserError::Lost)?;
    let lease = remote.holds(&id);
    asked.settle();
    Ok(Opened { granted: client.capabilities().cloned().unwrap_or_default(), client, lease: Some(lease) })
}

pub(in crate::browser) async fn connect<C>(
    by: C,
    wanted: Capabilities,
    address: &str,
) -> Result<Client, NewSessionError>
where
    C: Connect + Clone + Send + Sync + Unpin + 'static,
{
    ClientBuilder::new(by).capabilities(wanted).connect(address).await
}

/// What an end elsewhere says when it gives no session. A Grid adds where and by whom it was built.
fn refused(end: String, error: &NewSessionError) -> BrowserError {
    let said = match error {
        NewSessionError::SessionNotCreated(said) => said.message.to_string(),
        other => other.to_string(),
    };
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let built = |line: &&str| {
        !["Build info", "System info", "Driver info", "Host info"].iter().any(|word| line.starts_with(word))
    };
    let why = lines.into_iter().filter(built).take(SHOWN).collect::<Vec<_>>().join(" ");
    if why.contains("timed out") && why.contains("request") {
        BrowserError::NoSlot { end, why }
    } else {
        BrowserError::Refused { end, why }
    }
}

/// Lines of a refusal that are shown.
const SHOWN: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::session::find_browser::find;

    #[tokio::test]
    async fn a_browser_that_was_quicker_at_the_debuggers_port_is_told_from_the_drivers_own() {
        let folder = tempfile::tempdir().expect("there is room");
        let path = std::env::var("PATH").expect("a path");
        let found = find(Some("chromium"), false, &path).unwrap_or_else(|error| panic!("{error}"));
        let source = Source::from(&found);
        let port = DriverPort::reserved().expect("one is free");
        let first = Driver::start(&found, folder.path()).await.expect("starts");
        let opened = open(&source, Some(&first), Some(&port), None, Options::default(), None).await;
        assert!(opened.is_ok(), "{:?}", opened.err());
        let second = Driver::start(&found, folder.path()).await.expect("starts");
        let opened = open(&source, Some(&second), Some(&port), None, Options::default(), None).await;
        let error = opened.err().expect("the port is the first one's");
        assert!(matches!(error, BrowserError::AnotherBrowser { .. }), "{error}");
        second.stop().await;
        first.stop().await;
    }
}
