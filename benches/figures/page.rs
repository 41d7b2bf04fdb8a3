//! docs/performance.md, which has a section for each figure. What is measured is printed, and written there with its date
//! where `FLOWCHECK_WRITE` asks for it, as `make bench` does.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use time::OffsetDateTime;

/// What the figure that is being measured has told so far: what, and what was measured.
static TOLD: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// Tells one line of the figure that is being measured.
pub(crate) fn tell(what: impl Into<String>, measured: impl Into<String>) {
    let (what, measured) = (what.into(), measured.into());
    println!("  {what}: {measured}");
    TOLD.lock().unwrap_or_else(PoisonError::into_inner).push((what, measured));
}

/// Measures a figure, and writes its section.
pub(crate) fn section(figure: &str, measure: fn()) {
    println!("\n{figure}");
    let when = circumstances();
    measure();
    let told = std::mem::take(&mut *TOLD.lock().unwrap_or_else(PoisonError::into_inner));
    if std::env::var_os("FLOWCHECK_WRITE").is_some() {
        let page = std::fs::read_to_string(file()).expect("docs/performance.md is there");
        std::fs::write(file(), with(&page, figure, &table(&when, &told))).expect("it can be written");
    }
}

fn table(when: &str, told: &[(String, String)]) -> String {
    let rows: Vec<String> = told.iter().map(|(what, measured)| format!("| {what} | {measured} |\n")).collect();
    let rows = rows.concat();
    format!("\n{when}\n\n| what | measured |\n|---|---|\n{rows}\n")
}

/// The page with another text between a figure's marks.
fn with(page: &str, figure: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- {figure} -->\n"), format!("<!-- end of {figure} -->"));
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("docs/performance.md has no {begin}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("docs/performance.md has no {end}"));
    format!("{before}{begin}{text}{end}{after}")
}

/// The day, the machine, and how busy it was.
fn circumstances() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let model = read("/proc/cpuinfo")
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name.to_owned()));
    let load = read("/proc/loadavg").split(' ').next().map(str::to_owned).filter(|load| !load.is_empty());
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let (model, load) =
        (model.unwrap_or_else(|| "unknown kind".to_owned()), load.unwrap_or_else(|| "unknown".to_owned()));
    format!("{}, {cores} cores ({model}), load {load} before it began.", OffsetDateTime::now_utc().date())
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/performance.md")
}
