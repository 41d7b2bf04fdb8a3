//! The shelf of recorded evidence.

use std::fs;
use std::path::{Path, PathBuf};

use flowcheck::checklist::{Verdict, find};
use flowcheck::evidence::Evidence;

/// The folder of runs without a defect.
pub(crate) const HONEST: &str = "honest";

/// One recorded run of one scenario.
pub(crate) struct Recorded {
    /// The defect that was seeded, or [`HONEST`].
    pub(crate) defect: String,
    /// The scenario's id.
    pub(crate) scenario: String,
    /// What was seen.
    pub(crate) evidence: Evidence,
}

impl Recorded {
    /// What an item's judge says of it.
    pub(crate) fn verdict(&self, item: &str) -> Verdict {
        judge(item, &self.evidence)
    }
}

/// What an item's judge says of some evidence.
pub(crate) fn judge(item: &str, evidence: &Evidence) -> Verdict {
    (find(item).expect("the item is in the catalogue").judge)(evidence)
}

/// Everything on the shelf, by name.
pub(crate) fn recorded() -> Vec<Recorded> {
    let mut all = Vec::new();
    for defect in entries(&folder()).into_iter().filter(|path| path.is_dir()) {
        for file in entries(&defect) {
            let text = fs::read_to_string(&file).expect("a recording can be read");
            let evidence: Evidence =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            all.push(Recorded { defect: name(&defect), scenario: evidence.setup.scenario.id.clone(), evidence });
        }
    }
    assert!(!all.is_empty(), "nothing is recorded");
    all
}

/// The runs without a defect.
pub(crate) fn honest() -> Vec<Recorded> {
    recorded().into_iter().filter(|recorded| recorded.defect == HONEST).collect()
}

/// One recording.
pub(crate) fn one(defect: &str, scenario: &str) -> Evidence {
    let text = fs::read_to_string(file(defect, scenario)).expect("it is recorded");
    serde_json::from_str(&text).expect("it is evidence")
}

/// Where a recording stands.
pub(crate) fn file(defect: &str, scenario: &str) -> PathBuf {
    folder().join(defect).join(format!("{}.json", scenario.replace('/', "-")))
}

/// The shelf itself.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/evidence")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned()
}
