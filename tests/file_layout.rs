//! Files inside a room keep to the plan, too: no circle of imports among them, and no folder with more than one can overlook.
//!
//! `tests/layers.rs` holds which room may know of which. Tours (`mod.rs`, `lib.rs`) are left out: they name all their files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Source files that a folder may have.
const MOST_FILES: usize = 16;
/// Folders that have outgrown this and wait to be divided; one that has been is to be taken off the list.
const OUTGROWN: &[&str] = &[];

#[test]
fn no_folder_holds_more_files_than_one_can_overlook() {
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    for file in crates().into_iter().flatten() {
        let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        *sizes.entry(folder.to_owned()).or_default() += 1;
    }
    let large = |folder: &str| sizes.get(folder).is_some_and(|files| *files > MOST_FILES);
    let mut complaints: Vec<String> = sizes
        .iter()
        .filter(|(folder, _)| large(folder) && !OUTGROWN.contains(&folder.as_str()))
        .map(|(folder, files)| format!("{folder} has {files} files, more than {MOST_FILES}"))
        .collect();
    let smaller = OUTGROWN.iter().filter(|folder| !large(folder));
    complaints.extend(smaller.map(|folder| format!("{folder} is no longer too large: take it off the list")));
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn no_files_of_a_room_import_each_other_in_a_circle() {
    let circles =
        crates().iter().flat_map(|files| circles(files)).map(|circle| circle.join(" -> ")).collect::<Vec<_>>();
    assert!(circles.is_empty(), "\n{}\n", circles.join("\n"));
}

/// A source file of one crate.
struct File {
    /// From the package's folder: `src/cli/mod.rs`.
    name: String,
    /// The module it is, from the crate's root.
    module: Vec<String>,
    /// Its code, without comments and tests.
    code: String,
}

impl File {
    fn is_tour(&self) -> bool {
        ["/mod.rs", "/lib.rs", "/main.rs"].iter().any(|end| self.name.ends_with(end))
    }
}

/// The circles among a crate's files, each once.
fn circles(files: &[File]) -> Vec<Vec<String>> {
    let by_module: BTreeMap<&[String], &File> = files.iter().map(|file| (file.module.as_slice(), file)).collect();
    let edges: BTreeMap<&str, BTreeSet<&str>> = files
        .iter()
        .filter(|file| !file.is_tour())
        .map(|file| {
            let imported = paths(&file.code).into_iter().filter_map(|path| target(file, &path, &by_module));
            (file.name.as_str(), imported.filter(|other| *other != file.name).collect())
        })
        .collect();
    let mut found: BTreeMap<BTreeSet<String>, Vec<String>> = BTreeMap::new();
    let mut over = BTreeSet::new();
    for file in edges.keys() {
        follow(file, &edges, &mut Vec::new(), &mut over, &mut found);
    }
    found.into_values().collect()
}

fn follow<'a>(
    file: &'a str,
    edges: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    path: &mut Vec<&'a str>,
    over: &mut BTreeSet<&'a str>,
    found: &mut BTreeMap<BTreeSet<String>, Vec<String>>,
) {
    if let Some(begin) = path.iter().position(|earlier| *earlier == file) {
        let circle: Vec<String> = path[begin..].iter().map(|file| (*file).to_owned()).collect();
        found.entry(circle.iter().cloned().collect()).or_insert(circle);
        return;
    }
    if over.contains(file) {
        return;
    }
    path.push(file);
    for next in edges.get(file).into_iter().flatten() {
        follow(next, edges, path, over, found);
    }
    path.pop();
    over.insert(file);
}

/// The file that a path leads to, by way of a tour's re-exports; none where it is a tour itself.
fn target<'a>(from: &File, path: &[String], files: &BTreeMap<&[String], &'a File>) -> Option<&'a str> {
    let mut full: Vec<String> = Vec::new();
    let mut rest = path;
    if rest.first()? == "super" {
        full = from.module[..from.module.len().saturating_sub(1)].to_vec();
    }
    rest = &rest[1..];
    while rest.first().is_some_and(|part| part == "super") {
        full.pop();
        rest = &rest[1..];
    }
    full.extend(rest.iter().cloned());
    // A re-export may lead to another.
    for _ in 0..4 {
        let length = (0..=full.len()).rev().find(|length| files.contains_key(&full[..*length]))?;
        let file = files[&full[..length]];
        if !file.is_tour() {
            return Some(&file.name);
        }
        let name = full.get(length)?;
        let exported = exports(&file.code).into_iter().find(|path| path.last() == Some(name))?;
        full = match exported.first().map(String::as_str) {
            Some("crate") => exported[1..].to_vec(),
            Some("self") => [&full[..length], &exported[1..]].concat(),
            _ => [&full[..length], &exported[..]].concat(),
        };
    }
    None
}

/// All paths in code that begin at `crate` or `super`.
fn paths(code: &str) -> Vec<Vec<String>> {
    let tokens = tokens(code);
    let begins = (0..tokens.len()).filter(|at| {
        let follows_path = *at > 0 && tokens[at - 1] == "::";
        ["crate", "super"].contains(&tokens[*at].as_str()) && !follows_path
    });
    begins.flat_map(|at| tree(&tokens, &mut at.clone())).collect()
}

