//! What was found: expected, seen, and whose fault the difference is.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::incident_id::IncidentId;
use super::statement::{Statement, Statements};

/// What was expected, what was seen, and whose fault the difference is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredFinding", into = "StoredFinding")]
pub struct Finding {
    /// What should have been seen.
    pub expected: Statement,
    /// What was seen.
    pub saw: Statement,
    /// The hops that show it, in order.
    pub hops: Vec<HopLine>,
    /// One likely cause, where there is a telling one.
    pub likely: Option<Statement>,
    /// What to do about it.
    pub remedy: Option<Statement>,
    /// Whose fault it is.
    pub blame: Blame,
    /// The entry of the timeline to look at first.
    pub at: Option<u32>,
    /// The incident of the app that explains it, where one does.
    pub incident: Option<Box<IncidentId>>,
}

/// A finding as runs are kept and reported: its words, and beside them what they are made of.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(description = "What was expected, what was seen, and whose fault the difference is.")]
struct StoredFinding {
    /// What should have been seen.
    expected: String,
    /// What was seen.
    saw: String,
    /// The hops that show it, in order.
    hops: Vec<HopLine>,
    /// One likely cause, where there is a telling one.
    likely: Option<String>,
    /// What to do about it.
    #[serde(default)]
    remedy: Option<String>,
    /// Whose fault it is.
    blame: Blame,
    /// The entry of the timeline to look at first.
    at: Option<u32>,
    /// The incident of the app that explains it, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    incident: Option<Box<IncidentId>>,
    /// What the words are made of, by the field that has them, where values stand in them.
    #[serde(default, skip_serializing_if = "Statements::is_empty")]
    statements: Statements,
}

impl From<Finding> for StoredFinding {
    fn from(finding: Finding) -> Self {
        let Finding { expected, saw, hops, likely, remedy, blame, at, incident } = finding;
        let mut statements = Statements::default();
        Self {
            expected: statements.keep("expected", expected),
            saw: statements.keep("saw", saw),
            hops,
            likely: likely.map(|likely| statements.keep("likely", likely)),
            remedy: remedy.map(|remedy| statements.keep("remedy", remedy)),
            blame,
            at,
            incident,
            statements,
        }
    }
}

impl From<StoredFinding> for Finding {
    fn from(stored: StoredFinding) -> Self {
        let StoredFinding { expected, saw, hops, likely, remedy, blame, at, incident, mut statements } = stored;
        Self {
            expected: statements.take("expected", expected),
            saw: statements.take("saw", saw),
            hops,
            likely: likely.map(|likely| statements.take("likely", likely)),
            remedy: remedy.map(|remedy| statements.take("remedy", remedy)),
            blame,
            at,
            incident,
        }
    }
}

impl JsonSchema for Finding {
    fn schema_name() -> Cow<'static, str> {
        "Finding".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        StoredFinding::json_schema(generator)
    }
}

/// Whose fault a failure is. Only [`Blame::App`] fails the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Blame {
    /// The app's.
    App,
    /// `flowcheck.yaml` or a scenario is wrong.
    Config,
    /// flowcheck, the driver or the browser is broken.
    Harness,
    /// The fake Klaviyo does not model what the app asked for.
    MockGap,
}

/// One hop as a failure lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HopLine {
    /// Status, where known.
    pub status: Option<u16>,
    /// Method and address, host left out where it is the app's own.
    pub what: String,
    /// Where it redirected to.
    pub to: Option<String>,
}

impl Blame {
    /// The word reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Config => "config",
            Self::Harness => "harness",
            Self::MockGap => "mock-gap",
        }
    }
}

impl Finding {
    /// A finding against the app.
    pub fn app(expected: impl Into<Statement>, saw: impl Into<Statement>) -> Self {
        Self {
            expected: expected.into(),
            saw: saw.into(),
            hops: Vec::new(),
            likely: None,
            remedy: None,
            blame: Blame::App,
            at: None,
            incident: None,
        }
    }

    /// With the hops that show it.
    pub fn hops(self, hops: Vec<HopLine>) -> Self {
        Self { hops, ..self }
    }

    /// With one likely cause.
    pub fn likely(self, cause: impl Into<Statement>) -> Self {
        Self { likely: Some(cause.into()), ..self }
    }

    /// With the entry to look at first.
    pub fn at(self, seq: u32) -> Self {
        Self { at: Some(seq), ..self }
    }

    /// With another one to blame.
    pub fn blame(self, blame: Blame) -> Self {
        Self { blame, ..self }
    }
}
