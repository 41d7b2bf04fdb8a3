//! The sources keep to the plan: which room may know of which, and how files are laid out.
//!
//! ARCHITECTURE.md has the same table in words. Paths are read by their tokens, so that grouped imports, paths in the middle of
//! code and `super::super::…` are seen as well as `use crate::…`; comments and texts are not looked at.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms that are crates of their own: Cargo holds what they may know of, this table only who may know of them.
const CRATES: &[&str] = &["evidence", "lexicon", "checklist", "klaviyo"];

/// Each room with the rooms that it may know of.
const ROOMS: &[(&str, &[&str])] = &[
    ("watchdog", &[]),
    ("http_client", &["evidence"]),
    ("gateway", &["evidence", "watchdog", "klaviyo"]),
    ("mail", &["evidence", "lexicon"]),
    ("scenario", &["evidence", "checklist"]),
    ("app", &["evidence", "watchdog", "http_client", "scenario"]),
    ("browser", &["evidence", "lexicon", "watchdog", "http_client"]),
    ("runner", &["evidence", "lexicon", "checklist", "klaviyo", "gateway", "mail", "scenario", "app", "browser"]),
    ("results", &["evidence", "checklist"]),
    ("doctor", &["evidence", "checklist", "scenario", "browser"]),
    ("init", &["evidence", "checklist", "scenario", "browser", "doctor"]),
    ("report", &["evidence", "checklist", "scenario", "results", "doctor"]),
    (
        "cli",
        &[
            "evidence",
            "checklist",
            "klaviyo",
            "gateway",
            "watchdog",
            "mail",
            "scenario",
            "app",
            "browser",
            "runner",
            "results",
            "doctor",
            "init",
            "report",
        ],
    ),
];

/// Lines that a file may have, and from which on it is named when another is too long.
const LONGEST: usize = 450;
const LONG: usize = 400;
/// Files that have outgrown this and wait to be split; one that has been is to be taken off the list.
const OUTGROWN: &[&str] = &[];
const NAMES_OF_NOTHING: &[&str] = &["utils", "util", "helpers", "helper", "common", "misc"];

#[test]
fn every_room_imports_only_what_the_table_allows() {
    complain(sources().iter().flat_map(|source| forbidden_imports(&source.name, &source.text)));
}

#[test]
fn every_room_is_in_the_table() {
    let rooms = sources().into_iter().filter_map(|source| room_of(&source.name).map(str::to_owned));
    complain(rooms.filter(|room| allowed(room).is_none()).map(|room| format!("src/{room} is not in the table")));
}

#[test]
fn every_mod_file_is_a_tour_and_holds_no_code() {
    complain(sources().iter().filter(|source| is_tour(&source.name)).flat_map(|source| {
        let tour = source.text.starts_with("//!");
        let code = tokens(&source.text).iter().any(|token| token == "fn");
        let name = &source.name;
        [
            (!tour).then(|| format!("{name} does not begin with what the room is for (//!)")),
            code.then(|| format!("{name} has a function: a tour holds none")),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
    }));
}

#[test]
fn no_file_is_long() {
    let sizes: Vec<(String, usize)> =
        sources().into_iter().map(|source| (source.name, source.text.lines().count())).collect();
    let mut complaints: Vec<String> = sizes
        .iter()
        .filter(|(name, lines)| (*lines > LONGEST) != OUTGROWN.contains(&name.as_str()))
        .map(|(name, lines)| {
            if *lines > LONGEST {
                format!("{name} has {lines} lines, more than {LONGEST}")
            } else {
                format!("{name} has {lines} lines: take it off the list of files to be split")
            }
        })
        .collect();
    let gone = OUTGROWN.iter().filter(|name| !sizes.iter().any(|(other, _)| other == *name));
    complaints.extend(gone.map(|name| format!("{name} is gone: take it off the list of files to be split")));
    if !complaints.is_empty() {
        let near = sizes.iter().filter(|(_, lines)| (LONG..=LONGEST).contains(lines));
        complaints.extend(near.map(|(name, lines)| format!("warning: {name} has {lines} lines")));
    }
    complain(complaints.into_iter());
}

#[test]
fn no_lint_is_switched_off_without_a_reason() {
    complain(
        sources()
            .iter()
            .filter(|source| allows_a_lint(&source.text))
            .map(|source| format!("{} has an `allow`: write `expect(…, reason = \"…\")`", source.name)),
    );
}

#[test]
fn no_file_is_named_for_nothing() {
    complain(sources().iter().map(|source| &source.name).filter_map(|name| {
        let part = name.trim_end_matches(".rs").split('/').find(|part| NAMES_OF_NOTHING.contains(part))?;
        Some(format!("{name}: `{part}` says nothing of what is in it"))
    }));
}

/// Whether a file is a room's tour.
fn is_tour(name: &str) -> bool {
    name.ends_with("mod.rs") || name.starts_with("crates/") && name.ends_with("src/lib.rs")
}

/// A source file, named from the package's folder: `src/cli/mod.rs`.
struct Source {
    name: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates = fs::read_dir(package.join("crates")).expect("crates can be listed");
    let crates = crates.map(|one| one.expect("crates can be listed").path().join("src"));
    let mut folders: Vec<PathBuf> = crates.chain([package.join("src")]).collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("sources can be listed") {
            let path: PathBuf = entry.expect("sources can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("sources can be read");
                let name = path.strip_prefix(package).expect("it is below the package").display().to_string();
                found.push(Source { name, text });
            }
        }
    }
    found.sort_by(|one, two| one.name.cmp(&two.name));
    assert!(found.len() > 50, "the sources were not found");
    found
}

