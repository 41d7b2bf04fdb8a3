//! Finding scenarios by what was typed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::file_line::only_items_on;
use crate::cli::command_error::CommandError;
use crate::scenario::{Builtin, Diagnostics, Loaded, builtin, load_scenario, parse_scenario};

/// Scenarios that were found.
#[derive(Debug)]
pub(super) struct Found {
    /// In the checklist's order, files last.
    pub(super) scenarios: Vec<Arc<Loaded>>,
    /// Ids of those of which only some items are judged.
    pub(super) partial: Vec<String>,
}

/// A scenario file that was typed.
#[derive(Debug)]
struct TypedFile {
    path: String,
    /// The lines that were typed with it; none where it was typed without a line.
    lines: Option<Vec<u32>>,
}

/// The scenarios meant by what was typed: every built-in one, where nothing was.
pub(super) fn find(typed: &[String]) -> Result<Found, CommandError> {
    let known = built_in()?;
    if typed.is_empty() {
        return Ok(Found { scenarios: known, partial: Vec::new() });
    }
    let mut wanted = vec![false; known.len()];
    let mut files: Vec<TypedFile> = Vec::new();
    for text in typed {
        if let Some((path, line)) = as_file(text) {
            add(&mut files, path, line);
            continue;
        }
        let mut found = false;
        let is_id = known.iter().any(|scenario| scenario.script.id.value == *text);
        let is_meant = |id: &str| if is_id { id == text } else { means(text, id) };
        for (index, scenario) in known.iter().enumerate() {
            if is_meant(&scenario.script.id.value) {
                wanted[index] = true;
                found = true;
            }
        }
        if !found {
            return Err(unknown(text, &known));
        }
    }
    let mut scenarios: Vec<Arc<Loaded>> =
        known.into_iter().zip(wanted).filter_map(|(scenario, wanted)| wanted.then_some(scenario)).collect();
    let mut partial = Vec::new();
    for file in files {
        let (scenario, text) = read(&file.path)?;
        let id = scenario.script.id.value.clone();
        if scenarios.iter().any(|other| other.file == scenario.file) {
            // All its items are judged already.
            continue;
        }
        scenarios.push(Arc::new(match file.lines {
            None => scenario,
            Some(lines) => {
                partial.push(id);
                only_items_on(&scenario, &text, &lines)?
            }
        }));
    }
    Ok(Found { scenarios, partial })
}

/// Adds a file, or a line to those of a file that is there already.
fn add(files: &mut Vec<TypedFile>, path: &str, line: Option<u32>) {
    match (files.iter_mut().find(|file| file.path == path), line) {
        (None, line) => files.push(TypedFile { path: path.to_owned(), lines: line.map(|line| vec![line]) }),
        (Some(file), None) => file.lines = None,
        (Some(TypedFile { lines: Some(lines), .. }), Some(line)) => lines.push(line),
        // The whole file is meant already.
        (Some(TypedFile { lines: None, .. }), Some(_)) => {}
    }
}

/// A scenario and its text: a file on disk, else the built-in one that reports show under this path.
fn read(path: &str) -> Result<(Loaded, String), Diagnostics> {
    if !Path::new(path).exists()
        && let Some(Builtin { file, source }) = builtin().iter().find(|built_in| built_in.file == path)
    {
        return Ok((parse_scenario(file, source)?, (*source).to_owned()));
    }
    let scenario = load_scenario(Path::new(path))?;
    // It was read a moment ago; were it gone, only the message about a line would lack its text.
    Ok((scenario, fs::read_to_string(path).unwrap_or_default()))
}

/// The scenarios that have one of the tags; all, where no tag is given.
pub(in crate::cli) fn tagged(scenarios: Vec<Arc<Loaded>>, tags: &[String]) -> Result<Vec<Arc<Loaded>>, CommandError> {
    if tags.is_empty() {
        return Ok(scenarios);
    }
    let known: BTreeSet<&str> = scenarios.iter().flat_map(|scenario| scenario.script.tags()).collect();
    if let Some(unknown) = tags.iter().find(|tag| !known.contains(tag.as_str())) {
        let known: Vec<&str> = known.into_iter().collect();
        return Err(CommandError::usage(format!(
            "no scenario has the tag `{unknown}`; there are {}",
            known.join(", ")
        )));
    }
    let wanted = |scenario: &Arc<Loaded>| scenario.script.tags().iter().any(|tag| tags.iter().any(|wish| wish == tag));
    Ok(scenarios.into_iter().filter(wanted).collect())
}

/// Every built-in scenario, in the checklist's order.
pub(in crate::cli) fn built_in() -> Result<Vec<Arc<Loaded>>, Diagnostics> {
    builtin().iter().map(|Builtin { file, source }| parse_scenario(file, source).map(Arc::new)).collect()
}

/// Whether a text that is no id means this one: its beginning up to a `/` or a `-`.
fn means(text: &str, id: &str) -> bool {
    let begins = |rest: &str| rest.is_empty() || rest.starts_with(['/', '-']) || text.ends_with('/');
    id.strip_prefix(text).is_some_and(begins)
}

