//! Texts as YAML scalars, on one line.

use std::fmt;

/// Words that YAML does not read as text.
const NO_TEXT: [&str; 8] = ["true", "false", "null", "yes", "no", "on", "off", "~"];

/// A text that displays as a YAML scalar: plain where that is safe, else in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::init) struct YamlScalar(String);

impl YamlScalar {
    /// A literal text: its dollar signs are escaped.
    pub(in crate::init) fn literally(text: &str) -> Self {
        Self(text.replace('$', "$$"))
    }

    /// A text in which `${NAME}` is a variable, as in `flowcheck.yaml`.
    pub(in crate::init) fn with_variables(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// A variable: `${NAME}`.
    pub(in crate::init) fn variable(name: &str) -> Self {
        Self(format!("${{{name}}}"))
    }
}

impl fmt::Display for YamlScalar {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.0;
        if text.chars().any(char::is_control) {
            // A JSON string is a YAML scalar.
            return write!(formatter, "{}", serde_json::Value::from(text.as_str()));
        }
        if is_plain(text) { formatter.write_str(text) } else { write!(formatter, "'{}'", text.replace('\'', "''")) }
    }
}

fn is_plain(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_alphabetic() || first == '/' || first == '$');
    let harmless = |letter: char| letter.is_alphanumeric() || " -_./:@+&?=%~,$!;'(){}".contains(letter);
    let opens_nothing = !text.contains(": ") && !text.ends_with([':', ' ']);
    begins && opens_nothing && text.chars().all(harmless) && !NO_TEXT.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_yaml_would_take_for_something_else_is_put_in_quotes() {
        let shown = |text: &str| YamlScalar::literally(text).to_string();
        assert_eq!(shown("http://localhost:{port}/a?b=c"), "http://localhost:{port}/a?b=c");
        assert_eq!(shown("Mira's Looms"), "Mira's Looms");
        assert_eq!(shown("3000"), "'3000'");
        assert_eq!(shown("Yes"), "'Yes'");
        assert_eq!(shown("{port}"), "'{port}'");
        assert_eq!(shown("it's: so"), "'it''s: so'");
        assert_eq!(shown("a #b"), "'a #b'");
        assert_eq!(shown("a\nb"), r#""a\nb""#);
        assert_eq!(shown("cost$"), "cost$$");
        assert_eq!(YamlScalar::variable("SECRET").to_string(), "${SECRET}");
    }
}
