//! A `flowcheck.yaml` that is there already, completed: what it lacks is put in, its gaps that can be filled now are filled, and every other
//! line stays as it is.

use std::ops::Range;

use super::gap::NOT_FOUND_OUT;
use super::outline::{Entry, Outline};
use crate::doctor::NOT_KNOWN_YET;

/// What begins a comment that asks the user.
const QUESTION: &str = "# QUESTION: ";

/// The text completed: `before` is what `init` would write of what the text says, `now` what it would write of what is known now.
pub(in crate::init) fn complete(text: &str, before: &str, now: &str) -> String {
    let (old, before, now) = (Outline::of(text), Outline::of(before), Outline::of(now));
    let mut edits: Vec<Edit> = Vec::new();
    let mut done: Vec<&[String]> = Vec::new();
    for entry in &now.entries {
        if done.iter().any(|path| entry.path.starts_with(path)) {
            continue;
        }
        let Some(there) = old.find(&entry.path) else {
            done.push(&entry.path);
            edits.extend(insertion(&old, &now, entry));
            continue;
        };
        if is_open(&old, there, &before, &now, entry) {
            done.push(&entry.path);
            let own =
                there.comments.clone().map(|at| old.lines[at]).filter(|line| !has(&before, line) && !is_inits(line));
            let new = now.lines[entry.comments.start..entry.lines.end].iter();
            let lines = own.map(str::to_owned).chain(shifted(new, entry.indent, there.indent)).collect();
            edits.push(Edit { lines: there.comments.start..there.lines.end, new: lines });
        } else if there.has_value || entry.has_value {
            // What stands there is the user's.
            done.push(&entry.path);
        } else {
            edits.extend(gaps_above(&old, there, &now, entry));
        }
    }
    let mut outdated = outdated(&old, &before, &now);
    outdated.retain(|edit| !edits_overlap(&edits, edit));
    edits.extend(outdated);
    applied(&old, edits)
}

/// Lines that give place to others.
#[derive(Debug)]
struct Edit {
    lines: Range<usize>,
    new: Vec<String>,
}

fn edits_overlap(edits: &[Edit], other: &Edit) -> bool {
    edits.iter().any(|edit| edit.lines.start < other.lines.end && other.lines.start < edit.lines.end)
}

/// Whether an entry stands for something that was not known, and is now.
fn is_open(old: &Outline<'_>, there: &Entry, before: &Outline<'_>, now: &Outline<'_>, entry: &Entry) -> bool {
    let unknown = |outline: &Outline<'_>, entry: &Entry| {
        outline.lines[entry.lines.clone()].iter().any(|line| line.contains(NOT_KNOWN_YET))
    };
    let asks = |outline: &Outline<'_>, entry: &Entry| {
        outline.lines[entry.comments.clone()].iter().any(|line| line.trim_start().starts_with(QUESTION))
    };
    if has_mappings(old, there) || unknown(now, entry) {
        return false;
    }
    // Whoever answered may have left the question there.
    let still_asked = before.find(&entry.path).is_some_and(|entry| asks(before, entry)) && asks(old, there);
    unknown(old, there) || still_asked && !asks(now, entry)
}

/// Whether there are keys inside it, so that it is not one value or a list of values.
fn has_mappings(outline: &Outline<'_>, entry: &Entry) -> bool {
    let inside = |other: &&Entry| other.path.len() > entry.path.len() && other.path.starts_with(&entry.path);
    outline.entries.iter().filter(inside).any(|other| other.path.last().is_some_and(|name| !name.starts_with("- ")))
}

