//! What `init` must be told, because exploring the app cannot show it: by flags, by the app's `.env`, or at a prompt.

use std::collections::BTreeMap;

use url::Url;

use super::arguments::InitArguments;
use super::command_error::CommandError;
use super::terminal::{MissingAnswer, Prompt};
use crate::evidence::{Tenancy, error_chain};
use crate::init::{Draft, DraftStart, DraftTenant, DraftUser, EnvFile, Variable};

/// The variable that holds a password, unless a flag names another.
const PASSWORD: &str = "FLOWCHECK_PASSWORD";
/// The variable that holds the client secret, unless the app has another name for it.
const SECRET: &str = "KLAVIYO_CLIENT_SECRET";

/// A draft with everything that must be known before the app is explored.
pub(super) fn first_draft(arguments: &InitArguments, prompt: &Prompt) -> Result<Draft, CommandError> {
    check_address("URL", &arguments.url)?;
    let addresses = [
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
        Some(file) => EnvFile::read(file).map_err(|error| CommandError::usage(error_chain(&error)))?,
        None => EnvFile::of_process(|name| std::env::var(name).ok()),
    };
    let start = start(arguments, prompt, &env_file)?;
    let client_secret = client_secret(arguments, prompt, &env_file, start.is_some())?;
    let client_id = arguments.client_id.clone().or(env_file.client_id.map(|variable| variable.value));
    let scopes = arguments.scopes.iter().flat_map(|scopes| scopes.split_whitespace()).map(str::to_owned).collect();
    Ok(Draft {
        name: arguments.name.clone().unwrap_or_default(),
        start,
        reach: arguments.reach.into(),
        client_id,
        client_secret,
        scopes,
        install_url: arguments.install_url.clone(),
        login: arguments.login_page.clone(),
        settings: arguments.settings.clone(),
        tenancy: arguments.tenancy.map(Tenancy::from),
        users: users(arguments, prompt)?,
        trigger: arguments.trigger.clone(),
        ..Draft::new(&arguments.url)
    })
}

/// The installation URL, asked for after every guess in `tried` was wrong.
pub(super) fn install_url(prompt: &Prompt, tried: &[String]) -> Result<String, CommandError> {
    let missing = MissingAnswer::new(
        format!("the installation URL was not found; tried {}", tried.join(", ")),
        "name the one in the app's settings at Klaviyo: --install-url URL",
    );
    let url = prompt.required_line("Installation URL, from the app's settings at Klaviyo", &missing)?;
    check_address("--install-url", &url)?;
    Ok(url)
}

/// Tenants of a user, where the app asks for one and its choices cannot be read.
pub(super) fn tenants(prompt: &Prompt, user: &str, tenancy: Tenancy) -> Result<Vec<DraftTenant>, CommandError> {
    let by_url = tenancy == Tenancy::TextBox;
    let form = if by_url { "LOGIN=NAME=STORE-URL" } else { "LOGIN=NAME" };
    let missing = MissingAnswer::new(
        format!("the app asks {user} for a store (sub-account, workspace)"),
        format!("name those that {user} has: --tenant {form}"),
    );
    let url = || by_url.then(|| prompt.required_line("Its store URL, as users type it", &missing)).transpose();
    let question = format!("The app asks for a store (sub-account, workspace). Name of one of {user}'s");
    let name = prompt.required_line(&question, &missing)?;
    let mut tenants = vec![DraftTenant { name, key: None, url: url()? }];
    while let Some(name) = prompt.optional_line("Name of another one (empty: there is none)")? {
        tenants.push(DraftTenant { name, key: None, url: url()? });
    }
    Ok(tenants)
}

fn start(arguments: &InitArguments, prompt: &Prompt, env_file: &EnvFile) -> Result<Option<DraftStart>, CommandError> {
    let command = match &arguments.start {
        Some(command) => Some(command.clone()),
        None => prompt.optional_line("Command with which flowcheck can start the app (empty: it is running)")?,
    };
    let Some(command) = command else { return Ok(None) };
    let mut env: BTreeMap<_, _> = arguments.env.iter().cloned().collect();
    if arguments.from_env.is_some() {
        // The app may rely on having them in its environment.
        if let Some(variable) = &env_file.client_id {
            env.entry(variable.name.clone()).or_insert_with(|| variable.value.replace('$', "$$"));
        }
        if let Some(variable) = &env_file.client_secret {
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
    if env_file.client_secret.is_some() || !is_started {
        return Ok(env_file.client_secret.clone());
    }
    let missing = MissingAnswer::new(
        "the client secret is not known",
        "name the app's .env: --from-env FILE; or the variable that holds it: --client-secret-env NAME",
    );
    let value = prompt.secret("The app's client secret (it is not written to the file)", &missing)?;
    Ok(Some(Variable { name: SECRET.to_owned(), value }))
}

fn users(arguments: &InitArguments, prompt: &Prompt) -> Result<Vec<DraftUser>, CommandError> {
    let mut users: Vec<DraftUser> = Vec::new();
    let missing = MissingAnswer::new(
        "no user of the app is known",
        "name one who has an account: --login LOGIN, with the password in the variable FLOWCHECK_PASSWORD or in another: \
         --password-env NAME",
    );
    let mut given = arguments.login.iter().cloned();
    loop {
        let login = match given.next() {
            Some(login) => login,
            None if users.is_empty() => {
                prompt.required_line("A user of the app: e-mail address or user name", &missing)?
            }
            None if arguments.login.is_empty() => {
                let question = "Another user, for scenarios with two users or several stores (empty: none)";
                match prompt.optional_line(question)? {
                    Some(login) => login,
                    None => break,
                }
            }
            None => break,
        };
        let password = password(arguments, prompt, users.len(), &login)?;
        let mut tenants = Vec::new();
        for (_, tenant) in arguments.tenant.iter().filter(|(owner, _)| *owner == login) {
            let (name, url) = tenant.split_once('=').map_or((tenant.as_str(), None), |(name, url)| (name, Some(url)));
            tenants.push(DraftTenant { name: name.to_owned(), key: None, url: url.map(str::to_owned) });
        }
        users.push(DraftUser { login, password, tenants });
    }
    match arguments.tenant.iter().find(|(owner, _)| !users.iter().any(|user| user.login == *owner)) {
        Some((owner, _)) => {
            Err(CommandError::usage(format!("--tenant names {owner}, and there is no --login {owner}")))
        }
        None => Ok(users),
    }
}

fn password(arguments: &InitArguments, prompt: &Prompt, index: usize, login: &str) -> Result<Variable, CommandError> {
    if let Some(name) = arguments.password_env.get(index).or(arguments.password_env.last()) {
        return environment_variable(name, "--password-env");
    }
    if let Ok(password) = environment_variable(PASSWORD, "") {
        return Ok(password);
    }
    let missing = MissingAnswer::new(
        format!("the password of {login} is not known"),
        "set FLOWCHECK_PASSWORD, or name another variable: --password-env NAME",
    );
    let value = prompt.secret(&format!("Password of {login} (it is not written to the file)"), &missing)?;
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
    let sample = address.replace("{port}", "1").replace("{tenant}", "tenant");
    if Url::parse(&sample).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
        return Ok(());
    }
    Err(CommandError::usage(format!("{what}: {address:?} is not a complete web address"))
        .remedy("write it with http:// or https:// and the host, as in http://localhost:3000"))
}
