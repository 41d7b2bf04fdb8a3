//! The checklist's scenarios against the honest fixture app, a trial for each: `cargo test --test conformance -- uninstall`.

mod harbour;
#[path = "conformance/time.rs"]
mod time;

use flowcheck::checklist::{Outcome, VerdictKind, add_up};
use flowcheck::report::{Style, terminal};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = harbour::scenarios()
        .into_iter()
        .map(|scenario| {
            let name = scenario.script.id.value.clone();
            Trial::test(name, move || {
                // Whichever of the app's ways to ask for a tenant the scenario is for.
                let file = if scenario.script.id.value.ends_with("text-box") {
                    "text-box.flowcheck.yaml"
                } else {
                    "flowcheck.yaml"
                };
                passes(&harbour::play(harbour::file(file), vec![scenario], 1))
            })
        })
        .collect();
    trials.push(Trial::test("scopes/forbidden, told by mail alone", told_by_mail_alone));
    trials.extend(time::trials());
    libtest_mimic::run(&arguments, trials).exit();
}

/// Every item passes; none is left to a person, none is left out.
fn passes(outcome: &Outcome) -> Result<(), Failed> {
    let items = add_up(outcome);
    if !items.is_empty() && items.iter().all(|item| item.verdict.kind() == VerdictKind::Pass) {
        Ok(())
    } else {
        Err(terminal(outcome, Style::Plain, 100, None).into())
    }
}

/// An app whose pages say nothing of permissions: the mail is what tells, and its link what leads on.
fn told_by_mail_alone() -> Result<(), Failed> {
    let mut file = harbour::file("flowcheck.yaml");
    let start = file.start.as_mut().expect("flowcheck starts it");
    start.env.insert("NOTICES".to_owned(), "mail".to_owned());
    let scenarios = harbour::scenarios();
    let forbidden = scenarios.into_iter().filter(|scenario| scenario.script.id.value == "scopes/forbidden");
    passes(&harbour::play(file, forbidden.collect(), 1))
}
