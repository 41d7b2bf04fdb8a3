//! The word that was probably meant.

/// Letters wrong, missing or swapped in a word that is still the one that was meant.
const MOST_SLIPS: usize = 4;

/// The nearest of the known words, if one is near enough to be a slip.
pub(super) fn nearest<'w>(said: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let fold = |word: &str| word.to_lowercase().replace(['_', ' '], "-");
    let said = fold(said);
    let slips = |word: &str| strsim::damerau_levenshtein(&said, &fold(word));
    let near = |word: &str| slips(word) <= (word.len().min(said.len()) / 3).clamp(1, MOST_SLIPS);
    known.into_iter().filter(|word| near(word)).min_by_key(|word| slips(word))
}

/// `did you mean …?`, or, where nothing is near, what may be written instead.
pub(super) fn instead(said: &str, known: &[&str]) -> String {
    match (nearest(said, known.iter().copied()), known) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, [only]) => format!("`{only}` may be written here"),
        (None, _) => format!("one of {} may be written here", list(known)),
    }
}

/// The words in backticks, separated by commas.
pub(super) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_word_and_another_word_does_not() {
        let known = ["install", "allow", "deny", "switch-user"];
        for (said, meant) in [
            ("instal", Some("install")),
            ("Install", Some("install")),
            ("switch_user", Some("switch-user")),
            ("aloow", Some("allow")),
            ("delete", None),
            ("", None),
        ] {
            assert_eq!(nearest(said, known), meant, "{said}");
        }
    }
}