/// `mine.yaml` or `mine.yaml:12`.
fn as_file(text: &str) -> Option<(&str, Option<u32>)> {
    let is_file = |path: &str| Path::new(path).extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    if is_file(text) {
        return Some((text, None));
    }
    let (path, line) = text.rsplit_once(':')?;
    is_file(path).then(|| line.parse().ok()).flatten().map(|line| (path, Some(line)))
}

fn unknown(text: &str, known: &[Arc<Loaded>]) -> CommandError {
    let judging = known.iter().filter(|scenario| scenario.script.expects.iter().any(|item| item.value == text));
    let judging: Vec<&str> = judging.map(|scenario| scenario.script.id.value.as_str()).collect();
    if !judging.is_empty() {
        return CommandError::usage(format!(
            "`{text}` is an item of the checklist, not a scenario; name one that judges it: {}",
            judging.join(", ")
        ));
    }
    let ids: Vec<&str> = known.iter().map(|scenario| scenario.script.id.value.as_str()).collect();
    let hint = match nearest(text, ids.iter().copied()) {
        Some(id) => format!("did you mean `{id}`?"),
        None => format!("there are:\n  {}", ids.join("\n  ")),
    };
    CommandError::usage(format!("no scenario is called `{text}`; {hint}"))
        .remedy("a file's name ends in .yaml; `flowcheck list` shows what each scenario is for")
}

/// The id that was probably meant, if one is similar.
pub(in crate::cli) fn nearest<'i>(typed: &str, ids: impl IntoIterator<Item = &'i str>) -> Option<&'i str> {
    ids.into_iter()
        .map(|id| (strsim::jaro_winkler(typed, id), id))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|(one, _), (two, _)| one.total_cmp(two))
        .map(|(_, id)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &[&str]) -> Result<Found, CommandError> {
        find(&typed.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    fn ids(typed: &[&str]) -> Vec<String> {
        let found = found(typed).expect("there are such scenarios");
        found.scenarios.iter().map(|scenario| scenario.script.id.value.clone()).collect()
    }

    fn refusal(typed: &str) -> String {
        format!("{:?}", found(&[typed]).expect_err("there is no such scenario"))
    }

    #[test]
    fn ids_and_beginnings_of_ids_mean_scenarios() {
        assert_eq!(ids(&["install/signed-out"]), ["install/signed-out"]);
        assert_eq!(ids(&["errors"]), ids(&["errors/"]));
        assert_eq!(
            ids(&["errors"]),
            ["errors/denied", "errors/denied-in-app", "errors/expired", "errors/expired-in-app", "errors/abandoned"]
        );
        assert_eq!(ids(&["errors/denied"]), ["errors/denied"], "an id is nobody else's beginning");
        assert_eq!(ids(&["oauth/refresh"]), ["oauth/refresh"]);
        assert_eq!(ids(&["install/tenant"]), ["install/tenant-drop-down", "install/tenant-text-box"]);
        assert_eq!(ids(&[]).len(), builtin().len());
    }

    #[test]
    fn scenarios_come_once_and_in_the_checklists_order() {
        assert_eq!(
            ids(&["errors/abandoned", "install/signed-in", "errors/abandoned"]),
            ["install/signed-in", "errors/abandoned"]
        );
    }

    #[test]
    fn an_unknown_one_is_answered_with_what_was_meant() {
        assert!(refusal("install/signedout").contains("did you mean `install/signed-out`?"));
        assert!(refusal("install.shown").contains("name one that judges it: install/signed-in, "));
        assert!(refusal("nothing-like-this").contains("there are:\\n  install/signed-in"));
    }

    #[test]
    fn files_are_told_by_their_ending() {
        assert_eq!(as_file("a/b.yaml"), Some(("a/b.yaml", None)));
        assert_eq!(as_file("a/b.yml:12"), Some(("a/b.yml", Some(12))));
        assert_eq!(as_file("install/signed-in"), None);
    }

    #[test]
    fn a_built_in_scenario_is_found_by_the_path_that_reports_show() {
        let file = "scenarios/install/signed-out.yaml";
        let whole = found(&[file]).expect("it is built in");
        let item = &whole.scenarios[0].script.expects[1];
        let one = found(&[&format!("{file}:{}", item.line)]).expect("the line names an item");
        assert_eq!(one.scenarios[0].script.expects.len(), 1);
        assert_eq!(one.scenarios[0].script.expects[0].value, item.value);
        assert_eq!((one.partial, whole.partial), (vec!["install/signed-out".to_owned()], Vec::new()));
    }

    #[test]
    fn a_file_typed_with_and_without_a_line_is_played_whole() {
        let file = "scenarios/install/signed-out.yaml";
        for typed in [[&format!("{file}:16"), file], [file, &format!("{file}:16")]] {
            let found = found(&typed).expect("it is built in");
            assert!(found.partial.is_empty() && found.scenarios[0].script.expects.len() > 1, "{typed:?}");
        }
        assert!(found(&["install/signed-out", &format!("{file}:16")]).expect("it is built in").partial.is_empty());
    }
}
