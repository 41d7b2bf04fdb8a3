//! `flowcheck init`: explores the app, and writes a first `flowcheck.yaml`.

use crate::cli::arguments::InitArguments;
use crate::cli::command_error::CommandError;
use crate::cli::commands::scene_player::ScenePlayer;
use crate::cli::terminal::{Prompt, console};
use crate::cli::{Exit, init_file, init_inputs};
use crate::doctor::{Blame, Finding, State, ports};
use crate::evidence::Tenancy;
use crate::init::{
    Draft, EnvFile, Exploration, Gap, Installation, Scene, WayToKlaviyo, install_url_candidates, read_exploration,
    read_installation, read_sign_up,
};
use crate::report;
use crate::scenario::{AppFile, Diagnostics};

/// Explores the app, and writes what was found out, whatever stood in the way: what is missing is a comment of the file.
pub(in crate::cli) async fn init(arguments: InitArguments) -> Result<Exit, CommandError> {
    let prompt = Prompt::new();
    let ended = |error: CommandError| error.consequence(init_file::untouched(&arguments));
    let (draft, env_file) = init_inputs::first_draft(&arguments, &prompt).map_err(ended)?;
    let player = ScenePlayer::new(&arguments)?;
    let mut exploring = Exploring { draft, env_file, player, prompt, blame: None };
    Box::pin(exploring.explore(&arguments)).await.map_err(ended)?;
    let Exploring { draft, blame, .. } = exploring;
    let draft = draft.as_far_as_valid();
    draft.app().map_err(|mistakes| {
        CommandError::from(mistakes).consequence("what was found makes no valid file; nothing was written")
    })?;
    for stays in draft.kept() {
        console::print_line(report::finding(&stays, console::style(), console::width()).trim_end());
    }
    init_file::write(&arguments.config, arguments.force || draft.on_file.is_some(), &draft.text())?;
    console::print_line(init_file::next_steps(&arguments, &draft));
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
        let Some(first) = Box::pin(self.look_around(arguments)).await? else { return Ok(()) };
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
        if self.install(&seen, said_settings.as_deref()).await?.is_err() {
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
            if matches!(exploration.findings[0].state, State::Fails { .. }) {
                let _ = self.note(&exploration.findings);
                return Ok(None);
            }
            if !exploration.asks_to_log_in && exploration.request.is_none() && self.draft.install_url.is_none() {
                // Nothing in it leads to Klaviyo or asks who somebody is: it may have no pages.
                self.draft.install_url = init_inputs::install_url(&self.prompt)?;
            }
            let visitor = Draft { nobody_logs_in: true, ..self.draft.clone() };
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
                    State::Holds(_) | State::Unknown(_) | State::NotApplicable(_) => None,
                });
                let seen = in_the_way.unwrap_or("nothing connects Klaviyo where nobody is logged in");
                let saw = exploration.login.as_ref().map_or_else(
                    || format!("nobody is logged in, and no user is known: {seen}"),
                    |login| format!("{login} asks people to log in, and no user is known"),
                );
                let remedy = if exploration.asks_to_log_in {
                    "name a user who has an account with the app: --login LOGIN, with the password in FLOWCHECK_PASSWORD; or \
                     --nobody-logs-in"
                } else {
                    "where nobody logs in to the app, name the URL that begins an installation: --install-url URL; else a user who has an \
                     account with it: --login LOGIN, with the password in FLOWCHECK_PASSWORD"
                };
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
        let mut exploration = read_exploration(&outcome, &described);
        let elsewhere = exploration.password_elsewhere.clone();
        if let Some(host) = elsewhere.filter(|host| !self.player.passwords_to.contains(host)) {
            let login = &self.draft.users[0].login;
            let question = format!(
                "The login form is at {host}, which is not the app's own host. Type the password of {login} there?"
            );
            if self.prompt.may(&question)? {
                self.player.passwords_to.push(host);
                let (outcome, described) = self.player.play(Scene::Explore, self.described(Some(0))).await?;
                exploration = read_exploration(&outcome, &described);
            }
        }
        while exploration.login_refused && exploration.password_elsewhere.is_none() {
            // A password is easily mistyped where nobody sees it.
            let login = &self.draft.users[0].login;
            let question =
                format!("The app did not accept the login of {login}. Its password once more (empty: go on without)");
            let Some(typed) = self.prompt.optional_secret(&question)? else { break };
            self.draft.users[0].password.value = typed;
            let (outcome, described) = self.player.play(Scene::Explore, self.described(Some(0))).await?;
            exploration = read_exploration(&outcome, &described);
        }
        let noted = self.note(&exploration.findings);
        self.draft.learn_from_exploration(&exploration);
        self.settle_client();
        // Who was logged in can install, though nothing that connects was found.
        let goes_on = noted.is_ok() || (exploration.home.is_some() && self.draft.install_url.is_some());
        Ok(goes_on.then_some(exploration))
    }

    /// Whether a visitor who never logged in comes to Klaviyo.
    async fn needs_no_login(&mut self, visitor: &Draft, seen: &Exploration) -> Result<bool, CommandError> {
        if seen.asks_to_log_in {
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

    /// What the app's request says of its `.env`: of several clients there, the one that the app sent to Klaviyo is Klaviyo's.
    fn settle_client(&mut self) {
        self.draft.scopes_variable = self.env_file.scopes_variable(&self.draft.scopes).map(str::to_owned);
        let Some(secret) = self.draft.client_id.as_deref().and_then(|id| self.env_file.secret_of(id)) else { return };
        if self.draft.client_secret.is_none() {
            self.draft.client_secret = Some(secret.clone());
        }
    }

    /// Follows an installation by the first user, from the URL that the listing would link to.
    async fn install(
        &mut self,
        seen: &[Exploration],
        said_settings: Option<&str>,
    ) -> Result<Result<(), InTheWay>, CommandError> {
        let scene = if self.draft.start.is_some() { Scene::Install } else { Scene::GoToConsent };
        let redirect_uri = self.draft.redirect_uri.clone().unwrap_or_default();
        let said = self.draft.install_url.is_some();
        let mut ahead = match &self.draft.install_url {
            Some(url) => vec![url.clone()],
            None => install_url_candidates(way_to_klaviyo(seen), &redirect_uri),
        };
        ahead.reverse();
        let (mut tried, mut by_detour) = (Vec::new(), None);
        loop {
            let detour = if ahead.is_empty() { by_detour.take() } else { None };
            let told = ahead.is_empty() && detour.is_none();
            let is_sure = said || told || detour.is_some();
            let next = if told { init_inputs::install_url(&self.prompt)? } else { detour.or_else(|| ahead.pop()) };
            let Some(url) = next else {
                self.draft.install_url = None;
                let saw = match tried.as_slice() {
                    [] => "nothing says where an installation begins".to_owned(),
                    tried => format!("none of these led to Klaviyo: {}", tried.join(", ")),
                };
                let remedy = "name the one in the app's settings at Klaviyo: --install-url URL";
                return Ok(self.note(&[Finding::fails("install URL", Blame::Configuration, saw, remedy)]));
            };
            self.draft.install_url = Some(url.clone());
            // A guess is followed no further than it takes to see whether it is right, unless it led to Klaviyo before.
            let whole = said || seen.first().is_some_and(|seen| seen.connect_url.as_ref() == Some(&url));
            let mut installed = self.watch_install(if whole { scene } else { Scene::GoToConsent }).await?;
            if !installed.led && !is_sure {
                if whole && installed.request.is_some() {
                    // The app's own control leads there, with a page in between: no guess is likelier.
                    ahead.clear();
                    by_detour = Some(url.clone());
                }
                tried.push(url);
                continue;
            }
            if !whole && scene != Scene::GoToConsent && !installed.stopped_at_tenant {
                installed = self.watch_install(scene).await?;
            }
            if installed.stopped_at_tenant {
                self.learn_tenants(0, &installed)?;
                installed = self.watch_install(scene).await?;
            }
            if let (None, Some(asked)) = (&self.draft.redirect_uri, &installed.request) {
                // Nothing in the app had led to Klaviyo before.
                self.draft.learn_from_request(asked);
                installed = self.watch_install(scene).await?;
            }
            let is_open = installed.is_not_shown() || self.draft.settings.is_none();
            if is_open && said_settings.is_none() && self.draft.no_page.is_none() {
                // The page that connects need not be the one that shows it: it is looked for, as it will be in each scenario.
                let beside = self.draft.settings.take();
                let found = if beside.is_some() { self.watch_install(scene).await? } else { installed.clone() };
                if !found.is_not_shown() {
                    self.draft.settings = page_of_its_own(&found, beside.as_deref(), &self.draft, seen);
                    installed = found;
                } else if self.draft.nobody_logs_in && found.completed && seen[0].connect.is_none() {
                    self.draft.no_page = Some(NO_PAGE.to_owned());
                    installed = self.watch_install(scene).await?;
                } else {
                    self.draft.settings = beside;
                }
            }
            let noted = self.note(&installed.findings);
            self.draft.learn_from_installation(0, &installed);
            if noted.is_err() {
                return Ok(noted);
            }
            break;
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

/// Why an app has no page that shows whether it is installed, where none was seen.
const NO_PAGE: &str = "the callback's answer is all that users see";

fn way_to_klaviyo(seen: &[Exploration]) -> WayToKlaviyo<'_> {
    let Some((first, others)) = seen.split_first() else { return WayToKlaviyo::default() };
    WayToKlaviyo {
        connect: first.connect_url.as_deref(),
        same_for_all: !others.is_empty() && others.iter().all(|other| other.connect_url == first.connect_url),
        led_from: first.led_from.as_deref(),
        links: &first.links,
    }
}

/// The page that showed the app as installed, where it is one that links lead to and no tenant's, and nothing on it had to be opened first.
fn page_of_its_own(found: &Installation, beside: Option<&str>, draft: &Draft, seen: &[Exploration]) -> Option<String> {
    let at = found.shown_at.as_deref()?;
    let others = [beside, draft.home.as_deref(), Some(draft.url.as_str())];
    let is_another = others.into_iter().flatten().all(|other| other.trim_end_matches('/') != at.trim_end_matches('/'));
    let is_linked = seen.iter().flat_map(|seen| &seen.links).any(|(_, link)| link == at);
    (is_another && is_linked && found.tenants.is_none()).then(|| at.to_owned())
}
