//! `flowcheck init`: explores the app, and writes a first `flowcheck.yaml`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::browser::{Found, Options, find};
use crate::checklist::ScenarioOutcome;
use crate::cli::arguments::InitArguments;
use crate::cli::command_error::CommandError;
use crate::cli::commands::internal::watchdog;
use crate::cli::interrupts::Interrupts;
use crate::cli::terminal::{Prompt, console};
use crate::cli::{Exit, init_inputs, store};
use crate::doctor::{Blame, Finding, State, ports};
use crate::evidence::Progress;
use crate::init::{
    Draft, Exploration, Installation, Scene, install_url_candidates, read_exploration, read_installation, read_sign_up,
};
use crate::report;
use crate::runner::{self, Plan};
use crate::scenario::{AppFile, Diagnostics};
use crate::watchdog::TempFolder;

/// Explores the app, and writes what was found.
pub(in crate::cli) async fn init(arguments: InitArguments) -> Result<Exit, CommandError> {
    may_write(&arguments.config, arguments.force)?;
    let prompt = Prompt::new();
    let mut draft = init_inputs::first_draft(&arguments, &prompt)?;
    let player = ScenePlayer::new(&arguments)?;
    explore(&mut draft, arguments.sign_up, &player, &prompt)
        .await
        .map_err(|error| error.consequence("nothing was written"))?;
    draft.app().map_err(|mistakes| {
        CommandError::from(mistakes).consequence("what was found makes no valid file; nothing was written")
    })?;
    write(&arguments.config, arguments.force, &draft.text())?;
    console::print_line(next_steps(&arguments, &draft));
    Ok(Exit::Good)
}

/// Completes the draft by exploring the app; each finding is printed at once.
async fn explore(draft: &mut Draft, signs_up: bool, player: &ScenePlayer, prompt: &Prompt) -> Result<(), CommandError> {
    let (said_settings, first) = (draft.settings.clone(), draft.users[0].clone());
    print_findings(&[ports(&draft.app_for(&first)?)])?;
    if signs_up {
        let (outcome, described) = player.play(Scene::SignUp, draft.app_for(&first)).await?;
        print_findings(&read_sign_up(&outcome, &described))?;
    }
    let (outcome, described) = player.play(Scene::Explore, draft.app_for(&first)).await?;
    let mut seen = vec![read_exploration(&outcome, &described)];
    print_findings(&seen[0].findings)?;
    draft.learn_from_exploration(&seen[0]);
    for user in &draft.users[1..] {
        let own = Draft { settings: said_settings.clone(), ..draft.clone() };
        let (outcome, described) = player.play(Scene::Explore, own.app_for(user)).await?;
        let exploration = read_exploration(&outcome, &described);
        // That the app answers, and what it asks for, was printed before.
        let news = |finding: &&Finding| finding.name == "login" || !matches!(finding.state, State::Holds(_));
        print_findings(&exploration.findings.iter().filter(news).cloned().collect::<Vec<_>>())?;
        seen.push(exploration);
    }
    install(draft, player, prompt, &seen[0]).await?;
    for user in 1..draft.users.len() {
        let (outcome, described) = player.play(Scene::GoToConsent, draft.app_for(&draft.users[user])).await?;
        let installed = read_installation(&outcome, &described);
        learn_tenants(draft, user, &installed, prompt)?;
    }
    if !draft.has_who_chooses() {
        return Err(CommandError::usage(
            "the app asks for a store (sub-account, workspace), and no user has two of them",
        )
        .remedy("name a user who has: --login LOGIN; or say that nobody has: --tenancy single"));
    }
    if !draft.learn_keys(&seen) {
        let saw = "no address of it tells one tenant from another";
        let how = "it is looked for in each scenario; `pages.settings` may name it, with {tenant} for a tenant's key";
        print_findings(&[Finding { name: "settings", state: State::Unknown(format!("{saw}; {how}")) }])?;
    }
    Ok(())
}

/// Follows an installation by the first user, from the URL that the listing would link to.
async fn install(
    draft: &mut Draft,
    player: &ScenePlayer,
    prompt: &Prompt,
    exploration: &Exploration,
) -> Result<(), CommandError> {
    let scene = if draft.start.is_some() { Scene::Install } else { Scene::GoToConsent };
    let redirect_uri = draft.redirect_uri.clone().unwrap_or_default();
    let said = draft.install_url.is_some();
    let mut ahead = match &draft.install_url {
        Some(url) => vec![url.clone()],
        None => install_url_candidates(exploration.connect_url.as_deref(), &redirect_uri),
    };
    ahead.reverse();
    let mut tried = Vec::new();
    loop {
        let told = ahead.is_empty();
        let url = match ahead.pop() {
            Some(url) => url,
            None => init_inputs::install_url(prompt, &tried)?,
        };
        draft.install_url = Some(url.clone());
        let mut installed = watch_install(draft, player, scene).await?;
        if installed.stopped_at_tenant {
            learn_tenants(draft, 0, &installed, prompt)?;
            installed = watch_install(draft, player, scene).await?;
        }
        if installed.led || said || told {
            print_findings(&installed.findings)?;
            draft.learn_from_installation(0, &installed);
            break;
        }
        tried.push(url);
    }
    if scene == Scene::GoToConsent {
        let why = "flowcheck did not start the app, so its requests do not reach the fake Klaviyo: installing was followed only as far as \
                   consent. With --start COMMAND it is followed to its end";
        print_findings(&[Finding { name: "installing", state: State::Unknown(why.to_owned()) }])?;
    }
    Ok(())
}

