//! The apps, each with the `flowcheck.yaml` that a person wrote for it.

use std::path::{Path, PathBuf};

use flowcheck::scenario::{AppFile, parse_app_with};

use crate::copy::{corpus, names};
use crate::fixture_app;
use crate::table::{Special, Table};

/// One app.
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) place: Place,
    /// The file that a person wrote for it.
    config: PathBuf,
    pub(crate) special: Special,
}

/// Where the app is.
pub(crate) enum Place {
    /// In the corpus, from where it is copied.
    Corpus,
    /// In this folder, where it is run.
    Folder(PathBuf),
}

/// Fixtures outside the corpus: name, folder, and file.
const OTHERS: [(&str, &str, &str); 7] = [
    ("node", "fixtures/node", "flowcheck.yaml"),
    ("python", "fixtures/python", "flowcheck.yaml"),
    ("django", "fixtures/django", "flowcheck.yaml"),
    ("partner", "fixtures/partner", "flowcheck.yaml"),
    ("partner/single-tenant", "fixtures/partner", "single-tenant.flowcheck.yaml"),
    ("partner/text-box", "fixtures/partner", "text-box.flowcheck.yaml"),
    ("partner/no-accounts", "fixtures/partner", "no-accounts.flowcheck.yaml"),
];

/// All that can be described by what is seen.
pub(crate) fn all(table: &Table) -> Vec<App> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let of_corpus = names(&corpus()).into_iter().filter(|name| corpus().join(name).join("flowcheck.yaml").exists());
    let of_corpus = of_corpus.filter(|name| !table.left_out.contains_key(name)).map(|name| {
        let config = corpus().join(&name).join("flowcheck.yaml");
        (name, Place::Corpus, config)
    });
    let others = OTHERS.iter().map(|&(name, folder, file)| {
        let folder = root.join(folder);
        let config = folder.join(file);
        (name.to_owned(), Place::Folder(folder), config)
    });
    let special = |name: &str| table.special.get(name).cloned().unwrap_or_default();
    of_corpus.chain(others).map(|(name, place, config)| App { special: special(&name), name, place, config }).collect()
}

impl App {
    /// The file that a person wrote for it.
    pub(crate) fn described(&self) -> AppFile {
        let text = std::fs::read_to_string(&self.config).expect("the file is there");
        let variable = |name: &str| (name == "PARTNER").then(|| fixture_app::program().display().to_string());
        parse_app_with("flowcheck.yaml", &text, &variable)
            .unwrap_or_else(|mistakes| panic!("{}: {}", self.name, mistakes.render(false)))
    }
}
