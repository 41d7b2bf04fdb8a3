//! What the user typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::browser_arguments::{BrowserArguments, RemoteArguments};
use super::init_arguments::InitArguments;
use crate::checklist::Shard;

/// Tells whether your Klaviyo app's install, error and uninstall flows would pass app review.
#[derive(Debug, Parser)]
#[command(name = "flowcheck", version, after_help = EXITS, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXITS: &str = "\
Exit codes:
    0  every applicable gate item passed
    1  the app failed an item
    2  usage, configuration or a scenario is at fault
    3  the environment or the harness broke, or an item was not run for no fault of the app
    4  nothing was run
  130  interrupted

flowcheck is independent of Klaviyo and decides nothing in Klaviyo's name.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Look at your app in a browser, and write a first flowcheck.yaml
    Init(Box<InitArguments>),
    /// Run scenarios against your app, and judge what was seen
    Run(RunArguments),
    /// List the scenarios: items, tags, last result and duration
    List(ListArguments),
    /// Read scenario files and flowcheck.yaml, run nothing, and say what is wrong with them
    Check(CheckArguments),
    /// Explain an item of the checklist
    Explain {
        /// The item's id, such as install.signed-out.resumes
        item: String,
        /// Only the sketch for this framework: express, next.js, flask, rails, laravel
        #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(["express", "next.js", "flask", "rails", "laravel"]))]
        framework: Option<String>,
    },
    /// Keep the fake Klaviyo up, to try things by hand
    Serve(ServeArguments),
    /// Prove flowcheck.yaml and this machine before any scenario: browser, app, login, redirect URI, gateway
    Doctor(DoctorArguments),
    /// Print which operations the fake Klaviyo models, how deep, and where its OAuth behaviour is known from
    Coverage,
    /// Run a command for which klaviyo.com is a fake Klaviyo
    Exec(ExecArguments),
    /// Serve the inner end of a network bridge; what flowcheck starts beside an app
    #[command(hide = true)]
    Bridge {
        /// Folder of its sockets
        folder: PathBuf,
        /// Ports, separated by commas
        ports: String,
        /// Addresses, separated by commas
        addresses: String,
    },
    /// Wait until flowcheck has ended, then release what it left running; started by flowcheck itself
    #[command(hide = true)]
    Watchdog,
    /// Print the JSON Schema of scenarios, of flowcheck.yaml, or of the JSON report
    Schema {
        /// Which one
        #[arg(default_value = "scenario")]
        of: SchemaOf,
    },
    /// Serve a kept run to a browser on this machine
    Show(ShowArguments),
    /// Judge a kept run again, by this version's checklist
    Judge(JudgeArguments),
    /// Say what got better and what got worse from one kept run to another
    Compare {
        /// The first run's folder
        before: PathBuf,
        /// The second run's folder
        after: PathBuf,
    },
    /// Put the shards of a run together
    Merge(MergeArguments),
    /// Zip a kept run with versions and checksums, to go with your testing instructions
    Bundle(BundleArguments),
    /// Print a completion script for your shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// Scenarios: an id (install/signed-out), the beginning of ids (install), or a file (mine.yaml, mine.yaml:12); all, when left out
    #[arg(value_name = "SCENARIO")]
    pub(super) scenarios: Vec<String>,
    /// The app under test
    #[arg(short, long, value_name = "FILE", default_value = "flowcheck.yaml", env = "FLOWCHECK_CONFIG")]
    pub(super) config: PathBuf,
    /// Scenarios side by side, each with a Klaviyo, an app and a browser context of its own
    #[arg(short = 'j', long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub(super) jobs: u8,
    #[command(flatten)]
    pub(super) browser: BrowserArguments,
    /// Pause before each act, for who watches
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    pub(super) slow_mo: u64,
    /// Leave browser, app and Klaviyo open after a scenario in which something failed, and after the last, until Enter
    #[arg(long, requires = "headed")]
    pub(super) keep_open: bool,
    /// Say what each step will do, and wait for Enter before it
    #[arg(long, conflicts_with = "log_format")]
    pub(super) step: bool,
    #[command(flatten)]
    pub(super) remote: RemoteArguments,
    /// Wait for time to pass instead of moving it: five minutes take five minutes
    #[arg(long)]
    pub(super) real_time: bool,
    /// Refuse connections to hosts other than Klaviyo's and this machine, and list them at the end; the app's own too, as root on Linux
    #[arg(long)]
    pub(super) hermetic: bool,
    /// Count warnings and reviews as failures
    #[arg(long)]
    pub(super) strict: bool,
    /// Only scenarios that have this tag; more than once: any of them
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Vec<String>,
    /// Only scenarios that failed or were not run the last time
    #[arg(long)]
    pub(super) last_failed: bool,
    /// Only a part, of several of equal length: 1/3. `flowcheck merge` puts them together
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub(super) shard: Option<Shard>,
    /// Try scenarios that fail again, so often at most; what passes then is flaky
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=10))]
    pub(super) retries: u8,
    /// Fail where something is flaky
    #[arg(long)]
    pub(super) fail_on_flaky: bool,
    /// Print what fails as a list of expected failures for flowcheck.yaml, instead of the report
    #[arg(long)]
    pub(super) print_expected: bool,
    /// More reports: html=FILE, json=FILE, junit=FILE, markdown=FILE, tap=FILE, separated by commas
    #[arg(long, value_name = "KIND=FILE", value_delimiter = ',', value_parser = wanted_report)]
    pub(super) report: Vec<WantedReport>,
    /// Folder that each run's own folder is made in
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    pub(super) output: PathBuf,
    /// Print no progress, only the report at the end
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// How progress is printed: for people, or as a JSON document for each event
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(super) log_format: LogFormat,
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// Folder that runs are kept in
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    pub(super) output: PathBuf,
    /// Only scenarios that have this tag; more than once: any of them
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    /// The run's folder
    #[arg(value_name = "RUN", default_value = "reports/latest")]
    pub(super) run: PathBuf,
    /// Port on loopback; 0 takes a free one
    #[arg(long, default_value_t = 7071)]
    pub(super) port: u16,
}

