//! The table: one row a fault.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

/// Rows that there are at least, and how many of them CI plays: a third, as it has three minutes for them.
const LEAST: usize = 40;
const CI_PLAYS_ONE_OF: usize = 3;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) how: String,
    pub(crate) when: String,
    pub(crate) exit: OneOrMore<i32>,
    pub(crate) blame: OneOrMore<Blame>,
    #[serde(default)]
    pub(crate) says: Option<String>,
    #[serde(default)]
    pub(crate) ci: bool,
    #[serde(default)]
    pub(crate) why: Option<String>,
    #[serde(default)]
    pub(crate) open: Option<String>,
    #[serde(default)]
    pub(crate) fault: Option<Value>,
    #[serde(default)]
    pub(crate) host: Option<String>,
    #[serde(default)]
    pub(crate) app: Option<String>,
    #[serde(default)]
    pub(crate) browser: Option<String>,
    #[serde(default)]
    pub(crate) driver: Option<String>,
    #[serde(default)]
    pub(crate) flowcheck: Option<String>,
    #[serde(default)]
    pub(crate) arguments: Vec<String>,
    #[serde(default)]
    pub(crate) scenario: Option<String>,
}

/// Whose fault a run says it is.
#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Blame {
    App,
    Config,
    Harness,
    Nobody,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMore<T> {
    One(T),
    More(Vec<T>),
}

impl<T> OneOrMore<T> {
    pub(crate) fn all(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(more) => more,
        }
    }
}

impl Row {
    pub(crate) fn name(&self) -> String {
        format!("{} {} at {}", self.what, self.how, self.when)
    }
}

impl Blame {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Config => "config",
            Self::Harness => "harness",
            Self::Nobody => "nobody",
        }
    }
}

pub(crate) fn read() -> Vec<Row> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/blame/table.yaml");
    let text = std::fs::read_to_string(&file).expect("the table is there");
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("tests/blame/table.yaml: {error}"))
}

/// What is wrong with the table itself.
pub(crate) fn wrong(rows: &[std::sync::Arc<Row>]) -> Vec<String> {
    let mut wrong = Vec::new();
    let in_ci = rows.iter().filter(|row| row.ci).count();
    if rows.len() < LEAST || in_ci * CI_PLAYS_ONE_OF + CI_PLAYS_ONE_OF < rows.len() {
        wrong.push(format!("of {} rows CI plays {in_ci}", rows.len()));
    }
    let names: BTreeSet<String> = rows.iter().map(|row| row.name()).collect();
    if names.len() < rows.len() {
        wrong.push("two rows have the same name".to_owned());
    }
    for row in rows {
        if (row.exit.all().len() > 1 || row.blame.all().len() > 1) && row.why.is_none() && row.open.is_none() {
            wrong.push(format!("{}: more than one result is right, and it does not say why", row.name()));
        }
    }
    wrong
}
