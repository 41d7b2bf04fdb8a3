//! No decision is made on words that flowcheck itself wrote.
//!
//! Judges, `doctor` and `init` decide on data; words are made from data when they are shown. So a text that is compared with a
//! literal there has to be the app's, the protocol's, or the user's own: each is in [`OTHERS_TEXTS`], by the name of the field or
//! variable that holds it. Findings' and steps' words may be compared with nothing at all, and what verdicts say is made of typed
//! values, not of sentences put together.

use std::fs;
use std::path::{Path, PathBuf};

/// Where decisions are made.
const DECIDING: &[&str] = &["crates/checklist/src", "src/doctor", "src/init", "src/results"];

/// Fields and variables that may be compared with a literal, and whose texts they hold.
const OTHERS_TEXTS: &[(&str, &str)] = &[
    ("at", "the host of an address"),
    ("challenge_method", "a parameter of the app's request"),
    ("dest", "a header that a browser sent"),
    ("directive", "a directive of Content-Security-Policy"),
    ("error", "an error code of OAuth"),
    ("error_of", "an error code of OAuth"),
    ("grant_type", "a parameter of the app's request"),
    ("host", "the host of an address"),
    ("item", "an item's id"),
    ("kind", "a media type"),
    ("label", "the name of a secret in OAuth"),
    ("line", "a line of the app's .env"),
    ("method", "a method of HTTP"),
    ("name", "a header, a host, or a control of a page"),
    ("names", "a header that a browser sent"),
    ("operation", "an operation's id in Klaviyo's API description"),
    ("option", "a choice on a page of the app"),
    ("page", "an address in flowcheck.yaml"),
    ("path", "the path of an address"),
    ("query", "the query of an address"),
    ("response_type", "a parameter of the app's request"),
    ("template", "an address in flowcheck.yaml"),
    ("text", "the text of a page, or of flowcheck.yaml"),
    ("url", "an address"),
];

/// Fields that hold words which flowcheck wrote for people.
const OWN_WORDS: &[&str] = &["saw", "expected", "likely", "remedy", "reason", "title"];

/// Files of the checklist that put a text together, and which; what a verdict says is made by `statement!`.
const PUT_TOGETHER: &[(&str, &str)] = &[
    ("flow/address.rs", "the name of a host and a path"),
    ("flow/attempt.rs", "the method and address of a hop"),
    ("judging/notice.rs", "a mail, to be looked into"),
    ("items/install/no_account_sign_up.rs", "the end of a host's name"),
    ("items/install/no_detour.rs", "the end of a host's name"),
];

/// Methods that look into a text.
const LOOKING: &[&str] = &[
    "contains",
    "starts_with",
    "ends_with",
    "strip_prefix",
    "strip_suffix",
    "find",
    "rfind",
    "split_once",
    "rsplit_once",
    "eq_ignore_ascii_case",
    "matches",
];

/// Methods that hand a text on as it is, or nearly.
const HANDING_ON: &[&str] = &[
    "as_str",
    "as_ref",
    "as_deref",
    "to_lowercase",
    "to_ascii_lowercase",
    "to_string",
    "to_owned",
    "clone",
    "trim",
    "unwrap_or_default",
    "path",
];

