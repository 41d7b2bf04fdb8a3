//! A `flowcheck.yaml` that `init` wrote before, read as the draft to go on from.

use std::collections::BTreeMap;

use super::app_folder::Variable;
use super::draft::{Draft, DraftStart, DraftTenant, DraftUser, OnFile};
use super::file::Outline;
use crate::doctor::NOT_KNOWN_YET;
use crate::evidence::ACCOUNTS_READ;
use crate::scenario::{Accounts, AppFile, AppUser, Diagnostics, parse_app_with};

/// What the first line of a file says that `init` wrote.
const WRITTEN: &str = "Written by `flowcheck init`";

/// A file that cannot be gone on from.
#[derive(Debug, thiserror::Error)]
pub enum ExistingError {
    /// A person wrote it.
    #[error("it was not written by init")]
    Another,
    /// The app lives in a host platform, which `init` does not look at.
    #[error("it describes an app that lives in a host platform, which init does not look at")]
    Embedded,
    /// It has mistakes.
    #[error("it has mistakes")]
    Mistakes(Diagnostics),
}

/// The draft that a file is, whose name and text these are; `variable` has the values of variables.
pub fn read_existing(
    file: &str,
    text: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Draft, ExistingError> {
    let app = parse_app_with(file, text, variable).map_err(ExistingError::Mistakes)?;
    if !text.lines().any(|line| line.starts_with('#') && line.contains(WRITTEN)) {
        return Err(ExistingError::Another);
    }
    if app.embedding().is_some() {
        return Err(ExistingError::Embedded);
    }
    let named: Vec<Variable> = variables_in(text)
        .into_iter()
        .filter_map(|name| Some(Variable { value: variable(name)?, name: name.to_owned() }))
        .collect();
    let mut draft = of_app(&app, &Outline::of(text), &named);
    let before = draft.rendered();
    draft.on_file = Some(OnFile { text: text.to_owned(), before, variables: named });
    Ok(draft)
}

/// The names of the variables that a text takes from the environment, each once.
pub(super) fn variables_in(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let mut names: Vec<&str> = Vec::new();
    for part in lines.flat_map(|line| line.split("${").skip(1)) {
        if let Some((name, _)) = part.split_once('}')
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

fn of_app(app: &AppFile, outline: &Outline<'_>, named: &[Variable]) -> Draft {
    let known = |text: &str| Some(text.to_owned()).filter(|text| !text.contains(NOT_KNOWN_YET));
    let secret = |value: &str, otherwise: &str| {
        let of_file = named.iter().find(|variable| variable.value == value).cloned();
        of_file.unwrap_or_else(|| Variable { name: otherwise.to_owned(), value: value.to_owned() })
    };
    let klaviyo = &app.klaviyo;
    let scopes: Vec<String> = klaviyo.scopes.iter().map(|scope| scope.value.clone()).collect();
    // The one that every app needs stands for scopes that are not known, while the question stands above it.
    let asks = outline.comments(&["klaviyo", "scopes"]).iter().any(|line| line.starts_with("QUESTION"));
    let unknown = asks && scopes == [ACCOUNTS_READ];
    let user = |user: &AppUser| DraftUser {
        login: user.login.clone(),
        password: secret(&user.password, "FLOWCHECK_PASSWORD"),
        tenants: user
            .tenants
            .iter()
            .map(|tenant| DraftTenant { name: tenant.name.clone(), key: tenant.key.clone(), url: tenant.url.clone() })
            .collect(),
    };
    Draft {
        name: app.name.clone(),
        // Its values may come from variables: they stay in the file, and are not written from here.
        start: app.start.as_ref().map(|start| DraftStart {
            command: start.command.value.clone(),
            folder: None,
            env: BTreeMap::new(),
            ready: None,
        }),
        reach: app.reach,
        client_id: known(&klaviyo.client_id),
        client_secret: known(&klaviyo.client_secret).map(|value| secret(&value, "KLAVIYO_CLIENT_SECRET")),
        scopes: if unknown { Vec::new() } else { scopes },
        scopes_copied: klaviyo.scopes_copied,
        redirect_uri: klaviyo.redirect_uris.first().and_then(|uri| known(&uri.value)),
        install_url: known(&klaviyo.install_url.value),
        login: app.pages.login.clone(),
        home: app.pages.home.clone(),
        settings: app.pages.settings.clone(),
        no_page: app.pages.none.clone(),
        tenancy: outline.has(&["tenancy"]).then_some(app.tenancy),
        sign_up: outline.has(&["sign_up"]).then_some(app.sign_up),
        users: app.users.iter().map(|spanned| user(&spanned.value)).collect(),
        nobody_logs_in: app.accounts == Accounts::Klaviyo,
        ..Draft::new(&app.url.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Tenancy;

    fn value(name: &str) -> Option<String> {
        matches!(name, "SECRET" | "PASSWORD").then(|| format!("{name}'s value"))
    }

    fn draft() -> Draft {
        let secret = |name: &str| Variable { name: name.to_owned(), value: format!("{name}'s value") };
        Draft {
            client_secret: Some(secret("SECRET")),
            users: vec![DraftUser { login: "ada".to_owned(), password: secret("PASSWORD"), tenants: Vec::new() }],
            ..Draft::new("http://localhost:{port}")
        }
    }

    #[test]
    fn what_init_wrote_is_read_as_what_it_knew() {
        let written = draft().text();
        let read = read_existing("flowcheck.yaml", &written, &value).expect("init wrote it");
        assert_eq!((read.client_id.as_deref(), read.install_url.as_deref(), read.tenancy), (None, None, None));
        assert!(read.scopes.is_empty(), "{:?}", read.scopes);
        assert_eq!(read.users[0].login, "ada");
        assert_eq!(read.client_secret.as_ref().map(|secret| secret.name.as_str()), Some("SECRET"));
        assert_eq!(read.text(), written, "nothing was learned");
    }

    #[test]
    fn what_was_learned_is_put_in_and_what_a_person_changed_stays() {
        let mine = draft().text().replace("name: The app", "name: Mine # by hand");
        let mine = mine.replace("  client_id: not-known-yet", "  client_id: my-own");
        let mut read = read_existing("flowcheck.yaml", &mine, &value).expect("init wrote it");
        read.install_url = Some("http://localhost:{port}/install".to_owned());
        read.client_id = Some("another".to_owned());
        read.tenancy = Some(Tenancy::Single);
        let text = read.text();
        assert!(text.contains("name: Mine # by hand\n") && text.contains("  client_id: my-own\n"), "{text}");
        assert!(text.contains("  install_url: http://localhost:{port}/install\n"), "{text}");
        assert!(text.contains("\ntenancy: single\n") && !text.contains("QUESTION: which URL"), "{text}");
        let app = read.app().unwrap_or_else(|mistakes| panic!("{}\n{text}", mistakes.render(false)));
        assert_eq!((app.klaviyo.client_id.as_str(), app.klaviyo.client_secret.as_str()), ("my-own", "SECRET's value"));
    }

    #[test]
    fn what_cannot_be_gone_on_from_is_refused() {
        let broken = draft().text().replace("\nurl:", "\nurll:");
        let Err(ExistingError::Mistakes(mistakes)) = read_existing("flowcheck.yaml", &broken, &value) else {
            panic!("it has a mistake");
        };
        assert!(mistakes.render(false).contains("urll"), "{}", mistakes.render(false));
        let own = draft().text().replace(WRITTEN, "Made by hand");
        assert!(matches!(read_existing("flowcheck.yaml", &own, &value), Err(ExistingError::Another)));
        assert!(matches!(read_existing("f", &draft().text(), &|_| None), Err(ExistingError::Mistakes(_))));
    }

    #[test]
    fn variables_are_those_that_no_comment_speaks_of() {
        assert_eq!(variables_in("a: ${A}\n# b: ${B}\nc: ${C} ${A}\n"), ["A", "C"]);
    }
}
