//! The app of one world.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hyper::Request;
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::error::NotReadyError;
use super::fake_clock::FakeClock;
use super::process::Process;
use super::{AppError, LaunchEnvironment, PlaceholderValues};
use crate::evidence::{AppEvent, Event, Recorder};
use crate::http_client::{self, HttpError, accepts_connections};
use crate::scenario::{AppFile, Clock, Start};

/// Pause between two readiness checks.
const READY_INTERVAL: Duration = Duration::from_millis(20);
/// How long one readiness check may take.
const READY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the process of an app that listens no more may take to exit.
const EXIT_TIMEOUT: Duration = Duration::from_secs(3);

/// The app of one world, ready for requests.
#[derive(Debug)]
pub struct Instance {
    process: Option<Process>,
    launch: Option<Launch>,
    /// Folder of `flowcheck.yaml`.
    folder: PathBuf,
    /// The app's base URL.
    pub(super) url: String,
    /// Headers of `access`, for flowcheck's own requests to the app's origin.
    pub(super) access: Vec<(String, String)>,
    pub(super) placeholders: PlaceholderValues,
    pub(super) recorder: Recorder,
}

/// How the app is started; only the variables change between starts.
#[derive(Debug)]
struct Launch {
    wrapper: Vec<OsString>,
    words: Vec<String>,
    folder: PathBuf,
    env: BTreeMap<String, OsString>,
    /// URL that answers once the app is ready.
    ready: String,
    ready_timeout: Duration,
    clock: Option<FakeClock>,
}

impl Instance {
    /// Starts the app as `flowcheck.yaml` says, or expects it to be running, and waits until it answers. `folder` is the folder of
    /// `flowcheck.yaml`.
    pub async fn start(
        file: &AppFile,
        folder: &Path,
        placeholders: PlaceholderValues,
        environment: &LaunchEnvironment,
        recorder: &Recorder,
    ) -> Result<Self, AppError> {
        let url = placeholders.fill(&file.url.value);
        Self::start_at(url, file.start.as_ref(), file, folder, placeholders, environment, recorder).await
    }

    /// Starts the host platform of an embedded app in the same way; none for a standalone app.
    pub async fn start_host(
        file: &AppFile,
        folder: &Path,
        placeholders: PlaceholderValues,
        recorder: &Recorder,
    ) -> Result<Option<Self>, AppError> {
        let Some(embedding) = file.embedding() else { return Ok(None) };
        let url = placeholders.fill(&embedding.host.url.value);
        Self::start_at(
            url,
            embedding.host.start.as_ref(),
            file,
            folder,
            placeholders,
            &LaunchEnvironment::default(),
            recorder,
        )
        .await
        .map(Some)
    }

    async fn start_at(
        url: String,
        start: Option<&Start>,
        file: &AppFile,
        folder: &Path,
        placeholders: PlaceholderValues,
        environment: &LaunchEnvironment,
        recorder: &Recorder,
    ) -> Result<Self, AppError> {
        let instance = Self {
            process: None,
            launch: None,
            folder: folder.to_owned(),
            url: url.clone(),
            access: file.access.headers_with_cookies(),
            placeholders: placeholders.clone(),
            recorder: recorder.clone(),
        };
        let Some(start) = start else {
            return match http_client::send(Request::get(&url), READY_TIMEOUT).await {
                Ok(_) => {
                    recorder.record(Event::App(AppEvent::Ready(url)));
                    Ok(instance)
                }
                Err(source) => Err(AppError::NotReachable { address: url, source }),
            };
        };
        let clock = match start.clock {
            Clock::Own => None,
            Clock::Follow => Some(FakeClock::new(PathBuf::from(format!("{}.clock", placeholders.data)))?),
        };
        let mail = [("SMTP_HOST", "127.0.0.1".to_owned()), ("SMTP_PORT", placeholders.smtp_port.to_string())];
        let mut env: BTreeMap<_, _> = mail.map(|(name, value)| (name.to_owned(), value.into())).into();
        // Dev servers open the developer's browser unless it is called so.
        env.insert("BROWSER".to_owned(), "none".into());
        env.extend(start.env.iter().map(|(name, value)| (name.clone(), placeholders.fill(value).into())));
        env.extend(environment.variables.iter().cloned());
        if let Some(clock) = &clock {
            let before = |name: &str| env.get(name).cloned().or_else(|| std::env::var_os(name));
            let variables = clock.environment(before, &klaviyo_ports(&placeholders, &env));
            env.extend(variables);
        }
        let launch = Launch {
            wrapper: environment.wrapper.clone(),
            words: start.words().iter().map(|word| placeholders.fill(word)).collect(),
            folder: start.folder.as_ref().map_or_else(|| folder.to_owned(), |sub| folder.join(placeholders.fill(sub))),
            env,
            ready: start.ready.as_ref().map_or(url, |ready| placeholders.fill(ready)),
            ready_timeout: file.timing.ready.duration(),
            clock,
        };
        let process = launch.start(recorder).await?;
        Ok(Self { process: Some(process), launch: Some(launch), ..instance })
    }

    /// Restarts the app with its data and with these additional variables, as a release would.
    pub async fn restart(&mut self, variables: &BTreeMap<String, String>) -> Result<(), AppError> {
        let Some(launch) = &mut self.launch else { return Ok(()) };
        if let Some(process) = self.process.take() {
            process.stop().await;
        }
        launch.env.extend(variables.iter().map(|(name, value)| (name.clone(), self.placeholders.fill(value).into())));
        self.process = Some(launch.start(&self.recorder).await?);
        self.recorder.record(Event::App(AppEvent::Updated("started again with other variables".to_owned())));
        Ok(())
    }

