//! The command line, and the arguments of the commands that have few.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::browser::{BrowserArguments, RemoteArguments};
use super::init::InitArguments;
use super::report::{ReportTarget, report_target};
use super::run::RunArguments;

/// Tells whether your Klaviyo app's install, error and uninstall flows would pass app review.
#[derive(Debug, Parser)]
#[command(name = "flowcheck", version, after_help = EXITS, max_term_width = 100)]
pub(in crate::cli) struct Arguments {
    #[command(subcommand)]
    pub(in crate::cli) command: Command,
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
pub(in crate::cli) enum Command {
    /// Explore your app in a browser, and write a first flowcheck.yaml
    Init(Box<InitArguments>),
    /// Run scenarios against your app, and judge what was seen
    Run(RunArguments),
    /// List the scenarios: items, tags, last result and duration
    List(ListArguments),
    /// Check scenario files and flowcheck.yaml for mistakes, without running anything
    Check(CheckArguments),
    /// Explain an item of the checklist
    Explain {
        /// The item's id, such as install.signed-out.resumes
        item: String,
        /// Only the sketch for this framework: express, next.js, flask, rails, laravel
        #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(["express", "next.js", "flask", "rails", "laravel"]))]
        framework: Option<String>,
    },
    /// Run the fake Klaviyo, to try things by hand
    Serve(ServeArguments),
    /// Check flowcheck.yaml and this machine before any scenario: browser, app, login, redirect URI, gateway
    Doctor(DoctorArguments),
    /// Print which operations the fake Klaviyo models, how deeply, and the sources of its OAuth behaviour
    Coverage {
        /// Revision of the API, as 2026-10-15; the newest, by default. One that ends in .pre has beta operations too
        #[arg(long, value_name = "DATE")]
        revision: Option<String>,
    },
    /// Run a command for which klaviyo.com is a fake Klaviyo
    Exec(ExecArguments),
    /// Serve the inner end of a network bridge; flowcheck starts it beside an app
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
    /// Serve a stored run to a browser on this machine
    Show(ShowArguments),
    /// Judge a stored run again, by this version's checklist
    Judge(JudgeArguments),
    /// Compare two stored runs: what got worse, what got better
    Compare {
        /// The first run's folder
        before: PathBuf,
        /// The second run's folder
        after: PathBuf,
    },
    /// Merge the shards of a run
    Merge(MergeArguments),
    /// Pack a stored run into a zip with versions and checksums, to go with your testing instructions
    Bundle(BundleArguments),
    /// Print a completion script for your shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ListArguments {
    /// Folder that runs are stored in
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    pub(in crate::cli) output: PathBuf,
    /// Only scenarios that have this tag; more than once: any of them
    #[arg(long, value_name = "TAG")]
    pub(in crate::cli) tag: Vec<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArguments {
    /// The run's folder
    #[arg(value_name = "RUN", default_value = "reports/latest")]
    pub(in crate::cli) run: PathBuf,
    /// Port on loopback; 0 takes a free one
    #[arg(long, default_value_t = 7071)]
    pub(in crate::cli) port: u16,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct JudgeArguments {
    /// The run's folder
    #[arg(value_name = "RUN", default_value = "reports/latest")]
    pub(in crate::cli) run: PathBuf,
    /// Count warnings and reviews as failures
    #[arg(long)]
    pub(in crate::cli) strict: bool,
    /// Reports to write, as `flowcheck run` takes them
    #[arg(long, value_name = "KIND=FILE", value_delimiter = ',', value_parser = report_target)]
    pub(in crate::cli) report: Vec<ReportTarget>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct BundleArguments {
    /// The run's folder
    #[arg(value_name = "RUN", default_value = "reports/latest")]
    pub(in crate::cli) run: PathBuf,
    /// The zip to write
    #[arg(long, value_name = "FILE", default_value = "flowcheck-bundle.zip")]
    pub(in crate::cli) to: PathBuf,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct MergeArguments {
    /// The shards' folders
    #[arg(value_name = "RUN", required = true)]
    pub(in crate::cli) runs: Vec<PathBuf>,
    /// Folder that the whole run's own folder is made in
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    pub(in crate::cli) output: PathBuf,
    /// Reports to write, as `flowcheck run` takes them
    #[arg(long, value_name = "KIND=FILE", value_delimiter = ',', value_parser = report_target)]
    pub(in crate::cli) report: Vec<ReportTarget>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArguments {
    /// Scenario files and configuration files
    #[arg(default_value = "flowcheck.yaml")]
    pub(in crate::cli) files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct DoctorArguments {
    /// The app under test
    #[arg(short, long, value_name = "FILE", default_value = "flowcheck.yaml", env = "FLOWCHECK_CONFIG")]
    pub(in crate::cli) config: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) browser: BrowserArguments,
    #[command(flatten)]
    pub(in crate::cli) remote: RemoteArguments,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ServeArguments {
    /// Address to listen at; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7070")]
    pub(in crate::cli) listen: String,
    /// The app that Klaviyo knows; a sandbox app, by default
    #[arg(short, long, value_name = "FILE", env = "FLOWCHECK_CONFIG")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Port that stands for {port} in the configuration
    #[arg(long, value_name = "PORT", default_value_t = 3000)]
    pub(in crate::cli) app_port: u16,
    /// Keep accounts, apps' scopes, installs, tokens and the time in this file, across restarts
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) state: Option<PathBuf>,
    /// Open the sandbox's page in your browser
    #[arg(long)]
    pub(in crate::cli) open: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ExecArguments {
    /// The app that Klaviyo knows; a sandbox app, by default
    #[arg(short, long, value_name = "FILE", env = "FLOWCHECK_CONFIG")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Port that stands for {port} in the configuration
    #[arg(long, value_name = "PORT", default_value_t = 3000)]
    pub(in crate::cli) app_port: u16,
    /// Refuse connections to hosts other than Klaviyo's and this machine, and list them at the end
    #[arg(long)]
    pub(in crate::cli) hermetic: bool,
    /// How the command reaches the fake Klaviyo: by environment variables, or by a hosts file of its own (Linux, as root)
    #[arg(long, value_name = "WAY", value_enum, default_value = "env")]
    pub(in crate::cli) reach: ExecReach,
    /// Print the variables as export lines; without a command, keep them valid until interrupted
    #[arg(long)]
    pub(in crate::cli) print_env: bool,
    /// The command, with its arguments
    #[arg(last = true, required_unless_present = "print_env", value_name = "COMMAND")]
    pub(in crate::cli) command: Vec<OsString>,
}

/// How a command reaches the fake Klaviyo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ExecReach {
    /// Variables that name a proxy, and certificates to trust
    Env,
    /// A hosts file in which Klaviyo's names lead here
    Hosts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SchemaOf {
    /// Scenario files
    Scenario,
    /// flowcheck.yaml
    App,
    /// The JSON report
    Report,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }
}
