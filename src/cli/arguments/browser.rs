//! Which browser is opened, and how: the flags of every command that opens one.

use std::net::IpAddr;

use clap::Args;

use crate::browser::{Options, Remote, RemoteError, Source, WayBack, find};
use crate::cli::command_error::CommandError;

/// Which browser is opened, and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct BrowserArguments {
    /// Show the browser
    #[arg(long)]
    pub(in crate::cli) headed: bool,
    /// The browser: chromium, firefox, or a path; the lightest there is, when left out
    #[arg(id = "browser", long = "browser", value_name = "NAME", env = "FLOWCHECK_BROWSER")]
    pub(in crate::cli) name: Option<String>,
    /// Do without WebDriver BiDi: a session per user, and no status in hops
    #[arg(long)]
    no_bidi: bool,
}

impl BrowserArguments {
    /// How it is started.
    pub(in crate::cli) fn options(&self) -> Options {
        Options { headed: self.headed, classic: self.no_bidi }
    }
}

/// Browsers on another machine.
#[derive(Debug, Args)]
pub(in crate::cli) struct RemoteArguments {
    /// Browsers of this WebDriver end, such as a Selenium Grid (`http://HOST:4444`), instead of this machine's
    #[arg(long, value_name = "URL", env = "FLOWCHECK_WEBDRIVER")]
    webdriver: Option<String>,
    /// This machine's name or address for those browsers; left out, they are taken to be on it
    #[arg(long, value_name = "HOST", requires = "webdriver", env = "FLOWCHECK_ADVERTISE")]
    advertise: Option<String>,
    /// Where to listen for those browsers; left out, at the address that HOST stands for
    #[arg(long, value_name = "ADDRESS", requires = "advertise")]
    bind: Option<IpAddr>,
}

impl RemoteArguments {
    /// The remote end, where one was named.
    pub(in crate::cli) fn end(&self, browser: &BrowserArguments) -> Result<Option<Remote>, RemoteError> {
        let Some(address) = &self.webdriver else { return Ok(None) };
        let way_back = self.advertise.as_deref().map(|host| WayBack::new(host, self.bind)).transpose()?;
        Remote::new(address, browser.name.as_deref(), way_back).map(Some)
    }

    /// Where browsers come from: the remote end, or this machine.
    pub(in crate::cli) fn source(&self, browser: &BrowserArguments) -> Result<Source, CommandError> {
        if let Some(remote) = self.end(browser)? {
            return Ok(remote.into());
        }
        let path = std::env::var("PATH").unwrap_or_default();
        Ok(find(browser.name.as_deref(), browser.headed, &path)?.into())
    }
}
