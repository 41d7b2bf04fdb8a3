//! What usually goes wrong with an item, and how to do it right: one file of texts for each topic, in `guidance/`.

use crate::checklist::Item;

/// The guidance on a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Guidance {
    /// What usually goes wrong.
    pub(in crate::report) wrong: Vec<&'static str>,
    /// A sketch for each framework: its name, and the code.
    pub(in crate::report) sketches: Vec<(&'static str, &'static str)>,
}

macro_rules! topics {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("guidance/", $name, ".md")))),*]
    };
}

static TOPICS: &[(&str, &str)] = topics![
    "resume",
    "tenants",
    "callback",
    "errors",
    "disconnect",
    "ended",
    "rate",
    "scopes",
    "authorize",
    "token",
    "secrets",
    "api",
    "embedded",
];

/// The topic of an item, by the longest prefix of its id. A new item needs a line only where no prefix fits, and a new topic only
/// where no text fits.
static BY_ITEM: &[(&str, &str)] = &[
    ("install.", "resume"),
    ("install.tenant.", "tenants"),
    ("install.completes", "callback"),
    ("install.shown", "callback"),
    ("install.any-klaviyo", "callback"),
    ("embedded.", "resume"),
    ("embedded.tenant.", "tenants"),
    ("embedded.not-installed.", "embedded"),
    ("error.", "errors"),
    ("uninstall.app.", "disconnect"),
    ("uninstall.klaviyo.", "ended"),
    ("rate.", "rate"),
    ("scope.", "scopes"),
    ("scope.requested", "authorize"),
    ("scope.outdated-revoked", "disconnect"),
    ("oauth.", "authorize"),
    ("oauth.client-auth", "token"),
    ("oauth.token-host", "token"),
    ("oauth.refresh", "token"),
    ("oauth.unavailable", "token"),
    ("oauth.code-replay", "callback"),
    ("oauth.survives", "errors"),
    ("oauth.secrets-hidden", "secrets"),
    ("api.", "api"),
];

/// The frameworks that every topic has a sketch for.
pub(in crate::report) const FRAMEWORKS: [&str; 5] = ["Express", "Next.js", "Flask", "Rails", "Laravel"];

/// The guidance on an item; none where it is not written yet.
pub(in crate::report) fn guidance(item: &Item) -> Option<Guidance> {
    let fitting = BY_ITEM.iter().filter(|(beginning, _)| item.id.starts_with(beginning));
    let (_, topic) = fitting.max_by_key(|(beginning, _)| beginning.len())?;
    let (_, text) = TOPICS.iter().find(|(name, _)| name == topic)?;
    Some(read(text))
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
    use crate::checklist::catalogue;

    #[test]
    fn every_item_has_guidance() {
        for item in catalogue() {
            assert!(
                guidance(item).is_some(),
                "{} has no guidance: add a line to BY_ITEM in src/report/text/guidance.rs, and a text in src/report/text/guidance/ \
                 where none of those there fits",
                item.id
            );
        }
    }

    #[test]
    fn every_topic_says_what_goes_wrong_and_has_a_sketch_for_every_framework() {
        for (name, text) in TOPICS {
            let guidance = read(text);
            assert!(guidance.wrong.len() >= 2, "{name} says too little of what goes wrong");
            let frameworks: Vec<&str> = guidance.sketches.iter().map(|(framework, _)| *framework).collect();
            assert_eq!(frameworks, FRAMEWORKS, "{name}");
            for (framework, code) in &guidance.sketches {
                assert!((1..=12).contains(&code.lines().count()), "{name}: {framework}: a sketch is short");
            }
        }
        for (beginning, topic) in BY_ITEM {
            assert!(TOPICS.iter().any(|(name, _)| name == topic), "{beginning} names a topic that there is not");
        }
    }
}
