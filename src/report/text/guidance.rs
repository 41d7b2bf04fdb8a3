//! What usually goes wrong with an item, and how to do it right: one file of texts for each topic, in `guidance/`.

use crate::checklist::{Item, Topic};

/// The guidance on a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Guidance {
    /// What usually goes wrong.
    pub(in crate::report) wrong: Vec<&'static str>,
    /// A sketch for each framework: its name, and the code.
    pub(in crate::report) sketches: Vec<(&'static str, &'static str)>,
}

/// The text of each topic.
fn text(topic: Topic) -> &'static str {
    match topic {
        Topic::Resume => include_str!("guidance/resume.md"),
        Topic::Tenants => include_str!("guidance/tenants.md"),
        Topic::Callback => include_str!("guidance/callback.md"),
        Topic::Errors => include_str!("guidance/errors.md"),
        Topic::Disconnect => include_str!("guidance/disconnect.md"),
        Topic::Ended => include_str!("guidance/ended.md"),
        Topic::Rate => include_str!("guidance/rate.md"),
        Topic::Scopes => include_str!("guidance/scopes.md"),
        Topic::Authorize => include_str!("guidance/authorize.md"),
        Topic::Token => include_str!("guidance/token.md"),
        Topic::Secrets => include_str!("guidance/secrets.md"),
        Topic::Api => include_str!("guidance/api.md"),
        Topic::Data => include_str!("guidance/data.md"),
        Topic::Users => include_str!("guidance/users.md"),
        Topic::Embedded => include_str!("guidance/embedded.md"),
    }
}

/// The frameworks that every topic has a sketch for.
pub(in crate::report) const FRAMEWORKS: [&str; 5] = ["Express", "Next.js", "Flask", "Rails", "Laravel"];

/// The guidance on an item.
pub(in crate::report) fn guidance(item: &Item) -> Guidance {
    read(text(item.guidance))
}

fn read(text: &'static str) -> Guidance {
    let mut guidance = Guidance { wrong: Vec::new(), sketches: Vec::new() };
    // A comment in a sketch may begin with `# `, too; only these two kinds of lines are headings.
    let is_heading = |line: &str| line == "# Goes wrong" || FRAMEWORKS.iter().any(|name| line == format!("# {name}"));
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if is_heading(line.trim_end()) {
            starts.push(at);
        }
        at += line.len();
    }
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(text.len());
        let Some((heading, body)) = text[*start..end].split_once('\n') else { continue };
        match heading.trim_start_matches("# ") {
            "Goes wrong" => guidance.wrong = body.lines().filter_map(|line| line.strip_prefix("- ")).collect(),
            framework => guidance.sketches.push((framework, body.trim_end())),
        }
    }
    guidance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_says_what_goes_wrong_and_has_a_sketch_for_every_framework() {
        for topic in Topic::ALL {
            let guidance = read(text(topic));
            assert!(guidance.wrong.len() >= 2, "{topic:?} says too little of what goes wrong");
            let frameworks: Vec<&str> = guidance.sketches.iter().map(|(framework, _)| *framework).collect();
            assert_eq!(frameworks, FRAMEWORKS, "{topic:?}");
            for (framework, code) in &guidance.sketches {
                assert!((1..=12).contains(&code.lines().count()), "{topic:?}: {framework}: a sketch is short");
            }
        }
    }
}