    /// Restarts the app after it has exited; returns whether that worked.
    pub async fn restart_after_exit(&mut self) -> bool {
        let Some(launch) = &self.launch else { return false };
        match launch.start(&self.recorder).await {
            Ok(process) => {
                self.process = Some(process);
                true
            }
            Err(error) => {
                tracing::debug!(%error, "the app could not be restarted");
                false
            }
        }
    }

    /// Sets the app's clock ahead of this machine's by this much, if `flowcheck.yaml` says `start.clock: follow`.
    pub fn set_ahead(&self, by: Duration) -> Result<(), AppError> {
        let clock = self.launch.as_ref().and_then(|launch| launch.clock.as_ref());
        clock.map_or(Ok(()), |clock| clock.set_ahead(by)).map_err(AppError::Prepare)
    }

    /// Whether the program that calls Klaviyo is known to go by the clock that [`set_ahead`](Self::set_ahead) moves.
    pub fn clock_follows(&self) -> bool {
        let clock = self.launch.as_ref().and_then(|launch| launch.clock.as_ref());
        clock.is_some_and(FakeClock::is_followed)
    }

    /// Whether flowcheck did not start the app: it was running before and keeps running.
    pub fn is_external(&self) -> bool {
        self.launch.is_none()
    }

    /// The placeholder values of the app's world.
    pub fn placeholders(&self) -> &PlaceholderValues {
        &self.placeholders
    }

    /// Wrapper, folder and variables for a command that runs in the app's environment.
    pub(super) fn spawn_context(&self) -> (&[OsString], &Path, BTreeMap<String, OsString>) {
        match &self.launch {
            Some(launch) => (&launch.wrapper, &launch.folder, launch.env.clone()),
            None => (&[], &self.folder, BTreeMap::new()),
        }
    }

    /// How the app exited, if it exited by itself. Recorded once.
    pub fn exited(&mut self) -> Option<String> {
        let how = self.process.as_mut()?.exited()?.to_string();
        self.process = None;
        self.recorder.record(Event::App(AppEvent::Exited(how.clone())));
        Some(how)
    }

    /// How it exited, if it exited by itself; not on the record.
    pub fn has_exited(&mut self) -> Option<String> {
        self.process.as_mut()?.exited().map(|how| how.to_string())
    }

    /// How the app ended, where it has: nothing listens any more where it answered once it was ready. Its process may go on a little longer, or for good
    /// where another program (`npm start`, a watcher) started it. Recorded once.
    pub async fn ended(&mut self) -> Option<String> {
        if self.process.is_none() || self.listens().await {
            return self.exited();
        }
        let deadline = Instant::now() + EXIT_TIMEOUT;
        while Instant::now() < deadline {
            if let Some(how) = self.exited() {
                return Some(how);
            }
            sleep_until(Instant::now() + READY_INTERVAL).await;
        }
        if self.listens().await {
            return None;
        }
        self.kill();
        let how = "ended, while the program that started it goes on".to_owned();
        self.recorder.record(Event::App(AppEvent::Exited(how.clone())));
        Some(how)
    }

    async fn listens(&self) -> bool {
        let Some(url) = self.launch.as_ref().and_then(|launch| Url::parse(&launch.ready).ok()) else { return true };
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return true };
        accepts_connections(host, port).await
    }

    /// Kills the app, if flowcheck started it.
    pub fn kill(&mut self) {
        // Dropping a process kills its process group.
        self.process = None;
    }

    /// Stops the app, if flowcheck started it.
    pub async fn stop(self) {
        if let Some(process) = self.process {
            process.stop().await;
        }
    }
}

/// The ports at which the app finds Klaviyo, other than those of Klaviyo's own hosts.
fn klaviyo_ports(placeholders: &PlaceholderValues, env: &BTreeMap<String, OsString>) -> Vec<u16> {
    let gateway = env.get("HTTPS_PROXY").and_then(|url| url.to_str()).unwrap_or_default();
    let all = [placeholders.klaviyo_www.as_str(), placeholders.klaviyo_api.as_str(), gateway];
    all.iter().filter_map(|url| Url::parse(url).ok()?.port_or_known_default()).collect()
}

impl Launch {
    async fn start(&self, recorder: &Recorder) -> Result<Process, AppError> {
        let mut process = Process::start(&self.wrapper, &self.words, &self.folder, self.env.clone(), recorder)?;
        wait_until_ready(&mut process, &self.ready, self.ready_timeout).await?;
        recorder.record(Event::App(AppEvent::Ready(self.ready.clone())));
        Ok(process)
    }
}

async fn wait_until_ready(process: &mut Process, address: &str, within: Duration) -> Result<(), AppError> {
    let began = Instant::now();
    let deadline = began + within;
    loop {
        let answer =
            http_client::send(Request::get(address), READY_TIMEOUT).await.map(|answer| answer.status().as_u16());
        let exited = process.exited();
        let source = match answer {
            // Another program may answer at this URL, because the app could not bind the port.
            Ok(status) if status < 500 && exited.is_none() => return Ok(()),
            Ok(status) => NotReadyError::Status(status),
            Err(error) => error.into(),
        };
        if let Some(exit) = exited {
            process.drain_output().await;
            return Err(AppError::Exited { exit, address: address.to_owned(), output: process.output_tail() });
        }
        let permanent = matches!(&source, NotReadyError::Request(HttpError::Transport(error)) if error.is_permanent());
        if permanent || Instant::now() >= deadline {
            let (output, after) = (process.output_tail(), began.elapsed());
            return Err(AppError::NotReady { address: address.to_owned(), after, source, output });
        }
        sleep_until(Instant::now() + READY_INTERVAL).await;
    }
}
