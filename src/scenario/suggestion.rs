//! Suggests the word that was probably meant.

/// Largest edit distance at which a word is suggested.
const MAX_DISTANCE: usize = 4;

/// The nearest known word, if it is near enough to be a typo.
pub(super) fn nearest<'w>(said: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let fold = |word: &str| word.to_lowercase().replace(['_', ' '], "-");
    let said = fold(said);
    let distance = |word: &str| strsim::damerau_levenshtein(&said, &fold(word));
    let near = |word: &str| distance(word) <= (word.len().min(said.len()) / 3).clamp(1, MAX_DISTANCE);
    known.into_iter().filter(|word| near(word)).min_by_key(|word| distance(word))
}

/// `did you mean …?`, or, if no word is near, the words that are allowed.
pub(super) fn suggest(said: &str, known: &[&str]) -> String {
    match (nearest(said, known.iter().copied()), known) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, [only]) => format!("only `{only}` is allowed here"),
        (None, _) => format!("allowed here: {}", list(known)),
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
    fn a_typo_finds_the_word_and_another_word_does_not() {
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