#[test]
fn judges_doctor_and_init_compare_no_words_that_flowcheck_wrote() {
    let complaints: Vec<String> =
        DECIDING.iter().flat_map(|folder| sources(folder)).flat_map(|(name, text)| complaints(&name, &text)).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_allowed_name_is_in_use() {
    let all: String = DECIDING.iter().flat_map(|folder| sources(folder)).map(|(_, text)| text).collect();
    let read = read(&all);
    for (name, _) in OTHERS_TEXTS {
        assert!(compared(&read).iter().any(|names| names.iter().any(|one| one == name)), "{name} is compared nowhere");
    }
}

#[test]
fn judges_put_no_sentence_together() {
    let rooms = ["flow", "items", "judging", "attribution"].map(|room| format!("crates/checklist/src/{room}"));
    let mut files = Vec::new();
    for (name, text) in rooms.iter().flat_map(|room| sources(room)) {
        let tokens = read(&text);
        if tokens.windows(2).any(|pair| pair[0].is("format") && pair[1].is("!")) {
            files.push(name);
        }
    }
    let may = |file: &&String| PUT_TOGETHER.iter().any(|(allowed, _)| file.ends_with(allowed));
    let wrong: Vec<&String> = files.iter().filter(|file| !may(file)).collect();
    assert!(wrong.is_empty(), "say it by `statement!`, with values: {wrong:?}");
    assert_eq!(files.len(), PUT_TOGETHER.len(), "one of those that may put a text together does not: {files:?}");
}

fn complaints(file: &str, text: &str) -> Vec<String> {
    let tokens = read(text);
    let known = |name: &String| OTHERS_TEXTS.iter().any(|(allowed, _)| allowed == name);
    let literals = compared(&tokens).into_iter().filter(|names| !names.iter().any(known));
    let literals = literals.map(|names| format!("{file}: `{}` is compared with a literal", names.join(" ")));
    literals.chain(own_words_compared(&tokens).map(|name| format!("{file}: `{name}` is compared"))).collect()
}

/// What is compared with each literal: the names that the other side may go by.
fn compared(tokens: &[Token]) -> Vec<Vec<String>> {
    let texts = tokens.iter().enumerate().filter(|(_, token)| matches!(token, Token::Text(text) if !text.is_empty()));
    texts
        .filter_map(|(at, _)| by_method(tokens, at).or_else(|| by_sign(tokens, at)).or_else(|| by_match(tokens, at)))
        .collect()
}

/// `receiver.contains("…")`, also with `&format!("…")`.
fn by_method(tokens: &[Token], at: usize) -> Option<Vec<String>> {
    let mut open = at.checked_sub(1)?;
    if tokens[open].is("(") && open >= 2 && tokens[open - 1].is("!") && tokens[open - 2].is("format") {
        open = open.checked_sub(3)?;
    }
    while tokens[open].is("&") {
        open = open.checked_sub(1)?;
    }
    let method = tokens.get(open.checked_sub(1)?)?;
    let looks = tokens[open].is("(") && LOOKING.iter().any(|name| method.is(name));
    let dot = open.checked_sub(2).filter(|dot| looks && tokens[*dot].is("."))?;
    Some(vec![receiver(tokens, dot.checked_sub(1)?)])
}

/// `receiver == "…"`, also with `Some("…")`.
fn by_sign(tokens: &[Token], at: usize) -> Option<Vec<String>> {
    let mut before = at.checked_sub(1)?;
    if tokens[before].is("(") && before >= 1 && tokens[before - 1].is("Some") {
        before = before.checked_sub(2)?;
    }
    let compares = tokens[before].is("==") || tokens[before].is("!=");
    compares.then(|| before.checked_sub(1).map(|end| vec![receiver(tokens, end)])).flatten()
}

/// `match receiver { "…" => …`, with any pattern around it; all names of what is matched.
fn by_match(tokens: &[Token], at: usize) -> Option<Vec<String>> {
    let enclosing = tokens[..at].iter().rposition(|token| ["{", "}", "=>", ";"].iter().any(|mark| token.is(mark)))?;
    let opened = |range: &[Token]| {
        range.iter().fold(0_i32, |depth, token| depth + i32::from(token.is("(")) - i32::from(token.is(")")))
    };
    let since_arm = tokens[enclosing..at].iter().rposition(|token| token.is(",")).map_or(enclosing, |comma| {
        if opened(&tokens[enclosing..enclosing + comma]) == 0 { enclosing + comma } else { enclosing }
    });
    let mut depth = opened(&tokens[since_arm..at]);
    // What an arm leads to, or its guard, is no pattern.
    if tokens[since_arm].is("=>") || tokens[since_arm..at].iter().any(|token| token.is("if")) {
        return None;
    }
    for token in &tokens[at + 1..] {
        match token {
            Token::Mark(mark) if mark == "(" => depth += 1,
            Token::Mark(mark) if mark == ")" => depth -= 1,
            Token::Mark(mark) if depth == 0 && mark == "=>" => return Some(matched(tokens, at)),
            Token::Mark(mark) if depth == 0 && [",", ".", "?"].contains(&mark.as_str()) => return None,
            Token::Mark(mark) if [";", "{", "}"].contains(&mark.as_str()) && depth <= 0 => return None,
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    None
}

/// The names between the `match` that a place is in and its brace.
fn matched(tokens: &[Token], at: usize) -> Vec<String> {
    let mut depth = 0_i32;
    let brace = (0..at).rev().find(|index| {
        depth += i32::from(tokens[*index].is("}")) - i32::from(tokens[*index].is("{"));
        depth < 0
    });
    let before = &tokens[..brace.unwrap_or(0)];
    let from = before.iter().rposition(|token| token.is("match")).unwrap_or(before.len());
    before[from..].iter().filter_map(Token::word).map(str::to_owned).collect()
}

/// Fields with flowcheck's words that are compared with anything, or looked into.
fn own_words_compared(tokens: &[Token]) -> impl Iterator<Item = String> {
    tokens.iter().enumerate().filter_map(|(at, token)| {
        let name = token.word().filter(|name| OWN_WORDS.contains(name))?;
        let field = at >= 1 && tokens[at - 1].is(".");
        let next = |mark: &str| tokens.get(at + 1).is_some_and(|token| token.is(mark));
        let looked_into =
            next(".") && tokens.get(at + 2).is_some_and(|method| LOOKING.iter().any(|one| method.is(one)));
        let begin = (0..at).rev().find(|index| !tokens[*index].is(".") && tokens[*index].word().is_none());
        let after_sign = begin.is_some_and(|index| tokens[index].is("==") || tokens[index].is("!="));
        let argument = begin.is_some_and(|index| {
            tokens[index].is("&") && index >= 2 && tokens[index - 1].is("(") && tokens[index - 2].is("contains")
        });
        let compared = next("==") || next("!=") || looked_into || after_sign || argument;
        (field && compared).then(|| name.to_owned())
    })
}

/// The name that an expression which ends at a token goes by: its last field, variable or function.
fn receiver(tokens: &[Token], end: usize) -> String {
    let mut end = end;
    loop {
        match &tokens[end] {
            Token::Mark(mark) if mark == ")" => {
                let mut depth = 0_i32;
                let open = (0..=end).rev().find(|index| {
                    depth += i32::from(tokens[*index].is(")")) - i32::from(tokens[*index].is("("));
                    depth == 0
                });
                let Some(name) = open.and_then(|open| open.checked_sub(1)) else { return String::new() };
                let hands_on = HANDING_ON.iter().any(|method| tokens[name].is(method));
                if !hands_on || name < 2 || !tokens[name - 1].is(".") {
                    return tokens[name].word().unwrap_or_default().to_owned();
                }
                if tokens[name].is("path") {
                    return "path".to_owned();
                }
                end = name - 2;
            }
            token => return token.word().unwrap_or_default().to_owned(),
        }
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Mark(String),
}

impl Token {
    fn is(&self, other: &str) -> bool {
        matches!(self, Self::Word(text) | Self::Mark(text) if text == other)
    }

    fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Text(_) | Self::Mark(_) => None,
        }
    }
}

/// The tokens of a source file without its comments and its tests.
fn read(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        match letter {
            '/' if next == Some('/') => at += letters[at..].iter().take_while(|letter| **letter != '\n').count(),
            '"' => {
                let mut end = at + 1;
                while letters.get(end).is_some_and(|letter| *letter != '"') {
                    end += if letters[end] == '\\' { 2 } else { 1 };
                }
                tokens.push(Token::Text(letters[at + 1..end.min(letters.len())].iter().collect()));
                at = end + 1;
            }
            // A letter in quotes; of a lifetime only the mark is skipped.
            '\'' if next == Some('\\') => at += 4,
            '\'' if letters.get(at + 2) == Some(&'\'') => at += 3,
            '=' | '!' if next == Some('=') => {
                tokens.push(Token::Mark(format!("{letter}=")));
                at += 2;
            }
            '=' if next == Some('>') => {
                tokens.push(Token::Mark("=>".to_owned()));
                at += 2;
            }
            letter if letter.is_alphanumeric() || letter == '_' => {
                let end = at + letters[at..].iter().take_while(|one| one.is_alphanumeric() || **one == '_').count();
                tokens.push(Token::Word(letters[at..end].iter().collect()));
                at = end;
            }
            letter => {
                if !letter.is_whitespace() && letter != '\'' {
                    tokens.push(Token::Mark(letter.to_string()));
                }
                at += 1;
            }
        }
    }
    tokens
}

/// The sources below a folder, each with its name, without what comes after `#[cfg(test)]`.
fn sources(folder: &str) -> Vec<(String, String)> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = vec![package.join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("sources can be listed") {
            let path = entry.expect("sources can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("sources can be read");
                let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                let name = path.strip_prefix(package).expect("it is below the package").display().to_string();
                found.push((name, code));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

mod the_scan_itself {
    use super::*;

    #[test]
    fn sees_a_title_compared_with_a_literal() {
        assert_eq!(complaints("x.rs", r#"if mark.title == "install from the app" {}"#).len(), 2);
        assert_eq!(complaints("x.rs", r#"if fault.to_string().contains(" at token") {}"#).len(), 1);
        assert_eq!(complaints("x.rs", r#"let name = what.strip_prefix("clicked \"")?;"#).len(), 1);
        assert_eq!(complaints("x.rs", r#"match words.as_str() { "no page at all" => 1, _ => 0 }"#).len(), 1);
        assert_eq!(complaints("x.rs", r#"match (told, n) { (Some("none"), _) => 1, _ => 0 }"#).len(), 1);
    }

    #[test]
    fn sees_a_sentence_taken_for_an_identity() {
        assert_eq!(complaints("x.rs", "words.contains(&finding.saw)").len(), 1);
        assert_eq!(complaints("x.rs", "*told == finding.saw").len(), 1);
        assert_eq!(complaints("x.rs", "finding.likely == other").len(), 1);
    }

    #[test]
    fn lets_texts_of_others_and_words_that_are_written_pass() {
        for code in [
            r#"page.text.to_lowercase().contains("denied")"#,
            r#"call.it.grant_type.as_deref() == Some("authorization_code")"#,
            r#"match label.as_str() { "client_secret" => 1, _ => 0 }"#,
            r#"match kind { Kind::A => say("none", 1), Kind::B => 2 }"#,
            r#"match kind { Kind::A => ("none", 1), Kind::B => ("some", 2) }"#,
            r#"let saw = finding.saw.clone(); // title == "x""#,
            r#"format!("{} == {}", "a", b)"#,
        ] {
            assert_eq!(complaints("x.rs", code), Vec::<String>::new(), "{code}");
        }
    }
}
