//! What kept a scenario from being played, in parts that each reader shows in its own way.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// What kept a scenario from being played, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// What is wrong.
    pub what: String,
    /// What to do about it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// The last lines that the app printed, where they may tell more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub output: Vec<String>,
}

impl Problem {
    /// A problem without a remedy.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: None, output: Vec::new() }
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn with_remedy(self, remedy: Option<impl Into<String>>) -> Self {
        Self { remedy: remedy.map(Into::into), ..self }
    }

    /// The same, with the last lines that the app printed.
    #[must_use]
    pub fn with_output(self, output: Vec<String>) -> Self {
        Self { output, ..self }
    }

    /// The same, each text changed.
    #[must_use]
    pub fn map(self, mut change: impl FnMut(String) -> String) -> Self {
        Self {
            what: change(self.what),
            remedy: self.remedy.map(&mut change),
            output: self.output.into_iter().map(change).collect(),
        }
    }
}

/// In paragraphs: what is wrong, what the app printed, what to do.
impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)?;
        for line in &self.output {
            write!(formatter, "\n  | {line}")?;
        }
        self.remedy.iter().try_for_each(|remedy| write!(formatter, "\n{remedy}"))
    }
}

impl<'de> Deserialize<'de> for Problem {
    /// Reads also the one text that earlier runs were kept with.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Kept {
            Text(String),
            Parts {
                what: String,
                remedy: Option<String>,
                #[serde(default)]
                output: Vec<String>,
            },
        }
        Ok(match Kept::deserialize(deserializer)? {
            Kept::Text(what) => Self::new(what),
            Kept::Parts { what, remedy, output } => Self { what, remedy, output },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ScenarioEnd;

    #[test]
    fn a_problem_is_kept_in_its_parts() {
        let whole =
            Problem::new("the app exited").with_remedy(Some("start it")).with_output(vec!["no port".to_owned()]);
        for problem in [Problem::new("lost"), whole] {
            let end = ScenarioEnd::Harness(problem);
            let text = serde_json::to_string(&end).expect("it serialises");
            assert_eq!(serde_json::from_str::<ScenarioEnd>(&text).expect("it reads back"), end, "{text}");
        }
    }

    #[test]
    fn the_one_text_of_earlier_runs_is_read_and_shown_as_it_was() {
        let text = r#"{"config":"no login form\nsay how it is found"}"#;
        let Ok(ScenarioEnd::Config(problem)) = serde_json::from_str(text) else { panic!("{text}") };
        assert_eq!(problem.to_string(), "no login form\nsay how it is found");
    }
}
