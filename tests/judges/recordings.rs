//! The recorded evidence under `fixtures/evidence`, read for tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use flowcheck::checklist::{self, ItemId, ScenarioEnd, Verdict, find};
use flowcheck::evidence::Evidence;
use flowcheck::scenario::Loaded;

use crate::fixture_app;

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
    /// Whether the scenario is there to judge an item.
    pub(crate) fn expects(&self, item: &str) -> bool {
        expects(&self.scenario).iter().any(|(id, _)| id.as_str() == item)
    }

    /// What an item's judge says of it.
    pub(crate) fn verdict(&self, item: &str) -> Verdict {
        // Beside the others: what keeps several from being judged fails the first of them.
        let among = self.verdicts().into_iter().find(|(id, _)| *id == item);
        among.map_or_else(|| judge(item, &self.evidence), |(_, verdict)| verdict)
    }

    /// What is said of each item that the scenario is there to judge.
    pub(crate) fn verdicts(&self) -> Vec<(&'static str, Verdict)> {
        let judged = checklist::judge(&expects(&self.scenario), &ScenarioEnd::Completed, Some(&self.evidence));
        judged.into_iter().filter_map(|one| Some((find(one.item.as_str())?.id, one.verdict))).collect()
    }
}

/// What is said of an item by some evidence of a scenario that went as far as it could.
pub(crate) fn judge(item: &str, evidence: &Evidence) -> Verdict {
    let expects = [(ItemId::from(item), 1)];
    checklist::judge(&expects, &ScenarioEnd::Completed, Some(evidence)).remove(0).verdict
}

/// The items that a built-in scenario is there to judge, as an outcome lists them.
pub(crate) fn expects(scenario: &str) -> Vec<(ItemId, u32)> {
    static SCENARIOS: OnceLock<Vec<Arc<Loaded>>> = OnceLock::new();
    let all = SCENARIOS.get_or_init(fixture_app::scenarios);
    let found = all.iter().find(|loaded| loaded.script.id.value == scenario).expect("the scenario is built in");
    found.script.expects.iter().map(|id| (ItemId::from(id.value.as_str()), id.line)).collect()
}

/// All recordings, by name.
pub(crate) fn recorded() -> Vec<Recorded> {
    let all = files().into_iter().map(|file| {
        let text = fs::read_to_string(&file).expect("a recording can be read");
        let evidence: Evidence =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let defect = name(file.parent().expect("it stands in a folder"));
        Recorded { defect, scenario: evidence.setup.scenario.id.clone(), evidence }
    });
    all.collect()
}

/// The files of all recordings.
pub(crate) fn files() -> Vec<PathBuf> {
    let all: Vec<PathBuf> =
        entries(&folder()).iter().filter(|path| path.is_dir()).flat_map(|folder| entries(folder)).collect();
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
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned()
}
