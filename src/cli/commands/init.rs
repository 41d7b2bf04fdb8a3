//! `flowcheck init`: explores the app, and writes a first `flowcheck.yaml`.

use std::io::Write as _;
use std::path::Path;

use crate::cli::arguments::InitArguments;
use crate::cli::command_error::CommandError;
use crate::cli::commands::scene_player::ScenePlayer;
use crate::cli::terminal::{Prompt, console};
use crate::cli::{Exit, init_inputs};
use crate::doctor::{Blame, Finding, State, ports};
use crate::evidence::Tenancy;
use crate::init::{
    Draft, EnvFile, Exploration, Gap, Installation, Scene, install_url_candidates, read_exploration, read_installation,
    read_sign_up,
};
use crate::report;
use crate::scenario::{AppFile, Diagnostics};

/// Explores the app, and writes what was found out, whatever stood in the way: what is missing is a comment of the file.
pub(in crate::cli) async fn init(arguments: InitArguments) -> Result<Exit, CommandError> {
    may_write(&arguments.config, arguments.force)?;
    let prompt = Prompt::new();
    let (draft, env_file) = init_inputs::first_draft(&arguments, &prompt)?;
    let player = ScenePlayer::new(&arguments)?;
    let mut exploring = Exploring { draft, env_file, player, prompt, blame: None };
    exploring
        .explore(&arguments)
        .await
        .map_err(|error| error.consequence(format!("{} was not written", arguments.config.display())))?;
    let Exploring { draft, blame, .. } = exploring;
    let draft = draft.as_far_as_valid();
    draft.app().map_err(|mistakes| {
        CommandError::from(mistakes).consequence("what was found makes no valid file; nothing was written")
    })?;
    write(&arguments.config, arguments.force, &draft.text())?;
    console::print_line(next_steps(&arguments, &draft));
    Ok(match blame {
        None => Exit::Good,
        Some(Blame::Environment) => Exit::Environment,
        Some(Blame::Configuration) => Exit::Usage,
        Some(Blame::App) => Exit::Command(1),
    })
}

/// An app that is being explored.
struct Exploring {
    draft: Draft,
    env_file: EnvFile,
    player: ScenePlayer,
    prompt: Prompt,
    /// Who is to blame for the first thing that could not be found out.
    blame: Option<Blame>,
}

/// Something without which nothing more can be found out was not found out.
struct InTheWay;

impl Exploring {
    /// Completes the draft; each finding is printed at once.
    async fn explore(&mut self, arguments: &InitArguments) -> Result<(), CommandError> {
        if self.note(&[ports(&self.described(None)?)]).is_err() {
            return Ok(());
        }
        let said_settings = self.draft.settings.clone();
        let Some(first) = self.look_around(arguments).await? else { return Ok(()) };
        let mut seen = vec![first];
        for user in self.draft.users.iter().skip(1).cloned().collect::<Vec<_>>() {
            let own = Draft { settings: said_settings.clone(), ..self.draft.clone() };
            let (outcome, described) = self.player.play(Scene::Explore, own.app_for(&user)).await?;
            let exploration = read_exploration(&outcome, &described);
            // That the app answers, and what it asks for, was printed before.
            let news = |finding: &&Finding| finding.name == "login" || !matches!(finding.state, State::Holds(_));
            let _ = self.note(&exploration.findings.iter().filter(news).cloned().collect::<Vec<_>>());
            seen.push(exploration);
        }
        if self.install(&seen[0], said_settings.as_deref()).await?.is_err() {
            return Ok(());
        }
        for user in 1..self.draft.users.len() {
            let (outcome, described) = self.player.play(Scene::GoToConsent, self.described(Some(user))).await?;
            let installed = read_installation(&outcome, &described);
            self.learn_tenants(user, &installed)?;
        }
        if !self.draft.has_who_chooses() {
            let saw = "the app asks for a store (sub-account, workspace), and no user has two of them";
            let remedy = "name a user who has: --login LOGIN; or say that nobody has: --tenancy single";
            let _ = self.note(&[Finding::fails("tenants", Blame::Configuration, saw, remedy)]);
        }
        if !self.draft.learn_keys(&seen) {
            let saw = "no address of it tells one tenant from another";
            let how =
                "it is looked for in each scenario; `pages.settings` may name it, with {tenant} for a tenant's key";
            let _ = self.note(&[Finding::unknown("settings", format!("{saw}; {how}"))]);
        }
        Ok(())
    }

