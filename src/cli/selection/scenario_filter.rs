//! Which scenarios a run plays: those named, of these those with a tag, those that failed last, and one shard's.

use std::sync::Arc;

use super::scenario_lookup::{built_in, find, tagged};
use crate::checklist::{LeftOut, Overall};
use crate::cli::arguments::RunArguments;
use crate::cli::command_error::CommandError;
use crate::cli::store::Begun;
use crate::cli::{Exit, store};
use crate::results::scenarios_of_shard;
use crate::scenario::{Loaded, Script};

/// What a run plays, and what it leaves out.
#[derive(Debug)]
pub(in crate::cli) struct Selection {
    /// The scenarios it plays.
    pub(in crate::cli) scenarios: Vec<Arc<Loaded>>,
    /// Ids of those of which it judges only some items (`FILE:LINE`).
    pub(in crate::cli) partial: Vec<String>,
    /// Built-in scenarios that it does not play, and items that it does not judge.
    pub(in crate::cli) left_out: Vec<LeftOut>,
}

/// The scenarios that the arguments select, or a run that is gone on with had selected.
pub(in crate::cli) fn select(arguments: &RunArguments, begun: Option<&Begun>) -> Result<Selection, CommandError> {
    let (asked, tags) = begun.map_or((&arguments.scenarios, &arguments.tag), |begun| (&begun.asked, &begun.tags));
    let found = find(asked)?;
    let mut scenarios = tagged(found.scenarios, tags)?;
    if let Some(begun) = begun {
        scenarios.retain(|scenario| begun.selected.contains(&scenario.script.id.value));
    }
    let history = store::history(&arguments.output);
    if arguments.last_failed {
        scenarios.retain(|scenario| history.last(&scenario.script.id.value).is_some_and(|last| last.failed));
        if scenarios.is_empty() {
            let what =
                format!("none of these scenarios failed the last time, according to {}", arguments.output.display());
            return Err(CommandError::new(Exit::Run(Overall::NothingRun), what));
        }
    }
    if let Some(shard) = arguments.shard {
        let took: Vec<Option<u64>> =
            scenarios.iter().map(|scenario| history.last(&scenario.script.id.value).map(|last| last.took_ms)).collect();
        scenarios = scenarios_of_shard(&took, shard).into_iter().map(|index| Arc::clone(&scenarios[index])).collect();
    }
    let left_out = built_in()?.iter().filter_map(|scenario| left_out(&scenario.script, &scenarios)).collect();
    Ok(Selection { scenarios, partial: found.partial, left_out })
}

/// Of a built-in scenario, the items that a run of `selected` does not judge in it.
fn left_out(script: &Script, selected: &[Arc<Loaded>]) -> Option<LeftOut> {
    let judged = selected.iter().filter(|other| other.script.id.value == script.id.value);
    let judged: Vec<&str> = judged.flat_map(|other| &other.script.expects).map(|item| item.value.as_str()).collect();
    let items = script.expects.iter().map(|item| item.value.as_str()).filter(|item| !judged.contains(item));
    let items: Vec<_> = items.map(Into::into).collect();
    (!items.is_empty()).then(|| LeftOut { scenario: script.id.value.clone(), items })
}
