//! The corpus: small apps, each of a shape that real apps have, with the right verdict on every item beside it (`fixtures/apps`).
//!
//! `cargo test --test apps` plays the part of it that CI plays; `make apps` plays all and writes docs/corpus.md. One shape:
//! `cargo test --test apps -- --include-ignored popup-connect`.

mod copy;
mod expected;
mod results;
mod score;
mod shape;
mod table;
mod version;

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use flowcheck::checklist::catalogue;
use libtest_mimic::{Arguments, Failed, Trial};

use expected::Verdict;
use score::{Score, score};
use shape::{Played, Shape};

/// One run at a time: each has two browsers, is told how long it took, and some items hang on what an app does within seconds.
static BROWSERS: Mutex<()> = Mutex::new(());

fn main() {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = score::TRIALS
        .iter()
        .map(|&(name, check)| {
            Trial::test(name, move || {
                check();
                Ok(())
            })
        })
        .collect();
    let (shapes, unreadable): (Vec<_>, Vec<_>) = shape::shapes().into_iter().partition(Result::is_ok);
    let unreadable: Vec<String> = unreadable.into_iter().filter_map(Result::err).collect();
    let shapes: Vec<Arc<Shape>> = shapes.into_iter().flatten().map(Arc::new).collect();
    let count = shapes.len();
    let in_ci = shapes.iter().filter(|shape| shape.expected.ci).count();
    let honest = shapes.iter().filter(|shape| shape.expected.honest).count();
    trials.push(Trial::test("the corpus can be read, a third is honest, a tenth runs in CI", move || {
        if !unreadable.is_empty() {
            return Err(unreadable.join("\n").into());
        }
        if honest * 3 < count || in_ci * 10 < count {
            return Err(format!("of {count} shapes {honest} are honest, {in_ci} run in CI").into());
        }
        Ok(())
    }));
    let all: Arc<[Arc<Shape>]> = shapes.into();
    for shape in all.iter().map(Arc::clone) {
        let (all, ci, name) = (Arc::clone(&all), shape.expected.ci, shape.name.clone());
        let trial = Trial::test(name, move || play(shape, &all));
        trials.push(trial.with_ignored_flag(!ci));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// Plays one shape, and compares every item with what is right.
fn play(shape: Arc<Shape>, all: &[Arc<Shape>]) -> Result<(), Failed> {
    if let Some(program) = shape.lacks() {
        println!("{}: not played, as this machine has no `{program}`", shape.name);
        return Ok(());
    }
    let played = {
        let _alone = BROWSERS.lock().unwrap_or_else(PoisonError::into_inner);
        shape.play()?
    };
    let outcome = Outcome { shape, played };
    if std::env::var_os("FLOWCHECK_WRITE").is_some() {
        results::keep(&outcome, all);
    }
    let wrong = outcome.wrong();
    // Last, where a log that was cut off still has it.
    if wrong.is_empty() { Ok(()) } else { Err(format!("{}\n{wrong}", outcome.played.output).into()) }
}

/// A shape with what flowcheck said of it.
pub(crate) struct Outcome {
    pub(crate) shape: Arc<Shape>,
    pub(crate) played: Played,
}

impl Outcome {
    /// The items whose verdict is not right: what is, what was seen, and what that is worth.
    pub(crate) fn wrong_verdicts(&self) -> impl Iterator<Item = (&'static str, Vec<Verdict>, Verdict, Score)> {
        catalogue().iter().filter_map(|item| {
            let (right, seen) = (self.shape.expected.of(item.id), self.played.verdict(item.id));
            let score = score(&right, seen);
            (score != Score::Right).then_some((item.id, right, seen, score))
        })
    }

    /// The items whose finding does not say what it should, or says what it should not, with what is wrong.
    pub(crate) fn wrong_words(&self) -> impl Iterator<Item = (String, String)> {
        let findings = &self.played.findings;
        let missing = self.shape.expected.says.iter().filter_map(|(item, words)| {
            let said = findings.get(item).map_or("", String::as_str);
            let wrong = format!("the finding does not say \"{words}\"");
            (!said.contains(words.as_str())).then(|| (item.clone(), wrong))
        });
        let too_many = self.shape.expected.never_says.iter().flat_map(move |words| {
            let saying = findings.iter().filter(move |(_, said)| said.contains(words.as_str()));
            saying.map(move |(item, _)| (item.clone(), format!("the finding says \"{words}\"")))
        });
        missing.chain(too_many)
    }

    /// What is not as it should be, a line each; empty where all is.
    fn wrong(&self) -> String {
        let mut wrong = String::new();
        let expected = &self.shape.expected;
        if self.played.exit != expected.exit {
            let _ = writeln!(wrong, "exit code: expected {}, seen {}", expected.exit, self.played.exit);
        }
        for (item, right, seen, score) in self.wrong_verdicts() {
            let right = right.iter().map(|verdict| verdict.name()).collect::<Vec<_>>().join(" or ");
            let _ = writeln!(wrong, "{item}: expected {right}, seen {} ({score:?})", seen.name());
        }
        for (item, said) in self.wrong_words() {
            let _ = writeln!(wrong, "{item}: {said}");
        }
        wrong
    }
}
