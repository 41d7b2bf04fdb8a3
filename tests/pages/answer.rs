//! A page of the corpus with its right answer.

use std::path::{Path, PathBuf};

use flowcheck::evidence::{ErrorCause, PageKind};
use serde::Deserialize;

/// What stands in the comment on top of a page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    pub(crate) kind: PageKind,
    #[serde(default)]
    pub(crate) cause: Option<ErrorCause>,
    #[serde(default)]
    pub(crate) connect: Option<String>,
    #[serde(default)]
    pub(crate) disconnect: Option<String>,
    #[serde(default)]
    pub(crate) options: Vec<String>,
    #[serde(default)]
    pub(crate) banner: Option<String>,
    #[serde(default)]
    pub(crate) closes: Option<String>,
    #[serde(default)]
    pub(crate) speaks: Option<String>,
    #[serde(default)]
    pub(crate) by_option: Option<String>,
    #[serde(default)]
    pub(crate) message: Option<String>,
    #[serde(default)]
    pub(crate) choose: Option<String>,
    #[serde(default)]
    pub(crate) says: Option<String>,
    #[serde(default)]
    pub(crate) then: Option<PageKind>,
    #[serde(default)]
    pub(crate) status: Option<u16>,
    #[serde(rename = "language")]
    _language: String,
    #[serde(rename = "by")]
    _by: String,
    #[serde(default, rename = "why")]
    _why: Option<String>,
}

/// A page, its answer taken off.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// Folder and name: `written/devise-login-en`.
    pub(crate) name: String,
    pub(crate) html: String,
    pub(crate) answer: Answer,
}

impl Page {
    pub(crate) fn is_rendered(&self) -> bool {
        self.name.starts_with("rendered/")
    }
}

/// The whole corpus, by name.
pub(crate) fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> =
        ["written", "rendered"].iter().flat_map(|part| files(part)).map(|path| page(&path)).collect();
    pages.sort_by(|one, other| one.name.cmp(&other.name));
    pages
}

/// Documents that pages show in frames or lead to, by name.
pub(crate) fn frames() -> Vec<(String, String)> {
    files("written/frames").into_iter().map(|path| (stem(&path), text(&path))).collect()
}

fn files(part: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages").join(part);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries
        .map(|entry| entry.expect("the corpus can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "html"))
        .collect()
}

fn page(path: &Path) -> Page {
    let part = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let name = format!("{part}/{}", stem(path));
    let text = text(path);
    let (answer, html) = text
        .strip_prefix("<!--\n")
        .and_then(|rest| rest.split_once("-->\n"))
        .unwrap_or_else(|| panic!("{name} begins with no answer"));
    let answer = serde_yaml::from_str(answer).unwrap_or_else(|error| panic!("{name}: {error}"));
    Page { name, html: html.to_owned(), answer }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
