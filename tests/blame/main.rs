//! Whose fault it is: faults of everything that takes part in a run, at each moment of it, with the exit code and the words that are right.
//!
//! `cargo test --test blame` plays the third of the table that CI plays; `make blame` plays all and writes docs/blame.md. One row:
//! `cargo test --test blame -- --include-ignored 'app hangs at login'`.

#[path = "../cli/processes.rs"]
#[expect(dead_code, reason = "only what is left of a run is looked for here")]
mod processes;

mod play;
mod results;
mod table;

use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Arguments, Failed, Trial};

use play::Played;
use table::Row;

fn main() {
    let arguments = Arguments::from_args();
    let rows: Vec<Arc<Row>> = table::read().into_iter().map(Arc::new).collect();
    let played = Arc::<Mutex<Vec<Option<Played>>>>::new(Mutex::new(rows.iter().map(|_| None).collect()));
    let mut trials: Vec<Trial> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let (row, played, ci) = (Arc::clone(row), Arc::clone(&played), row.ci);
            Trial::test(row.name(), move || play_row(&row, index, &played)).with_ignored_flag(!ci)
        })
        .collect();
    let all = rows.clone();
    trials.push(Trial::test("the table has what it should", move || {
        let wrong = table::wrong(&all);
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
    }));
    let conclusion = libtest_mimic::run(&arguments, trials);
    if std::env::var_os("FLOWCHECK_WRITE").is_some() {
        results::write(&rows, &played.lock().unwrap_or_else(PoisonError::into_inner));
    }
    conclusion.exit();
}

fn play_row(row: &Row, index: usize, all: &Mutex<Vec<Option<Played>>>) -> Result<(), Failed> {
    let played = play::play(row);
    let wrong = played.wrong(row);
    let told = format!("{}\n{wrong}", played.output);
    if let Some(place) = all.lock().unwrap_or_else(PoisonError::into_inner).get_mut(index) {
        *place = Some(played);
    }
    if wrong.is_empty() || row.open.is_some() { Ok(()) } else { Err(told.into()) }
}
