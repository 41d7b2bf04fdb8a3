//! Whatever a file says, reading it ends in a value or in mistakes that can be found in the file.

use flowcheck::scenario::{Diagnostics, parse_scenario};
use proptest::prelude::*;

use super::{APP, SCENARIO, app};

/// One change to a text: so many characters, from there on, become this.
type Change = (prop::sample::Index, usize, String);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_changed_scenario_is_read_or_its_mistakes_are_in_it(changes in changes(), crlf: bool) {
        let text = changed(SCENARIO, &changes, crlf);
        in_the_file(&text, parse_scenario("a.yaml", &text).map(drop))?;
    }

    #[test]
    fn a_changed_app_is_read_or_its_mistakes_are_in_it(changes in changes(), crlf: bool) {
        let text = changed(APP, &changes, crlf);
        in_the_file(&text, app(&text).map(drop))?;
    }

    #[test]
    fn any_text_is_read_or_its_mistakes_are_in_it(text in "(?s).{0,200}") {
        in_the_file(&text, parse_scenario("a.yaml", &text).map(drop))?;
    }
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let piece = prop_oneof![
        Just(String::new()),
        "[-:{}\\[\\]'\"#&*!|>%@` \t\n,?$]{1,3}",
        "\\PC{1,4}",
        Just("\n  - install: klaviyo".to_owned()),
        Just(" ${NAME} ".to_owned()),
        Just("---\n".to_owned()),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, piece), 1..4)
}

fn changed(text: &str, changes: &[Change], crlf: bool) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for (at, count, piece) in changes {
        let start = at.index(letters.len() + 1);
        let end = (start + count).min(letters.len());
        letters.splice(start..end, piece.chars());
    }
    let text: String = letters.into_iter().collect();
    if crlf { text.replace('\n', "\r\n") } else { text }
}

fn in_the_file(text: &str, result: Result<(), Diagnostics>) -> Result<(), TestCaseError> {
    let Err(mistakes) = result else { return Ok(()) };
    prop_assert!(mistakes.iter().next().is_some());
    prop_assert!(!mistakes.render(false).is_empty());
    for mistake in &mistakes {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let line = text.split('\n').nth(mistake.line as usize - 1);
        prop_assert!(line.is_some(), "line {} of {text:?}", mistake.line);
        let columns = line.unwrap_or_default().chars().count();
        prop_assert!(mistake.column as usize - 1 + mistake.length as usize <= columns, "{mistake:?}");
    }
    Ok(())
}
