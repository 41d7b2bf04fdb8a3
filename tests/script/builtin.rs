//! The checklist's own scenarios.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use flowcheck::scenario::{builtin, parse_scenario};

#[test]
fn every_file_below_scenarios_is_built_in_and_no_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut on_disk = BTreeSet::new();
    let mut folders = vec![root.join("scenarios")];
    while let Some(folder) = folders.pop() {
        for path in files_of(&folder) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
                let file = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                on_disk.insert(file);
            }
        }
    }
    let built_in: BTreeSet<_> = builtin().iter().map(|scenario| scenario.file.to_owned()).collect();
    assert_eq!(built_in, on_disk, "src/scenario/builtin.rs has one line for each file");
    assert_eq!(built_in.len(), builtin().len(), "no file is built in twice");
}

#[test]
fn every_scenario_means_something_and_is_named_as_its_file() {
    for scenario in builtin() {
        let loaded = parse_scenario(scenario.file, scenario.source).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        assert_eq!(format!("scenarios/{}.yaml", loaded.script.id.value), scenario.file);
    }
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}