#[derive(Debug, Args)]
pub(super) struct JudgeArguments {
    /// The run's folder
    #[arg(value_name = "RUN", default_value = "reports/latest")]
    pub(super) run: PathBuf,
    /// Count warnings and reviews as failures
    #[arg(long)]
    pub(super) strict: bool,
    /// Reports to write, as `flowcheck run` takes them
    #[arg(long, value_name = "KIND=FILE", value_delimiter = ',', value_parser = wanted_report)]
    pub(super) report: Vec<WantedReport>,
}

#[derive(Debug, Args)]
pub(super) struct BundleArguments {
    /// The run's folder
    #[arg(value_name = "RUN", default_value = "reports/latest")]
    pub(super) run: PathBuf,
    /// The zip to write
    #[arg(long, value_name = "FILE", default_value = "flowcheck-bundle.zip")]
    pub(super) to: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct MergeArguments {
    /// The shards' folders
    #[arg(value_name = "RUN", required = true)]
    pub(super) runs: Vec<PathBuf>,
    /// Folder that the whole run's own folder is made in
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    pub(super) output: PathBuf,
    /// Reports to write, as `flowcheck run` takes them
    #[arg(long, value_name = "KIND=FILE", value_delimiter = ',', value_parser = wanted_report)]
    pub(super) report: Vec<WantedReport>,
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// Scenario files, and configuration files (those named flowcheck.yaml or *.flowcheck.yaml)
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct DoctorArguments {
    /// The app under test
    #[arg(short, long, value_name = "FILE", default_value = "flowcheck.yaml", env = "FLOWCHECK_CONFIG")]
    pub(super) config: PathBuf,
    #[command(flatten)]
    pub(super) browser: BrowserArguments,
    #[command(flatten)]
    pub(super) remote: RemoteArguments,
}

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Address to listen at; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7070")]
    pub(super) listen: String,
    /// The app that Klaviyo knows; a sandbox app, when left out
    #[arg(short, long, value_name = "FILE", env = "FLOWCHECK_CONFIG")]
    pub(super) config: Option<PathBuf>,
    /// Port that stands for {port} in the configuration
    #[arg(long, value_name = "PORT", default_value_t = 3000)]
    pub(super) app_port: u16,
    /// Keep accounts, apps' scopes, installs, tokens and the time in this file, across restarts
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// Open the sandbox's page in your browser
    #[arg(long)]
    pub(super) open: bool,
}

#[derive(Debug, Args)]
pub(super) struct ExecArguments {
    /// The app that Klaviyo knows; a sandbox app, when left out
    #[arg(short, long, value_name = "FILE", env = "FLOWCHECK_CONFIG")]
    pub(super) config: Option<PathBuf>,
    /// Port that stands for {port} in the configuration
    #[arg(long, value_name = "PORT", default_value_t = 3000)]
    pub(super) app_port: u16,
    /// Refuse connections to hosts other than Klaviyo's and this machine, and list them at the end
    #[arg(long)]
    pub(super) hermetic: bool,
    /// How the command comes to Klaviyo: by environment variables, or by a hosts file of its own (Linux, as root)
    #[arg(long, value_name = "WAY", value_enum, default_value = "env")]
    pub(super) reach: ExecReach,
    /// Print the variables as export lines; without a command, keep them good until interrupted
    #[arg(long)]
    pub(super) print_env: bool,
    /// The command, with its arguments
    #[arg(last = true, required_unless_present = "print_env", value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,
}

/// How a command comes to Klaviyo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ExecReach {
    /// Variables that name a proxy, and certificates to trust
    Env,
    /// A hosts file in which Klaviyo's names lead here
    Hosts,
}

