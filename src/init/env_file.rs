//! The app's `.env`: its Klaviyo client, and the names under which the app reads it.

use std::path::Path;

use super::Variable;

/// An app's Klaviyo client according to its `.env`. Its debug output holds no secrets.
#[derive(Debug, Clone, Default)]
pub struct EnvFile {
    /// The client's id.
    pub client_id: Option<Variable>,
    /// The client's secret.
    pub client_secret: Option<Variable>,
}

/// A `.env` that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EnvFileError {
    /// It is not there, or may not be read.
    #[error("{file} cannot be read; name the app's .env, or leave --from-env out")]
    Unreadable {
        /// The file.
        file: String,
        /// The system's error.
        source: dotenvy::Error,
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

const IDS: [&str; 5] =
    ["KLAVIYO_CLIENT_ID", "KLAVIYO_OAUTH_CLIENT_ID", "KLAVIYO_APP_CLIENT_ID", "KLAVIYO_APP_ID", "KLAVIYO_ID"];
const SECRETS: [&str; 5] = [
    "KLAVIYO_CLIENT_SECRET",
    "KLAVIYO_OAUTH_CLIENT_SECRET",
    "KLAVIYO_APP_CLIENT_SECRET",
    "KLAVIYO_APP_SECRET",
    "KLAVIYO_SECRET",
];

impl EnvFile {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, EnvFileError> {
        let file = path.display().to_string();
        let pairs =
            dotenvy::from_path_iter(path).map_err(|source| EnvFileError::Unreadable { file: file.clone(), source })?;
        let mut found = Vec::new();
        for (index, pair) in pairs.enumerate() {
            let (name, value) = pair.map_err(|error| match error {
                dotenvy::Error::LineParse(..) => EnvFileError::NotPairs { file: file.clone(), line: index + 1 },
                source => EnvFileError::Unreadable { file: file.clone(), source },
            })?;
            found.push(Variable { name, value });
        }
        Ok(Self::of(&found))
    }

    /// Finds the client among variables.
    pub fn of(variables: &[Variable]) -> Self {
        Self { client_id: named(variables, &IDS), client_secret: named(variables, &SECRETS) }
    }

    /// Finds the client in this process's environment, under the usual names.
    pub fn of_process(variable: impl Fn(&str) -> Option<String>) -> Self {
        let all = IDS.iter().chain(&SECRETS);
        let set = all.filter_map(|name| Some(Variable { name: (*name).to_owned(), value: variable(name)? }));
        Self::of(&set.collect::<Vec<_>>())
    }
}

/// The variable with the most usual of these names, also with a prefix, which some frameworks require.
fn named(variables: &[Variable], names: &[&str]) -> Option<Variable> {
    let set = || variables.iter().filter(|variable| !variable.value.is_empty());
    let exactly = names.iter().find_map(|name| set().find(|variable| variable.name == *name));
    exactly.or_else(|| names.iter().find_map(|name| set().find(|variable| variable.name.ends_with(name)))).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<EnvFile, EnvFileError> {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let path = folder.path().join(".env");
        std::fs::write(&path, text).expect("the file can be written");
        EnvFile::read(&path)
    }

    #[test]
    fn the_client_is_found_under_its_usual_names_however_it_is_quoted() {
        let file = read("# comment\nexport APP_KLAVIYO_CLIENT_ID=\"the id\"\nKLAVIYO_APP_SECRET='s # 1'\nPORT=3000\n")
            .unwrap();
        let id = file.client_id.unwrap();
        assert_eq!((id.name.as_str(), id.value.as_str()), ("APP_KLAVIYO_CLIENT_ID", "the id"));
        assert_eq!(file.client_secret.unwrap().value, "s # 1");
        assert!(read("KLAVIYO_CLIENT_ID=\n").unwrap().client_id.is_none());
    }

    #[test]
    fn a_broken_line_is_named_and_not_shown() {
        let error = read("A=b\nKLAVIYO_CLIENT_SECRET 'hidden\n").unwrap_err().to_string();
        assert!(error.contains("line 2") && !error.contains("hidden"), "{error}");
    }

    #[test]
    fn a_secret_does_not_show() {
        let file = EnvFile::of(&[Variable { name: "KLAVIYO_CLIENT_SECRET".to_owned(), value: "hidden".to_owned() }]);
        assert!(!format!("{file:?}").contains("hidden"));
    }
}
