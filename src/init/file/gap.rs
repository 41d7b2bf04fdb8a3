//! What `init` could not find out, as comments of the file that it writes.

use crate::doctor::{Finding, State};
use crate::evidence::clip;

/// What begins the comment.
pub(super) const NOT_FOUND_OUT: &str = "NOT FOUND OUT: ";
/// Characters of what was seen that a comment quotes.
const SHOWN: usize = 400;

/// What stood in the way of finding something out: it is a comment of the file, where what is missing belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    section: Section,
    saw: String,
    remedy: String,
}

/// The part of the file that a gap stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::init) enum Section {
    /// How the app is started, and where it is.
    App,
    /// Its settings at Klaviyo.
    Registration,
    /// Its pages.
    Pages,
    /// Its users, and their tenants.
    Users,
}

impl Gap {
    /// The gap that a finding leaves; none where what it is about holds.
    pub fn of(finding: &Finding) -> Option<Self> {
        let State::Fails { saw, remedy, .. } = &finding.state else { return None };
        let section = match finding.name {
            "login" | "sign-up" | "tenants" => Section::Users,
            "settings" | "installed is seen" | "disconnect" => Section::Pages,
            "request to Klaviyo"
            | "install URL"
            | "client id"
            | "client secret"
            | "redirect URI"
            | "app reaches Klaviyo"
            | "gateway trusted" => Section::Registration,
            _ => Section::App,
        };
        Some(Self { section, saw: saw.clone(), remedy: remedy.clone() })
    }

    pub(in crate::init) fn is_in(&self, section: Section) -> bool {
        self.section == section
    }

    /// The comment's lines, without the sign that makes them comments.
    pub(in crate::init) fn lines(&self) -> Vec<String> {
        let one_line = |text: &str| clip(&text.split_whitespace().collect::<Vec<_>>().join(" "), SHOWN);
        vec![
            format!("{NOT_FOUND_OUT}{}.", one_line(self.saw.trim_end_matches('.'))),
            format!("  {}.", one_line(&self.remedy)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Blame;

    #[test]
    fn what_fails_is_a_gap_on_two_lines_where_it_belongs() {
        let fails = |name| Finding::fails(name, Blame::Configuration, "it says\n\"Log in\"", "name a user: --login");
        let gap = Gap::of(&fails("login")).expect("it fails");
        assert_eq!(gap.lines(), ["NOT FOUND OUT: it says \"Log in\".", "  name a user: --login."]);
        assert!(gap.is_in(Section::Users) && !gap.is_in(Section::App));
        assert!(Gap::of(&fails("ports")).expect("it fails").is_in(Section::App));
        assert_eq!(Gap::of(&Finding::holds("login", "works")), None);
        assert_eq!(Gap::of(&Finding::unknown("login", "who knows")), None);
    }
}
