//! What a first `flowcheck.yaml` needs that looking at the app cannot tell: from flags, the app's `.env`, or the user.

use std::collections::BTreeMap;

use url::Url;

use super::Exit;
use super::arguments::InitArguments;
use super::terminal::{NoAnswer, Prompt};
use crate::evidence::{Tenancy, error_chain};
use crate::init::{Draft, DraftStart, DraftTenant, DraftUser, EnvFile, Variable};

/// Where a password is looked for, unless a flag says otherwise.
const PASSWORD: &str = "FLOWCHECK_PASSWORD";
/// Where a client secret is kept, unless the app has another name for it.
const SECRET: &str = "KLAVIYO_CLIENT_SECRET";

/// A draft with all that must be known before the app is looked at.
pub(super) fn first(arguments: &InitArguments, prompt: &Prompt) -> Result<Draft, NoAnswer> {
    is_address("URL", &arguments.url)?;
    let addresses = [
        ("--install-url", &arguments.install_url),
        ("--login-page", &arguments.login_page),
        ("--settings", &arguments.settings),
        ("--ready", &arguments.ready),
        ("--trigger", &arguments.trigger),
    ];
    for (flag, address) in addresses {
        address.as_ref().map_or(Ok(()), |address| is_address(flag, address))?;
    }
    let env_file = match &arguments.from_env {
        Some(file) => EnvFile::read(file).map_err(|error| (Exit::Usage, error_chain(&error)))?,
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

/// The installation URL, which only the user knows where no guess was right.
pub(super) fn install_url(prompt: &Prompt, tried: &[String]) -> Result<String, NoAnswer> {
    let missing = format!(
        "the installation URL was not found; tried {}\nname it as it stands in the app's settings at Klaviyo: --install-url URL",
        tried.join(", ")
    );
    let url = prompt.needed_line("Installation URL, as in the app's settings at Klaviyo", &missing)?;
    is_address("--install-url", &url)?;
    Ok(url)
}

/// Tenants of a user, where the app asks for one and what it offers cannot be read.
pub(super) fn tenants(prompt: &Prompt, user: &str, tenancy: Tenancy) -> Result<Vec<DraftTenant>, NoAnswer> {
    let by_url = tenancy == Tenancy::TextBox;
    let form = if by_url { "LOGIN=NAME=STORE-URL" } else { "LOGIN=NAME" };
    let missing = format!(
        "the app asks {user} for a store (sub-account, workspace)\nname those that {user} has: --tenant {form}"
    );
    let mut tenants = Vec::new();
    loop {
        let question = match tenants.len() {
            0 => format!("The app asks for a store (sub-account, workspace). Name of one of {user}'s"),
            _ => "Another one's name (empty: that is all)".to_owned(),
        };
        let Some(name) = prompt.line(&question, &missing)? else {
            if tenants.is_empty() {
                continue;
            }
            return Ok(tenants);
        };
        let url = if by_url { Some(prompt.needed_line("Its store URL, as users type it", &missing)?) } else { None };
        tenants.push(DraftTenant { name, key: None, url });
    }
}

fn start(arguments: &InitArguments, prompt: &Prompt, env_file: &EnvFile) -> Result<Option<DraftStart>, NoAnswer> {
    let command = match &arguments.start {
        Some(command) => Some(command.clone()),
        None if prompt.can_ask() => {
            prompt.line("Command that starts the app, so that flowcheck can (empty: it runs already)", "")?
        }
        None => None,
    };
    let Some(command) = command else { return Ok(None) };
    let mut env: BTreeMap<_, _> = arguments.env.iter().cloned().collect();
    if arguments.from_env.is_some() {
        // The app may count on having them set.
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
) -> Result<Option<Variable>, NoAnswer> {
    if let Some(name) = &arguments.client_secret_env {
        return set(name, "--client-secret-env").map(Some);
    }
    if env_file.client_secret.is_some() || !is_started {
        return Ok(env_file.client_secret.clone());
    }
    let missing = "the client secret is not known\nname the app's .env: --from-env FILE; or the variable that holds it: \
                   --client-secret-env NAME";
    let value = prompt.secret("The app's client secret (kept out of the file)", missing)?;
    Ok(Some(Variable { name: SECRET.to_owned(), value }))
}

fn users(arguments: &InitArguments, prompt: &Prompt) -> Result<Vec<DraftUser>, NoAnswer> {
    let mut users: Vec<DraftUser> = Vec::new();
    let missing = "no user of the app is known\nname one who has an account: --login LOGIN, with the password in the variable \
                   FLOWCHECK_PASSWORD or another: --password-env NAME";
    let mut given = arguments.login.iter().cloned();
    loop {
        let login = match given.next() {
            Some(login) => login,
            None if users.is_empty() => {
                prompt.needed_line("A user of the app: e-mail address or user name", missing)?
            }
            None if prompt.can_ask() && arguments.login.is_empty() => {
                let question = "Another user: for scenarios with two, or with several stores (empty: no more)";
                match prompt.line(question, "")? {
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
        Some((owner, _)) => Err((Exit::Usage, format!("--tenant names {owner}, and there is no --login {owner}"))),
        None => Ok(users),
    }
}

fn password(arguments: &InitArguments, prompt: &Prompt, index: usize, login: &str) -> Result<Variable, NoAnswer> {
    if let Some(name) = arguments.password_env.get(index).or(arguments.password_env.last()) {
        return set(name, "--password-env");
    }
    if let Ok(password) = set(PASSWORD, "") {
        return Ok(password);
    }
    let missing = format!(
        "the password of {login} is not known\nset FLOWCHECK_PASSWORD, or name another variable: --password-env NAME"
    );
    let value = prompt.secret(&format!("Password of {login} (kept out of the file)"), &missing)?;
    let name = if index == 0 { PASSWORD.to_owned() } else { format!("{PASSWORD}_{}", index + 1) };
    Ok(Variable { name, value })
}

/// A variable of this process's environment.
fn set(name: &str, flag: &str) -> Result<Variable, NoAnswer> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    let missing = || (Exit::Usage, format!("{flag}: there is no {name} in the environment\nset it: export {name}=…"));
    Ok(Variable { name: name.to_owned(), value: value.ok_or_else(missing)? })
}

fn is_address(what: &str, address: &str) -> Result<(), NoAnswer> {
    let sample = address.replace("{port}", "1").replace("{tenant}", "tenant");
    let web = Url::parse(&sample).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if web {
        return Ok(());
    }
    let example = "write it with http:// or https:// and the host, as in http://localhost:3000";
    Err((Exit::Usage, format!("{what}: {address:?} is not a complete web address\n{example}")))
}
