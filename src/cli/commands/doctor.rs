//! `flowcheck doctor`: everything that a run needs, proven before any scenario.

use std::sync::Arc;

use time::OffsetDateTime;
use tokio::sync::mpsc;

use super::main::complain;
use crate::browser::{Source, find};
use crate::checklist::overall;
use crate::cli::Exit;
use crate::cli::arguments::DoctorArguments;
use crate::cli::commands::internal::guard;
use crate::cli::interrupts::Interrupts;
use crate::cli::terminal::console;
use crate::doctor::{
    Blame, Finding, State, browser, clock, display, end, ports, read_left_behind, read_trial, trial_install,
};
use crate::evidence::error_chain;
use crate::guard::Folder;
use crate::report;
use crate::runner::{self, Plan};
use crate::scenario::load_app;

/// Looks at everything, prints each finding, and ends by whose fault the worst is.
pub(in crate::cli) async fn doctor(arguments: DoctorArguments) -> Exit {
    let app = match load_app(&arguments.config) {
        Ok(app) => Arc::new(app),
        Err(found) => return complain(Exit::Usage, &found.render(console::colour_on_stderr())),
    };
    let mut report = Report::default();
    report.tell(&Finding {
        name: "configuration",
        state: State::Holds(format!("{} is sound", arguments.config.display())),
    });
    // A scope that is not Klaviyo's is a mistake in the file, shown with its line.
    let scopes: Vec<&str> = app.klaviyo.scopes.iter().map(|scope| scope.value.as_str()).collect();
    report.tell(&Finding { name: "scopes", state: State::Holds(format!("Klaviyo knows {}", scopes.join(", "))) });
    let changed = arguments.config.metadata().and_then(|of| of.modified()).ok().map(OffsetDateTime::from);
    report.tell(&clock(OffsetDateTime::now_utc(), changed));
    report.tell(&display(arguments.browser.headed, |name| std::env::var(name).ok().filter(|value| !value.is_empty())));
    report.tell(&ports(&app));
    let source = match arguments.remote.end(&arguments.browser) {
        Ok(Some(remote)) => {
            report.tell(&end(&remote).await);
            Some(Source::from(remote))
        }
        Ok(None) => {
            let path = std::env::var("PATH").unwrap_or_default();
            let found = find(arguments.browser.name.as_deref(), arguments.browser.headed, &path);
            report.tell(&browser(&found));
            found.ok().map(Source::from)
        }
        Err(error) => return complain(Exit::Usage, &error.to_string()),
    };
    if let (Some(source), Exit::Good) = (source, report.exit()) {
        let interrupts = match Interrupts::listen() {
            Ok(interrupts) => interrupts,
            Err(error) => return complain(Exit::Environment, &format!("could not listen for Ctrl-C: {error}")),
        };
        guard::post_beside();
        let folder = match Folder::new("flowcheck-") {
            Ok(folder) => folder,
            Err(error) => return complain(Exit::Environment, &format!("could not make a temporary folder: {error}")),
        };
        let plan = Plan {
            options: arguments.browser.options(),
            ..Plan::new(Arc::clone(&app), &arguments.config, vec![Arc::new(trial_install(&app))], source, folder.path())
        };
        // Its progress is one scenario's, and over in seconds.
        let (progress, _) = mpsc::unbounded_channel();
        let stop = interrupts.stop(&progress);
        match runner::run(plan, progress, stop).await {
            Ok(outcome) if outcome.run.interrupted => {
                console::print_line("\nInterrupted before the end.");
                return Exit::Run(overall(&outcome));
            }
            Ok(outcome) => {
                outcome
                    .scenarios
                    .iter()
                    .flat_map(|trial| read_trial(trial, &app))
                    .chain(read_left_behind(&outcome))
                    .for_each(|found| report.tell(&found));
            }
            Err(error) => return complain(Exit::Environment, &error_chain(&error)),
        }
    }
    console::print_line(report.sentence());
    report.exit()
}

/// What was found so far.
#[derive(Debug, Default)]
struct Report {
    faults: Vec<Blame>,
}

impl Report {
    fn tell(&mut self, finding: &Finding) {
        console::print_line(report::finding(finding, console::style(), console::width()).trim_end());
        if let State::Fails { blame, .. } = finding.state {
            self.faults.push(blame);
        }
    }

    /// The environment first: what stands on it cannot be judged before it is mended.
    fn exit(&self) -> Exit {
        if self.faults.contains(&Blame::Environment) {
            Exit::Environment
        } else if self.faults.contains(&Blame::Configuration) {
            Exit::Usage
        } else if self.faults.contains(&Blame::App) {
            Exit::Command(1)
        } else {
            Exit::Good
        }
    }

    fn sentence(&self) -> &'static str {
        match self.exit() {
            Exit::Good => "\nEverything is there: flowcheck run",
            Exit::Environment => "\nThis machine is not ready; what is marked ✗ says what to do.",
            Exit::Usage => "\nThe configuration does not fit the app yet; what is marked ✗ says what to do.",
            _ => "\nThe configuration fits; the app itself needs work: flowcheck run",
        }
    }
}
