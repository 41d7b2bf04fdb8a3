//! `flowcheck run`: scenarios against the app, judged, reported.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::main::complain;
use crate::app::libfaketime;
use crate::checklist::{Outcome, overall};
use crate::cli::arguments::RunArguments;
use crate::cli::commands::internal::guard;
use crate::cli::interrupts::Interrupts;
use crate::cli::terminal::{ProgressOutput, attend, console, print_progress};
use crate::cli::{Exit, ci, selection, store};
use crate::evidence::{Event, Hermetic, error_chain};
use crate::guard::Folder;
use crate::report;
use crate::runner::{self, Plan};
use crate::scenario::{Clock, load_app};

/// Runs what was asked for.
pub(in crate::cli) async fn run(arguments: RunArguments) -> Exit {
    let colour = console::colour_on_stderr();
    let selection = match selection::select(&arguments, colour) {
        Ok(selection) => selection,
        Err((exit, what)) => return complain(exit, &what),
    };
    if !arguments.config.exists() {
        let what = format!(
            "there is no {}\ndescribe your app in it (`flowcheck init URL` writes a first one), or name another file: --config FILE",
            arguments.config.display()
        );
        return complain(Exit::Usage, &what);
    }
    let app = match load_app(&arguments.config) {
        Ok(app) => Arc::new(app),
        Err(found) => return complain(Exit::Usage, &found.render(colour)),
    };
    if app.start.as_ref().is_some_and(|start| start.clock == Clock::Follow)
        && let Err(error) = libfaketime()
    {
        return complain(Exit::Usage, &error_chain(&error));
    }
    let browser = match arguments.remote.source(&arguments.browser) {
        Ok(source) => source,
        Err((exit, what)) => return complain(exit, &what),
    };
    let quit = Arc::default();
    let attendant = match attend(&arguments, &quit) {
        Ok(attendant) => attendant,
        Err(what) => return complain(Exit::Usage, &what),
    };
    let interrupts = match Interrupts::listen() {
        Ok(interrupts) => interrupts,
        Err(error) => return complain(Exit::Environment, &format!("could not listen for Ctrl-C: {error}")),
    };
    guard::post_beside();
    let temporary = match Folder::new("flowcheck-") {
        Ok(folder) => folder,
        Err(error) => return complain(Exit::Environment, &format!("could not make a temporary folder: {error}")),
    };
    let shots = temporary.path().join("shots");
    if let Err(error) = std::fs::create_dir(&shots) {
        return complain(Exit::Environment, &format!("could not make {}: {error}", shots.display()));
    }
    let plan = Plan {
        workers: usize::from(arguments.jobs),
        options: arguments.browser.options(),
        attendant,
        slow_mo: Duration::from_millis(arguments.slow_mo),
        real_time: arguments.real_time,
        hermetic: arguments.hermetic,
        strict: arguments.strict,
        retries: usize::from(arguments.retries),
        fail_on_flaky: arguments.fail_on_flaky,
        left_out: selection.left_out,
        shard: arguments.shard,
        shots: shots.clone(),
        ..Plan::new(app, &arguments.config, selection.scenarios, browser, temporary.path())
    };
    if plan.attendant.is_some() && plan.workers > 1 {
        console::print_error_line("note: somebody wants to look on, so scenarios run one after the other");
    } else if plan.side_by_side() < plan.workers.min(plan.scenarios.len()) {
        console::print_error_line(
            "note: the app has one place only (no `start` with {port}), so scenarios run one after the other",
        );
    }
    let (progress, told) = mpsc::unbounded_channel();
    let output = ProgressOutput::of(&arguments);
    let printing = print_progress(told, output);
    let stopped = interrupts.stop_or(&progress, quit);
    let outcome = runner::run(plan, progress, stopped).await;
    // The printing ends with its last sender, which the run has dropped.
    let _ = printing.await;
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => return complain(Exit::Environment, &error_chain(&error)),
    };
    for line in held_back(&outcome) {
        console::print_error_line(line);
    }
    let written = store::write_run(&outcome, &arguments.output, &arguments.report, &shots)
        .and_then(|page| ci::tell(&outcome).map(|()| page));
    let shown = written.as_ref().ok().map(|page| page.display().to_string());
    if arguments.print_expected {
        console::print_line(report::expected_failures(&outcome).trim_end());
    } else if !output.speaks_json() {
        if output.is_told() {
            console::print_line("");
        }
        console::print_line(
            report::terminal(&outcome, console::style(), console::width(), shown.as_deref()).trim_end(),
        );
    }
    match written {
        Ok(_) => Exit::Run(overall(&outcome)),
        Err(error) => complain(Exit::Environment, &error_chain(&error)),
    }
}

/// What a hermetic run held back, each once, and whose traffic it could not hold back.
fn held_back(outcome: &Outcome) -> Vec<String> {
    let evidence = outcome.scenarios.iter().filter_map(|scenario| scenario.evidence.as_ref());
    let (mut targets, mut limits) = (BTreeSet::new(), BTreeSet::new());
    for entry in evidence.flat_map(|evidence| &evidence.timeline) {
        let Event::GatewayTraffic(came) = &entry.event else { continue };
        targets.extend(came.held_back.iter());
        if let Some(Hermetic::BrowserOnly(why)) = &came.hermetic {
            limits.insert(why);
        }
    }
    let limit = |why| format!("note: what the app sends past the gateway was not held back: {why}");
    let target = |target| format!("note: held back {target}, which is not Klaviyo's");
    limits.into_iter().map(limit).chain(targets.into_iter().map(target)).collect()
}
