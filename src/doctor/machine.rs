//! Preconditions on this machine: browser and driver, a display, ports, the clock.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

use super::{Blame, Finding};
use crate::browser::{Engine, Found, NotFound, Remote, opens_no_page};
use crate::evidence::error_chain;
use crate::scenario::AppFile;

/// A clock may be this far behind a file's date, for file systems with clocks of their own.
const BEHIND_AT_MOST: Duration = Duration::from_mins(2);
/// How long a connection to the app's port may take.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);

/// Whether there is a browser with a driver that fits it.
pub fn browser(found: &Result<Found, NotFound>) -> Finding {
    const NAME: &str = "browser and driver";
    let found = match found {
        Ok(found) => found,
        Err(error) => return Finding::fails(NAME, Blame::Environment, error.problem(), error.remedy()),
    };
    match (version(&found.browser), version(&found.driver)) {
        (Ok(browser), Ok(driver)) => versions_match(found.engine, &browser, &driver),
        (Err(error), _) | (_, Err(error)) => {
            Finding::fails(NAME, Blame::Environment, error.to_string(), "reinstall it, or name another: --browser")
        }
    }
}

/// Whether a WebDriver end on another machine answers, and has such a browser.
pub async fn remote_end(remote: &Remote) -> Finding {
    const NAME: &str = "remote browser";
    let (saw, remedy) = match remote.look().await {
        Ok(()) => return Finding::holds(NAME, format!("{} has {}", remote.shown(), remote.browser_name())),
        Err(error) => (error_chain(&error), error.remedy().unwrap_or("check whether it is running")),
    };
    Finding::fails(NAME, Blame::Environment, saw, remedy)
}

/// Whether these versions, as the programs print them, work together.
fn versions_match(engine: Engine, browser: &str, driver: &str) -> Finding {
    const NAME: &str = "browser and driver";
    let both = format!("{browser} with {driver}");
    // geckodriver goes with a range of versions; chromedriver with its own.
    let fits = engine == Engine::Firefox || major(browser).is_none() || major(browser) == major(driver);
    if fits {
        return Finding::holds(NAME, both);
    }
    let remedy = format!(
        "install the chromedriver of version {}, or the browser of the driver's version",
        major(browser).unwrap_or_default()
    );
    Finding::fails(NAME, Blame::Environment, format!("{both}: chromedriver works with its own version only"), remedy)
}

/// A program whose version is not known.
#[derive(Debug, thiserror::Error)]
enum VersionError {
    /// It could not be started.
    #[error("{} does not start: {source}", program.display())]
    Start { program: PathBuf, source: std::io::Error },
    /// What it printed holds no version.
    #[error("{} --version prints no version: {line:?}", program.display())]
    NoVersion { program: PathBuf, line: String },
}

/// A program's name and version, as it prints them.
fn version(program: &Path) -> Result<String, VersionError> {
    let output = Command::new(program)
        .arg("--version")
        .output()
        .map_err(|source| VersionError::Start { program: program.to_owned(), source })?;
    let said = String::from_utf8_lossy(&output.stdout);
    let line = said.lines().next().unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().collect();
    // A name and a version; the build follows.
    let end = words.iter().position(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    match end {
        Some(end) => Ok(words[..=end].join(" ")),
        None => Err(VersionError::NoVersion { program: program.to_owned(), line: line.to_owned() }),
    }
}

fn major(said: &str) -> Option<u32> {
    said.split_whitespace().last()?.split('.').next()?.parse().ok()
}

/// Whether a window can be shown, where one is wanted. `variable` reads the environment.
pub fn display(headed: bool, variable: impl Fn(&str) -> Option<String>) -> Finding {
    const NAME: &str = "display";
    let there = ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().find_map(|name| Some((name, variable(name)?)));
    match there {
        _ if !headed => Finding::holds(NAME, "none is needed: the browser runs headless"),
        Some((name, value)) => Finding::holds(NAME, format!("{name}={value}")),
        None if cfg!(target_os = "macos") => Finding::holds(NAME, "the desktop's"),
        None => Finding::fails(
            NAME,
            Blame::Environment,
            "neither WAYLAND_DISPLAY nor DISPLAY is set",
            "leave --headed out, or run it under one: xvfb-run flowcheck …",
        ),
    }
}

/// Whether there are ports to listen on, and the app's own is free where it has a fixed one.
pub fn ports(app: &AppFile) -> Finding {
    const NAME: &str = "ports";
    if let Err(error) = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)) {
        let remedy = "close programs that hold ports, or raise the limit of open files (ulimit -n)";
        return Finding::fails(NAME, Blame::Environment, format!("no port of 127.0.0.1 can be had: {error}"), remedy);
    }
    let url = Url::parse(&app.url.value).ok();
    if let Some(port) = url.and_then(|url| url.port()).filter(|port| opens_no_page(*port)) {
        return Finding::fails(
            NAME,
            Blame::Configuration,
            format!("`url` has port {port}, at which browsers open no page: it is one of those that drivers may have"),
            "let the app listen at another port; docs/scale.md lists those that are closed",
        );
    }
    if let Some(staging) = &app.staging {
        let address = &staging.klaviyo.value;
        return match TcpListener::bind(address) {
            Ok(_) => Finding::holds(NAME, format!("{address} is free for Klaviyo, where the app looks for it")),
            Err(error) => Finding::fails(
                NAME,
                Blame::Environment,
                format!("{address}, where the app looks for Klaviyo, cannot be had: {error}"),
                "end what listens there, or name another in `staging.klaviyo` and tell the app",
            ),
        };
    }
    let Some(port) = fixed_port(app) else {
        return Finding::holds(NAME, "free ones on 127.0.0.1");
    };
    let at = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    if TcpStream::connect_timeout(&at, CONNECT_TIMEOUT).is_ok() {
        return Finding::fails(
            NAME,
            Blame::Environment,
            format!("something answers at port {port} already, which the app is to be started on"),
            format!("end it, or let flowcheck choose: write {{port}} for {port} in `start` and `url`"),
        );
    }
    Finding::holds(NAME, format!("free ones on 127.0.0.1, and {port}, the app's"))
}

