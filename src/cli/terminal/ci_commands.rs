//! Keeps a CI runner from obeying text that the app chose.
//!
//! Runners read a job's output line by line, and take some of it for commands: GitHub `::error::` after blanks at a line's start and
//! `##[error]` anywhere, Azure Pipelines `##vso[…]`, `TeamCity` `##teamcity[…]`, GitLab and Travis their markers of sections. A page's title
//! reaches such a place by being wrapped. All that is printed passes through [`neutralized`], in CI and elsewhere: a container's output is
//! read by the runner too, without a variable that says so.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

/// What is printed: it decides what a character is replaced by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Form {
    /// Text for people: a blank parts a command, and U+FFFD stands for a control character.
    Text,
    /// A JSON document, whose strings keep their meaning: they are the only place where these characters occur.
    Json,
}

/// Letters of a command's name that are remembered.
const REMEMBERED: usize = 24;
/// Names that the next `:` makes a marker of, in lower case.
const MARKERS: [&str; 3] = ["section_start", "section_end", "travis_fold"];

/// What a runner has seen of the current line. Runners compare by rules of language, which skip characters without width; so do these fields.
#[derive(Debug, Default)]
struct Line {
    /// Something other than blanks and one colon has been seen.
    begun: bool,
    colon: bool,
    /// The last characters, in lower case.
    tail: String,
}

/// `text` with every command of a CI runner parted, and without control characters other than line breaks, tabs and flowcheck's colours.
pub(in crate::cli) fn neutralized(text: &str, form: Form) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 64);
    let mut line = Line::default();
    let mut rest = text.chars();
    while let Some(one) = rest.next() {
        match one {
            '\n' => {
                out.push('\n');
                line = Line::default();
            }
            // A runner's reader ends a line here too.
            '\r' => {
                if !rest.as_str().starts_with('\n') {
                    replace(one, form, &mut out);
                }
                line = Line::default();
            }
            '\t' => out.push('\t'),
            '\u{1b}' if form == Form::Text && colour(rest.as_str()).is_some() => {
                let code = colour(rest.as_str()).unwrap_or_default();
                out.push(one);
                out.push_str(code);
                rest = rest.as_str()[code.len()..].chars();
            }
            _ if one.is_control() => {
                replace(one, form, &mut out);
                if matches!(one, '\u{b}' | '\u{c}' | '\u{85}') {
                    line = Line::default();
                }
            }
            '\u{2028}' | '\u{2029}' => {
                out.push(one);
                line = Line::default();
            }
            '\u{ad}' => out.push(one),
            _ if one.width() == Some(0) => out.push(one),
            _ => {
                if line.completes_a_command(one) {
                    match form {
                        Form::Text => out.extend([' ', one]),
                        Form::Json => replace(one, form, &mut out),
                    }
                } else {
                    out.push(one);
                }
                line.take(one);
            }
        }
    }
    out
}

impl Line {
    fn completes_a_command(&self, next: char) -> bool {
        match next {
            ':' => (self.colon && !self.begun) || MARKERS.iter().any(|name| self.tail.ends_with(name)),
            '[' => self.tail.trim_end_matches(|one: char| one.is_ascii_alphanumeric()).ends_with("##"),
            _ => false,
        }
    }

    fn take(&mut self, one: char) {
        match one {
            ':' if !self.colon => self.colon = true,
            _ if one.is_whitespace() && !self.colon => {}
            _ => self.begun = true,
        }
        if self.tail.chars().count() == REMEMBERED {
            self.tail.remove(0);
        }
        self.tail.push(one.to_ascii_lowercase());
    }
}

/// The rest of an escape code that sets a colour, where one follows the escape character.
fn colour(rest: &str) -> Option<&str> {
    let parameters = rest.strip_prefix('[')?.find(|one: char| !one.is_ascii_digit() && one != ';')? + 1;
    rest[parameters..].starts_with('m').then(|| &rest[..=parameters])
}

