//! Merging the shards of a run.

use std::collections::BTreeSet;

use crate::checklist::{LeftOut, Outcome, finalize};

/// Runs that cannot be merged.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MergeError {
    /// No run was given.
    #[error("no run was given")]
    Nothing,
    /// The runs are of different apps, or were judged by different rules.
    #[error("{what} differs: `{one}` and `{other}`; only runs of the same app under the same rules can be merged")]
    Differs {
        /// What differs.
        what: &'static str,
        /// Its value in the first run.
        one: String,
        /// Its value in another.
        other: String,
    },
    /// Two runs hold the same scenario.
    #[error("scenario {0} is in two of the runs; leave one of them out")]
    Twice(String),
    /// A shard is missing.
    #[error("shard {0} is missing; a verdict without it would be about a part of the scenarios")]
    Missing(String),
}

/// Merges runs; their scenarios get the order of `order`. All shards must be given.
pub fn merge(parts: Vec<Outcome>, order: &[&str]) -> Result<Outcome, MergeError> {
    same_rules(&parts)?;
    complete(&parts)?;
    let mut parts = parts.into_iter();
    let mut whole = parts.next().ok_or(MergeError::Nothing)?;
    for part in parts {
        for scenario in part.scenarios {
            if whole.scenarios.iter().any(|known| known.id == scenario.id) {
                return Err(MergeError::Twice(scenario.id));
            }
            whole.scenarios.push(scenario);
        }
        let run = &mut whole.run;
        // Shards run side by side.
        run.took_ms = run.took_ms.max(part.run.took_ms);
        run.began = run.began.clone().min(part.run.began);
        run.interrupted |= part.run.interrupted;
        if !run.browser.split(", ").any(|known| known == part.run.browser) {
            run.browser = format!("{}, {}", run.browser, part.run.browser);
        }
        run.left_out.extend(part.run.left_out);
    }
    let place = |id: &str| order.iter().position(|known| *known == id).unwrap_or(usize::MAX);
    whole.scenarios.sort_by_key(|scenario| place(&scenario.id));
    let ran: BTreeSet<&str> = whole.scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
    let mut left_out: Vec<LeftOut> = Vec::new();
    for other in &whole.run.left_out {
        if !ran.contains(other.scenario.as_str()) && !left_out.contains(other) {
            left_out.push(other.clone());
        }
    }
    whole.run.left_out = left_out;
    whole.run.shard = None;
    // Some items are judged over the whole run.
    finalize(&mut whole);
    Ok(whole)
}

/// What a run completed before it was killed, and what it did since, as one.
pub fn resume(mut earlier: Outcome, mut since: Outcome, order: &[String]) -> Result<Outcome, MergeError> {
    let (shard, interrupted) = (since.run.shard.take(), since.run.interrupted);
    // What an unfinished run says of itself was written at its beginning.
    earlier.run.shard = None;
    earlier.run.browser.clone_from(&since.run.browser);
    let order: Vec<&str> = order.iter().map(String::as_str).collect();
    let mut whole = merge(vec![earlier, since], &order)?;
    (whole.run.shard, whole.run.interrupted) = (shard, interrupted);
    Ok(whole)
}

fn same_rules(parts: &[Outcome]) -> Result<(), MergeError> {
    let Some((first, others)) = parts.split_first() else { return Err(MergeError::Nothing) };
    for other in others {
        let (one, other) = (&first.run, &other.run);
        let facts = [
            ("the app", one.app.clone(), other.app.clone()),
            ("flowcheck's version", one.flowcheck.clone(), other.flowcheck.clone()),
            ("the checklist's date", checklist(one), checklist(other)),
            ("--strict", one.strict.to_string(), other.strict.to_string()),
            ("--fail-on-flaky", one.fail_on_flaky.to_string(), other.fail_on_flaky.to_string()),
            ("the list of expected failures", expected(one), expected(other)),
        ];
        if let Some((what, one, other)) = facts.into_iter().find(|(_, one, other)| one != other) {
            return Err(MergeError::Differs { what, one, other });
        }
    }
    Ok(())
}

fn checklist(run: &crate::checklist::RunInfo) -> String {
    run.checklist.clone().unwrap_or_default()
}

fn expected(run: &crate::checklist::RunInfo) -> String {
    run.expected_failures.iter().map(|expected| expected.item.as_str()).collect::<Vec<_>>().join(", ")
}

fn complete(parts: &[Outcome]) -> Result<(), MergeError> {
    let shards: Vec<_> = parts.iter().filter_map(|part| part.run.shard).collect();
    let Some(first) = shards.first() else { return Ok(()) };
    if let Some(other) = shards.iter().find(|shard| shard.of != first.of) {
        return Err(MergeError::Differs { what: "the number of shards", one: first.name(), other: other.name() });
    }
    match (1..=first.of).find(|index| !shards.iter().any(|shard| shard.index == *index)) {
        Some(index) => Err(MergeError::Missing(format!("{index}/{}", first.of))),
        None => Ok(()),
    }
}
