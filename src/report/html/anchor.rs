//! Anchors of the page, which findings and diagrams link to.

/// The anchor of a scenario.
pub(super) fn anchor(scenario: &str) -> String {
    let name: String =
        scenario.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '-' }).collect();
    format!("scenario-{name}")
}

/// The anchor of an entry of its timeline.
pub(super) fn entry_anchor(scenario: &str, seq: u32) -> String {
    format!("{}-{seq}", anchor(scenario))
}