fn replace(one: char, form: Form, out: &mut String) {
    match form {
        Form::Text => out.push('\u{fffd}'),
        // Writing to a string does not fail.
        Form::Json => drop(write!(out, "\\u{:04x}", u32::from(one))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        neutralized(text, Form::Text)
    }

    /// What a runner of GitHub, Azure, `TeamCity`, GitLab or Travis would obey, compared as they do: after blanks, without characters that
    /// have no width, and with every end of a line that one of them knows.
    fn obeyed(printed: &str) -> Vec<String> {
        let ends = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
        let compared = |line: &str| {
            let line = line.replace("\u{1b}[31m", "").replace("\u{1b}[0m", "");
            line.chars().filter(|one| !"\u{200b}\u{200d}\u{2060}\u{feff}\u{ad}\u{0}".contains(*one)).collect::<String>()
        };
        let anywhere = ["##[", "##vso[", "##teamcity[", "section_start:", "section_end:", "travis_fold:"];
        let command = |line: &String| {
            line.trim_start().starts_with("::") || anywhere.iter().any(|one| line.to_lowercase().contains(one))
        };
        printed.split(ends).map(compared).filter(command).collect()
    }

    const COMMANDS: [&str; 9] = [
        "::error::x",
        "::add-mask::a",
        "::stop-commands::pause",
        "##[error]x",
        "##[group]x",
        "##vso[task.setvariable variable=x]y",
        "##teamcity[buildStatus status='SUCCESS']",
        "section_start:1560896352:x[collapsed=true]",
        "travis_fold:start:x",
    ];

    #[test]
    fn no_command_is_left_wherever_a_line_begins() {
        for command in COMMANDS {
            for before in [
                "",
                "  ",
                "Saw  a title\n   ",
                "progress 10%\r",
                "a\r\n\t",
                "a\u{b}",
                "a\u{c}",
                "a\u{85}",
                "a\u{2028}",
                "\u{200b}",
                "\u{feff}\u{a0}",
                "\u{1b}[31m",
                "\u{1b}[31m  \u{1b}[0m",
                "\u{0}",
            ] {
                let hostile = format!("{before}{command}\nafter");
                assert!(!obeyed(&hostile).is_empty(), "the test itself knows {hostile:?}");
                assert_eq!(obeyed(&text(&hostile)), Vec::<String>::new(), "{hostile:?} became {:?}", text(&hostile));
            }
        }
    }

    #[test]
    fn characters_without_width_do_not_hide_a_command() {
        for hidden in ['\u{200b}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}', '\u{0}'] {
            for command in COMMANDS {
                let spread = command.chars().flat_map(|one| [one, hidden]).collect::<String>();
                assert!(!obeyed(&spread).is_empty());
                assert_eq!(obeyed(&text(&spread)), Vec::<String>::new(), "{spread:?}");
            }
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        let ordinary = "Saw  std::fmt::Display, a::b and 10:30::15\n  # [x] ## heading\n\t\u{1b}[1;31mred\u{1b}[0m issue #[12]\n  : one\nsection_start";
        assert_eq!(text(ordinary), ordinary);
        assert_eq!(text("  ::error::x"), "  : :error::x");
        assert_eq!(text("a ##vso[x"), "a ##vso [x");
        assert_eq!(text("a\r\nb"), "a\nb");
    }

    #[test]
    fn a_terminal_gets_no_control_character_but_colours() {
        assert_eq!(
            text("a\u{1b}]0;title\u{7}b\u{1b}[2Jc\u{9b}1md"),
            "a\u{fffd}]0;title\u{fffd}b\u{fffd}[2Jc\u{fffd}1md"
        );
    }

    #[test]
    fn json_keeps_its_meaning() {
        for said in [
            "##vso[task.complete]",
            "::error::x\n::error::y",
            "a\r##[error]b",
            "section_start:1:x",
            "\u{1b}[31m\u{9b}\u{7f}",
        ] {
            for printed in [
                serde_json::to_string(&serde_json::json!({ said: [said] })).expect("it is JSON"),
                serde_json::to_string_pretty(&serde_json::json!({ said: [said] })).expect("it is JSON"),
            ] {
                let safe = neutralized(&printed, Form::Json);
                assert_eq!(obeyed(&safe), Vec::<String>::new(), "{safe}");
                assert!(safe.chars().all(|one| one == '\n' || !one.is_control()));
                let back: serde_json::Value = serde_json::from_str(&safe).expect("it is JSON still");
                assert_eq!(back[said][0], said);
            }
        }
    }
}