/// A report asked for by `--report`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WantedReport {
    pub(super) kind: ReportKind,
    pub(super) file: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// A live board on a terminal, else a line for each scenario; then the report
    Text,
    /// A line of JSON for each event; no report
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportKind {
    Html,
    Json,
    Junit,
    Markdown,
    Tap,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// Scenario files
    Scenario,
    /// flowcheck.yaml
    App,
    /// The JSON report
    Report,
}

fn wanted_report(text: &str) -> Result<WantedReport, String> {
    let (kind, file) =
        text.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or("write KIND=FILE, as in html=report.html")?;
    let kind = ReportKind::from_str(kind, false)
        .map_err(|_| format!("`{kind}` is no report; there are html, json, junit, markdown and tap"))?;
    Ok(WantedReport { kind, file: file.into() })
}

fn shard(text: &str) -> Result<Shard, String> {
    let (index, of) = text.split_once('/').ok_or("write I/N, as in 1/3")?;
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| (1..=100).contains(number));
    match (number(index), number(of)) {
        (Some(index), Some(of)) if index <= of => Ok(Shard { index, of }),
        _ => Err("write I/N with I from 1 to N, and N 100 at most".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn reports_are_asked_for_by_kind_and_file() {
        assert_eq!(
            wanted_report("html=a=b.html"),
            Ok(WantedReport { kind: ReportKind::Html, file: "a=b.html".into() })
        );
        assert!(wanted_report("pdf=x").unwrap_err().contains("html, json, junit, markdown and tap"));
        assert!(wanted_report("html=").is_err() && wanted_report("html").is_err());
    }

    #[test]
    fn shards_are_counted_from_one() {
        assert_eq!(shard("2/3"), Ok(Shard { index: 2, of: 3 }));
        for wrong in ["0/3", "4/3", "1", "1/", "a/b", "1/1000"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }
}