/// The port of an app that flowcheck starts, where it is always the same.
fn fixed_port(app: &AppFile) -> Option<u16> {
    app.start.as_ref()?;
    let url = Url::parse(&app.url.value).ok()?;
    url.port_or_known_default()
}

/// Whether the time can be right: it is not before the time at which the configuration was last changed.
pub fn clock(now: OffsetDateTime, changed: Option<OffsetDateTime>) -> Finding {
    const NAME: &str = "clock";
    let words = |at: OffsetDateTime| at.replace_nanosecond(0).unwrap_or(at).format(&Rfc3339).unwrap_or_default();
    match changed {
        Some(changed) if now + BEHIND_AT_MOST < changed => Finding::fails(
            NAME,
            Blame::Environment,
            format!("it says {}, but flowcheck.yaml was changed at {}", words(now), words(changed)),
            "set this machine's clock: tokens and certificates are judged by it",
        ),
        _ => Finding::holds(NAME, words(now)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;
    use crate::scenario::parse_app;

    fn file(url: &str, start: &str) -> AppFile {
        let text = format!(
            "name: An app\n{start}url: {url}\nklaviyo:\n  client_id: id\n  client_secret: secret\n  \
             scopes: [accounts:read]\n  redirect_uris: ['{url}/callback']\n  install_url: {url}/install\n"
        );
        parse_app("flowcheck.yaml", &text).expect("a sound file")
    }

    #[test]
    fn chromedriver_must_be_of_the_browsers_version_and_geckodriver_need_not() {
        let state = |engine, browser, driver| versions_match(engine, browser, driver).state;
        assert!(matches!(state(Engine::Chromium, "Chromium 156.0.1", "ChromeDriver 156.0.9"), State::Holds(_)));
        assert!(matches!(state(Engine::Firefox, "Mozilla Firefox 153.7.0esr", "geckodriver 0.37.1"), State::Holds(_)));
        let State::Fails { saw, remedy, blame } = state(Engine::Chromium, "Chromium 157.0.1", "ChromeDriver 156.0.9")
        else {
            panic!("it does not fit");
        };
        assert!(saw.contains("Chromium 157.0.1 with ChromeDriver 156.0.9"), "{saw}");
        assert!(remedy.contains("version 157"), "{remedy}");
        assert_eq!(blame, Blame::Environment);
    }

    #[test]
    fn a_window_needs_a_display_and_no_window_needs_none() {
        let nothing = |_: &str| None;
        assert!(matches!(display(false, nothing).state, State::Holds(_)));
        assert!(matches!(display(true, |_| Some(":0".to_owned())).state, State::Holds(_)));
        if cfg!(target_os = "linux") {
            assert!(matches!(display(true, nothing).state, State::Fails { .. }));
        }
    }

    #[test]
    fn a_port_that_is_taken_is_named() {
        let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = holder.local_addr().expect("bound").port();
        let url = format!("http://localhost:{port}");
        let start = "start:\n  command: app\n";
        let State::Fails { saw, .. } = ports(&file(&url, start)).state else { panic!("it is taken") };
        assert!(saw.contains(&port.to_string()), "{saw}");
        for closed in ["http://localhost:6000", "http://shop.localhost:14900", "https://shop.example:14999/shop"] {
            assert!(
                matches!(ports(&file(closed, "")).state, State::Fails { blame: Blame::Configuration, .. }),
                "{closed}"
            );
        }
        // One that flowcheck does not start is expected there.
        assert!(matches!(ports(&file(&url, "")).state, State::Holds(_)));
        assert!(matches!(ports(&file("http://localhost:{port}", start)).state, State::Holds(_)));
    }

    #[test]
    fn a_clock_that_is_before_the_files_own_date_is_wrong() {
        let now = OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000);
        assert!(matches!(clock(now, None).state, State::Holds(_)));
        assert!(matches!(clock(now, Some(now)).state, State::Holds(_)));
        let State::Fails { saw, .. } = clock(now, Some(now + time::Duration::days(1))).state else {
            panic!("it is behind");
        };
        assert!(saw.contains("2024-10-04"), "{saw}");
    }
}
