//! Which scenarios a run takes: those named, of these those with a tag, those that failed last, and one shard's.

use std::sync::Arc;

use super::scenario_lookup;
use crate::checklist::{LeftOut, Overall};
use crate::cli::arguments::RunArguments;
use crate::cli::{Exit, store};
use crate::results::scenarios_of_shard;
use crate::scenario::Loaded;

/// What a run takes, and what it leaves out.
#[derive(Debug)]
pub(in crate::cli) struct Selection {
    pub(in crate::cli) scenarios: Vec<Arc<Loaded>>,
    pub(in crate::cli) left_out: Vec<LeftOut>,
}

/// The scenarios that were meant; what is wrong comes with how the program is to end.
pub(in crate::cli) fn select(arguments: &RunArguments, colour: bool) -> Result<Selection, (Exit, String)> {
    let usage = |what| (Exit::Usage, what);
    let scenarios = scenario_lookup::select(&arguments.scenarios, colour).map_err(usage)?;
    let mut scenarios = scenario_lookup::tagged(scenarios, &arguments.tag).map_err(usage)?;
    let history = store::history(&arguments.output);
    if arguments.last_failed {
        scenarios.retain(|scenario| history.last(&scenario.script.id.value).is_some_and(|last| last.failed));
        if scenarios.is_empty() {
            let what = format!(
                "none of these scenarios failed the last time, as far as {} remembers",
                arguments.output.display()
            );
            return Err((Exit::Run(Overall::NothingRun), what));
        }
    }
    if let Some(shard) = arguments.shard {
        let took: Vec<Option<u64>> =
            scenarios.iter().map(|scenario| history.last(&scenario.script.id.value).map(|last| last.took_ms)).collect();
        scenarios = scenarios_of_shard(&took, shard).into_iter().map(|index| Arc::clone(&scenarios[index])).collect();
    }
    let taken = |id: &str| scenarios.iter().any(|scenario| scenario.script.id.value == id);
    let left_out = scenario_lookup::built_in(colour)
        .map_err(usage)?
        .iter()
        .map(|scenario| &scenario.script)
        .filter(|script| !taken(&script.id.value))
        .map(|script| LeftOut {
            scenario: script.id.value.clone(),
            items: script.expects.iter().map(|item| item.value.as_str().into()).collect(),
        })
        .collect();
    Ok(Selection { scenarios, left_out })
}
