//! Plays `flowcheck init`, `check` and `doctor` on one app.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use flowcheck::scenario::{AppFile, parse_app_with};

use crate::app::{App, Place};
use crate::compare::{Difference, compare};
use crate::copy;

/// What came of it.
pub(crate) struct Played {
    /// Seconds that `init` took, and the doctor.
    pub(crate) init_seconds: u64,
    pub(crate) doctor_seconds: u64,
    pub(crate) check: i32,
    pub(crate) doctor: i32,
    /// The names of what the doctor marked ✗.
    pub(crate) failing: Vec<String>,
    pub(crate) difference: Difference,
    /// What the programs wrote, and the file.
    pub(crate) output: String,
}

impl Played {
    /// What is not as it should be.
    pub(crate) fn wrong(&self, app: &App) -> Vec<String> {
        let mut wrong: Vec<String> =
            self.difference.wrong.iter().map(|entry| format!("wrong entry: {entry}")).collect();
        if self.check != 0 {
            wrong.push(format!("flowcheck check ends with {}", self.check));
        }
        match (self.doctor, app.special.red) {
            (0, true) => wrong.push("flowcheck doctor finds nothing wrong".to_owned()),
            (1.., false) => {
                wrong.push(format!("flowcheck doctor ends with {}: {}", self.doctor, self.failing.join(", ")));
            }
            _ => {}
        }
        wrong
    }
}

pub(crate) fn play(app: &App) -> std::io::Result<Played> {
    let person = app.described();
    let temporary = tempfile::tempdir()?;
    let folder = match &app.place {
        Place::Corpus => {
            let folder = copy::copy(&app.name, temporary.path())?;
            for file in
                copy::names(&folder).iter().filter(|name| Path::new(name).extension().is_some_and(|end| end == "yaml"))
            {
                std::fs::remove_file(folder.join(file))?;
            }
            folder
        }
        Place::Folder(_) => temporary.path().to_owned(),
    };
    let registration = &person.klaviyo;
    let env =
        format!("KLAVIYO_CLIENT_ID={}\nKLAVIYO_CLIENT_SECRET={}\n", registration.client_id, registration.client_secret);
    std::fs::write(folder.join(".env"), env)?;
    let begun = Instant::now();
    let said_by_init = said(flowcheck(&folder, &person).args(arguments(app, &person)))?;
    let init_seconds = begun.elapsed().as_secs();
    let file = std::fs::read_to_string(folder.join("flowcheck.yaml")).unwrap_or_default();
    let check = said(flowcheck(&folder, &person).args(["check", "flowcheck.yaml"]))?;
    let begun = Instant::now();
    let doctor = said(flowcheck(&folder, &person).arg("doctor"))?;
    let doctor_seconds = begun.elapsed().as_secs();
    let written = parse_app_with("flowcheck.yaml", &file, &|name| value(&person, name));
    let difference = match written {
        Ok(written) => compare(&person, &written, &file, &app.special.also),
        Err(mistakes) => Difference { wrong: vec![mistakes.render(false)], open: Vec::new() },
    };
    let failing = doctor.1.lines().filter_map(|line| line.strip_prefix("✗ "));
    let failing = failing.map(|line| line.split("  ").next().unwrap_or_default().trim().to_owned()).collect();
    let output = [&said_by_init.1, &file, &check.1, &doctor.1].map(String::as_str).join("\n----\n");
    Ok(Played { init_seconds, doctor_seconds, check: check.0, doctor: doctor.0, failing, difference, output })
}

/// What a partner would say: how the app is started, who has an account, and where its `.env` is.
fn arguments(app: &App, person: &AppFile) -> Vec<String> {
    let mut arguments: Vec<String> =
        ["init", person.url.value.as_str(), "--from-env", ".env"].map(str::to_owned).into();
    let mut say = |flag: &str, value: String| arguments.extend([flag.to_owned(), value]);
    if let Some(start) = &person.start {
        say("--start", start.command.value.clone());
        let in_env = |name: &str| ["KLAVIYO_CLIENT_ID", "KLAVIYO_CLIENT_SECRET"].contains(&name);
        for (name, value) in start.env.iter().filter(|(name, _)| !in_env(name)) {
            say("--env", format!("{name}={value}"));
        }
        if let Some(ready) = &start.ready {
            say("--ready", ready.clone());
        }
    }
    if let Place::Folder(folder) = &app.place {
        say("--folder", folder.display().to_string());
    }
    if person.reach == flowcheck::evidence::Routing::Urls {
        say("--reach", "urls".to_owned());
    }
    for (index, user) in person.users.iter().map(|user| &user.value).enumerate() {
        say("--login", user.login.clone());
        say("--password-env", password_variable(index));
        // What users type can be seen nowhere.
        if person.tenancy == flowcheck::evidence::Tenancy::TextBox {
            for tenant in &user.tenants {
                let url = tenant.url.as_deref().unwrap_or_default();
                say("--tenant", format!("{}={}={url}", user.login, tenant.name));
            }
        }
    }
    arguments.extend(app.special.arguments.iter().cloned());
    arguments
}

fn password_variable(user: usize) -> String {
    format!("PASSWORD_{user}")
}

/// The program in this folder, with the secrets in its environment.
fn flowcheck(folder: &Path, person: &AppFile) -> Command {
    let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_flowcheck")));
    command.current_dir(folder).stdin(Stdio::null()).env_remove("FLOWCHECK_CONFIG");
    command.env("KLAVIYO_CLIENT_SECRET", &person.klaviyo.client_secret);
    command.envs(person.users.iter().enumerate().map(|(index, user)| (password_variable(index), &user.value.password)));
    command
}

fn value(person: &AppFile, name: &str) -> Option<String> {
    if name == "KLAVIYO_CLIENT_SECRET" {
        return Some(person.klaviyo.client_secret.clone());
    }
    let mut users = person.users.iter().enumerate();
    users.find(|(index, _)| password_variable(*index) == name).map(|(_, user)| user.value.password.clone())
}

/// Runs it; its exit code, and what it printed.
fn said(command: &mut Command) -> std::io::Result<(i32, String)> {
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    Ok((output.status.code().unwrap_or(-1), text.into_owned()))
}
