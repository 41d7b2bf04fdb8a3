//! The checklist's date.

/// The dates of the checklists that this version can judge by, the newest last.
pub const CHECKLISTS: &[&str] = &[CURRENT];

/// The month in which Klaviyo's documents were last gone through for demands.
const CURRENT: &str = "2026-11";

/// The date of the checklist that runs are judged by.
pub fn current_checklist() -> &'static str {
    CURRENT
}
