//! The app's `.env`: its Klaviyo client, and the names under which the app reads it.

use std::path::Path;

use super::data_place::in_data;
use super::dotenv::{self, NotAPair};
use super::variable::Variable;

/// An app's Klaviyo client according to its `.env`. Its debug output holds no secrets.
#[derive(Debug, Clone, Default)]
pub struct EnvFile {
    /// All that it sets.
    set: Vec<Variable>,
    /// Variables that are a client's id by their names, the most usual first.
    ids: Vec<Candidate>,
    /// Those that are a client's secret.
    secrets: Vec<Candidate>,
}

/// A variable that may be the Klaviyo client's.
#[derive(Debug, Clone)]
struct Candidate {
    variable: Variable,
    owner: Owner,
    /// What its name has before `CLIENT_ID` and the like.
    whose: Vec<String>,
}

/// Whose client a variable is of, by its name; the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    /// It names Klaviyo.
    Klaviyo,
    /// It names nobody: `CLIENT_ID`, `OAUTH_CLIENT_ID`.
    Nobody,
    /// It names somebody else, or something: `GOOGLE_CLIENT_ID`, `APP_ID`.
    Other,
}

/// A `.env` that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EnvFileError {
    /// It is not there, or may not be read.
    #[error("{file} cannot be read")]
    Unreadable {
        /// The file.
        file: String,
        /// The system's error.
        source: std::io::Error,
    },
    /// A line of it is not NAME=VALUE. The line is not shown: it may be a secret's.
    #[error("line {line} of {file} is not NAME=VALUE")]
    NotPairs {
        /// The file.
        file: String,
        /// The line.
        line: usize,
    },
}

/// What a name has that says it is Klaviyo's.
const KLAVIYO: &str = "KLAVIYO";
/// What an end of a name begins with that says it is a client's, where it names nobody.
const CLIENT: &str = "CLIENT";
/// Ends of the names of ids, and of secrets.
const IDS: [&[&str]; 4] = [&["CLIENT", "ID"], &["CLIENTID"], &["APP", "ID"], &["KLAVIYO", "ID"]];
const SECRETS: [&[&str]; 4] = [&["CLIENT", "SECRET"], &["CLIENTSECRET"], &["APP", "SECRET"], &["KLAVIYO", "SECRET"]];
/// Words of a name that say nothing of whose client it is: frameworks want some of them.
const NEUTRAL: [&str; 10] = ["OAUTH", "OAUTH2", "API", "MY", "NEXT", "NUXT", "PUBLIC", "VITE", "REACT", "APP"];

impl EnvFile {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, EnvFileError> {
        let file = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|source| EnvFileError::Unreadable { file: file.clone(), source })?;
        let pairs = dotenv::read(&text).map_err(|NotAPair { line }| EnvFileError::NotPairs { file, line })?;
        Ok(Self::of(pairs.into_iter().map(|(name, value)| Variable { name, value })))
    }

    /// Finds the client among variables.
    pub fn of(variables: impl IntoIterator<Item = Variable>) -> Self {
        let set: Vec<Variable> = variables.into_iter().filter(|variable| !variable.value.is_empty()).collect();
        Self { ids: candidates(&set, &IDS), secrets: candidates(&set, &SECRETS), set }
    }

    /// The value that it sets a variable to.
    pub fn value(&self, name: &str) -> Option<String> {
        self.set.iter().find(|variable| variable.name == name).map(|variable| variable.value.clone())
    }

    /// The variable whose value is this list of scopes, with spaces or commas between them.
    pub fn scopes_variable(&self, scopes: &[String]) -> Option<&str> {
        let mut wanted: Vec<&str> = scopes.iter().map(String::as_str).collect();
        wanted.sort_unstable();
        let lists = |variable: &&Variable| {
            let mut words: Vec<&str> = variable.value.split([' ', ',']).filter(|word| !word.is_empty()).collect();
            words.sort_unstable();
            words == wanted
        };
        self.set.iter().find(lists).map(|variable| variable.name.as_str())
    }

    /// Variables that name a file or folder of the app's data, each with the same in `{data}`.
    pub fn data_places(&self) -> Vec<(String, String)> {
        let place = |variable: &Variable| Some((variable.name.clone(), in_data(&variable.name, &variable.value)?));
        self.set.iter().filter_map(place).collect()
    }

    /// The variable that is the client's id, by its name.
    pub fn client_id(&self) -> Option<&Variable> {
        by_name(&self.ids)
    }

    /// The variable that is the client's secret, by its name.
    pub fn client_secret(&self) -> Option<&Variable> {
        by_name(&self.secrets)
    }

    /// The secret that goes with the id that the app sent to Klaviyo: of several clients in a file, that one is Klaviyo's.
    pub fn secret_of(&self, client_id: &str) -> Option<&Variable> {
        let id = self.ids.iter().find(|id| id.variable.value == client_id)?;
        let same = self.secrets.iter().find(|secret| secret.whose == id.whose);
        same.map(|secret| &secret.variable).or_else(|| self.client_secret())
    }
}

/// The first whose name says that it is Klaviyo's, or does not say whose it is while no other does so either.
fn by_name(candidates: &[Candidate]) -> Option<&Variable> {
    let nobodys = candidates.iter().filter(|candidate| candidate.owner == Owner::Nobody).count();
    let first = candidates.first()?;
    (first.owner == Owner::Klaviyo || (first.owner == Owner::Nobody && nobodys == 1)).then_some(&first.variable)
}