/// Puts an entry in that is not there: behind the one that `init` would write before it, else at the beginning of what it belongs in.
fn insertion(old: &Outline<'_>, now: &Outline<'_>, entry: &Entry) -> Option<Edit> {
    let (_, above) = entry.path.split_last()?;
    let is_sibling = |other: &Entry, of: &[String]| other.path.len() == of.len() + 1 && other.path.starts_with(of);
    let earlier = now.entries.iter().take_while(|other| *other != entry).filter(|other| is_sibling(other, above));
    let (at, indent) = if let Some(before) = earlier.filter_map(|other| old.find(&other.path)).last() {
        (before.lines.end, before.indent)
    } else if above.is_empty() {
        (old.lines.len(), 0)
    } else {
        let parent = old.find(above).filter(|parent| !parent.has_value)?;
        let child = old.entries.iter().find(|other| is_sibling(other, above));
        (parent.lines.start + 1, child.map_or(parent.indent + 2, |child| child.indent))
    };
    let lines = now.lines[entry.comments.start..entry.lines.end].iter();
    let mut new: Vec<String> = shifted(lines, entry.indent, indent).collect();
    if above.is_empty() && entry.comments.start > 0 && now.lines[entry.comments.start - 1].is_empty() {
        new.insert(0, String::new());
    }
    Some(Edit { lines: at..at, new })
}

/// Gaps that are new, above the entry that they belong to.
fn gaps_above(old: &Outline<'_>, there: &Entry, now: &Outline<'_>, entry: &Entry) -> Option<Edit> {
    let above = now.lines[entry.comments.clone()].iter().enumerate();
    let mut new = Vec::new();
    for (index, line) in above {
        if is_gap(line) && !has(old, line) {
            new.extend([*line, now.lines.get(entry.comments.start + index + 1).copied().unwrap_or_default()]);
        }
    }
    let at = there.lines.start;
    let new: Vec<String> = shifted(new.iter(), entry.indent, there.indent).collect();
    (!new.is_empty()).then_some(Edit { lines: at..at, new })
}

/// Comments that `init` wrote, and would not write any more.
fn outdated(old: &Outline<'_>, before: &Outline<'_>, now: &Outline<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut in_gap = false;
    for (at, line) in old.lines.iter().enumerate() {
        let line = line.trim_start();
        // The second line of a gap says what to do.
        in_gap = is_gap(line) || in_gap && line.starts_with("#   ");
        let was_written = line.starts_with('#') && (in_gap || has(before, line));
        if was_written && !has(now, line) {
            edits.push(Edit { lines: at..at + 1, new: Vec::new() });
        }
    }
    edits
}

/// Whether a line begins a comment on what could not be found out.
fn is_gap(line: &str) -> bool {
    let line = line.trim_start();
    line.strip_prefix("# ").is_some_and(|line| line.starts_with(NOT_FOUND_OUT))
}

fn is_inits(line: &str) -> bool {
    let line = line.trim_start();
    is_gap(line) || line.starts_with(QUESTION)
}

fn has(outline: &Outline<'_>, line: &str) -> bool {
    outline.lines.iter().any(|other| other.trim() == line.trim())
}

/// The lines as far in as what they are put beside.
fn shifted<'a>(lines: impl Iterator<Item = &'a &'a str>, from: usize, to: usize) -> impl Iterator<Item = String> {
    lines.map(move |line| {
        let content = line.trim_start();
        let indent = (line.len() - content.len() + to).saturating_sub(from);
        if content.is_empty() { String::new() } else { format!("{:indent$}{content}", "") }
    })
}

