//! tests/starts/results.json: what came of each app when it was last played, and docs/starts.md made from it. Each result stands on its own,
//! with its day and the commit that was played, and is written as soon as its app has ended.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::play::Played;
use crate::table::Table;
use crate::version::{commit, day};

/// One play of one app.
#[derive(Deserialize, Serialize)]
struct Row {
    day: String,
    commit: String,
    init_seconds: u64,
    doctor_seconds: u64,
    check: i32,
    doctor: i32,
    #[serde(default)]
    failing: Vec<String>,
    #[serde(default)]
    open: Vec<String>,
    #[serde(default)]
    wrong: Vec<String>,
}

/// Held while the file is read and written.
static FILE: Mutex<()> = Mutex::new(());
/// Seconds that `init` may take.
const LONGEST: u64 = 60;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Keeps this result, and writes the page anew.
pub(crate) fn keep(app: &App, played: &Played, all: &[App]) {
    let _alone = FILE.lock().unwrap_or_else(PoisonError::into_inner);
    let path = file("tests/starts/results.json");
    let mut rows: BTreeMap<String, Row> = match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).expect("it is as it was written; remove it to begin anew"),
        Err(_) => BTreeMap::new(),
    };
    rows.retain(|name, _| all.iter().any(|app| app.name == *name));
    let row = Row {
        day: day(),
        commit: commit(&["docs/starts.md", "tests/starts/results.json"]),
        init_seconds: played.init_seconds,
        doctor_seconds: played.doctor_seconds,
        check: played.check,
        doctor: played.doctor,
        failing: played.failing.clone(),
        open: played.difference.open.clone(),
        wrong: played.difference.wrong.clone(),
    };
    rows.insert(app.name.clone(), row);
    let text = serde_json::to_string_pretty(&rows).expect("results are JSON") + "\n";
    std::fs::write(path, text).expect("tests/starts/results.json can be written");
    std::fs::write(file("docs/starts.md"), page(all, &rows)).expect("docs/starts.md can be written");
}

fn page(all: &[App], rows: &BTreeMap<String, Row>) -> String {
    let played: Vec<(&App, &Row)> = all.iter().filter_map(|app| Some((app, rows.get(&app.name)?))).collect();
    let count = |fits: &dyn Fn(&App, &Row) -> bool| played.iter().filter(|(app, row)| fits(app, row)).count();
    let sound = count(&|app, _| !app.special.red);
    let green = count(&|app, row| !app.special.red && row.check == 0 && row.doctor == 0);
    let mut page = format!(
        "<!-- Made by `make starts`. -->\n# Starts\n\n\
        `flowcheck init`, `check` and `doctor` on apps of [fixtures](../fixtures) that nobody described, as a partner would play them: told the\n\
        address, how the app is started, who has an account, and where its `.env` is. What `init` wrote is compared with the file that a\n\
        person wrote. `trigger` and `scopes_update` cannot be seen, and are left open for every app.\n\n\
        {} of {} apps played, each when its row says. Of {sound} for which it is right that the doctor is green, it is for {green};\n\
        {} took `init` more than {LONGEST} s; {} have a wrong entry.\n\n\
        | app | init | doctor | doctor's colour | left open | wrong entries | played |\n|---|---|---|---|---|---|---|\n",
        played.len(),
        all.len(),
        count(&|_, row| row.init_seconds > LONGEST),
        count(&|_, row| !row.wrong.is_empty()),
    );
    for app in all {
        let Some(row) = rows.get(&app.name) else {
            let _ = writeln!(page, "| {} | | | | | | not yet |", app.name);
            continue;
        };
        let colour = if row.doctor == 0 { "green".to_owned() } else { format!("red: {}", row.failing.join(", ")) };
        let as_it_should = if (row.doctor != 0) == app.special.red { "" } else { " (not as it should be)" };
        let wrong = row.wrong.join("; ").replace('|', "\\|").replace('\n', " ");
        let _ = writeln!(
            page,
            "| {} | {} s | {} s | {colour}{as_it_should} | {} | {wrong} | {}, {} |",
            app.name,
            row.init_seconds,
            row.doctor_seconds,
            row.open.join(", "),
            row.day,
            row.commit
        );
    }
    page.push_str("\n## Left out\n\n");
    for (name, why) in Table::read().left_out {
        let _ = writeln!(page, "- {name}: {why}");
    }
    page
}
