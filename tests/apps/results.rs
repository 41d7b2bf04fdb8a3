//! fixtures/apps/results.json: what flowcheck said of each shape when it was last played, and docs/corpus.md made from it.
//!
//! The whole corpus takes hours, so each result stands on its own, with its day and the commit that was played. `make apps` renews all,
//! `make apps SHAPES='…'` only those it names. A result is written as soon as its shape has ended: a run that is broken off loses none.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use flowcheck::checklist::catalogue;
use serde::{Deserialize, Serialize};

use crate::copy::corpus;
use crate::expected::Verdict;
use crate::shape::Shape;
use crate::version::{commit, day};
use crate::{Outcome, table};

/// All of them.
#[derive(Default, Deserialize, Serialize)]
pub(crate) struct Results {
    /// The items of the checklist when the file was written last.
    items: Vec<String>,
    /// What each shape came to, by its name.
    pub(crate) shapes: BTreeMap<String, Row>,
}

/// One play of one shape.
#[derive(Deserialize, Serialize)]
pub(crate) struct Row {
    pub(crate) day: String,
    /// The commit that was played; it ends in `-dirty` where files had changed since.
    pub(crate) commit: String,
    pub(crate) exit: i32,
    pub(crate) seconds: u64,
    /// The verdicts that are not right.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) wrong: BTreeMap<String, Verdict>,
    /// Items that the checklist had not got yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) lacks: Vec<String>,
    /// Items whose finding does not say what it should, or says what it should not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) wrong_words: Vec<String>,
}

/// Held while the file is read and written.
static FILE: Mutex<()> = Mutex::new(());

/// Keeps this outcome, and writes the page anew.
pub(crate) fn keep(outcome: &Outcome, shapes: &[impl AsRef<Shape>]) {
    let _alone = FILE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut results = read();
    let items: Vec<String> = catalogue().iter().map(|item| item.id.to_owned()).collect();
    let new: Vec<&String> = items.iter().filter(|item| !results.items.contains(item)).collect();
    for row in results.shapes.values_mut() {
        row.lacks.extend(new.iter().copied().cloned());
    }
    results.items = items;
    results.shapes.retain(|name, _| shapes.iter().any(|shape| shape.as_ref().name == *name));
    results.shapes.insert(outcome.shape.name.clone(), row(outcome));
    let text = serde_json::to_string_pretty(&results).expect("results are JSON") + "\n";
    std::fs::write(path(), text).expect("fixtures/apps/results.json can be written");
    table::write(shapes, &results.shapes);
}

/// What is kept; nothing where there is no file.
fn read() -> Results {
    let Ok(text) = std::fs::read_to_string(path()) else { return Results::default() };
    serde_json::from_str(&text).expect("fixtures/apps/results.json is as it was written; remove it to begin anew")
}

fn path() -> PathBuf {
    corpus().join("results.json")
}

fn row(outcome: &Outcome) -> Row {
    Row {
        day: day(),
        commit: commit(&["docs/corpus.md", "fixtures/apps/results.json"]),
        exit: outcome.played.exit,
        seconds: outcome.played.took.as_secs(),
        lacks: Vec::new(),
        wrong: outcome.wrong_verdicts().map(|(item, _, seen, _)| (item.to_owned(), seen)).collect(),
        wrong_words: outcome.wrong_words().map(|(item, _)| item).collect(),
    }
}
