//! Plays the scenes by which `flowcheck init` looks at an app.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::browser::{Found, Options, find};
use crate::checklist::ScenarioOutcome;
use crate::cli::arguments::InitArguments;
use crate::cli::command_error::CommandError;
use crate::cli::commands::internal::watchdog;
use crate::cli::interrupts::Interrupts;
use crate::cli::terminal::console;
use crate::cli::{Exit, store};
use crate::evidence::Progress;
use crate::init::Scene;
use crate::runner::{self, Plan};
use crate::scenario::{AppFile, Diagnostics};
use crate::watchdog::TempFolder;

/// Plays scenes against the app.
pub(super) struct ScenePlayer {
    config: PathBuf,
    /// Hosts beside the app's own at which passwords may be typed.
    pub(super) passwords_to: Vec<String>,
    browser: Found,
    options: Options,
    temporary: TempFolder,
    progress: mpsc::UnboundedSender<Progress>,
    stop: watch::Receiver<bool>,
}

impl ScenePlayer {
    pub(super) fn new(arguments: &InitArguments) -> Result<Self, CommandError> {
        let path = std::env::var("PATH").unwrap_or_default();
        let browser = find(arguments.browser.name.as_deref(), arguments.browser.headed, &path);
        let interrupts = Interrupts::listen()?;
        watchdog::spawn_watchdog();
        // Each scene takes seconds, so its progress is not shown.
        let (progress, _) = mpsc::unbounded_channel();
        Ok(Self {
            config: arguments.config.clone(),
            passwords_to: arguments.password_to.clone(),
            browser: browser?,
            options: arguments.browser.options(),
            temporary: store::temporary_folder()?,
            stop: interrupts.stop(&progress),
            progress,
        })
    }

    /// Plays a scene; returns its outcome, and the app file it was played with.
    pub(super) async fn play(
        &self,
        scene: Scene,
        described: Result<AppFile, Diagnostics>,
    ) -> Result<(ScenarioOutcome, AppFile), CommandError> {
        let described = described?;
        let plan = Plan {
            options: self.options,
            passwords_to: Some(self.passwords_to.clone()),
            newcomer: described.users.first().map(|user| user.value.clone()),
            ..Plan::new(
                Arc::new(described.clone()),
                &self.config,
                vec![Arc::new(scene.scenario())],
                self.browser.clone(),
                self.temporary.path(),
            )
        };
        let waiting = console::spinner(scene.what());
        let outcome = runner::run(plan, self.progress.clone(), self.stop.clone()).await;
        waiting.finish_and_clear();
        let mut outcome = outcome?;
        if outcome.run.interrupted {
            return Err(CommandError::new(Exit::Command(130), "interrupted"));
        }
        let played = outcome.scenarios.pop();
        Ok((played.ok_or_else(|| CommandError::environment("nothing was played"))?, described))
    }
}