async fn watch_install(draft: &Draft, player: &ScenePlayer, scene: Scene) -> Result<Installation, CommandError> {
    let (outcome, described) = player.play(scene, draft.app_for(&draft.users[0])).await?;
    Ok(read_installation(&outcome, &described))
}

/// Adds the tenants that the app offered a user to the draft, or asks for them.
fn learn_tenants(
    draft: &mut Draft,
    user: usize,
    installed: &Installation,
    prompt: &Prompt,
) -> Result<(), CommandError> {
    draft.learn_from_installation(user, installed);
    let Some((tenancy, _)) = installed.tenants else { return Ok(()) };
    if draft.users[user].tenants.is_empty() {
        draft.users[user].tenants = init_inputs::tenants(prompt, &draft.users[user].login, tenancy)?;
    }
    let names: Vec<_> = draft.users[user].tenants.iter().map(|tenant| tenant.name.as_str()).collect();
    let saw = format!("{} is asked for one of: {}", draft.users[user].login, names.join(", "));
    print_findings(&[Finding { name: "tenants", state: State::Holds(saw) }])
}

/// Plays scenes against the app.
struct ScenePlayer {
    config: PathBuf,
    browser: Found,
    options: Options,
    temporary: TempFolder,
    progress: mpsc::UnboundedSender<Progress>,
    stop: watch::Receiver<bool>,
}

impl ScenePlayer {
    fn new(arguments: &InitArguments) -> Result<Self, CommandError> {
        let path = std::env::var("PATH").unwrap_or_default();
        let browser = find(arguments.browser.name.as_deref(), arguments.browser.headed, &path);
        let interrupts = Interrupts::listen()?;
        watchdog::spawn_watchdog();
        // Each scene takes seconds, so its progress is not shown.
        let (progress, _) = mpsc::unbounded_channel();
        Ok(Self {
            config: arguments.config.clone(),
            browser: browser?,
            options: arguments.browser.options(),
            temporary: store::temporary_folder()?,
            stop: interrupts.stop(&progress),
            progress,
        })
    }

    /// Plays a scene; returns its outcome, and the app file it was played with.
    async fn play(
        &self,
        scene: Scene,
        described: Result<AppFile, Diagnostics>,
    ) -> Result<(ScenarioOutcome, AppFile), CommandError> {
        let described = described?;
        let plan = Plan {
            options: self.options,
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

/// Prints findings; the first that fails ends the command.
fn print_findings(findings: &[Finding]) -> Result<(), CommandError> {
    for finding in findings {
        console::print_line(report::finding(finding, console::style(), console::width()).trim_end());
        if let State::Fails { blame, .. } = finding.state {
            let exit = match blame {
                Blame::Environment => Exit::Environment,
                Blame::Configuration => Exit::Usage,
                Blame::App => Exit::Command(1),
            };
            let what = format!("{} stands in the way; the line marked ✗ says what to do", finding.name);
            return Err(CommandError::new(exit, what));
        }
    }
    Ok(())
}

fn may_write(file: &Path, force: bool) -> Result<(), CommandError> {
    if file.exists() && !force {
        let file = file.display();
        return Err(CommandError::usage(format!("{file} exists already"))
            .remedy("overwrite it: --force; or name another file: --config FILE"));
    }
    Ok(())
}

/// Writes the whole file, or nothing.
fn write(file: &Path, force: bool, text: &str) -> Result<(), CommandError> {
    let failed = |error: &dyn std::fmt::Display| {
        console::print_line(text);
        CommandError::environment(format!("{} cannot be written: {error}", file.display()))
            .consequence("its text is printed above")
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut whole =
        tempfile::Builder::new().prefix(".flowcheck-").tempfile_in(folder).map_err(|error| failed(&error))?;
    whole.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
    let kept = if force { whole.persist(file) } else { whole.persist_noclobber(file) };
    kept.map(drop).map_err(|error| failed(&error))
}

/// What to do next, for the user.
fn next_steps(arguments: &InitArguments, draft: &Draft) -> String {
    let file = arguments.config.display().to_string();
    let mut lines = vec![format!("\nWrote {file}.")];
    let unset: Vec<_> = draft.variables().into_iter().filter(|name| std::env::var_os(name).is_none()).collect();
    if !unset.is_empty() {
        lines.push("It takes secrets from the environment; set them first:".to_owned());
        let of_file = draft.client_secret.as_ref().map(|secret| &secret.name);
        lines.extend(unset.iter().map(|name| match &arguments.from_env {
            Some(from) if of_file.is_some_and(|secret| secret == name) => {
                let from = from.display().to_string();
                format!("  set -a; . {}; set +a", if from.contains('/') { from } else { format!("./{from}") })
            }
            _ => format!("  export {name}=…"),
        }));
    }
    let config = if file == "flowcheck.yaml" { String::new() } else { format!(" --config {file}") };
    lines.push(format!("Next:\n  flowcheck doctor{config}\n  flowcheck run{config}"));
    lines.join("\n")
}
