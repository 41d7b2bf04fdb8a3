//! A live display of a run on a terminal: a line for each worker with its scenario, step and time, and below them how far the run
//! is. Finished scenarios scroll away above.

use std::collections::HashMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::console::shown;
use crate::evidence::{Progress, Tally};
use crate::report::{Style, progress_line, step_line};

/// How often the spinners turn and the seconds count.
const TICK: Duration = Duration::from_millis(120);

/// The display, and what it shows.
pub(in crate::cli) struct LiveProgress {
    style: Style,
    screen: MultiProgress,
    /// Scenarios that are being played, by id.
    running: HashMap<String, ProgressBar>,
    whole: ProgressBar,
    failed: usize,
}

impl LiveProgress {
    /// An empty display.
    pub(in crate::cli) fn new(style: Style) -> Self {
        let screen = MultiProgress::with_draw_target(ProgressDrawTarget::stdout());
        let whole = screen.add(ProgressBar::new(0));
        Self { style, screen, running: HashMap::new(), whole, failed: 0 }
    }

    /// Redraws what an event changes.
    pub(in crate::cli) fn take(&mut self, event: &Progress) {
        if let Some(line) = progress_line(event, self.style) {
            // An error says that the terminal is gone, and nobody reads it.
            let _ = self.screen.println(shown(&line));
        }
        match event {
            Progress::RunBegan { scenarios, .. } => {
                self.whole.set_length(*scenarios as u64);
                self.whole.set_style(layout("  {pos} of {len} · {elapsed}{msg}"));
                self.whole.enable_steady_tick(TICK);
            }
            Progress::ScenarioBegan { scenario, .. } => {
                let bar = self.screen.insert_before(&self.whole, ProgressBar::new_spinner());
                bar.set_style(layout("  {spinner} {wide_msg} {elapsed:>5}"));
                bar.set_message(step_line(scenario, "setting up"));
                bar.enable_steady_tick(TICK);
                self.running.insert(scenario.clone(), bar);
            }
            Progress::StepBegan { scenario, step } => {
                if let Some(bar) = self.running.get(scenario) {
                    bar.set_message(shown(&step_line(scenario, step)));
                }
            }
            Progress::TryingAgain { scenario, attempt } => {
                if let Some(bar) = self.running.get(scenario) {
                    bar.reset_elapsed();
                    bar.set_message(step_line(scenario, &format!("try {attempt}")));
                }
            }
            Progress::ScenarioEnded { scenario, tally, .. } => {
                if let Some(bar) = self.running.remove(scenario) {
                    bar.finish_and_clear();
                    self.screen.remove(&bar);
                }
                self.count(*tally);
                self.whole.inc(1);
            }
            Progress::Interrupted => {}
        }
    }

    fn count(&mut self, tally: Tally) {
        self.failed += usize::from(tally.failed > 0);
        if self.failed > 0 {
            self.whole.set_message(format!(" · {} with failures", self.failed));
        }
    }
}

impl Drop for LiveProgress {
    fn drop(&mut self) {
        for bar in self.running.values() {
            bar.finish_and_clear();
        }
        self.whole.finish_and_clear();
    }
}

/// A progress bar's layout. The templates here are valid; the default stands in for one that is not.
fn layout(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
