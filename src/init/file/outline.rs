//! Where the entries of a `flowcheck.yaml` stand in its text, line by line: keys and list items with the comments above them. A YAML parser
//! keeps neither comments nor the order of keys, so none can tell.

use std::ops::Range;

/// The entries of a text in its order, each before those inside it.
#[derive(Debug)]
pub(in crate::init) struct Outline<'t> {
    pub(super) lines: Vec<&'t str>,
    pub(super) entries: Vec<Entry>,
}

/// A key or list item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The keys that lead to it; an item of a list goes by its first line.
    pub(super) path: Vec<String>,
    /// Lines of comments directly above it.
    pub(super) comments: Range<usize>,
    /// Its own lines, with all inside it.
    pub(super) lines: Range<usize>,
    /// Spaces before it.
    pub(super) indent: usize,
    /// Whether it has a value on its own line, so that no entries can be put inside it.
    pub(super) has_value: bool,
}

impl<'t> Outline<'t> {
    pub(in crate::init) fn of(whole: &'t str) -> Self {
        let lines: Vec<&str> = whole.lines().collect();
        let mut entries: Vec<Entry> = Vec::new();
        // Places in `entries`, outermost first; a list item is deeper than a key in the same column.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut comments_from = None;
        for (at, line) in lines.iter().enumerate() {
            let text = line.trim_start();
            let indent = line.len() - text.len();
            if text.is_empty() {
                comments_from = None;
                continue;
            }
            let inside_value = open.last().is_some_and(|(_, last)| {
                let last = &entries[*last];
                last.has_value && indent > last.indent
            });
            if text.starts_with('#') && !inside_value {
                comments_from.get_or_insert(at);
                continue;
            }
            let item = text.strip_prefix("- ");
            let depth = 2 * indent + usize::from(item.is_some());
            if inside_value || (item.is_none() && key(text).is_none()) {
                // A value that goes on over several lines.
                for (_, place) in &open {
                    entries[*place].lines.end = at + 1;
                }
                comments_from = None;
                continue;
            }
            open.retain(|(other, _)| *other < depth);
            let mut add = |depth: usize, indent: usize, name: String, has_value: bool| {
                for (_, place) in &open {
                    entries[*place].lines.end = at + 1;
                }
                let above = open.last().map_or_else(Vec::new, |(_, place)| entries[*place].path.clone());
                let path = above.into_iter().chain([name]).collect();
                let comments = comments_from.take().unwrap_or(at)..at;
                open.push((depth, entries.len()));
                entries.push(Entry { path, comments, lines: at..at + 1, indent, has_value });
            };
            match (item, key(text)) {
                (Some(item), _) => {
                    let is_pair = key(item).is_some();
                    add(depth, indent, format!("- {}", without_comment(item)), !is_pair);
                    if let Some((name, value)) = key(item) {
                        let column = indent + text.len() - item.trim_start().len();
                        add(2 * column, column, name.to_owned(), !value.is_empty());
                    }
                }
                (None, Some((name, value))) => add(depth, indent, name.to_owned(), !value.is_empty()),
                (None, None) => {}
            }
        }
        Self { lines, entries }
    }

    /// The entry with this path.
    pub(super) fn find(&self, path: &[String]) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.path == path)
    }

    /// Whether there is a key at this path.
    pub(in crate::init) fn has(&self, path: &[&str]) -> bool {
        self.entries.iter().any(|entry| entry.path.iter().map(String::as_str).eq(path.iter().copied()))
    }

    /// The comments above the entry with this path, without the signs that make them comments.
    pub(in crate::init) fn comments(&self, path: &[&str]) -> Vec<&'t str> {
        let found = self.entries.iter().find(|entry| entry.path.iter().map(String::as_str).eq(path.iter().copied()));
        let lines = found.map_or(0..0, |entry| entry.comments.clone());
        self.lines[lines].iter().map(|line| line.trim_start().trim_start_matches('#').trim()).collect()
    }
}

/// A key and what stands behind its colon, without a comment.
fn key(text: &str) -> Option<(&str, &str)> {
    let (name, value) = match text.split_once(": ") {
        Some(pair) => pair,
        None => (text.trim_end().strip_suffix(':')?, ""),
    };
    let plain = |text: &str| !text.is_empty() && !text.contains(['{', '[', '"', '\'', ' ']);
    let name = name.trim_matches(['"', '\'']);
    plain(name).then(|| (name, without_comment(value)))
}

fn without_comment(text: &str) -> &str {
    let text = if text.starts_with('#') { "" } else { text };
    text.split_once(" #").map_or(text, |(text, _)| text).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# The app.
name: An app # or two

start:
  # How it starts.
  command: >-
    node app.mjs
    # no comment
  env: { A: b }
users:
- login: ada
  password: x
- login: ben
klaviyo:
    scopes: [a,
      b]
    redirect_uris:
      - http://localhost
";

    #[test]
    fn entries_have_their_paths_lines_and_comments() {
        let outline = Outline::of(TEXT);
        let found: Vec<(String, usize, usize)> =
            outline.entries.iter().map(|entry| (entry.path.join("/"), entry.lines.start, entry.lines.end)).collect();
        let expected = [
            ("name", 1, 2),
            ("start", 3, 9),
            ("start/command", 5, 8),
            ("start/env", 8, 9),
            ("users", 9, 13),
            ("users/- login: ada", 10, 12),
            ("users/- login: ada/login", 10, 11),
            ("users/- login: ada/password", 11, 12),
            ("users/- login: ben", 12, 13),
            ("users/- login: ben/login", 12, 13),
            ("klaviyo", 13, 18),
            ("klaviyo/scopes", 14, 16),
            ("klaviyo/redirect_uris", 16, 18),
            ("klaviyo/redirect_uris/- http://localhost", 17, 18),
        ];
        assert_eq!(found, expected.map(|(path, from, to)| (path.to_owned(), from, to)));
        assert_eq!(outline.comments(&["start", "command"]), ["How it starts."]);
        assert!(outline.has(&["klaviyo", "scopes"]) && !outline.has(&["scopes"]));
    }
}