    /// Looks around in the app as its first user, or as somebody who does not log in where none was named. None where nothing more can
    /// be found out.
    async fn look_around(&mut self, arguments: &InitArguments) -> Result<Option<Exploration>, CommandError> {
        if self.draft.users.is_empty() {
            let visitor = Draft { nobody_logs_in: true, ..self.draft.clone() };
            let (outcome, described) = self.player.play(Scene::Explore, visitor.app()).await?;
            let exploration = read_exploration(&outcome, &described);
            if self.draft.nobody_logs_in || self.needs_no_login(&visitor, &exploration).await? {
                return Ok(self.without_login(exploration));
            }
            if self.note(&exploration.findings[..1]).is_err() {
                return Ok(None);
            }
            self.draft.users = init_inputs::users(arguments, &self.prompt)?;
            if self.draft.users.is_empty() {
                self.draft.learn_from_exploration(&exploration);
                let in_the_way = exploration.findings.iter().find_map(|finding| match &finding.state {
                    State::Fails { saw, .. } => Some(saw.as_str()),
                    State::Holds(_) | State::Unknown(_) => None,
                });
                let seen = in_the_way.unwrap_or("nothing connects Klaviyo where nobody is logged in");
                let saw = exploration.login.as_ref().map_or_else(
                    || format!("nobody is logged in, and no user is known: {seen}"),
                    |login| format!("{login} asks people to log in, and no user is known"),
                );
                let remedy = "name a user who has an account with the app: --login LOGIN, with the password in FLOWCHECK_PASSWORD; or \
                              --nobody-logs-in";
                let _ = self.note(&[Finding::fails("login", Blame::Configuration, saw, remedy)]);
                return Ok(None);
            }
        }
        if arguments.sign_up {
            let (outcome, described) = self.player.play(Scene::SignUp, self.described(Some(0))).await?;
            if self.note(&read_sign_up(&outcome, &described)).is_err() {
                return Ok(None);
            }
        }
        let (outcome, described) = self.player.play(Scene::Explore, self.described(Some(0))).await?;
        let exploration = read_exploration(&outcome, &described);
        let noted = self.note(&exploration.findings);
        self.draft.learn_from_exploration(&exploration);
        self.settle_client();
        // Who was logged in can install, though nothing that connects was found.
        let goes_on = noted.is_ok() || (exploration.home.is_some() && self.draft.install_url.is_some());
        Ok(goes_on.then_some(exploration))
    }

    /// Whether a visitor who never logged in comes to Klaviyo.
    async fn needs_no_login(&mut self, visitor: &Draft, seen: &Exploration) -> Result<bool, CommandError> {
        if seen.login.is_some() {
            return Ok(false);
        }
        if seen.request.is_none() && visitor.install_url.is_some() {
            let (outcome, described) = self.player.play(Scene::GoToConsent, visitor.app()).await?;
            let seen = read_installation(&outcome, &described);
            if let Some(asked) = &seen.request {
                self.draft.learn_from_request(asked);
            }
            return Ok(seen.led || seen.request.is_some());
        }
        Ok(seen.request.is_some())
    }

    /// Takes in what a visitor saw of an app that nobody logs in to. None where nothing more can be found out.
    fn without_login(&mut self, seen: Exploration) -> Option<Exploration> {
        if !self.draft.nobody_logs_in {
            let saw = "nobody logs in: the app sends people to Klaviyo without asking who they are";
            let _ = self.note(&[Finding::holds("login", saw)]);
        }
        self.draft.nobody_logs_in = true;
        let has_url = self.draft.install_url.is_some();
        // Such an app may have no page but the callback's answer.
        let softened = |finding: &Finding| match &finding.state {
            State::Fails { saw, .. } if finding.name == "settings" && has_url => Finding::unknown(finding.name, saw),
            _ => finding.clone(),
        };
        let noted = self.note(&seen.findings.iter().map(softened).collect::<Vec<_>>());
        self.draft.learn_from_exploration(&seen);
        self.settle_client();
        noted.is_ok().then_some(seen)
    }

    /// Of several clients in the app's `.env`, the one that the app sent to Klaviyo is Klaviyo's.
    fn settle_client(&mut self) {
        let Some(secret) = self.draft.client_id.as_deref().and_then(|id| self.env_file.secret_of(id)) else { return };
        if self.draft.client_secret.is_none() {
            self.draft.client_secret = Some(secret.clone());
        }
    }

