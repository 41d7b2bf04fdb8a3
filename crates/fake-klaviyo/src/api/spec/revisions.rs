//! The revisions of the API that Klaviyo serves (D), from `tables/revisions.csv`.

use std::sync::LazyLock;

use flowcheck_evidence::RevisionStatus;
use time::Date;
use time::macros::{date, format_description};

const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tables/revisions.csv"));
/// All revisions before this day are retired (D, October 2026).
const RETIRED_BEFORE: Date = date!(2025 - 01 - 01);
/// What the revisions of beta operations end in (D).
const BETA: &str = ".pre";

/// A revision that Klaviyo serves: its date, as the header has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Revision(pub(crate) &'static str);

/// A request's `revision` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestedRevision {
    /// What Klaviyo says of it.
    pub(crate) status: RevisionStatus,
    /// The revision, if it is served.
    pub(crate) revision: Option<Revision>,
    /// Whether it asks for beta operations too.
    pub(crate) beta: bool,
}

static SERVED: LazyLock<Vec<(Revision, RevisionStatus)>> =
    LazyLock::new(|| TABLE.lines().filter(|line| !line.starts_with('#')).skip(1).filter_map(read).collect());

/// The revisions that are served, from the oldest to the newest.
pub(crate) fn revisions() -> impl DoubleEndedIterator<Item = Revision> {
    SERVED.iter().map(|(revision, _)| *revision)
}

/// The newest revision.
pub(crate) fn newest() -> Revision {
    revisions().next_back().expect("the table names revisions")
}

/// The oldest revision that is served, to which retired ones fall forward (A).
pub(crate) fn oldest() -> Revision {
    revisions().next().expect("the table names revisions")
}

/// Reads a `revision` header; without one, its status is `Missing`.
pub(crate) fn requested(header: Option<&str>) -> RequestedRevision {
    let text = header.map(str::trim).unwrap_or_default();
    let (dated, beta) = text.strip_suffix(BETA).map_or((text, false), |dated| (dated, true));
    let of = |status| RequestedRevision { status, revision: None, beta };
    if text.is_empty() {
        return of(RevisionStatus::Missing);
    }
    let Ok(date) = Date::parse(dated, format_description!("[year]-[month]-[day]")) else {
        return of(RevisionStatus::Malformed);
    };
    match SERVED.iter().find(|(revision, _)| revision.0 == dated) {
        Some((revision, status)) => RequestedRevision { status: *status, revision: Some(*revision), beta },
        None if date < RETIRED_BEFORE => of(RevisionStatus::Retired),
        None => of(RevisionStatus::Unknown),
    }
}

fn read(line: &'static str) -> Option<(Revision, RevisionStatus)> {
    let mut cells = line.split(',');
    let revision = Revision(cells.next()?);
    let status = match cells.next()? {
        "stable" => RevisionStatus::Stable,
        "deprecated" => RevisionStatus::Deprecated,
        _ => return None,
    };
    Some((revision, status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read_and_the_newest_comes_last() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count() - 1;
        assert_eq!(SERVED.len(), lines);
        assert!(SERVED.is_sorted_by_key(|(revision, _)| *revision));
    }

    #[test]
    fn a_header_has_the_status_that_klaviyo_gives_its_date() {
        for (header, status) in [
            (None, RevisionStatus::Missing),
            (Some("  "), RevisionStatus::Missing),
            (Some("v3"), RevisionStatus::Malformed),
            (Some("2026-10"), RevisionStatus::Malformed),
            (Some("2022-10-17"), RevisionStatus::Retired),
            (Some("2024-10-15"), RevisionStatus::Retired),
            (Some("2025-01-15"), RevisionStatus::Deprecated),
            (Some("2025-10-15"), RevisionStatus::Deprecated),
            (Some("2026-01-15"), RevisionStatus::Stable),
            (Some(" 2026-10-15 "), RevisionStatus::Stable),
            (Some("2026-10-15.pre"), RevisionStatus::Stable),
            (Some("2026-05-01"), RevisionStatus::Unknown),
            (Some("2031-01-15"), RevisionStatus::Unknown),
        ] {
            assert_eq!(requested(header).status, status, "{header:?}");
        }
        assert!(requested(Some("2026-10-15.pre")).beta);
    }
}
