//! What can go wrong between flowcheck and the browser.

use std::time::Duration;

use fantoccini::error::{CmdError, NewSessionError};

use crate::evidence::PagePart;

/// The browser could not do what it was asked. Always the harness' trouble, never the app's.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// The driver program could not be started.
    #[error("could not start {driver}")]
    Start {
        /// The driver's path.
        driver: String,
        /// Why.
        source: std::io::Error,
    },
    /// The driver ended, or said nothing of a port, before it was ready.
    #[error("{driver} did not get ready: {said}")]
    NotReady {
        /// The driver's path.
        driver: String,
        /// What it said instead.
        said: String,
    },
    /// The driver refused a session.
    #[error("the driver gave no session; do the versions of browser and driver fit?")]
    Session(#[source] Box<NewSessionError>),
    /// A WebDriver command failed.
    #[error("could not {what}")]
    Command {
        /// What was asked.
        what: String,
        /// Why not.
        source: Box<CmdError>,
    },
    /// A WebDriver BiDi command failed.
    #[error("could not {method}: {message}")]
    Bidi {
        /// The command.
        method: String,
        /// The driver's words.
        message: String,
    },
    /// The connection to the driver is gone.
    #[error("the connection to the driver was lost")]
    Lost,
    /// An answer took too long.
    #[error("the browser did not {what} within {after:?}")]
    Timeout {
        /// What was asked.
        what: String,
        /// How long was waited.
        after: Duration,
    },
    /// klaviyo.com is not what it should be in this browser.
    #[error(
        "klaviyo.com is not flowcheck's in this browser, so nothing was opened there: the probe page said \"{saw}\"\n\
         something overrides the proxy that flowcheck sets, such as a policy of your organisation; try another browser with \
         --browser"
    )]
    NotOurs {
        /// The beginning of what was there instead.
        saw: String,
    },
    /// What can be done by WebDriver BiDi alone, under a driver without it.
    #[error("{0} needs WebDriver BiDi, which this driver does not have; use another browser, by --browser")]
    NeedsBidi(&'static str),
    /// A selector of `flowcheck.yaml` that the browser does not understand.
    #[error("`{part}` in flowcheck.yaml is no CSS selector: {wrong}")]
    Selector {
        /// The part that it is for.
        part: PagePart,
        /// The browser's words.
        wrong: String,
    },
    /// The page reader returned something else than it should.
    #[error("the page reader's answer makes no sense")]
    Reader(#[from] serde_json::Error),
    /// A page does not have what was to be acted on any more.
    #[error("the page no longer has {0}")]
    Gone(String),
}
