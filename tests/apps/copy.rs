//! Copies of the corpus's apps, each in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the corpus is.
pub(crate) fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/apps")
}

/// The names of what a folder holds, in order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Copies an app and what the corpus has in common; `prepare.sh` beside the app, if any, runs. Returns the app's folder.
pub(crate) fn copy(app: &str, to: &Path) -> std::io::Result<PathBuf> {
    let is_module = |name: &String| Path::new(name).extension().is_some_and(|ending| ending == "mjs");
    for file in names(&corpus()).into_iter().filter(is_module) {
        std::fs::copy(corpus().join(&file), to.join(&file))?;
    }
    let folder = to.join(app);
    std::fs::create_dir(&folder)?;
    for file in names(&corpus().join(app)) {
        std::fs::copy(corpus().join(app).join(&file), folder.join(&file))?;
    }
    if folder.join("prepare.sh").exists() {
        let prepared = Command::new("sh").arg("prepare.sh").current_dir(&folder).output()?;
        assert!(prepared.status.success(), "prepare.sh: {}", String::from_utf8_lossy(&prepared.stderr));
    }
    Ok(folder)
}
