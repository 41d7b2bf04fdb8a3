//! What defects fail besides, in scenarios that they are not about.

/// Items that a defect fails, warns of or leaves to a person somewhere in the whole checklist, besides those of its row. A defect
/// that breaks every installation breaks what comes after it, too.
pub(crate) const ELSEWHERE: &[(&str, &[&str])] = &[];

/// The items for a defect.
pub(crate) fn of(defect: &str) -> &'static [&'static str] {
    ELSEWHERE.iter().find(|(name, _)| *name == defect).map_or(&[], |(_, items)| *items)
}
