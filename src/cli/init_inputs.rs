//! What `init` must be told, because exploring the app cannot show it: by flags, by the app's `.env`, or at a prompt.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use url::Url;

use super::arguments::InitArguments;
use super::command_error::CommandError;
use super::init_file;
use super::terminal::{MissingAnswer, Prompt};
use crate::evidence::{Tenancy, error_chain};
use crate::init::{
    Draft, DraftStart, DraftTenant, DraftUser, EnvFile, EnvFileError, StartCommand, Variable, jobs, start_commands,
};

/// The variable that holds a password, unless a flag names another.
const PASSWORD: &str = "FLOWCHECK_PASSWORD";
/// The variable that holds the client secret, unless the app has another name for it.
const SECRET: &str = "KLAVIYO_CLIENT_SECRET";

/// What is known before the app is explored: its `.env`, and a draft of what was said, by flags or by the file that is there.
pub(super) fn first_draft(arguments: &InitArguments, prompt: &Prompt) -> Result<(Draft, EnvFile), CommandError> {
    let addresses = [
        ("URL", &arguments.url),
        ("--install-url", &arguments.install_url),
        ("--login-page", &arguments.login_page),
        ("--settings", &arguments.settings),
        ("--ready", &arguments.ready),
        ("--trigger", &arguments.trigger),
    ];
    for (flag, address) in addresses {
        address.as_ref().map_or(Ok(()), |address| check_address(flag, address))?;
    }
    let env_file = match &arguments.from_env {
        Some(file) => EnvFile::read(file).map_err(|error| {
            let remedy = match error {
                EnvFileError::Unreadable { .. } => {
                    "name the app's .env, as in --from-env ../.env, or leave --from-env out"
                }
                EnvFileError::NotPairs { .. } => {
                    "correct that line, as in NAME=VALUE; a value of several lines stands in quotes"
                }
            };
            CommandError::usage(error_chain(&error)).remedy(remedy)
        })?,
        None => EnvFile::of(of_this_process()),
    };
    let known = init_file::read(arguments, &env_file)?;
    let goes_on = known.is_some();
    let mut draft = match (known, &arguments.url) {
        (Some(known), _) => known,
        (None, Some(url)) => Draft::new(url),
        (None, None) => {
            return Err(CommandError::usage("the app's address is not known")
                .remedy("give its base URL: flowcheck init http://localhost:3000"));
        }
    };
    take_flags(&mut draft, arguments);
    if draft.start.is_none() {
        draft.suggested = start_commands(config_folder(arguments));
        draft.start = start(arguments, prompt, &env_file, &draft.suggested, goes_on)?;
    }
    if draft.client_secret.is_none() {
        draft.client_secret = client_secret(arguments, prompt, &env_file, draft.start.is_some())?;
    }
    if draft.client_id.is_none() {
        draft.client_id = env_file.client_id().map(|variable| variable.value.clone());
    }
    draft.data_places = env_file.data_places();
    draft.jobs = jobs(&app_folder(arguments));
    let users = named_users(arguments, prompt, &draft.users)?;
    draft.users.extend(users);
    Ok((draft, env_file))
}