/// The paths that a tour re-exports.
fn exports(code: &str) -> Vec<Vec<String>> {
    let tokens = tokens(code);
    let begins = (1..tokens.len()).filter(|at| tokens[*at] == "use" && ["pub", ")"].contains(&tokens[at - 1].as_str()));
    begins.flat_map(|at| tree(&tokens, &mut (at + 1))).collect()
}

/// The paths of `a::{b, c::d}` that begins at a token.
fn tree(tokens: &[String], at: &mut usize) -> Vec<Vec<String>> {
    let Some(name) = tokens.get(*at).cloned() else { return Vec::new() };
    *at += 1;
    if tokens.get(*at).is_none_or(|token| token != "::") {
        return vec![vec![name]];
    }
    *at += 1;
    let mut below = Vec::new();
    if tokens.get(*at).is_some_and(|token| token == "{") {
        *at += 1;
        while tokens.get(*at).is_some_and(|token| token != "}") {
            below.extend(tree(tokens, at));
            // `a as b`, and the comma.
            while tokens.get(*at).is_some_and(|token| token != "}" && token != ",") {
                *at += 1;
            }
            if tokens.get(*at).is_some_and(|token| token == ",") {
                *at += 1;
            }
        }
        *at += 1;
    } else {
        below = tree(tokens, at);
    }
    below.into_iter().map(|path| [vec![name.clone()], path].concat()).collect()
}

/// Names, `::` and single marks; texts are left out.
fn tokens(code: &str) -> Vec<String> {
    let letters: Vec<char> = code.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        if letter == '"' {
            at += 1;
            while letters.get(at).is_some_and(|letter| *letter != '"') {
                at += if letters[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
        } else if letter.is_alphanumeric() || letter == '_' {
            let length = letters[at..].iter().take_while(|one| one.is_alphanumeric() || **one == '_').count();
            tokens.push(letters[at..at + length].iter().collect());
            at += length;
        } else if letter == ':' && letters.get(at + 1) == Some(&':') {
            tokens.push("::".to_owned());
            at += 2;
        } else {
            // A quote in quotes is no text.
            let quoted = letter == '\'' && letters.get(at + 1) == Some(&'"');
            if !letter.is_whitespace() {
                tokens.push(letter.to_string());
            }
            at += if quoted { 3 } else { 1 };
        }
    }
    tokens
}

/// The files of each crate.
fn crates() -> Vec<Vec<File>> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates = fs::read_dir(package.join("crates")).expect("crates can be listed");
    let crates = crates.map(|one| one.expect("crates can be listed").path().join("src"));
    let all: Vec<Vec<File>> = crates.chain([package.join("src")]).map(|root| files(package, &root)).collect();
    assert!(all.len() > 2 && all.iter().all(|files| !files.is_empty()), "the sources were not found");
    all
}

fn files(package: &Path, root: &Path) -> Vec<File> {
    let mut folders: Vec<PathBuf> = vec![root.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("sources can be listed") {
            let path = entry.expect("sources can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(package).expect("it is below the package").display().to_string();
                let inside = path.strip_prefix(root).expect("it is below the root").with_extension("");
                let mut module: Vec<String> =
                    inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
                module.pop_if(|last| ["mod", "lib", "main"].contains(&last.as_str()));
                let text = fs::read_to_string(&path).expect("sources can be read");
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
                found.push(File { name, module, code: code.join("\n") });
            }
        }
    }
    found
}

mod the_scan_itself {
    use super::*;

    fn file(name: &str, code: &str) -> File {
        let inside = name.trim_start_matches("src/").trim_end_matches(".rs");
        let mut module: Vec<String> = inside.split('/').map(str::to_owned).collect();
        module.pop_if(|last| last == "mod");
        File { name: name.to_owned(), module, code: code.to_owned() }
    }

    #[test]
    fn sees_a_circle_by_neighbours_by_the_crate_and_by_a_tour() {
        for (one, other) in [
            ("use super::b::B;", "use super::a::A;"),
            ("use crate::room::b::{B, C};", "fn f() { crate::room::a::g() }"),
            ("use super::B;", "use crate::room::{A, other::X};"),
        ] {
            let tour = file("src/room/mod.rs", "mod a;\nmod b;\npub use a::A;\npub(crate) use b::{B, C};");
            let files = [tour, file("src/room/a.rs", one), file("src/room/b.rs", other)];
            assert_eq!(circles(&files), [["src/room/a.rs", "src/room/b.rs"]], "{one} {other}");
        }
    }

    #[test]
    fn sees_none_where_there_is_none() {
        let tour = file("src/room/mod.rs", "mod a;\nmod b;\npub use a::A;");
        let one = file("src/room/a.rs", "use super::b::B;\nlet text = \"crate::room::a::A\";");
        let other = file("src/room/b.rs", "use std::fmt;\nstruct B;");
        assert_eq!(circles(&[tour, one, other]), Vec::<Vec<String>>::new());
    }
}
