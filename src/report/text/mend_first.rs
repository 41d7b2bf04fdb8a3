//! The first things to mend after a run: what it is, whose, and the command that shows it again.

use crate::checklist::{Blame, Outcome, Statement, Verdict, VerdictKind};
use crate::evidence::count;
use crate::report::content::describe::rerun_command;
use crate::report::content::summary::Summary;

/// How many are told.
const MOST: usize = 3;

/// Something to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Mending {
    /// What is wrong.
    pub(in crate::report) what: Statement,
    /// Who mends it.
    pub(in crate::report) whose: &'static str,
    /// What to run once it is done.
    pub(in crate::report) command: String,
    /// Items that hang on it.
    items: usize,
}

impl Mending {
    /// What is wrong, and how much hangs on it.
    pub(in crate::report) fn line(&self) -> String {
        let hang = if self.items > 1 {
            format!(" ({} hang on it)", count(self.items, "item", "items"))
        } else {
            String::new()
        };
        format!("{}{hang}", self.what)
    }
}

/// The first things to mend, each cause once. Before the app is judged, what keeps it from being judged is to be mended; among causes of the same
/// party, the one that most hangs on comes first.
pub(in crate::report) fn mend_first(outcome: &Outcome, summary: &Summary<'_>) -> Vec<Mending> {
    let mut all: Vec<(u8, Mending)> = Vec::new();
    for item in &summary.items {
        let command = || rerun_command(&outcome.run, item.scenario);
        let (rank, mending) = match item.verdict {
            Verdict::Fail(finding) if item.counts_as(&outcome.run) == VerdictKind::Fail => {
                let (rank, whose) = whose(finding.blame);
                let what = finding.likely.as_ref().unwrap_or(&finding.saw).clone();
                (rank, Mending { what, whose, command: command(), items: 1 })
            }
            // What hangs on another item is mended with it.
            Verdict::NotRun { reason, blocked_by: None } => {
                let mending = Mending {
                    what: reason.clone(),
                    whose: "flowcheck.yaml, or this machine",
                    command: command(),
                    items: 1,
                };
                (NOT_JUDGED, mending)
            }
            _ => continue,
        };
        match all.iter_mut().find(|(_, known)| known.what == mending.what && known.whose == mending.whose) {
            Some((_, known)) => known.items += 1,
            None => all.push((rank, mending)),
        }
    }
    all.sort_by_key(|(rank, mending)| (*rank, std::cmp::Reverse(mending.items)));
    all.into_iter().map(|(_, mending)| mending).take(MOST).collect()
}

/// After all that failed.
const NOT_JUDGED: u8 = 3;

fn whose(blame: Blame) -> (u8, &'static str) {
    match blame {
        Blame::Config => (0, "flowcheck.yaml"),
        Blame::Harness => (1, "flowcheck, or this machine"),
        Blame::App => (2, "the app"),
        Blame::MockGap => (NOT_JUDGED, "flowcheck's fake Klaviyo"),
    }
}
