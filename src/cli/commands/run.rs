//! `flowcheck run`: plays scenarios against the app, judges them, and reports.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::mpsc;

use crate::app::libfaketime;
use crate::checklist::{Outcome, RunInfo, overall};
use crate::cli::arguments::RunArguments;
use crate::cli::command_error::{CommandError, exit_after};
use crate::cli::commands::internal::watchdog;
use crate::cli::interrupts::Interrupts;
use crate::cli::store::{Begun, RunFolder, UnfinishedRun};
use crate::cli::terminal::{ProgressOutput, attend, console, print_progress};
use crate::cli::{Exit, ci, selection, store};
use crate::evidence::{Event, Hermetic, error_chain};
use crate::report::{self, Ahead};
use crate::results::{MergeError, resume};
use crate::runner::{self, Plan, not_played};
use crate::scenario::{AppFile, Clock, Loaded, load_app};

/// Plays the scenarios that were selected.
pub(super) async fn run(arguments: RunArguments) -> Result<Exit, CommandError> {
    let resumed = match &arguments.resume {
        Some(run) => Some(UnfinishedRun::read(if run == Path::new(".") { &arguments.output } else { run })?),
        None => None,
    };
    let begun = resumed.as_ref().map(|run| &run.begun);
    let selection = selection::select(&arguments, begun)?;
    let shard = begun.map_or(arguments.shard, |begun| begun.run.shard);
    let order: Vec<String> = selection.scenarios.iter().map(|scenario| scenario.script.id.value.clone()).collect();
    let app = Arc::new(read_app(&arguments.config)?);
    let browser = arguments.remote.source(&arguments.browser)?;
    let quit = Arc::default();
    let interactive = attend(&arguments, &quit)?;
    let interrupts = Interrupts::listen()?;
    watchdog::spawn_watchdog();
    let temporary = store::temporary_folder()?;
    store::check_reports(&arguments.report)?;
    let date = OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default();
    let (folder, earlier) = match resumed {
        Some(run) => (run.folder, Some(Outcome { run: run.begun.run, scenarios: run.completed })),
        None => (RunFolder::create(&arguments.output, &date)?, None),
    };
    let is_completed = |scenario: &Loaded| {
        earlier.iter().flat_map(|run| &run.scenarios).any(|completed| completed.id == scenario.script.id.value)
    };
    let to_play = selection.scenarios.into_iter().filter(|scenario| !is_completed(scenario)).collect();
    let (ended, outcomes) = mpsc::unbounded_channel();
    let plan = Plan {
        workers: usize::from(arguments.jobs),
        options: arguments.browser.options(),
        interactive,
        slow_mo: Duration::from_millis(arguments.slow_mo),
        real_time: arguments.real_time,
        hermetic: arguments.hermetic,
        checklist: arguments.checklist.clone(),
        strict: arguments.strict,
        retries: usize::from(arguments.retries),
        fail_on_flaky: arguments.fail_on_flaky,
        left_out: selection.left_out,
        shard,
        shots: folder.shots(),
        ended: Some(ended),
        ..Plan::new(app, &arguments.config, to_play, browser, temporary.path())
    };
    let info = plan.info(date);
    if let Some(earlier) = &earlier {
        let none_of = |run: &RunInfo| Outcome { run: run.clone(), scenarios: Vec::new() };
        resume(none_of(&earlier.run), none_of(&info), &order).map_err(|error| cannot_be_resumed(&error))?;
    }
    let begun = Begun::new(info, arguments.scenarios.clone(), arguments.tag.clone(), order.clone());
    let keeping = folder.keep(earlier.is_none().then_some(begun), outcomes);
    print_why_one_after_the_other(&plan);
    let (progress, events) = mpsc::unbounded_channel();
    let output = ProgressOutput::of(&arguments);
    if !output.is_json() && !output.is_silent() {
        console::print_line(report::outlook(&plan.app.name, &ahead(&plan), console::width()));
        console::print_line("");
    }
    let printing = print_progress(events, output);
    let stopped = interrupts.stop_or(&progress, quit);
    let outcome = runner::run(plan, progress, stopped).await;
    // Printing ends with the last sender, which the run has dropped.
    let _ = printing.await;
    let outcome = outcome?;
    if let Ok(Err(error)) = keeping.await {
        console::print_error_line(format_args!("note: scenarios were not kept as they ended: {}", error_chain(&error)));
    }
    let outcome = match earlier {
        Some(earlier) => resume(earlier, outcome, &order).map_err(|error| cannot_be_resumed(&error))?,
        None => outcome,
    };
    for line in blocked_traffic(&outcome) {
        console::print_error_line(line);
    }
    let mut written = store::write_run(&folder, &outcome, &arguments.report, &selection.partial);
    written.failed.extend(ci::report(&outcome).err());
    let page = written.page.as_ref().map(|page| page.display().to_string());
    if arguments.print_expected {
        console::print_line(report::expected_failures(&outcome).trim_end());
    } else if !output.is_json() {
        if !output.is_silent() {
            console::print_line("");
        }
        console::print_line(report::terminal(&outcome, console::style(), console::width(), page.as_deref()).trim_end());
    }
    if folder.is_unfinished() {
        let folder = folder.path().display();
        console::print_error_line(format_args!("note: `flowcheck run --resume {folder}` goes on with it"));
    }
    Ok(exit_after(written.failed, Exit::Run(overall(&outcome))))
}

