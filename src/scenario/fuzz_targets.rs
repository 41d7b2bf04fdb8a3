//! What `fuzz/` does with any bytes, and tests do with the seeds kept there.

use super::{Diagnostic, parse_app_with, parse_scenario};

/// The value of every variable of the environment.
const VALUE: &str = "hush-Zq7-0123456789";

/// A scenario: it is read, or each error names a place in it.
///
/// # Panics
///
/// Where that is not so.
pub fn scenario_yaml(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    match parse_scenario("any.yaml", &text) {
        Ok(loaded) => assert_eq!(loaded.file, "any.yaml"),
        Err(errors) => errors.iter().for_each(|error| check(error, &text)),
    }
}

/// A `flowcheck.yaml`: it is read, or each error names a place in it and tells no variable's value.
///
/// # Panics
///
/// Where that is not so.
pub fn app_yaml(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    match parse_app_with("flowcheck.yaml", &text, &|name| (!name.starts_with("NOT")).then(|| VALUE.to_owned())) {
        Ok(app) => app.notes.iter().for_each(|note| check(note, &text)),
        Err(errors) => errors.iter().for_each(|error| check(error, &text)),
    }
}

fn check(error: &Diagnostic, text: &str) {
    // YAML has other ends of lines, too; a line past the last one is where the text ends.
    let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count();
    assert!(
        (1..=lines + 1).contains(&(error.line as usize)) && error.column >= 1,
        "{}:{} of {lines}",
        error.line,
        error.column
    );
    let shown = error.render(false);
    assert!(!error.message.is_empty() && !error.message.contains('\n'), "{:?}", error.message);
    assert!(text.contains(VALUE) || !shown.contains(VALUE), "a variable's value is told: {shown}");
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/play_seeds.rs"));

    #[test]
    fn seeds_hold() {
        play_seeds("scenario_yaml", super::scenario_yaml);
        play_seeds("app_yaml", super::app_yaml);
    }
}