fn applied(old: &Outline<'_>, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.lines.start, edit.lines.end));
    let mut text: Vec<String> = Vec::new();
    let mut at = 0;
    for edit in edits {
        text.extend(old.lines[at..edit.lines.start.max(at)].iter().map(|line| (*line).to_owned()));
        at = at.max(edit.lines.end);
        let cut = edit.new.is_empty();
        text.extend(edit.new);
        // Where a comment stood alone, one empty line is enough.
        let alone =
            cut && text.last().is_some_and(String::is_empty) && old.lines.get(at).is_some_and(|line| line.is_empty());
        at += usize::from(alone);
    }
    text.extend(old.lines[at..].iter().map(|line| (*line).to_owned()));
    text.join("\n").trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "\
# Written by init.
name: The app

# Not known: tenancy.

url: http://localhost:3000

klaviyo:
  # QUESTION: which client id?
  client_id: not-known-yet
  client_secret: ${SECRET}
  # QUESTION: which scopes?
  scopes:
    - accounts:read
  redirect_uris:
    # QUESTION: which one?
    - http://localhost:3000/not-known-yet

# Pages are looked for.
# pages:
#   settings: URL

# QUESTION: who has an account?
# users:
#   - login: sam
";
    const NOW: &str = "\
# Written by init.
name: The app

# How tenants are told apart.
tenancy: drop-down

url: http://localhost:3000

klaviyo:
  client_id: found
  client_secret: ${SECRET}
  scopes:
    - accounts:read
    - events:write
  redirect_uris:
    - http://localhost:3000/callback

pages:
  # Connects by \"Connect\".
  settings: http://localhost:3000/settings

# People.
users:
  - login: ada
    password: ${PASSWORD}
";

    #[test]
    fn a_file_that_nobody_changed_becomes_what_would_be_written_now() {
        assert_eq!(complete(BEFORE, BEFORE, NOW), NOW);
        assert_eq!(complete(NOW, NOW, NOW), NOW);
        let with_gap = BEFORE.replace("# QUESTION: who", "# NOT FOUND OUT: it asks.\n#   name one.\n# QUESTION: who");
        assert_eq!(complete(&with_gap, BEFORE, NOW), NOW);
    }

    #[test]
    fn what_a_person_changed_stays_in_its_place_and_form() {
        let mine = "\
url: http://localhost:3000   # mine
# My own words.
name: 'Mine'
klaviyo:
    client_id: mine
    scopes: [accounts:read, lists:read]  # two
    # My secret.
    client_secret: plain
    redirect_uris: [http://localhost:3000/other]
overrides: { connect: { css: .x } }
";
        let known = complete(mine, BEFORE, NOW);
        for line in mine.lines() {
            assert!(known.contains(line), "{line}\n{known}");
        }
        let added = ["tenancy: drop-down", "pages:", "  settings: http://localhost:3000/settings", "  - login: ada"];
        assert!(added.iter().all(|line| known.lines().any(|other| other == *line)), "{known}");
        assert!(!known.contains("client_id: found") && !known.contains("/callback"), "{known}");
    }

    #[test]
    fn the_users_own_comment_survives_the_gap_that_it_stands_at() {
        let mine = BEFORE.replace("  client_id: not", "  # Ask Kim.\n  client_id: not");
        let known = complete(&mine, BEFORE, NOW);
        assert!(known.contains("  # Ask Kim.\n  client_id: found\n"), "{known}");
        assert!(!known.contains("which client id?"), "{known}");
    }

    #[test]
    fn a_gap_that_stays_open_stays_once_and_a_new_one_is_put_in() {
        let gap = "  # NOT FOUND OUT: it led nowhere.\n  #   name it.\n";
        let open = BEFORE.replace("  client_secret", &format!("{gap}  client_secret"));
        let again = complete(&open, BEFORE, &open);
        assert_eq!(again, open);
        let new = NOW.replace("pages:", "# NOT FOUND OUT: none shows it.\n#   name one.\npages:");
        let inner = NOW.replace("  - login: ada\n", "  - login: ada\n    # mine\n");
        let known = complete(&inner, NOW, &new);
        assert_eq!(known.matches("# NOT FOUND OUT: none shows it.\n#   name one.\npages:").count(), 1, "{known}");
        assert!(known.contains("    # mine\n"), "{known}");
    }

    #[test]
    fn what_is_added_is_as_far_in_as_what_is_there() {
        let mine = "pages:\n    login: http://localhost:3000/login\nusers:\n- login: ada\n  password: x\n";
        let now = "pages:\n  login: L\n  home: H\nusers:\n  - login: ada\n    password: y\n    tenants:\n      - name: One\n  - login: ben\n";
        let known = complete(mine, mine, now);
        let expected = "pages:\n    login: http://localhost:3000/login\n    home: H\nusers:\n- login: ada\n  password: x\n  tenants:\n    - name: One\n- login: ben\n";
        assert_eq!(known, expected);
    }
}