/// The scenarios of a run, with those of which it is known already that they will not be played.
fn ahead(plan: &Plan) -> Vec<Ahead> {
    let of = |scenario: &Arc<Loaded>| Ahead {
        items: scenario.script.expects.iter().map(|item| item.value.clone()).collect(),
        end: not_played(scenario, &plan.app),
    };
    plan.scenarios.iter().map(of).collect()
}

fn cannot_be_resumed(error: &MergeError) -> CommandError {
    CommandError::usage(error_chain(error)).remedy("this run cannot be gone on with; begin a new one")
}

/// The app that the configuration describes.
fn read_app(config: &Path) -> Result<AppFile, CommandError> {
    if !config.exists() {
        return Err(CommandError::usage(format!("there is no {}", config.display())).remedy(
            "describe your app in it (`flowcheck init URL` writes a first one), or name another file: --config FILE",
        ));
    }
    let app = load_app(config)?;
    console::print_notes(&app.notes);
    if app.start.as_ref().is_some_and(|start| start.clock == Clock::Follow) {
        libfaketime().map_err(|error| CommandError::usage(error_chain(&error)).remedy_if_known(error.remedy()))?;
    }
    Ok(app)
}

/// Prints why fewer scenarios run side by side than were asked for.
fn print_why_one_after_the_other(plan: &Plan) {
    if plan.interactive.is_some() && plan.workers > 1 {
        console::print_error_line("note: in interactive mode, scenarios run one after the other");
    } else if plan.side_by_side() < plan.workers.min(plan.scenarios.len()) {
        console::print_error_line(
            "note: the app runs at one address only (no `start` with {port}), so scenarios run one after the other",
        );
    }
}

/// The hosts that a hermetic run held back, each once, and why the app's own traffic could not be held back.
fn blocked_traffic(outcome: &Outcome) -> Vec<String> {
    let evidence = outcome.scenarios.iter().filter_map(|scenario| scenario.evidence.as_ref());
    let (mut targets, mut limits) = (BTreeSet::new(), BTreeSet::new());
    for entry in evidence.flat_map(|evidence| &evidence.timeline) {
        let Event::GatewayTraffic(traffic) = &entry.event else { continue };
        targets.extend(traffic.held_back.iter());
        if let Some(Hermetic::BrowserOnly(why)) = &traffic.hermetic {
            limits.insert(why);
        }
    }
    let limit = |why| format!("note: what the app sends past the gateway was not held back: {why}");
    let target = |target| format!("note: held back {target}, which is not Klaviyo's");
    limits.into_iter().map(limit).chain(targets.into_iter().map(target)).collect()
}
