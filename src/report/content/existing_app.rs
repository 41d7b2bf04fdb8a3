//! What a report says of an existing app: one that flowcheck did not start.

use crate::checklist::{ItemId, Outcome, UNSEEN};

/// The title of that part.
pub(in crate::report) const TITLE: &str = "The app was running already";

/// Sentences under a heading.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::report) struct Part {
    pub(in crate::report) heading: &'static str,
    pub(in crate::report) lines: Vec<String>,
}

/// What could not be judged and why, what could not be seen, and what was left behind. Empty for an app that flowcheck started.
pub(in crate::report) fn existing_app_notes(outcome: &Outcome) -> Vec<Part> {
    let Some(app) = &outcome.run.existing_app else { return Vec::new() };
    let out_of_reach = outcome.out_of_reach().into_iter().map(|(why, items)| {
        let items: Vec<&str> = items.iter().map(ItemId::as_str).collect();
        let why: Vec<&str> = [&why.what].into_iter().chain(&why.remedy).map(String::as_str).collect();
        format!("{}: {}", items.join(", "), why.join("; "))
    });
    let left = match app.left_behind.as_slice() {
        [] => vec![format!("nothing: {} is as it was found, but for what it sent to Klaviyo", app.url)],
        left => left.to_vec(),
    };
    let parts = [
        Part { heading: "Could not be judged", lines: out_of_reach.collect() },
        Part { heading: "Could not be seen", lines: UNSEEN.map(str::to_owned).to_vec() },
        Part { heading: "Left behind", lines: left },
    ];
    parts.into_iter().filter(|part| !part.lines.is_empty()).collect()
}
