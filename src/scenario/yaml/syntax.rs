//! What is wrong with a text that is not YAML, in words.

use granit_parser::ErrorKind;

/// What is wrong and, where it can be told, how to put it right. `rest` is the text from where reading failed.
pub(super) fn in_words(kind: &ErrorKind, rest: &str) -> (String, Option<&'static str>) {
    let (message, help) = match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => ("a tab stands where spaces are due", Some("indent with spaces")),
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::UnexpectedEof
        | ErrorKind::DocumentIndicatorInQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent => {
            ("a quote is opened and not closed", Some("close it with the same quote on the same line"))
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            ("text goes on after the closing quote", Some("put the whole value into one pair of quotes"))
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => {
            ("this backslash begins nothing known", Some("write \\\\ for a backslash, or use single quotes"))
        }
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::UnclosedFlowCollection { .. } => {
            ("a bracket is opened and not closed", Some("close it, or write one `- …` line for each"))
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            ("a comma or the closing bracket is missing", Some("text with brackets, braces or commas needs quotes"))
        }
        ErrorKind::MismatchedFlowCollectionEnd { .. } | ErrorKind::MisplacedFlowCollectionEnd => {
            ("this bracket closes nothing", Some("text with brackets or braces needs quotes"))
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            ("a colon is not expected here", Some("text with a colon and a space in it needs quotes"))
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            ("a colon is missing after this word", Some("write `word: value`, with a space after the colon"))
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::InvalidBlockEntryWhitespace
        | ErrorKind::ExpectedDocumentStart
        | ErrorKind::UnexpectedEndOfPlainScalar
        | ErrorKind::InvalidFlowScalarIndent => {
            ("this line does not fit the lines above it", Some("lines that belong together begin in the same column"))
        }
        ErrorKind::UnexpectedCharacter { character } if "@`%".contains(*character) => {
            return (format!("a value cannot begin with `{character}`"), Some("put the value into quotes"));
        }
        ErrorKind::UnknownAnchor | ErrorKind::MissingAnchorOrAliasName => {
            ("anchors and aliases (& and *) are not read", Some("text that begins with & or * needs quotes"))
        }
        ErrorKind::RecursionLimitExceeded => ("nested too deeply", None),
        _ if rest.starts_with('\t') => ("a tab stands where spaces are due", Some("indent with spaces")),
        _ if rest.starts_with(['%', '@', '!']) => {
            ("a value cannot begin with this character", Some("put the value into quotes"))
        }
        other => return (format!("this is not YAML: {other}"), None),
    };
    (message.to_owned(), help)
}
