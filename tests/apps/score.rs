//! How a verdict compares with what is right.

use crate::expected::Verdict;

/// What a verdict on one item is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Score {
    /// As it should be.
    Right,
    /// Left open, or left to a person, though it can be decided.
    Undecided,
    /// Let through, though it is not met.
    FalsePass,
    /// The app was blamed for what is not its fault.
    FalseFail,
}

/// What the verdict `seen` is worth where any of `right` is right.
pub(crate) fn score(right: &[Verdict], seen: Verdict) -> Score {
    let met = |verdict: &Verdict| matches!(verdict, Verdict::Pass | Verdict::NotApplicable | Verdict::Warn);
    match seen {
        _ if right.contains(&seen) => Score::Right,
        Verdict::FailApp => Score::FalseFail,
        Verdict::Pass | Verdict::NotApplicable if !right.iter().any(met) => Score::FalsePass,
        // Passed or warned of, and it is the other way round: neither blames the app, nor lets anything through.
        _ => Score::Undecided,
    }
}

/// What is said of the score itself; `main` makes trials of them.
pub(crate) const TRIALS: [(&str, fn()); 4] = [
    ("a verdict is right where it is one of those that are", right_ones),
    ("a pass of what fails or is for a person is a false pass", false_passes),
    ("blaming the app for anything else is a false fail", false_fails),
    ("whatever is left open is undecided", undecided_ones),
];

fn right_ones() {
    assert_eq!(score(&[Verdict::NotRun, Verdict::FailApp], Verdict::FailApp), Score::Right);
}

fn false_passes() {
    assert_eq!(score(&[Verdict::FailApp], Verdict::Pass), Score::FalsePass);
    assert_eq!(score(&[Verdict::Review], Verdict::Pass), Score::FalsePass);
    assert_eq!(score(&[Verdict::NotRun], Verdict::NotApplicable), Score::FalsePass);
}

fn false_fails() {
    assert_eq!(score(&[Verdict::FailConfig], Verdict::FailApp), Score::FalseFail);
    assert_eq!(score(&[Verdict::Pass], Verdict::FailApp), Score::FalseFail);
}

fn undecided_ones() {
    assert_eq!(score(&[Verdict::Pass], Verdict::Review), Score::Undecided);
    assert_eq!(score(&[Verdict::FailApp], Verdict::NotRun), Score::Undecided);
    assert_eq!(score(&[Verdict::FailApp], Verdict::FailConfig), Score::Undecided);
}
