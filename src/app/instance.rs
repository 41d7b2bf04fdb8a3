//! The app of one world.

use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::process::Process;
use super::{AppError, Places, Surroundings, http};
use crate::evidence::{AppEvent, Recorder, Seen};
use crate::scenario::{AppFile, Trigger};

/// Pause between two questions whether the app is ready; nothing tells us sooner.
const ASK_AGAIN: Duration = Duration::from_millis(20);
/// How long one such question may take.
const ONE_ANSWER: Duration = Duration::from_secs(5);
/// How long the app's work may take once it is triggered.
const TRIGGERED: Duration = Duration::from_secs(30);

/// The app of one world, ready.
#[derive(Debug)]
pub struct Instance {
    process: Option<Process>,
    places: Places,
    recorder: Recorder,
}

impl Instance {
    /// Starts the app, where `flowcheck.yaml` says how, and waits until it answers. `folder` is that file's.
    pub async fn start(
        file: &AppFile,
        folder: &Path,
        places: Places,
        surroundings: &Surroundings,
        recorder: &Recorder,
    ) -> Result<Self, AppError> {
        let url = places.fill(&file.url.value);
        let Some(start) = &file.start else {
            return match http::get(&url, ONE_ANSWER).await {
                Ok(_) => {
                    recorder.record(Seen::App(AppEvent::Ready(url)));
                    Ok(Self { process: None, places, recorder: recorder.clone() })
                }
                Err(last) => Err(AppError::NotReachable { address: url, last }),
            };
        };
        let words: Vec<String> = start.words().iter().map(|word| places.fill(word)).collect();
        let folder = start.folder.as_ref().map_or_else(|| folder.to_owned(), |sub| folder.join(places.fill(sub)));
        let env = start.env.iter().map(|(name, value)| (name.clone(), places.fill(value).into()));
        let env = env.chain(surroundings.variables.iter().cloned());
        let mut process = Process::start(&surroundings.wrapper, &words, &folder, env, recorder)?;
        let address = start.ready.as_ref().map_or(url, |ready| places.fill(ready));
        wait_until_ready(&mut process, &address, file.timing.ready.duration()).await?;
        recorder.record(Seen::App(AppEvent::Ready(address)));
        Ok(Self { process: Some(process), places, recorder: recorder.clone() })
    }

    /// The world's values for placeholders.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Makes the app call Klaviyo, and waits until it has. What came of it goes to the recorder.
    pub async fn trigger(&self, trigger: &Trigger) -> Result<(), String> {
        let Trigger::Get(address) = trigger;
        let address = self.places.fill(address);
        let answer = http::get(&address, TRIGGERED).await;
        let words = match &answer {
            Ok(status) => format!("GET {address} answered {status}"),
            Err(why) => format!("GET {address}: {why}"),
        };
        self.recorder.record(Seen::App(AppEvent::Triggered(words.clone())));
        answer.map(drop).map_err(|_| words)
    }

    /// How the app ended, where it has ended by itself. Recorded once.
    pub fn exited(&mut self) -> Option<String> {
        let how = self.process.as_mut()?.exited()?;
        self.process = None;
        self.recorder.record(Seen::App(AppEvent::Exited(how.clone())));
        Some(how)
    }

    /// Ends the app, where flowcheck started it.
    pub async fn stop(self) {
        if let Some(process) = self.process {
            process.stop().await;
        }
    }
}

async fn wait_until_ready(process: &mut Process, address: &str, patience: Duration) -> Result<(), AppError> {
    let deadline = Instant::now() + patience;
    loop {
        let answer = http::get(address, ONE_ANSWER).await;
        let exited = process.exited();
        let last = match answer {
            // Another program may answer there, while the app could not get the port.
            Ok(status) if status < 500 && exited.is_none() => return Ok(()),
            Ok(status) => format!("it answered {status}"),
            Err(why) => why,
        };
        if let Some(how) = exited {
            process.hear_out().await;
            return Err(AppError::Exited { how, address: address.to_owned(), said: process.last_words() });
        }
        if Instant::now() >= deadline {
            let said = process.last_words();
            return Err(AppError::NotReady { address: address.to_owned(), after: patience, last, said });
        }
        sleep_until(Instant::now() + ASK_AGAIN).await;
    }
}
