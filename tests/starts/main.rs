//! The first minutes with an app that nobody described: `flowcheck init`, `check` and `doctor` on each app of fixtures, and what `init` wrote
//! compared with the file that a person wrote for it.
//!
//! `cargo test --test starts` plays the few that CI plays; `make starts` plays all and writes docs/starts.md. One app:
//! `cargo test --test starts -- --include-ignored popup-connect`.

mod app;
mod compare;
#[path = "../apps/copy.rs"]
mod copy;
#[path = "../fixture_app/mod.rs"]
#[expect(dead_code, reason = "only the fixture app's program is needed here; the rest is for tests that run scenarios")]
mod fixture_app;
mod play;
mod results;
mod table;
#[path = "../apps/version.rs"]
mod version;

use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Arguments, Failed, Trial};

use app::App;
use table::Table;

/// One at a time: each has a browser, and is told how long it took.
static BROWSERS: Mutex<()> = Mutex::new(());

fn main() {
    let arguments = Arguments::from_args();
    let table = Table::read();
    let apps: Arc<[App]> = app::all(&table).into();
    let mut trials: Vec<Trial> = compare::TRIALS
        .iter()
        .map(|&(name, check)| {
            Trial::test(name, move || {
                check();
                Ok(())
            })
        })
        .collect();
    let unknown = table.unknown(&apps);
    trials.push(Trial::test("the table names apps that there are", move || {
        if unknown.is_empty() { Ok(()) } else { Err(unknown.join(", ").into()) }
    }));
    for index in 0..apps.len() {
        let all = Arc::clone(&apps);
        let trial = Trial::test(&apps[index].name, move || play_app(&all[index], &all));
        trials.push(trial.with_ignored_flag(!table.ci.contains(&apps[index].name)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn play_app(app: &App, all: &[App]) -> Result<(), Failed> {
    let played = {
        let _alone = BROWSERS.lock().unwrap_or_else(PoisonError::into_inner);
        play::play(app)?
    };
    if std::env::var_os("FLOWCHECK_WRITE").is_some() {
        results::keep(app, &played, all);
    }
    let wrong = played.wrong(app);
    // Last, where a log that was cut off still has it.
    if wrong.is_empty() { Ok(()) } else { Err(format!("{}\n{}", played.output, wrong.join("\n")).into()) }
}
