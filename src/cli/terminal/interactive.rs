//! Asking the person at the terminal before a run goes on: `--step` and `--keep-open`.

use std::io::{IsTerminal, stdin};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use tokio::sync::{Notify, mpsc};

use super::console::print_error_line;
use crate::cli::arguments::RunArguments;
use crate::runner::{Answer, Attendant, Moment, Question, Stops};

/// The attendant that was asked for; none where nothing waits for one. `quit` is told when they want no more. Why there can be none
/// comes back in words.
pub(in crate::cli) fn attend(arguments: &RunArguments, quit: &Arc<Notify>) -> Result<Option<Attendant>, String> {
    let stops = Stops { steps: arguments.step, ends: arguments.keep_open };
    let flag = match stops {
        Stops { steps: true, .. } => "--step",
        Stops { ends: true, .. } => "--keep-open",
        Stops { .. } => return Ok(None),
    };
    if !stdin().is_terminal() {
        return Err(format!(
            "{flag} waits for a key, and standard input is no terminal\nleave it out; --slow-mo 300 slows a run down without waiting"
        ));
    }
    let (attendant, questions) = Attendant::new(stops);
    let quit = Arc::clone(quit);
    // A thread of its own: nothing can break off its waiting for a line but the program's end.
    thread::spawn(move || answer(questions, &lines(), &quit, print_error_line));
    Ok(Some(attendant))
}

/// Lines of the terminal.
fn lines() -> Receiver<String> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in stdin().lines() {
            if line.is_ok_and(|line| sender.send(line).is_err()) {
                break;
            }
        }
    });
    lines
}

fn answer(
    mut questions: mpsc::UnboundedReceiver<Question>,
    lines: &Receiver<String>,
    quit: &Notify,
    mut say: impl FnMut(String),
) {
    while let Some(Question { at, answer }) = questions.blocking_recv() {
        // What was typed before there was a question is no answer to it; what comes as soon as it is asked is one.
        while lines.try_recv().is_ok() {}
        say(words(&at));
        let said = loop {
            let Ok(line) = lines.recv() else {
                // The terminal has gone: nobody will ever answer.
                quit.notify_one();
                return;
            };
            match (line.trim().to_ascii_lowercase().as_str(), &at) {
                ("", _) => break Answer::GoOn,
                ("r", Moment::Step { .. }) => break Answer::Unasked,
                ("q", _) => {
                    quit.notify_one();
                    // Dropped, the answer would let the run go on before it hears of its end.
                    std::mem::forget(answer);
                    return;
                }
                (other, _) => say(format!("  \"{other}\" is no answer. {}", keys(&at))),
            }
        };
        // Nobody listens any more where the run was ended meanwhile.
        let _ = answer.send(said);
    }
}

fn words(at: &Moment) -> String {
    match at {
        Moment::Step { scenario, number, of, title, page } => {
            let page = page.as_ref().map_or_else(String::new, |page| format!("\n  in front  {page}"));
            format!("\n{scenario}, step {number} of {of}{page}\n  next      {title}\n  {}", keys(at))
        }
        Moment::End { scenario, failed } => {
            let came = match failed {
                0 => "the last scenario is over".to_owned(),
                1 => "1 item failed".to_owned(),
                count => format!("{count} items failed"),
            };
            format!("\n{scenario}: {came}. Browser, app and Klaviyo stay open.\n  {}", keys(at))
        }
    }
}

fn keys(at: &Moment) -> &'static str {
    match at {
        Moment::Step { .. } => "Enter: do it · r: do the rest without asking · q: quit",
        Moment::End { .. } => "Enter: close them and go on · q: quit",
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[test]
    fn who_answers_at_once_is_heard_and_what_was_typed_before_is_not() {
        let (asked, questions) = mpsc::unbounded_channel();
        let (answer, said) = oneshot::channel();
        let at = Moment::End { scenario: "install/signed-in".to_owned(), failed: 0 };
        asked.send(Question { at, answer }).expect("somebody listens");
        drop(asked);
        let (types, lines) = channel();
        types.send("q".to_owned()).expect("somebody reads");
        // Typed while it is being asked; nothing comes after that.
        let mut types = Some(types);
        super::answer(questions, &lines, &Notify::new(), |_| {
            types.take().expect("it is asked once").send(String::new()).expect("somebody reads");
        });
        assert_eq!(said.blocking_recv(), Ok(Answer::GoOn));
    }

    #[test]
    fn a_step_is_told_with_what_is_in_front_of_the_user() {
        let at = Moment::Step {
            scenario: "install/signed-in".to_owned(),
            number: 2,
            of: 4,
            title: "allow".to_owned(),
            page: Some("/oauth/authorize (\"Allow access\")".to_owned()),
        };
        let said = words(&at);
        assert!(said.contains("step 2 of 4") && said.contains("next      allow"), "{said}");
        assert!(said.contains("in front  /oauth/authorize") && said.contains("r: do the rest"), "{said}");
    }

    #[test]
    fn an_end_says_what_failed_and_that_all_stays_open() {
        let end = |failed| words(&Moment::End { scenario: "install/signed-in".to_owned(), failed });
        assert!(end(0).contains("the last scenario is over"), "{}", end(0));
        assert!(end(1).contains("1 item failed.") && end(2).contains("2 items failed."), "{}", end(2));
        assert!(end(2).contains("stay open"), "{}", end(2));
    }
}