fn complain(complaints: impl Iterator<Item = String>) {
    let complaints: Vec<String> = complaints.collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// The room that a file is in; none for `src/lib.rs` and `src/main.rs`.
fn room_of(name: &str) -> Option<&str> {
    let (room, rest) = name.strip_prefix("src/")?.split_once('/').or_else(|| {
        let room = name.strip_prefix("src/")?.strip_suffix(".rs")?;
        (!["lib", "main"].contains(&room)).then_some((room, ""))
    })?;
    (room != "bin" || rest.is_empty()).then_some(room)
}

fn allowed(room: &str) -> Option<&'static [&'static str]> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, allowed)| *allowed)
}

fn forbidden_imports(name: &str, text: &str) -> Vec<String> {
    let Some(room) = room_of(name) else { return Vec::new() };
    let Some(allowed) = allowed(room) else { return vec![format!("{name}: room `{room}` is not in the table")] };
    let mut known = rooms_known(name, text);
    known.dedup();
    known
        .into_iter()
        .filter(|other| other != room && !allowed.contains(&other.as_str()))
        .map(|other| format!("{name} knows of `{other}`, which `{room}` may not"))
        .collect()
}

/// The rooms that paths in a file begin at, in alphabetical order.
fn rooms_known(name: &str, text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mut known = Vec::new();
    // How deep the module stands below the crate: src/a.rs and src/a/mod.rs 1, src/a/b.rs 2.
    let inside = name.strip_prefix("src/").unwrap_or(name).trim_end_matches(".rs").trim_end_matches("/mod");
    let file_depth = inside.split('/').count();
    // Modules written out in the file, `mod tests {`, each with the braces open where it began.
    let mut modules: Vec<usize> = Vec::new();
    let mut braces = 0_usize;
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].as_str() {
            "{" => {
                if at >= 2 && tokens[at - 2] == "mod" {
                    modules.push(braces);
                }
                braces += 1;
            }
            "}" => {
                braces = braces.saturating_sub(1);
                if modules.last() == Some(&braces) {
                    modules.pop();
                }
            }
            "crate" | "flowcheck" if next_is(&tokens, at, "::") && !follows_path(&tokens, at) => {
                begins_at(&tokens, at + 2, &mut known);
            }
            "super" if next_is(&tokens, at, "::") && !follows_path(&tokens, at) => {
                let mut ups = 1;
                while tokens.get(at + 2).is_some_and(|token| token == "super") && next_is(&tokens, at + 2, "::") {
                    ups += 1;
                    at += 2;
                }
                if ups == file_depth + modules.len() {
                    begins_at(&tokens, at + 2, &mut known);
                }
            }
            _ => {}
        }
        at += 1;
    }
    known.retain(|room| CRATES.contains(&room.as_str()) || ROOMS.iter().any(|(name, _)| name == room));
    known.sort();
    known
}

/// Whether the token continues a path, as `crate` does in `some::crate::x`; no such path is ours.
fn follows_path(tokens: &[String], at: usize) -> bool {
    at > 0 && tokens[at - 1] == "::"
}

fn next_is(tokens: &[String], at: usize, wanted: &str) -> bool {
    tokens.get(at + 1).is_some_and(|token| token == wanted)
}

