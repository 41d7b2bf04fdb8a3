//! Which scenarios were meant.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::scenario::{Builtin, Loaded, builtin, load_scenario, parse_scenario};

/// The scenarios meant by what was typed, in the checklist's order, files last; what is wrong comes back in words.
pub(in crate::cli) fn select(typed: &[String], colour: bool) -> Result<Vec<Arc<Loaded>>, String> {
    let known = built_in(colour)?;
    if typed.is_empty() {
        return Ok(known);
    }
    let mut wanted = vec![false; known.len()];
    let mut files: Vec<Arc<Loaded>> = Vec::new();
    for text in typed {
        if let Some((path, line)) = as_file(text) {
            let loaded = Arc::new(load_scenario(Path::new(path)).map_err(|found| found.render(colour))?);
            // A file holds one scenario; the line, as editors hand it over, only has to be in it.
            let _ = line;
            if !files.iter().any(|file| file.file == loaded.file) {
                files.push(loaded);
            }
            continue;
        }
        let mut found = false;
        for (index, scenario) in known.iter().enumerate() {
            if means(text, &scenario.script.id.value) {
                wanted[index] = true;
                found = true;
            }
        }
        if !found {
            return Err(unknown(text, &known));
        }
    }
    let chosen = known.into_iter().zip(wanted).filter_map(|(scenario, wanted)| wanted.then_some(scenario));
    Ok(chosen.chain(files).collect())
}

/// Those that have one of the tags; all, where none is named.
pub(in crate::cli) fn tagged(scenarios: Vec<Arc<Loaded>>, tags: &[String]) -> Result<Vec<Arc<Loaded>>, String> {
    if tags.is_empty() {
        return Ok(scenarios);
    }
    let known: BTreeSet<&str> = scenarios.iter().flat_map(|scenario| scenario.script.tags()).collect();
    if let Some(unknown) = tags.iter().find(|tag| !known.contains(tag.as_str())) {
        let known: Vec<&str> = known.into_iter().collect();
        return Err(format!("no scenario has the tag `{unknown}`; there are {}", known.join(", ")));
    }
    let wanted = |scenario: &Arc<Loaded>| scenario.script.tags().iter().any(|tag| tags.iter().any(|wish| wish == tag));
    Ok(scenarios.into_iter().filter(wanted).collect())
}

/// Every built-in scenario.
pub(in crate::cli) fn built_in(colour: bool) -> Result<Vec<Arc<Loaded>>, String> {
    builtin()
        .iter()
        .map(|Builtin { file, source }| {
            parse_scenario(file, source).map(Arc::new).map_err(|found| found.render(colour))
        })
        .collect()
}

/// An id means itself; the beginning of ids means all of them, up to a `/` or a `-`.
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

fn unknown(text: &str, known: &[Arc<Loaded>]) -> String {
    let judging = known.iter().filter(|scenario| scenario.script.expects.iter().any(|item| item.value == text));
    let judging: Vec<&str> = judging.map(|scenario| scenario.script.id.value.as_str()).collect();
    if !judging.is_empty() {
        return format!(
            "`{text}` is an item of the checklist, not a scenario; name one that judges it: {}",
            judging.join(", ")
        );
    }
    let ids: Vec<&str> = known.iter().map(|scenario| scenario.script.id.value.as_str()).collect();
    let hint = match nearest(text, ids.iter().copied()) {
        Some(id) => format!("did you mean `{id}`?"),
        None => format!("there are:\n  {}", ids.join("\n  ")),
    };
    format!(
        "no scenario is called `{text}`; {hint}\na file's name ends in .yaml; `flowcheck list` shows what each scenario is for"
    )
}

/// The id that was probably meant, if one is near.
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

    fn ids(typed: &[&str]) -> Result<Vec<String>, String> {
        let typed: Vec<String> = typed.iter().map(|text| (*text).to_owned()).collect();
        select(&typed, false).map(|found| found.iter().map(|scenario| scenario.script.id.value.clone()).collect())
    }

    #[test]
    fn ids_and_beginnings_of_ids_mean_scenarios() {
        assert_eq!(ids(&["install/signed-out"]), Ok(vec!["install/signed-out".to_owned()]));
        assert_eq!(ids(&["errors"]), ids(&["errors/"]));
        assert_eq!(ids(&["errors"]).unwrap(), ["errors/denied", "errors/expired", "errors/abandoned"]);
        assert_eq!(ids(&["install/tenant"]).unwrap(), ["install/tenant-drop-down", "install/tenant-text-box"]);
        assert_eq!(ids(&[]).unwrap().len(), builtin().len());
    }

    #[test]
    fn scenarios_come_once_and_in_the_checklists_order() {
        assert_eq!(
            ids(&["errors/denied", "install/signed-in", "errors/denied"]).unwrap(),
            ["install/signed-in", "errors/denied"]
        );
    }

    #[test]
    fn an_unknown_one_is_answered_with_what_was_meant() {
        assert!(ids(&["install/signedout"]).unwrap_err().contains("did you mean `install/signed-out`?"));
        assert!(ids(&["install.shown"]).unwrap_err().contains("name one that judges it: install/signed-in, "));
        assert!(ids(&["nothing-like-this"]).unwrap_err().contains("there are:\n  install/signed-in"));
    }

    #[test]
    fn files_are_told_by_their_ending() {
        assert_eq!(as_file("a/b.yaml"), Some(("a/b.yaml", None)));
        assert_eq!(as_file("a/b.yml:12"), Some(("a/b.yml", Some(12))));
        assert_eq!(as_file("install/signed-in"), None);
    }
}
