//! One language's data file.

use std::collections::BTreeMap;

use super::Key;

/// The languages, each with its data file.
pub const LANGUAGES: &[(&str, &str)] = &[
    ("de", include_str!("../lexicon/de.yaml")),
    ("en", include_str!("../lexicon/en.yaml")),
    ("es", include_str!("../lexicon/es.yaml")),
    ("fr", include_str!("../lexicon/fr.yaml")),
    ("it", include_str!("../lexicon/it.yaml")),
    ("ja", include_str!("../lexicon/ja.yaml")),
    ("nl", include_str!("../lexicon/nl.yaml")),
    ("pt", include_str!("../lexicon/pt.yaml")),
];

/// One language's phrases: some for every key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language(BTreeMap<Key, Vec<String>>);

/// Why a data file is refused.
#[derive(Debug, thiserror::Error)]
pub enum LanguageError {
    /// It is not a mapping of keys to lists of phrases, or has a key twice, or one that is not known.
    #[error("not a mapping of keys to phrases: {0}")]
    Form(#[from] serde_yaml::Error),
    /// It does not answer a key.
    #[error("`{0}` is missing")]
    Missing(Key),
    /// It answers a key with an empty list.
    #[error("`{0}` is empty")]
    Empty(Key),
    /// A phrase could never be found, or is there twice.
    #[error("`{key}`: \"{phrase}\" {why}")]
    Phrase {
        /// The key it stands below.
        key: Key,
        /// The phrase as it is written.
        phrase: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl Language {
    /// Reads a data file.
    pub fn read(text: &str) -> Result<Self, LanguageError> {
        let lists: BTreeMap<Key, Vec<String>> = serde_yaml::from_str(text)?;
        for key in Key::ALL {
            let phrases = lists.get(key).ok_or(LanguageError::Missing(*key))?;
            if phrases.is_empty() && !key.may_be_empty() {
                return Err(LanguageError::Empty(*key));
            }
            for (at, phrase) in phrases.iter().enumerate() {
                let why = fault_of(phrase).or_else(|| phrases[..at].contains(phrase).then_some("is there twice"));
                if let Some(why) = why {
                    return Err(LanguageError::Phrase { key: *key, phrase: phrase.clone(), why });
                }
            }
        }
        Ok(Self(lists))
    }

    /// Its phrases for a key.
    pub fn phrases(&self, key: Key) -> &[String] {
        self.0.get(&key).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Why a phrase could never be found.
fn fault_of(phrase: &str) -> Option<&'static str> {
    let inner = phrase.strip_prefix('*').unwrap_or(phrase);
    let inner = inner.strip_suffix('*').unwrap_or(inner);
    if inner.trim().is_empty() || inner.trim() != inner {
        Some("is blank, or has blanks around it")
    } else if inner.contains('*') {
        Some("has a `*` in its middle")
    } else if inner != inner.to_lowercase() {
        Some("is not in lower case")
    } else if inner.contains('’') {
        Some("has a curly apostrophe: a straight one finds both")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(change: impl Fn(&str) -> String) -> Result<Language, LanguageError> {
        let english = LANGUAGES.iter().find(|(name, _)| *name == "en").unwrap().1;
        Language::read(&change(english))
    }

    #[test]
    fn each_language_answers_every_key() {
        for (name, text) in LANGUAGES {
            let language = Language::read(text).unwrap_or_else(|error| panic!("{name}.yaml: {error}"));
            assert!(Key::ALL.iter().any(|key| language.phrases(*key).len() > 3), "{name}");
        }
    }

    #[test]
    fn each_file_of_the_folder_is_a_language() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/lexicon")).unwrap();
        let mut files: Vec<String> =
            folder.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        files.sort();
        let known: Vec<String> = LANGUAGES.iter().map(|(name, _)| format!("{name}.yaml")).collect();
        assert_eq!(files, known);
    }

    #[test]
    fn a_file_that_lacks_a_key_or_has_another_is_refused() {
        let missing = file(|text| text.replace("sign-out: [log out", "# sign-out: [log out")).unwrap_err();
        assert_eq!(missing.to_string(), "`sign-out` is missing");
        let empty = file(|text| text.replace("add: [add]", "add: []")).unwrap_err();
        assert_eq!(empty.to_string(), "`add` is empty");
        assert!(matches!(file(|text| format!("{text}\nsign-off: [bye]\n")), Err(LanguageError::Form(_))));
        assert!(matches!(file(|text| format!("{text}\nadd: [plus]\n")), Err(LanguageError::Form(_))));
    }

    #[test]
    fn a_phrase_that_could_never_be_found_is_refused() {
        for (phrase, why) in [
            ("Add", "is not in lower case"),
            ("a*d", "has a `*` in its middle"),
            ("' add'", "is blank, or has blanks around it"),
            ("'*'", "is blank, or has blanks around it"),
            ("can’t", "has a curly apostrophe: a straight one finds both"),
            ("add, add", "is there twice"),
        ] {
            let error = file(|text| text.replace("add: [add]", &format!("add: [{phrase}]"))).unwrap_err();
            assert!(error.to_string().ends_with(why), "{phrase}: {error}");
        }
    }
}