/// Collects the first parts of the path at `at`: one name, or each that a group begins with.
fn begins_at(tokens: &[String], at: usize, known: &mut Vec<String>) {
    match tokens.get(at).map(String::as_str) {
        Some("{") => {
            let mut depth = 0_usize;
            let mut first = true;
            for token in &tokens[at..] {
                match token.as_str() {
                    "{" => depth += 1,
                    "}" => depth -= 1,
                    "," if depth == 1 => first = true,
                    name if depth == 1 && first => {
                        known.push(name.to_owned());
                        first = false;
                    }
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
        }
        // Everything: which rooms it means cannot be told, so it means all of them.
        Some("*") => known.extend(ROOMS.iter().map(|(room, _)| *room).chain(CRATES.iter().copied()).map(str::to_owned)),
        Some(name) => known.push(name.to_owned()),
        None => {}
    }
}

fn allows_a_lint(text: &str) -> bool {
    let tokens = tokens(text);
    tokens.windows(3).any(|three| {
        let opens = three[0] == "[" || three[0] == ",";
        opens && three[1] == "allow" && three[2] == "("
    })
}

/// Names, `::` and single marks, without comments, texts and letters in quotes.
fn tokens(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        match letter {
            '/' if next == Some('/') => {
                while letters.get(at).is_some_and(|letter| *letter != '\n') {
                    at += 1;
                }
            }
            '/' if next == Some('*') => at = end_of_comment(&letters, at),
            '"' => at = end_of_text(&letters, at),
            'r' if raw_text_begins(&letters, at) => at = end_of_raw_text(&letters, at),
            'b' | 'c' if next == Some('r') && raw_text_begins(&letters, at + 1) => {
                at = end_of_raw_text(&letters, at + 1);
            }
            '\'' => at = end_of_quote(&letters, at),
            ':' if next == Some(':') => {
                tokens.push("::".to_owned());
                at += 2;
            }
            letter if letter.is_alphanumeric() || letter == '_' => {
                let begin = at;
                while letters.get(at).is_some_and(|letter| letter.is_alphanumeric() || *letter == '_') {
                    at += 1;
                }
                tokens.push(letters[begin..at].iter().collect());
            }
            letter => {
                if !letter.is_whitespace() {
                    tokens.push(letter.to_string());
                }
                at += 1;
            }
        }
    }
    tokens
}

fn end_of_comment(letters: &[char], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while at < letters.len() {
        match (letters[at], letters.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    break;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn end_of_text(letters: &[char], mut at: usize) -> usize {
    at += 1;
    while at < letters.len() {
        match letters[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

fn raw_text_begins(letters: &[char], at: usize) -> bool {
    letters[at + 1..].iter().find(|letter| **letter != '#') == Some(&'"')
}

fn end_of_raw_text(letters: &[char], at: usize) -> usize {
    let marks = letters[at + 1..].iter().take_while(|letter| **letter == '#').count();
    let mut at = at + 1 + marks + 1;
    while at < letters.len() {
        if letters[at] == '"' && letters[at + 1..].iter().take(marks).filter(|letter| **letter == '#').count() == marks
        {
            return at + 1 + marks;
        }
        at += 1;
    }
    at
}

/// Past a letter in quotes (`'"'`, `'\''`); a lifetime loses only its mark.
fn end_of_quote(letters: &[char], at: usize) -> usize {
    match (letters.get(at + 1), letters.get(at + 2)) {
        (Some('\\'), _) => {
            let close = letters[at + 3..].iter().position(|letter| *letter == '\'');
            close.map_or(letters.len(), |close| at + 3 + close + 1)
        }
        (Some(_), Some('\'')) => at + 3,
        _ => at + 1,
    }
}

mod the_scan_itself {
    use super::*;

    fn rejected(name: &str, text: &str) -> Vec<String> {
        forbidden_imports(name, text)
    }

    #[test]
    fn sees_a_plain_import() {
        assert_eq!(
            rejected("src/browser/user.rs", "use crate::klaviyo::Server;"),
            ["src/browser/user.rs knows of `klaviyo`, which `browser` may not"]
        );
        assert!(rejected("src/browser/user.rs", "use crate::evidence::Page;").is_empty());
        assert!(rejected("src/browser/user.rs", "use crate::browser::PageSnapshot;").is_empty());
        assert_eq!(rejected("src/watchdog/hop.rs", "pub(crate) use crate::checklist::Item;").len(), 1);
    }

    #[test]
    fn sees_every_room_of_a_group_however_deep() {
        let text =
            "use crate::{evidence::{Page, Hop}, checklist::{self, verdict::{klaviyo, Kind}}, report, cli::Exit as E};";
        assert_eq!(rooms_known("src/app/x.rs", text), ["checklist", "cli", "evidence", "report"]);
        assert_eq!(rejected("src/app/x.rs", text).len(), 3);
    }

    #[test]
    fn sees_an_import_over_several_lines() {
        assert_eq!(
            rejected("src/mail/x.rs", "use crate::{\n    evidence::Page, // a page\n    runner::Plan,\n};").len(),
            1
        );
    }

    #[test]
    fn sees_paths_in_the_middle_of_code() {
        assert_eq!(rejected("src/results/x.rs", "fn f() { let plan = crate::runner::run(1); }").len(), 1);
        assert_eq!(rejected("src/results/x.rs", "fn f(page: &crate::browser::PageSnapshot) {}").len(), 1);
        assert_eq!(rejected("src/results/x.rs", "pub(in crate::klaviyo) fn f() {}").len(), 1);
        assert_eq!(rejected("src/results/x.rs", "m!(flowcheck::report::html);").len(), 1);
        assert_eq!(rejected("src/results/x.rs", "impl<'a> From<crate::report::Style> for &'a str {}").len(), 1);
    }

    #[test]
    fn sees_ways_up_that_leave_the_room() {
        assert_eq!(rejected("src/report/html/item.rs", "use super::super::super::cli::Exit;").len(), 1);
        assert_eq!(rejected("src/report/html/mod.rs", "use super::super::cli::Exit;").len(), 1);
        assert_eq!(rejected("src/report/words.rs", "use super::super::{runner, evidence};").len(), 1);
        assert_eq!(rejected("src/report/words.rs", "mod tests { use super::super::super::runner::Plan; }").len(), 1);
        assert_eq!(rejected("src/watchdog.rs", "use super::cli;").len(), 1);
        // These stay inside.
        assert!(rejected("src/report/html/item.rs", "use super::super::cli::Exit;").is_empty());
        assert!(rejected("src/report/words.rs", "mod tests { use super::super::runner; }").is_empty());
        assert!(rejected("src/report/words.rs", "mod tests { fn f() {} } use super::runner;").is_empty());
    }

    #[test]
    fn takes_everything_for_every_room() {
        assert!(!rejected("src/runner/x.rs", "use crate::*;").is_empty());
        assert!(!rejected("src/runner/x.rs", "use super::super::*;").is_empty());
        assert!(rejected("src/runner/x.rs", "use super::*;").is_empty());
    }

    #[test]
    fn does_not_look_at_comments_and_texts() {
        for text in [
            "//! See [`Server`](crate::klaviyo::Server).",
            "/* use crate::klaviyo; /* crate::cli */ crate::report */",
            "const A: &str = \"crate::klaviyo \\\" crate::cli\";",
            "const A: &str = r#\"a \" crate::klaviyo\"#;",
            "const A: &[u8] = br\"crate::klaviyo\";",
            "const A: &[u8] = br#\"\" crate::klaviyo\"#;",
            "const A: &[u8] = br\"\\\"; // crate::klaviyo",
            "const A: char = '\"'; /// crate::klaviyo\nconst B: char = '\\''; // \" crate::cli",
        ] {
            assert!(rejected("src/watchdog/x.rs", text).is_empty(), "{text}");
        }
        // What follows them is looked at again.
        for text in [
            "const A: char = '\"'; use crate::klaviyo;",
            "const A: char = '\\''; use crate::klaviyo;",
            "const A: &str = \"//\"; use crate::klaviyo;",
            "fn f<'a>(x: &'a str) {} use crate::klaviyo;",
            "const A: &str = r##\"\"# \"##; use crate::klaviyo;",
        ] {
            assert_eq!(rejected("src/watchdog/x.rs", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_room_that_is_not_in_the_table_is_refused() {
        assert_eq!(rejected("src/attic/x.rs", "").len(), 1);
        assert!(rejected("src/lib.rs", "pub use crate::cli::main;").is_empty());
        assert!(rejected("src/main.rs", "flowcheck::cli::main()").is_empty());
    }

    #[test]
    fn the_table_has_no_circles() {
        fn reaches(from: &str, to: &str) -> bool {
            allowed(from).unwrap_or_default().iter().any(|next| *next == to || reaches(next, to))
        }
        for (room, _) in ROOMS {
            assert!(!reaches(room, room), "{room} knows of itself by others");
        }
    }

    #[test]
    fn sees_lints_that_are_switched_off() {
        assert!(allows_a_lint("#[allow(dead_code)] fn f() {}"));
        assert!(allows_a_lint("#![allow(dead_code)]"));
        assert!(allows_a_lint("#[cfg_attr(test, allow(dead_code))]"));
        assert!(!allows_a_lint("#[expect(dead_code, reason = \"allow(this)\")] fn allow() { allow(); }"));
    }
}
