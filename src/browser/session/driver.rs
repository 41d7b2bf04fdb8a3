//! The driver's process: started on a port that no page can open, ended with its whole process group.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::browser::session::driver_ports::DriverPort;
use crate::browser::{BrowserError, Engine, Found};
use crate::watchdog::{CleanupGuard, Resource, start};

/// How long a driver may take to say its port.
const READY: Duration = Duration::from_secs(20);
/// How often a driver, or a browser, is started until it does.
pub(in crate::browser) const TRIES: u32 = 3;

/// A running driver. Ends its whole process group, browsers included, when dropped.
#[derive(Debug)]
pub struct Driver {
    child: Child,
    group: Option<(Pid, CleanupGuard)>,
    address: String,
    /// As it says itself; that of its browser, to the last but two numbers.
    version: Option<String>,
    /// Its own, and those by which it speaks with its browser, where it is told which.
    _ports: Vec<DriverPort>,
}

impl Driver {
    /// Starts the driver of a browser. `folder` is where it and its browsers keep their temporary files.
    ///
    /// One that ends at once is tried again, on another port: another program may have taken the one that was free a moment ago.
    pub async fn start(found: &Found, folder: &Path) -> Result<Self, BrowserError> {
        let mut tries = 1;
        loop {
            match Self::start_once(found, folder).await {
                Err(error @ BrowserError::NotReady { .. }) if tries < TRIES => {
                    tracing::debug!(%error, tries, "the driver did not start, and is started again");
                    tries += 1;
                }
                started => return started,
            }
        }
    }

    async fn start_once(found: &Found, folder: &Path) -> Result<Self, BrowserError> {
        let name = found.driver.display().to_string();
        let options: &[&str] = match found.engine {
            // The debugger's port is the browser's option; see `capabilities`.
            Engine::Chromium => &["--port"],
            Engine::Firefox => &["--port", "--marionette-port", "--websocket-port"],
        };
        let ports = options.iter().map(|_| DriverPort::blocked()).collect::<Result<Vec<_>, _>>()?;
        let arguments = options.iter().zip(&ports).map(|(option, port)| format!("{option}={}", port.number()));
        let wanted = ports.first().map(DriverPort::number);
        let mut command = Command::new(&found.driver);
        command
            .args(arguments)
            .env("TMPDIR", folder)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let (mut child, held) = start(&mut command, Resource::ProcessGroup)
            .map_err(|source| BrowserError::Start { driver: name.clone(), source })?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw).zip(held);
        let (lines, mut said) = mpsc::unbounded_channel();
        if let Some(stdout) = child.stdout.take() {
            forward(stdout, lines.clone());
        }
        if let Some(stderr) = child.stderr.take() {
            forward(stderr, lines);
        }
        let mut driver = Self { child, group, address: String::new(), version: None, _ports: ports };
        let mut heard = Vec::new();
        let port = timeout(READY, async {
            while let Some(line) = said.recv().await {
                if let Some(port) = port_said(&line) {
                    return Some(port);
                }
                driver.version = driver.version.take().or_else(|| version_said(&line));
                heard.push(line);
            }
            None
        })
        .await
        .ok()
        .flatten();
        match port {
            // One that listens elsewhere is of no use: pages could open that port.
            Some(port) if Some(port) == wanted => {
                driver.address = format!("http://127.0.0.1:{port}");
                Ok(driver)
            }
            Some(port) => {
                let said =
                    format!("it listens on port {port}, where pages could reach it, and not on the one it was given");
                Err(BrowserError::NotReady { driver: name, said })
            }
            None => Err(BrowserError::NotReady { driver: name, said: heard.join("; ") }),
        }
    }

    /// Base URL of its WebDriver end.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Its version, where it has said one.
    pub(in crate::browser) fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Ends it and everything it started, and waits until it is gone.
    pub async fn stop(mut self) {
        self.kill();
        if let Err(error) = self.child.wait().await {
            tracing::warn!(%error, "the driver could not be waited for");
        }
    }

    fn kill(&mut self) {
        // The group, not the process: a driver that is killed alone leaves its browser behind.
        if let Some((group, _held)) = self.group.take()
            && let Err(error) = killpg(group, Signal::SIGKILL)
        {
            tracing::debug!(%error, "the driver's process group was gone already");
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.kill();
    }
}