/// The folder of the file that is written.
fn config_folder(arguments: &InitArguments) -> &Path {
    let folder = arguments.config.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// The folder that the app is started in.
fn app_folder(arguments: &InitArguments) -> PathBuf {
    config_folder(arguments).join(arguments.folder.as_deref().unwrap_or_default())
}

/// Takes what flags say into the draft. What its file says stays, and differing flags are told.
fn take_flags(draft: &mut Draft, arguments: &InitArguments) {
    let mut kept = Vec::new();
    if let Some(url) = arguments.url.as_ref().map(|url| url.trim_end_matches('/')).filter(|url| *url != draft.url) {
        kept.push(("url", draft.url.clone(), url.to_owned()));
    }
    for (what, known, said) in [
        ("client id", &mut draft.client_id, &arguments.client_id),
        ("install URL", &mut draft.install_url, &arguments.install_url),
        ("login page", &mut draft.login, &arguments.login_page),
        ("settings", &mut draft.settings, &arguments.settings),
        ("trigger", &mut draft.trigger, &arguments.trigger),
    ] {
        let Some(said) = said else { continue };
        match known {
            Some(known) if known != said => kept.push((what, known.clone(), said.clone())),
            Some(_) => {}
            None => *known = Some(said.clone()),
        }
    }
    if let (Some(start), Some(said)) = (&draft.start, &arguments.start)
        && start.command != *said
    {
        kept.push(("start", start.command.clone(), said.clone()));
    }
    draft.kept.extend(kept.into_iter().map(|(what, known, said)| {
        (
            what,
            format!("stays {known}, as the file says, and not {said}: change it there, or write a new file by --force"),
        )
    }));
    if draft.name.is_empty() {
        draft.name = arguments.name.clone().unwrap_or_default();
    }
    if draft.scopes.is_empty() {
        let scopes = arguments.scopes.iter().flat_map(|scopes| scopes.split_whitespace());
        draft.scopes = scopes.map(str::to_owned).collect();
    }
    if draft.on_file.is_none() {
        draft.reach = arguments.reach.into();
    }
    draft.tenancy = draft.tenancy.or(arguments.tenancy.map(Tenancy::from));
    draft.nobody_logs_in |= arguments.nobody_logs_in;
}

/// Variables of this process that name Klaviyo; another `CLIENT_ID` in it may be anybody's.
fn of_this_process() -> impl Iterator<Item = Variable> {
    let text = |name: std::ffi::OsString| name.into_string().ok();
    std::env::vars_os()
        .filter_map(move |(name, value)| Some(Variable { name: text(name)?, value: text(value)? }))
        .filter(|variable| variable.name.to_uppercase().contains("KLAVIYO"))
}

/// The installation URL, asked for after every guess was wrong.
pub(super) fn install_url(prompt: &Prompt) -> Result<Option<String>, CommandError> {
    let question = "Installation URL, from the app's settings at Klaviyo (empty: it is not known)";
    let wrong = |text: &str| {
        (!is_address(text)).then(|| format!("{text} is not complete, as http://localhost:3000/install is"))
    };
    prompt.checked_line(question, wrong)
}

/// Tenants of a user, where the app asks for one and its choices cannot be read; none where nobody is there to ask.
pub(super) fn tenants(prompt: &Prompt, user: &str, tenancy: Tenancy) -> Result<Vec<DraftTenant>, CommandError> {
    let mut tenants = Vec::new();
    let mut question = format!("The app asks for a store (sub-account, workspace). Name of one of {user}'s");
    while let Some(name) = prompt.optional_line(&question)? {
        let url = match tenancy {
            Tenancy::TextBox => prompt.optional_line("Its store URL, as users type it")?,
            Tenancy::Single | Tenancy::DropDown => None,
        };
        tenants.push(DraftTenant { name, key: None, url });
        "Name of another one (empty: there is none)".clone_into(&mut question);
    }
    Ok(tenants)
}

/// How the app is started. A file that says nothing of it says that it is running, so nobody is asked again.
fn start(
    arguments: &InitArguments,
    prompt: &Prompt,
    env_file: &EnvFile,
    suggested: &[StartCommand],
    goes_on: bool,
) -> Result<Option<DraftStart>, CommandError> {
    let question = "Command with which flowcheck can start the app (empty: it is running)";
    let command = match (&arguments.start, suggested.first()) {
        (Some(command), _) => Some(command.clone()),
        (None, _) if goes_on => None,
        (None, Some(found)) => {
            let question = format!("{question}; {} says", found.found_in);
            prompt.line_with(&question, &found.command)?
        }
        (None, None) => prompt.optional_line(question)?,
    };
    let Some(command) = command else { return Ok(None) };
    let mut env: BTreeMap<_, _> = arguments.env.iter().cloned().collect();
    if arguments.from_env.is_some() {
        // The app may rely on having them in its environment.
        if let Some(variable) = env_file.client_id() {
            env.entry(variable.name.clone()).or_insert_with(|| variable.value.replace('$', "$$"));
        }
        if let Some(variable) = env_file.client_secret() {
            env.entry(variable.name.clone()).or_insert_with(|| format!("${{{}}}", variable.name));
        }
    }
    Ok(Some(DraftStart { command, folder: arguments.folder.clone(), env, ready: arguments.ready.clone() }))
}

fn client_secret(
    arguments: &InitArguments,
    prompt: &Prompt,
    env_file: &EnvFile,
    is_started: bool,
) -> Result<Option<Variable>, CommandError> {
    if let Some(name) = &arguments.client_secret_env {
        return environment_variable(name, "--client-secret-env").map(Some);
    }
    if env_file.client_secret().is_some() || !is_started {
        return Ok(env_file.client_secret().cloned());
    }
    let value = prompt.optional_secret("The app's client secret (it is not written to the file; empty: not known)")?;
    Ok(value.map(|value| Variable { name: SECRET.to_owned(), value }))
}

/// The users that flags name beside those that are known.
fn named_users(
    arguments: &InitArguments,
    prompt: &Prompt,
    known: &[DraftUser],
) -> Result<Vec<DraftUser>, CommandError> {
    let mut users: Vec<DraftUser> = Vec::new();
    for (index, login) in arguments.login.iter().enumerate() {
        if !known.iter().any(|user| user.login == *login) {
            users.push(user(arguments, prompt, index, login)?);
        }
    }
    let is_named = |owner: &String| known.iter().chain(&users).any(|user| user.login == *owner);
    match arguments.tenant.iter().find(|(owner, _)| !is_named(owner)) {
        Some((owner, _)) => {
            Err(CommandError::usage(format!("--tenant names {owner}, and there is no --login {owner}")))
        }
        None => Ok(users),
    }
}

/// Users of an app that asks people to log in, where no flag named one; none where nobody is there to ask.
pub(super) fn users(arguments: &InitArguments, prompt: &Prompt) -> Result<Vec<DraftUser>, CommandError> {
    let mut users: Vec<DraftUser> = Vec::new();
    let mut question = "A user of the app: e-mail address or user name";
    while let Some(login) = prompt.optional_line(question)? {
        let user = user(arguments, prompt, users.len(), &login)?;
        users.push(user);
        question = "Another user, for scenarios with two users or several stores (empty: none)";
    }
    Ok(users)
}

fn user(arguments: &InitArguments, prompt: &Prompt, index: usize, login: &str) -> Result<DraftUser, CommandError> {
    let password = password(arguments, prompt, index, login)?;
    let mut tenants = Vec::new();
    for (_, tenant) in arguments.tenant.iter().filter(|(owner, _)| owner == login) {
        let (name, url) = tenant.split_once('=').map_or((tenant.as_str(), None), |(name, url)| (name, Some(url)));
        tenants.push(DraftTenant { name: name.to_owned(), key: None, url: url.map(str::to_owned) });
    }
    Ok(DraftUser { login: login.to_owned(), password, tenants })
}

fn password(arguments: &InitArguments, prompt: &Prompt, index: usize, login: &str) -> Result<Variable, CommandError> {
    if let Some(name) = arguments.password_env.get(index).or(arguments.password_env.last()) {
        let missing = |_| {
            CommandError::usage(format!("--password-env: there is no {name} in the environment")).remedy(format!(
                "set it: export {name}=…; to nothing where the app mails a link or a code instead of asking for a password"
            ))
        };
        return std::env::var(name).map(|value| Variable { name: name.clone(), value }).map_err(missing);
    }
    if let Ok(value) = std::env::var(PASSWORD) {
        return Ok(Variable { name: PASSWORD.to_owned(), value });
    }
    let missing = MissingAnswer::new(
        format!("the password of {login} is not known"),
        "set FLOWCHECK_PASSWORD, or name another variable: --password-env NAME; set it to nothing where the app mails a link or a code instead",
    );
    let question = format!("Password of {login} (it is not written to the file; empty: the app asks for none)");
    let value = prompt.secret(&question, &missing)?;
    let name = if index == 0 { PASSWORD.to_owned() } else { format!("{PASSWORD}_{}", index + 1) };
    Ok(Variable { name, value })
}

/// A variable of this process's environment, which `flag` named.
fn environment_variable(name: &str, flag: &str) -> Result<Variable, CommandError> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    let missing = || {
        CommandError::usage(format!("{flag}: there is no {name} in the environment"))
            .remedy(format!("set it: export {name}=…"))
    };
    Ok(Variable { name: name.to_owned(), value: value.ok_or_else(missing)? })
}

fn check_address(what: &str, address: &str) -> Result<(), CommandError> {
    if is_address(address) {
        return Ok(());
    }
    Err(CommandError::usage(format!("{what}: {address:?} is not a complete web address"))
        .remedy("write it with http:// or https:// and the host, as in http://localhost:3000"))
}

/// Whether it is a complete web address, placeholders and all.
fn is_address(text: &str) -> bool {
    let sample = text.replace("{port}", "1").replace("{tenant}", "tenant");
    Url::parse(&sample).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
