//! Reading a run back from its `run.json`.

use serde::Deserialize;

use crate::checklist::Outcome;

/// A document that this version cannot read as a run.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// It is not JSON, or not a run.
    #[error("it is not the run.json of a run")]
    NotARun(#[source] serde_json::Error),
    /// It has another version of the format.
    #[error(
        "it has version {found} of the format, and this flowcheck reads version {}; run the scenarios again",
        Outcome::VERSION
    )]
    OtherVersion {
        /// The document's version.
        found: u32,
    },
}

/// The outcome that a `run.json` was made from.
pub fn read_run(text: &str) -> Result<Outcome, StoredError> {
    let Head { version } = serde_json::from_str(text).map_err(StoredError::NotARun)?;
    if version != Outcome::VERSION {
        return Err(StoredError::OtherVersion { found: version });
    }
    serde_json::from_str(text).map_err(StoredError::NotARun)
}

#[derive(Deserialize)]
struct Head {
    version: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_format_is_refused_by_its_number() {
        let error = read_run("{\"version\": 99}").unwrap_err();
        assert!(error.to_string().contains("version 99"), "{error}");
        assert!(matches!(read_run("{}"), Err(StoredError::NotARun(_))));
        assert!(matches!(read_run("not json"), Err(StoredError::NotARun(_))));
    }
}
