//! What was played, and when.

use std::path::Path;
use std::process::Command;

use time::OffsetDateTime;
use time::macros::format_description;

/// Today.
pub(crate) fn day() -> String {
    OffsetDateTime::now_utc().format(format_description!("[year]-[month]-[day]")).expect("a date")
}

/// The commit of this working copy; what only these files have changed does not count.
pub(crate) fn commit(besides: &[&str]) -> String {
    let git = |arguments: &[String]| {
        let output = Command::new("git").args(arguments).current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).output();
        output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
    };
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let mut status = words("status --porcelain --untracked-files=no --");
    status.extend(besides.iter().map(|file| format!(":!{file}")));
    let commit = git(&words("rev-parse --short=9 HEAD"));
    if git(&status).is_empty() { commit } else { commit + "-dirty" }
}