    /// Follows an installation by the first user, from the URL that the listing would link to.
    async fn install(
        &mut self,
        exploration: &Exploration,
        said_settings: Option<&str>,
    ) -> Result<Result<(), InTheWay>, CommandError> {
        let scene = if self.draft.start.is_some() { Scene::Install } else { Scene::GoToConsent };
        let redirect_uri = self.draft.redirect_uri.clone().unwrap_or_default();
        let said = self.draft.install_url.is_some();
        let mut ahead = match &self.draft.install_url {
            Some(url) => vec![url.clone()],
            None => install_url_candidates(exploration.connect_url.as_deref(), &redirect_uri),
        };
        ahead.reverse();
        let mut tried = Vec::new();
        loop {
            let told = ahead.is_empty();
            let Some(url) = (if told { init_inputs::install_url(&self.prompt)? } else { ahead.pop() }) else {
                self.draft.install_url = None;
                let saw = match tried.as_slice() {
                    [] => "nothing says where an installation begins".to_owned(),
                    tried => format!("none of these led to Klaviyo: {}", tried.join(", ")),
                };
                let remedy = "name the one in the app's settings at Klaviyo: --install-url URL";
                return Ok(self.note(&[Finding::fails("install URL", Blame::Configuration, saw, remedy)]));
            };
            self.draft.install_url = Some(url.clone());
            let mut installed = self.watch_install(scene).await?;
            if installed.stopped_at_tenant {
                self.learn_tenants(0, &installed)?;
                installed = self.watch_install(scene).await?;
            }
            if let (None, Some(asked)) = (&self.draft.redirect_uri, &installed.request) {
                // Nothing in the app had led to Klaviyo before.
                self.draft.learn_from_request(asked);
                installed = self.watch_install(scene).await?;
            }
            if installed.is_not_shown() && said_settings.is_none() {
                // The page that connects need not be the one that shows it: it is looked for, as it will be in each scenario.
                let beside = self.draft.settings.take();
                let found = self.watch_install(scene).await?;
                if found.is_not_shown() {
                    self.draft.settings = beside;
                } else {
                    installed = found;
                }
            }
            if installed.led || said || told {
                let noted = self.note(&installed.findings);
                self.draft.learn_from_installation(0, &installed);
                if noted.is_err() {
                    return Ok(noted);
                }
                break;
            }
            tried.push(url);
        }
        if scene == Scene::GoToConsent {
            let why = "flowcheck did not start the app, so its requests do not reach the fake Klaviyo: installing was followed only as far as \
                       consent. With --start COMMAND it is followed to its end";
            let _ = self.note(&[Finding::unknown("installing", why)]);
        }
        Ok(Ok(()))
    }

    async fn watch_install(&self, scene: Scene) -> Result<Installation, CommandError> {
        let (outcome, described) = self.player.play(scene, self.described(Some(0))).await?;
        Ok(read_installation(&outcome, &described))
    }

    /// Adds the tenants that the app offered a user to the draft, or asks for them.
    fn learn_tenants(&mut self, user: usize, installed: &Installation) -> Result<(), CommandError> {
        self.draft.learn_from_installation(user, installed);
        let Some((tenancy, _)) = installed.tenants else { return Ok(()) };
        let Some(asked) = self.draft.users.get(user) else { return Ok(()) };
        let login = asked.login.clone();
        if asked.tenants.is_empty() {
            self.draft.users[user].tenants = init_inputs::tenants(&self.prompt, &login, tenancy)?;
        }
        let names: Vec<_> = self.draft.users[user].tenants.iter().map(|tenant| tenant.name.as_str()).collect();
        let finding = if names.is_empty() {
            let form = if tenancy == Tenancy::TextBox { "LOGIN=NAME=STORE-URL" } else { "LOGIN=NAME" };
            let saw = format!("the app asks {login} for a store (sub-account, workspace), and none is known");
            Finding::fails(
                "tenants",
                Blame::Configuration,
                saw,
                format!("name those that {login} has: --tenant {form}"),
            )
        } else {
            let saw = format!("{login} is asked for one of: {}", names.join(", "));
            Finding::holds("tenants", saw)
        };
        let _ = self.note(&[finding]);
        Ok(())
    }

    /// The app as it is described so far: with this user alone, or with none.
    fn described(&self, user: Option<usize>) -> Result<AppFile, Diagnostics> {
        match user.and_then(|user| self.draft.users.get(user)) {
            Some(user) => self.draft.app_for(user),
            None => self.draft.app(),
        }
    }

    /// Prints findings, and notes what they leave open. An error where one of them fails.
    fn note(&mut self, findings: &[Finding]) -> Result<(), InTheWay> {
        let mut noted = Ok(());
        for finding in findings {
            console::print_line(report::finding(finding, console::style(), console::width()).trim_end());
            if let State::Fails { blame, .. } = finding.state {
                self.blame.get_or_insert(blame);
                self.draft.gaps.extend(Gap::of(finding));
                noted = Err(InTheWay);
            }
        }
        noted
    }
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
    if !draft.gaps.is_empty() {
        lines.push("Not all could be found out: look for NOT FOUND OUT in it, and for QUESTION.".to_owned());
    }
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
