//! The app of one world.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hyper::Request;
use tokio::time::{Instant, sleep_until};

use super::error::NotReadyError;
use super::fake_clock::FakeClock;
use super::process::Process;
use super::{AppError, LaunchEnvironment, PlaceholderValues};
use crate::evidence::{AppEvent, Event, Recorder};
use crate::http_client;
use crate::scenario::{AppFile, Clock, Start};

/// Pause between two questions whether the app is ready; nothing tells us sooner.
const ASK_AGAIN: Duration = Duration::from_millis(20);
/// How long one such question may take.
const ONE_ANSWER: Duration = Duration::from_secs(5);

/// The app of one world, ready.
#[derive(Debug)]
pub struct Instance {
    process: Option<Process>,
    launch: Option<Launch>,
    /// Folder of `flowcheck.yaml`.
    folder: PathBuf,
    /// Base URL it answers at.
    pub(super) url: String,
    /// Headers that let flowcheck's own requests in, to that origin.
    pub(super) access: Vec<(String, String)>,
    pub(super) placeholders: PlaceholderValues,
    pub(super) recorder: Recorder,
}

/// How the app is started; the same each time, but for variables.
#[derive(Debug)]
struct Launch {
    wrapper: Vec<OsString>,
    words: Vec<String>,
    folder: PathBuf,
    env: BTreeMap<String, OsString>,
    /// Address that answers once the app is ready.
    ready: String,
    ready_timeout: Duration,
    clock: Option<FakeClock>,
}

impl Instance {
    /// Starts the app, where `flowcheck.yaml` says how, and waits until it answers. `folder` is that file's.
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

    /// Starts the platform that an embedded app lives in, in the same way; none where the app lives by itself.
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
            return match http_client::send(Request::get(&url), ONE_ANSWER).await {
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
        env.extend(clock.iter().flat_map(FakeClock::environment).map(|(name, value)| (name, value.into())));
        env.extend(start.env.iter().map(|(name, value)| (name.clone(), placeholders.fill(value).into())));
        env.extend(environment.variables.iter().cloned());
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

    /// Ends the app and starts it again with its data, and with these variables on top, as a release of it would.
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

    /// Starts the app again that has ended, as whoever runs it would; whether it could be.
    pub async fn restart_after_exit(&mut self) -> bool {
        let Some(launch) = &self.launch else { return false };
        match launch.start(&self.recorder).await {
            Ok(process) => {
                self.process = Some(process);
                true
            }
            Err(error) => {
                tracing::debug!(%error, "the app could not be started again");
                false
            }
        }
    }

    /// Sets the app's clock ahead of the computer's by this much, where `flowcheck.yaml` says that it follows Klaviyo's.
    pub fn set_ahead(&self, by: Duration) -> Result<(), AppError> {
        let clock = self.launch.as_ref().and_then(|launch| launch.clock.as_ref());
        clock.map_or(Ok(()), |clock| clock.set_ahead(by)).map_err(AppError::Prepare)
    }

    /// Whether it was running before, and goes on running.
    pub fn is_external(&self) -> bool {
        self.launch.is_none()
    }

    /// The world's values for placeholders.
    pub fn placeholders(&self) -> &PlaceholderValues {
        &self.placeholders
    }

    /// What a command beside the app is started with: a wrapper, a folder, variables.
    pub(super) fn spawn_context(&self) -> (&[OsString], &Path, BTreeMap<String, OsString>) {
        match &self.launch {
            Some(launch) => (&launch.wrapper, &launch.folder, launch.env.clone()),
            None => (&[], &self.folder, BTreeMap::new()),
        }
    }

    /// How the app ended, where it has ended by itself. Recorded once.
    pub fn exited(&mut self) -> Option<String> {
        let how = self.process.as_mut()?.exited()?.to_string();
        self.process = None;
        self.recorder.record(Event::App(AppEvent::Exited(how.clone())));
        Some(how)
    }

    /// Ends the app at once, where flowcheck started it.
    pub fn kill(&mut self) {
        // A process ends with all that it started when it is dropped.
        self.process = None;
    }

    /// Ends the app, where flowcheck started it.
    pub async fn stop(self) {
        if let Some(process) = self.process {
            process.stop().await;
        }
    }
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
    let deadline = Instant::now() + within;
    loop {
        let answer = http_client::send(Request::get(address), ONE_ANSWER).await.map(|answer| answer.status().as_u16());
        let exited = process.exited();
        let source = match answer {
            // Another program may answer there, while the app could not get the port.
            Ok(status) if status < 500 && exited.is_none() => return Ok(()),
            Ok(status) => NotReadyError::Status(status),
            Err(error) => error.into(),
        };
        if let Some(exit) = exited {
            process.drain_output().await;
            return Err(AppError::Exited { exit, address: address.to_owned(), output: process.output_tail() });
        }
        if Instant::now() >= deadline {
            let output = process.output_tail();
            return Err(AppError::NotReady { address: address.to_owned(), after: within, source, output });
        }
        sleep_until(Instant::now() + ASK_AGAIN).await;
    }
}