/// The variables whose names end so, the surest first; among them those with the most usual ends, then the shortest names.
fn candidates(variables: &[Variable], ends: &[&[&str]]) -> Vec<Candidate> {
    let mut found: Vec<(usize, Candidate)> = variables
        .iter()
        .filter_map(|variable| {
            let name = variable.name.to_uppercase();
            let words: Vec<&str> = name.split(['_', '-', '.']).filter(|word| !word.is_empty()).collect();
            let place = ends.iter().position(|end| words.ends_with(end))?;
            // What says that it is Klaviyo's may be a part of the end.
            let end = ends[place].iter().filter(|word| **word != KLAVIYO).count();
            let whose = &words[..words.len() - end];
            let owner = if whose.contains(&KLAVIYO) {
                Owner::Klaviyo
            } else if ends[place][0].starts_with(CLIENT) && whose.iter().all(|word| NEUTRAL.contains(word)) {
                Owner::Nobody
            } else {
                Owner::Other
            };
            let whose = whose.iter().map(|word| (*word).to_owned()).collect();
            Some((place, Candidate { variable: variable.clone(), owner, whose }))
        })
        .collect();
    found.sort_by_key(|(place, candidate)| (candidate.owner, *place, candidate.variable.name.len()));
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> EnvFile {
        EnvFile::of(pairs.iter().map(|(name, value)| Variable { name: (*name).to_owned(), value: (*value).to_owned() }))
    }

    fn name(variable: Option<&Variable>) -> Option<&str> {
        variable.map(|variable| variable.name.as_str())
    }

    #[test]
    fn the_client_is_found_under_every_usual_name() {
        for (id, secret) in [
            ("KLAVIYO_CLIENT_ID", "KLAVIYO_CLIENT_SECRET"),
            ("KLAVIYO_OAUTH_CLIENT_ID", "KLAVIYO_OAUTH_CLIENT_SECRET"),
            ("KLAVIYO_DEV_APP_ID", "KLAVIYO_DEV_APP_SECRET"),
            ("KLAVIYO_ID", "KLAVIYO_SECRET"),
            ("APP_KLAVIYO_CLIENT_ID", "APP_KLAVIYO_CLIENT_SECRET"),
            ("klaviyo_client_id", "klaviyo_client_secret"),
            ("NEXT_PUBLIC_KLAVIYO_CLIENT_ID", "KLAVIYO_CLIENT_SECRET"),
            ("CLIENT_ID", "CLIENT_SECRET"),
            ("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"),
            ("oauth2_client_id", "oauth2_client_secret"),
            ("CLIENTID", "CLIENTSECRET"),
        ] {
            let file = of(&[("PORT", "3000"), ("SESSION_SECRET", "x"), (secret, "s"), (id, "i")]);
            assert_eq!((name(file.client_id()), name(file.client_secret())), (Some(id), Some(secret)));
        }
        assert_eq!(name(of(&[("KLAVIYO_CLIENT_ID", "")]).client_id()), None);
    }

    #[test]
    fn what_is_somebody_elses_is_never_taken_by_its_name() {
        for id in [
            "GOOGLE_CLIENT_ID",
            "SHOPIFY_APP_ID",
            "APP_ID",
            "AUTH0_CLIENT_ID",
            "KLAVIYO_ACCOUNT",
            "FACEBOOK_OAUTH_CLIENT_ID",
        ] {
            assert_eq!(name(of(&[(id, "i")]).client_id()), None, "{id}");
        }
        let file = of(&[("GOOGLE_CLIENT_ID", "g"), ("CLIENT_ID", "c"), ("KLAVIYO_APP_ID", "k")]);
        assert_eq!(name(file.client_id()), Some("KLAVIYO_APP_ID"));
        assert_eq!(name(of(&[("CLIENT_ID", "a"), ("OAUTH_CLIENT_ID", "b")]).client_id()), None, "it may be either");
    }

    #[test]
    fn of_several_clients_the_one_that_the_app_sent_is_klaviyos() {
        let file = of(&[
            ("SYNC_CLIENT_ID", "sync"),
            ("SYNC_CLIENT_SECRET", "sync's"),
            ("KLAVIYO_STAGING_CLIENT_ID", "staging"),
            ("KLAVIYO_STAGING_CLIENT_SECRET", "staging's"),
            ("KLAVIYO_CLIENT_ID", "live"),
            ("KLAVIYO_CLIENT_SECRET", "live's"),
        ]);
        for (sent, secret) in [
            ("sync", Some("SYNC_CLIENT_SECRET")),
            ("staging", Some("KLAVIYO_STAGING_CLIENT_SECRET")),
            ("live", Some("KLAVIYO_CLIENT_SECRET")),
            ("another", None),
        ] {
            assert_eq!(name(file.secret_of(sent)), secret, "{sent}");
        }
        assert_eq!(name(file.client_id()), Some("KLAVIYO_CLIENT_ID"));
    }

    #[test]
    fn a_broken_line_is_named_and_not_shown() {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let path = folder.path().join(".env");
        std::fs::write(&path, "# a comment\n\nA=b\nKLAVIYO_CLIENT_SECRET 'hidden\n").expect("the file can be written");
        let error = EnvFile::read(&path).unwrap_err().to_string();
        assert!(error.contains("line 4") && !error.contains("hidden"), "{error}");
    }

    #[test]
    fn the_variable_that_lists_the_scopes_is_known_by_its_value() {
        let file = of(&[("LEVEL", "read"), ("KLAVIYO_SCOPES", "events:write,accounts:read")]);
        let scopes = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(file.scopes_variable(&scopes(&["accounts:read", "events:write"])), Some("KLAVIYO_SCOPES"));
        assert_eq!(file.scopes_variable(&scopes(&["accounts:read"])), None);
        assert_eq!(file.scopes_variable(&[]), None);
    }

    #[test]
    fn a_secret_does_not_show() {
        assert!(!format!("{:?}", of(&[("KLAVIYO_CLIENT_SECRET", "hidden")])).contains("hidden"));
    }
}
