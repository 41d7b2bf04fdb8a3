//! What is special about an app, as `table.yaml` says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use crate::app::App;

/// All that it says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    /// Apps that CI plays.
    pub(crate) ci: BTreeSet<String>,
    /// Apps that cannot be described by what `init` sees, with the reason.
    pub(crate) left_out: BTreeMap<String, String>,
    /// What is right of an app where it is not what is right of most.
    pub(crate) special: BTreeMap<String, Special>,
}

/// What is right of an app.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Special {
    /// Why it is special.
    #[expect(dead_code, reason = "for people who read the file")]
    because: String,
    /// Whether the doctor is right to find something wrong.
    #[serde(default)]
    pub(crate) red: bool,
    /// Further arguments for `init`.
    #[serde(default)]
    pub(crate) arguments: Vec<String>,
    /// Further right entries, by field.
    #[serde(default)]
    pub(crate) also: BTreeMap<String, Vec<String>>,
}

impl Table {
    pub(crate) fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/starts/table.yaml");
        let text = std::fs::read_to_string(file).expect("tests/starts/table.yaml is there");
        serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("tests/starts/table.yaml: {error}"))
    }

    /// Names in it that no app has.
    pub(crate) fn unknown(&self, apps: &[App]) -> Vec<String> {
        let known = |name: &&String| apps.iter().any(|app| app.name == **name);
        let named = self.ci.iter().chain(self.special.keys()).filter(|name| !known(name));
        let folder = crate::copy::corpus();
        let left_out = self.left_out.keys().filter(|name| !name.contains('/') && !folder.join(name).exists());
        named.chain(left_out).cloned().collect()
    }
}
