//! `flowcheck doctor`: checks everything that a run needs, before any scenario.

use std::sync::Arc;

use time::OffsetDateTime;
use tokio::sync::mpsc;

use crate::browser::{Source, find};
use crate::checklist::overall;
use crate::cli::arguments::DoctorArguments;
use crate::cli::command_error::CommandError;
use crate::cli::commands::internal::watchdog;
use crate::cli::interrupts::Interrupts;
use crate::cli::terminal::console;
use crate::cli::{Exit, store};
use crate::doctor::{
    Blame, Finding, State, browser, clock, display, not_known_yet, ports, read_left_behind, read_second_start,
    read_trial, remote_end, second_start, trial_install,
};
use crate::evidence::LISTED_SCOPES;
use crate::report;
use crate::runner::{self, Plan};
use crate::scenario::load_app;

/// Checks every precondition, prints each finding, and ends with the exit code of whoever is to blame for the worst.
pub(in crate::cli) async fn doctor(arguments: DoctorArguments) -> Result<Exit, CommandError> {
    let app = Arc::new(load_app(&arguments.config)?);
    let mut report = Report::default();
    report.add(&Finding {
        name: "configuration",
        state: State::Holds(format!("{} is sound", arguments.config.display())),
    });
    if let Some(open) = not_known_yet(&app) {
        report.add(&open);
    }
    // What is no scope is a mistake in the file, shown with its line.
    let scopes = app.klaviyo.scopes.iter().map(|scope| scope.value.as_str());
    let (known, others): (Vec<&str>, Vec<&str>) = scopes.partition(|scope| LISTED_SCOPES.contains(scope));
    let others = if others.is_empty() { String::new() } else { format!("; no list has {}", others.join(", ")) };
    let known = format!("Klaviyo knows {}{others}", known.join(", "));
    report.add(&Finding { name: "scopes", state: State::Holds(known) });
    let changed = arguments.config.metadata().and_then(|of| of.modified()).ok().map(OffsetDateTime::from);
    report.add(&clock(OffsetDateTime::now_utc(), changed));
    report.add(&display(arguments.browser.headed, |name| std::env::var(name).ok().filter(|value| !value.is_empty())));
    report.add(&ports(&app));
    let source = if let Some(remote) = arguments.remote.end(&arguments.browser)? {
        report.add(&remote_end(&remote).await);
        Some(Source::from(remote))
    } else {
        let path = std::env::var("PATH").unwrap_or_default();
        let found = find(arguments.browser.name.as_deref(), arguments.browser.headed, &path);
        report.add(&browser(&found));
        found.ok().map(Source::from)
    };
    if let (Some(source), Exit::Good) = (source, report.exit()) {
        let interrupts = Interrupts::listen()?;
        watchdog::spawn_watchdog();
        let folder = store::temporary_folder()?;
        let mut plan = Plan {
            options: arguments.browser.options(),
            ..Plan::new(Arc::clone(&app), &arguments.config, vec![Arc::new(trial_install(&app))], source, folder.path())
        };
        if !plan.has_fresh_data() {
            plan.scenarios.push(Arc::new(second_start()));
        }
        // It is one scenario of a few seconds, so its progress is not shown.
        let (progress, _) = mpsc::unbounded_channel();
        let stop = interrupts.stop(&progress);
        let outcome = runner::run(plan, progress, stop).await?;
        if outcome.run.interrupted {
            console::print_line("\nInterrupted before the end.");
            return Ok(Exit::Run(overall(&outcome)));
        }
        outcome
            .scenarios
            .first()
            .into_iter()
            .flat_map(|trial| read_trial(trial, &app))
            .chain(read_second_start(&outcome))
            .chain(read_left_behind(&outcome))
            .for_each(|finding| report.add(&finding));
    }
    console::print_line(report.sentence());
    Ok(report.exit())
}

/// The findings so far.
#[derive(Debug, Default)]
struct Report {
    blamed: Vec<Blame>,
}

impl Report {
    fn add(&mut self, finding: &Finding) {
        console::print_line(report::finding(finding, console::style(), console::width()).trim_end());
        if let State::Fails { blame, .. } = finding.state {
            self.blamed.push(blame);
        }
    }

    /// The environment first: nothing that depends on it can be judged before it is repaired.
    fn exit(&self) -> Exit {
        if self.blamed.contains(&Blame::Environment) {
            Exit::Environment
        } else if self.blamed.contains(&Blame::Configuration) {
            Exit::Usage
        } else if self.blamed.contains(&Blame::App) {
            Exit::Command(1)
        } else {
            Exit::Good
        }
    }

    fn sentence(&self) -> &'static str {
        match self.exit() {
            Exit::Good => "\nEverything is ready: flowcheck run",
            Exit::Environment => "\nThis machine is not ready; what is marked ✗ says what to do.",
            Exit::Usage => "\nThe configuration does not fit the app yet; what is marked ✗ says what to do.",
            _ => "\nThe configuration fits; the app itself needs work: flowcheck run",
        }
    }
}
