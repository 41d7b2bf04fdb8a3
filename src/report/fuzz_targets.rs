//! What `fuzz/` does with any bytes, and tests do with the seeds kept there.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::report::{Style, github, html, json, junit, markdown, tap, terminal};
use crate::results::read_run;

/// Columns of the terminal.
const WIDTH: usize = 80;

/// A `run.json`: what is written of the run reads back the same, judged again it can be reported in every format, the `JUnit` one is XML, and nothing
/// in a text commands a terminal or a CI runner.
///
/// # Panics
///
/// Where that is not so.
pub fn run_file(file: &[u8]) {
    let Ok(outcome) = read_run(&String::from_utf8_lossy(file)) else { return };
    let written = json(&outcome);
    let read = read_run(&written).expect("what was written can be read");
    assert_eq!(json(&read), written);
    for outcome in [read.clone(), read.judged_again()] {
        let text = terminal(&outcome, Style::Plain, WIDTH, None);
        assert!(!text.contains(|one: char| one.is_control() && one != '\n'), "{text:?}");
        for line in text.lines().chain(tap(&outcome).lines()) {
            assert!(!line.starts_with("::") && !line.starts_with("##["), "{line}");
        }
        let annotations = github(&outcome);
        assert!(
            annotations
                .lines()
                .all(|line| ["::error ", "::warning ", "::notice "].iter().any(|start| line.starts_with(start))),
            "{annotations}"
        );
        let xml = junit(&outcome, None);
        let mut reader = Reader::from_str(&xml);
        while !matches!(reader.read_event().expect("XML"), Event::Eof) {}
        markdown(&outcome);
        html(&outcome, &|_| None);
    }
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/play_seeds.rs"));

    #[test]
    fn seeds_hold() {
        play_seeds("run_file", super::run_file);
    }
}
