//! Making the app do something: by a request to it, or by a command beside it.

use std::time::Duration;

use hyper::{Method, Request};
use url::Url;

use super::Instance;
use super::process::Process;
use crate::evidence::{AppEvent, Event};
use crate::http_client;
use crate::scenario::{ActionKind, AppAction};

/// How long the work may take.
const WORK: Duration = Duration::from_secs(30);

impl Instance {
    /// Makes the app call Klaviyo, and waits until it has. What came of it goes to the recorder.
    pub async fn trigger(&self, trigger: &AppAction) -> Result<(), String> {
        let answer = self.run_action(trigger).await;
        let words = match &answer {
            Ok(Done { words, .. }) => words,
            Err(why) => why,
        };
        self.recorder.record(Event::App(AppEvent::Triggered(self.recorder.redact(words))));
        answer.map(drop)
    }

    /// Makes the app update itself, and waits until it has.
    pub async fn update(&self, update: &AppAction) -> Result<(), String> {
        let words = self.run_well(update).await?;
        self.recorder.record(Event::App(AppEvent::Updated(self.recorder.redact(&words))));
        Ok(())
    }

    /// Puts the app's data back to how it was.
    pub async fn reset(&self, reset: &AppAction) -> Result<(), String> {
        let words = self.run_well(reset).await?;
        self.recorder.record(Event::App(AppEvent::Reset(self.recorder.redact(&words))));
        Ok(())
    }

    /// An answer with a status from 400 on is a failure; otherwise what was done, in words.
    async fn run_well(&self, action: &AppAction) -> Result<String, String> {
        match self.run_action(action).await? {
            Done { status: Some(400..), words } => Err(words),
            Done { words, .. } => Ok(words),
        }
    }

    async fn run_action(&self, action: &AppAction) -> Result<Done, String> {
        match action.kind() {
            Some(ActionKind::Get(address)) => self.ask(Method::GET, address, action).await,
            Some(ActionKind::Post(address)) => self.ask(Method::POST, address, action).await,
            Some(ActionKind::Run(command)) => self.command(command).await,
            None => Err("flowcheck.yaml does not say what to do".to_owned()),
        }
    }

    async fn ask(&self, method: Method, address: &str, action: &AppAction) -> Result<Done, String> {
        let address = self.placeholders.fill(address);
        let what = format!("{method} {address}");
        let access = self.access_to(&address).iter().map(|(name, value)| (name, value));
        let mut request = Request::builder().method(method).uri(&address);
        for (name, value) in action.headers.iter().chain(access) {
            request = request.header(name, value);
        }
        match http_client::send(request, WORK).await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                Ok(Done { status: Some(status), words: format!("{what} answered {status}") })
            }
            Err(why) => Err(format!("{what}: {why}")),
        }
    }

    /// Headers that let flowcheck in at an address: the app's own, and nobody else's.
    pub(super) fn access_to(&self, address: &str) -> &[(String, String)] {
        let origin = |address: &str| Url::parse(address).ok().map(|url| url.origin());
        if origin(address) == origin(&self.url) { &self.access } else { &[] }
    }

    /// Runs beside the app, as it was started: in its folder, with its variables.
    async fn command(&self, command: &str) -> Result<Done, String> {
        let words: Vec<String> =
            shlex::split(command).unwrap_or_default().iter().map(|word| self.placeholders.fill(word)).collect();
        let (wrapper, folder, env) = self.spawn_context();
        let started = Process::start(wrapper, &words, folder, env, &self.recorder);
        let mut process = started.map_err(|error| crate::evidence::error_chain(&error))?;
        let what = words.join(" ");
        match process.finish(WORK).await {
            Ok(()) => Ok(Done { status: None, words: format!("`{what}` ended well") }),
            Err(how) => Err(format!("`{what}` {how}{}", process.output_tail())),
        }
    }
}

/// What came of an action.
struct Done {
    /// Of an answer.
    status: Option<u16>,
    words: String,
}
