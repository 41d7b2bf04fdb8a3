//! Which browser, and how: the same flags wherever one is opened.

use clap::Args;

use crate::browser::Options;

/// Which browser is opened, and how.
#[derive(Debug, Args)]
pub(super) struct BrowserArguments {
    /// Show the browser
    #[arg(long)]
    pub(super) headed: bool,
    /// The browser: chromium, firefox, or a path; the lightest there is, when left out
    #[arg(id = "browser", long = "browser", value_name = "NAME", env = "FLOWCHECK_BROWSER")]
    pub(super) name: Option<String>,
    /// Do without WebDriver BiDi: a session per user, and no status in hops
    #[arg(long)]
    no_bidi: bool,
}

impl BrowserArguments {
    /// How it is started.
    pub(super) fn options(&self) -> Options {
        Options { headed: self.headed, classic: self.no_bidi }
    }
}
