//! Where sentences end.

/// What ends a sentence, in the scripts of all languages of this crate.
///
/// ```
/// use flowcheck_lexicon::SENTENCE_ENDS;
///
/// let sentences: Vec<&str> = "接続できません。もう一度お試しください".split(SENTENCE_ENDS).collect();
/// assert_eq!(sentences, ["接続できません", "もう一度お試しください"]);
/// ```
pub const SENTENCE_ENDS: &[char] = &['.', '!', '?', '。', '！', '？'];
