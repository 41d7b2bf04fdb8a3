//! What a word is, of which texts are made that secrets are searched in.

/// Shorter values that come up during a run are replaced where a parameter names them, but not searched for in running text: too much
/// would match. Shorter ones that are configured are searched for as whole words.
pub(crate) const SHORTEST_SEARCHED: usize = 12;

/// All of them are ASCII, so no word begins or ends within a character.
pub(crate) fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

/// Worked out once, as every byte of what is on record is looked at.
const WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        byte += 1;
    }
    table
};

pub(super) fn is_word_character(character: char) -> bool {
    u8::try_from(character).is_ok_and(is_word)
}
