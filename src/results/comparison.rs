//! The comparison of two runs.

use crate::checklist::{ItemOutcome, Outcome, VerdictKind, aggregate, catalogue};

/// The difference between two runs, item by item, in the catalogue's order.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// Items that differ.
    pub items: Vec<ChangedItem<'a>>,
    /// How many items both runs judged alike.
    pub unchanged: usize,
    /// Scenarios of both runs, with the milliseconds each took: before, after.
    pub took: Vec<(&'a str, u64, u64)>,
}

/// An item whose verdict or finding differs.
#[derive(Debug)]
pub struct ChangedItem<'a> {
    /// Its id.
    pub id: &'static str,
    /// How it changed.
    pub change: Change,
    /// Its verdict in the first run; none where it was not judged.
    pub before: Option<(VerdictKind, ItemOutcome<'a>)>,
    /// Its verdict in the second run.
    pub after: Option<(VerdictKind, ItemOutcome<'a>)>,
}

/// How an item changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It counts as worse than before.
    Worse,
    /// It counts as better than before.
    Better,
    /// The verdict is the same, but something else was seen.
    Otherwise,
    /// Only the second run judged it.
    New,
    /// Only the first run judged it.
    Gone,
}

impl<'a> Comparison<'a> {
    /// The difference from `before` to `after`.
    pub fn of(before: &'a Outcome, after: &'a Outcome) -> Self {
        let (first, second) = (counted(before), counted(after));
        let mut items = Vec::new();
        let mut unchanged = 0;
        for item in catalogue() {
            let find =
                |all: &[(VerdictKind, ItemOutcome<'a>)]| all.iter().find(|(_, it)| it.item.id == item.id).copied();
            let (before, after) = (find(&first), find(&second));
            let change = match (&before, &after) {
                (None, None) => continue,
                (None, Some(_)) => Change::New,
                (Some(_), None) => Change::Gone,
                (Some((one, _)), Some((other, _))) if rank(*other) > rank(*one) => Change::Worse,
                (Some((one, _)), Some((other, _))) if rank(*other) < rank(*one) => Change::Better,
                (Some((_, one)), Some((_, other))) if differs(one, other) => Change::Otherwise,
                _ => {
                    unchanged += 1;
                    continue;
                }
            };
            items.push(ChangedItem { id: item.id, change, before, after });
        }
        let took = before.scenarios.iter().filter_map(|one| {
            let other = after.scenarios.iter().find(|other| other.id == one.id)?;
            (one.evidence.is_some() && other.evidence.is_some()).then_some((
                one.id.as_str(),
                one.took_ms,
                other.took_ms,
            ))
        });
        Self { items, unchanged, took: took.collect() }
    }

    /// Whether anything got worse. A new item that fails counts as worse.
    pub fn is_worse(&self) -> bool {
        self.items.iter().any(|item| {
            let fails = item.after.is_some_and(|(kind, _)| kind == VerdictKind::Fail);
            item.change == Change::Worse || item.change == Change::New && fails
        })
    }
}

fn counted(outcome: &Outcome) -> Vec<(VerdictKind, ItemOutcome<'_>)> {
    aggregate(outcome).into_iter().map(|item| (item.counts_as(&outcome.run), item)).collect()
}

/// How bad a verdict is. An item that does not apply ranks with those that pass.
fn rank(kind: VerdictKind) -> u8 {
    match kind {
        VerdictKind::NotApplicable | VerdictKind::Pass => 0,
        VerdictKind::Warn => 1,
        VerdictKind::Review => 2,
        VerdictKind::NotRun => 3,
        VerdictKind::Fail => 4,
    }
}

/// Whether two findings differ. Numbers are ignored, since ports and times change from run to run.
fn differs(one: &ItemOutcome<'_>, other: &ItemOutcome<'_>) -> bool {
    match (one.verdict.finding(), other.verdict.finding()) {
        (Some(one), Some(other)) => !one.saw.is_like(&other.saw),
        (one, other) => one.is_some() != other.is_some(),
    }
}
