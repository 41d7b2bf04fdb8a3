//! Interactive mode: the person at the terminal confirms each step (`--step`) or the closing of a scenario (`--keep-open`).

use std::io::{IsTerminal, stdin};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use tokio::sync::{Notify, mpsc};

use super::console::print_error_line;
use crate::cli::arguments::RunArguments;
use crate::cli::command_error::CommandError;
use crate::runner::{Answer, Interactive, Moment, Question, Stops};

/// The interactive mode that `--step` or `--keep-open` asks for; none without these flags. `quit` is notified when the person quits.
pub(in crate::cli) fn attend(
    arguments: &RunArguments,
    quit: &Arc<Notify>,
) -> Result<Option<Interactive>, CommandError> {
    let stops = Stops { steps: arguments.step, ends: arguments.keep_open };
    let flag = match stops {
        Stops { steps: true, .. } => "--step",
        Stops { ends: true, .. } => "--keep-open",
        Stops { .. } => return Ok(None),
    };
    if !stdin().is_terminal() {
        return Err(CommandError::usage(format!("{flag} waits for a key, and standard input is no terminal"))
            .remedy("leave it out; --slow-mo 300 slows a run down without waiting"));
    }
    let (interactive, questions) = Interactive::new(stops);
    let quit = Arc::clone(quit);
    // A thread of its own: only the program's end interrupts a blocking read of a line.
    thread::spawn(move || answer_questions(questions, &lines(), &quit, print_error_line));
    Ok(Some(interactive))
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

fn answer_questions(
    mut questions: mpsc::UnboundedReceiver<Question>,
    lines: &Receiver<String>,
    quit: &Notify,
    mut say: impl FnMut(String),
) {
    while let Some(Question { at, answer }) = questions.blocking_recv() {
        // Lines typed before the question are not answers to it; a line typed as soon as it is asked is.
        while lines.try_recv().is_ok() {}
        say(question_text(&at));
        let said = loop {
            let Ok(line) = lines.recv() else {
                // The terminal is gone, so no answer will come.
                quit.notify_one();
                return;
            };
            match (line.trim().to_ascii_lowercase().as_str(), &at) {
                ("", _) => break Answer::GoOn,
                ("r", Moment::Step { .. }) => break Answer::Unasked,
                ("q", _) => {
                    quit.notify_one();
                    // Dropping the answer would resume the run before it is told to end.
                    std::mem::forget(answer);
                    return;
                }
                (other, _) => say(format!("  \"{other}\" is no answer. {}", keys(&at))),
            }
        };
        // An error says that the run has ended meanwhile.
        let _ = answer.send(said);
    }
}

fn question_text(at: &Moment) -> String {
    match at {
        Moment::Step { scenario, number, of, title, page } => {
            let page = page.as_ref().map_or_else(String::new, |page| format!("\n  in front  {page}"));
            format!("\n{scenario}, step {number} of {of}{page}\n  next      {title}\n  {}", keys(at))
        }
        Moment::End { scenario, failed } => {
            let came = match failed {
                0 => "the last scenario has ended".to_owned(),
                1 => "1 item failed".to_owned(),
                count => format!("{count} items failed"),
            };
            format!("\n{scenario}: {came}. Browser, app and Klaviyo stay open.\n  {}", keys(at))
        }
    }
}

fn keys(at: &Moment) -> &'static str {
    match at {
        Moment::Step { .. } => "Enter: run this step · r: run the rest without asking · q: quit",
        Moment::End { .. } => "Enter: close them and continue · q: quit",
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[test]
    fn an_answer_typed_at_once_counts_and_one_typed_before_the_question_does_not() {
        let (asked, questions) = mpsc::unbounded_channel();
        let (answer, said) = oneshot::channel();
        let at = Moment::End { scenario: "install/signed-in".to_owned(), failed: 0 };
        asked.send(Question { at, answer }).expect("the receiver is alive");
        drop(asked);
        let (types, lines) = channel();
        types.send("q".to_owned()).expect("the receiver is alive");
        // Typed while it is being asked; nothing comes after that.
        let mut types = Some(types);
        answer_questions(questions, &lines, &Notify::new(), |_| {
            types.take().expect("it is asked once").send(String::new()).expect("the receiver is alive");
        });
        assert_eq!(said.blocking_recv(), Ok(Answer::GoOn));
    }

    #[test]
    fn a_step_is_announced_with_the_page_in_front_of_the_user() {
        let at = Moment::Step {
            scenario: "install/signed-in".to_owned(),
            number: 2,
            of: 4,
            title: "allow".to_owned(),
            page: Some("/oauth/authorize (\"Allow access\")".to_owned()),
        };
        let said = question_text(&at);
        assert!(said.contains("step 2 of 4") && said.contains("next      allow"), "{said}");
        assert!(said.contains("in front  /oauth/authorize") && said.contains("r: run the rest"), "{said}");
    }

    #[test]
    fn an_end_says_what_failed_and_that_all_stays_open() {
        let end = |failed| question_text(&Moment::End { scenario: "install/signed-in".to_owned(), failed });
        assert!(end(0).contains("the last scenario has ended"), "{}", end(0));
        assert!(end(1).contains("1 item failed.") && end(2).contains("2 items failed."), "{}", end(2));
        assert!(end(2).contains("stay open"), "{}", end(2));
    }
}
