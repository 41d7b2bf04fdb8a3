//! The live board of a run on a terminal: a line for each worker with the scenario, its step and its time, under them how
//! far the run is; scenarios that ended scroll away above.

use std::collections::HashMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::evidence::{Progress, Tally};
use crate::report::{Style, progress_line, step_line};

/// How often the spinners turn and the seconds count.
const TICK: Duration = Duration::from_millis(120);

/// What is drawn, and what it is drawn from.
pub(in crate::cli) struct LiveProgress {
    style: Style,
    screen: MultiProgress,
    /// Scenarios that go on, by id.
    going: HashMap<String, ProgressBar>,
    whole: ProgressBar,
    failed: usize,
}

impl LiveProgress {
    /// An empty board.
    pub(in crate::cli) fn new(style: Style) -> Self {
        let screen = MultiProgress::with_draw_target(ProgressDrawTarget::stdout());
        let whole = screen.add(ProgressBar::new(0));
        Self { style, screen, going: HashMap::new(), whole, failed: 0 }
    }

    /// Draws what an event changes.
    pub(in crate::cli) fn take(&mut self, event: &Progress) {
        if let Some(line) = progress_line(event, self.style) {
            // A terminal that went away misses nothing it wanted.
            let _ = self.screen.println(line);
        }
        match event {
            Progress::RunBegan { scenarios, .. } => {
                self.whole.set_length(*scenarios as u64);
                self.whole.set_style(form("  {pos} of {len} · {elapsed}{msg}"));
                self.whole.enable_steady_tick(TICK);
            }
            Progress::ScenarioBegan { scenario, .. } => {
                let bar = self.screen.insert_before(&self.whole, ProgressBar::new_spinner());
                bar.set_style(form("  {spinner} {wide_msg} {elapsed:>5}"));
                bar.set_message(step_line(scenario, "setting the stage"));
                bar.enable_steady_tick(TICK);
                self.going.insert(scenario.clone(), bar);
            }
            Progress::StepBegan { scenario, step } => {
                if let Some(bar) = self.going.get(scenario) {
                    bar.set_message(step_line(scenario, step));
                }
            }
            Progress::TryingAgain { scenario, attempt } => {
                if let Some(bar) = self.going.get(scenario) {
                    bar.reset_elapsed();
                    bar.set_message(step_line(scenario, &format!("try {attempt}")));
                }
            }
            Progress::ScenarioEnded { scenario, tally, .. } => {
                if let Some(bar) = self.going.remove(scenario) {
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
        for bar in self.going.values() {
            bar.finish_and_clear();
        }
        self.whole.finish_and_clear();
    }
}

/// A form that is known to be sound; were it not, the usual one would do.
fn form(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
