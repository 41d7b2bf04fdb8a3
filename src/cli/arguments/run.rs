//! Arguments of `flowcheck run`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::browser::{BrowserArguments, RemoteArguments};
use super::report::{ReportTarget, report_target};
use super::shard::shard;
use crate::checklist::{CHECKLISTS, Shard, current_checklist};

#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Args)]
pub(in crate::cli) struct RunArguments {
    /// Scenarios: an id (install/signed-out), the beginning of ids (install), a file (mine.yaml), or the item on a line of one (mine.yaml:12); all, by default
    #[arg(value_name = "SCENARIO")]
    pub(in crate::cli) scenarios: Vec<String>,
    /// The app under test
    #[arg(short, long, value_name = "FILE", default_value = "flowcheck.yaml", env = "FLOWCHECK_CONFIG")]
    pub(in crate::cli) config: PathBuf,
    /// Scenarios side by side, each with a Klaviyo, an app and a browser context of its own
    #[arg(short = 'j', long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub(in crate::cli) jobs: u8,
    #[command(flatten)]
    pub(in crate::cli) browser: BrowserArguments,
    /// Pause before each act, for who watches
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    pub(in crate::cli) slow_mo: u64,
    /// Leave browser, app and Klaviyo open after a scenario in which something failed, and after the last, until Enter
    #[arg(long, requires = "headed")]
    pub(in crate::cli) keep_open: bool,
    /// Say what each step will do, and wait for Enter before it
    #[arg(long, conflicts_with = "log_format")]
    pub(in crate::cli) step: bool,
    #[command(flatten)]
    pub(in crate::cli) remote: RemoteArguments,
    /// Wait for time to pass instead of moving it: five minutes take five minutes
    #[arg(long)]
    pub(in crate::cli) real_time: bool,
    /// Refuse connections to hosts other than Klaviyo's and this machine, and list them at the end; the app's own too, as root on Linux
    #[arg(long)]
    pub(in crate::cli) hermetic: bool,
    /// The checklist to judge by, by its date
    #[arg(long, value_name = "DATE", default_value = current_checklist(), value_parser = PossibleValuesParser::new(CHECKLISTS))]
    pub(in crate::cli) checklist: String,
    /// Count warnings and reviews as failures
    #[arg(long)]
    pub(in crate::cli) strict: bool,
    /// Only scenarios that have this tag; more than once: any of them
    #[arg(long, value_name = "TAG")]
    pub(in crate::cli) tag: Vec<String>,
    /// Only scenarios that failed or were not run the last time
    #[arg(long)]
    pub(in crate::cli) last_failed: bool,
    /// Only a part, of several of equal length: 1/3. `flowcheck merge` puts them together
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub(in crate::cli) shard: Option<Shard>,
    /// Go on with a run that was killed or interrupted: play what it did not complete, and report on all of it. Its folder; by default the newest such in --output
    #[arg(long, value_name = "RUN", num_args = 0..=1, default_missing_value = ".", conflicts_with_all = ["scenarios", "tag", "last_failed", "shard"])]
    pub(in crate::cli) resume: Option<PathBuf>,
    /// Try scenarios that fail again, so often at most; what passes then is flaky
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=10))]
    pub(in crate::cli) retries: u8,
    /// Fail where something is flaky
    #[arg(long)]
    pub(in crate::cli) fail_on_flaky: bool,
    /// Print what fails as a list of expected failures for flowcheck.yaml, instead of the report
    #[arg(long)]
    pub(in crate::cli) print_expected: bool,
    /// More reports: html=FILE, json=FILE, junit=FILE, markdown=FILE, tap=FILE, separated by commas
    #[arg(long, value_name = "KIND=FILE", value_delimiter = ',', value_parser = report_target)]
    pub(in crate::cli) report: Vec<ReportTarget>,
    /// Folder that each run's own folder is made in
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    pub(in crate::cli) output: PathBuf,
    /// Print no progress, only the report at the end
    #[arg(short, long)]
    pub(in crate::cli) quiet: bool,
    /// How progress is printed: for people, or as a JSON document for each event
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(in crate::cli) log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum LogFormat {
    /// A live board on a terminal, else a line for each scenario; then the report
    Text,
    /// A line of JSON for each event; no report
    Json,
}