/// chromedriver says "ChromeDriver was started successfully on port 4711.", geckodriver "Listening on 127.0.0.1:4711".
fn port_said(line: &str) -> Option<u16> {
    let (_, after) = line.split_once("successfully on port ").or_else(|| line.split_once("Listening on 127.0.0.1:"))?;
    after.trim_end_matches('.').trim().parse().ok()
}

/// chromedriver says "Starting ChromeDriver 156.0.8078.108 (…) on port 4711".
fn version_said(line: &str) -> Option<String> {
    line.strip_prefix("Starting ChromeDriver ")?.split_whitespace().next().map(str::to_owned)
}

fn forward(stream: impl AsyncRead + Unpin + Send + 'static, lines: mpsc::UnboundedSender<String>) {
    tokio::spawn(async move {
        let mut reader = BufReader::new(stream).lines();
        // Read to the end even when nobody listens any more, or the driver would block on a full pipe.
        while let Ok(Some(line)) = reader.next_line().await {
            let _ = lines.send(line);
        }
    });
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::browser::DRIVER_PORTS;

    #[tokio::test]
    async fn a_driver_that_ends_at_once_is_started_again() {
        let folder = tempfile::tempdir().expect("there is room");
        // Each start leaves a line; the third gets ready, where there is one.
        let started = |needs: u32| {
            let script = format!(
                "echo started >> $0.starts\n[ $(wc -l < $0.starts) -ge {needs} ] || {{ echo no port; exit 1; }}\n\
                 echo ChromeDriver was started successfully on port ${{1#--port=}}.\nexec sleep 60\n"
            );
            driver_that(&script, folder.path())
        };
        let driver = Driver::start(&started(TRIES), folder.path()).await.expect("the last try gets ready");
        let port = driver.address().strip_prefix("http://127.0.0.1:").and_then(|port| port.parse().ok());
        assert!(port.is_some_and(|port| DRIVER_PORTS.contains(&port)), "{}", driver.address());
        driver.stop().await;
        let error = Driver::start(&started(TRIES + 1), folder.path()).await.expect_err("that is one try too many");
        assert!(matches!(&error, BrowserError::NotReady { said, .. } if said == "no port"), "{error}");
    }

    #[tokio::test]
    async fn a_driver_that_listens_on_another_port_than_its_own_is_not_used() {
        let folder = tempfile::tempdir().expect("there is room");
        let found =
            driver_that("echo ChromeDriver was started successfully on port 4711.\nexec sleep 60\n", folder.path());
        let error = Driver::start(&found, folder.path()).await.expect_err("pages can open that port").to_string();
        assert!(error.contains("it listens on port 4711, where pages could reach it"), "{error}");
    }

    /// A script for a driver.
    fn driver_that(script: &str, folder: &Path) -> Found {
        let driver = tempfile::Builder::new().tempfile_in(folder).expect("there is room").into_temp_path();
        std::fs::write(&driver, format!("#!/bin/sh\n{script}")).expect("there is room");
        std::fs::set_permissions(&driver, std::fs::Permissions::from_mode(0o700)).expect("it is ours");
        let driver = driver.keep().expect("the folder goes with the test");
        Found { engine: Engine::Chromium, browser: "none".into(), driver }
    }

    #[test]
    fn ports_are_read_from_what_drivers_say() {
        assert_eq!(port_said("ChromeDriver was started successfully on port 35251."), Some(35251));
        assert_eq!(port_said("1700000000000\tgeckodriver\tINFO\tListening on 127.0.0.1:4444"), Some(4444));
        assert_eq!(port_said("Starting ChromeDriver 156.0 on port 0"), None);
    }
}
