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
    /// No port can be had that pages cannot open.
    #[error(
        "no port is free for its driver that pages cannot open: on any other port, a page of the app under test could run programs as you"
    )]
    NoPort,
    /// The driver met another program's browser at its debugger's port.
    #[error(
        "another program took port {port} first, and the driver met a browser there that is not its own; that one was left alone"
    )]
    AnotherBrowser {
        /// The debugger's port.
        port: u16,
    },
    /// The driver refused a session.
    #[error("the driver gave no session; do the versions of browser and driver fit?")]
    Session(#[source] Box<NewSessionError>),
    /// No WebDriver answers where one should.
    #[error("no WebDriver answers at {end}: {why}")]
    NoEnd {
        /// The end.
        end: String,
        /// What came instead of an answer.
        why: String,
    },
    /// A Grid has no such browser.
    #[error("the Grid at {end} has no {wanted}, only {offered}")]
    NotOffered {
        /// The Grid.
        end: String,
        /// The browser that was asked for.
        wanted: &'static str,
        /// Those that it has.
        offered: String,
    },
    /// A Grid had no slot for a session in time.
    #[error("the Grid at {end} had no browser free in time: {why}")]
    NoSlot {
        /// The Grid.
        end: String,
        /// Its words.
        why: String,
    },
    /// An end elsewhere refused a session.
    #[error("the WebDriver at {end} gave no session: {why}")]
    Refused {
        /// The end.
        end: String,
        /// Its words.
        why: String,
    },
    /// A browser elsewhere does not find this machine.
    #[error("the browser at {end} does not reach flowcheck at {proxy}: its probe page said \"{saw}\"")]
    NotReached {
        /// The end.
        end: String,
        /// Where flowcheck listens for it.
        proxy: String,
        /// The beginning of what was there instead.
        saw: String,
    },
    /// A browser elsewhere looks for this machine's own addresses on its own machine.
    #[error(
        "the browser at {end} does not come to this machine for addresses such as http://localhost:3000: its probe page said \"{saw}\""
    )]
    NotHere {
        /// The end.
        end: String,
        /// The beginning of what was there instead.
        saw: String,
    },
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
        "klaviyo.com is not flowcheck's in this browser, so nothing was opened there: the probe page said \"{saw}\""
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
    /// Something covers the control that was to be clicked.
    #[error("\"{control}\" cannot be clicked: {cover} covers it")]
    Covered {
        /// The control's name.
        control: String,
        /// What covers it.
        cover: String,
        /// Names of what can be used in that; empty where there is nothing.
        ways: Vec<String>,
    },
    /// The tab crashed.
    #[error("the browser's tab crashed (\"{how}\")")]
    Crashed {
        /// The browser's word for it.
        how: String,
        /// Whether it was the tab itself that ended, and nobody killed it.
        by_itself: bool,
    },
    /// The process of the browser that speaks with the network ended.
    #[error("the browser's network process ended, and with it what pages had asked for")]
    NetworkProcessEnded,
    /// A page does not have what was to be acted on any more.
    #[error("the page no longer has {0}")]
    Gone(String),
}

impl BrowserError {
    /// What to do about it, where that is known.
    pub fn remedy(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoPort => {
                "run fewer scenarios side by side (-j), or end other runs and drivers on this machine; docs/scale.md lists the ports"
            }
            Self::NoEnd { .. } => {
                "is the Grid up, and is that its address? --webdriver takes http://HOST:PORT, or https://HOST"
            }
            Self::NotOffered { .. } => "choose by --browser, or give the Grid a node that has one",
            Self::NoSlot { .. } => {
                "run fewer scenarios side by side (-j), give it more nodes, or let it wait longer (its --session-request-timeout)"
            }
            Self::Refused { .. } => "its own log says more; do its browser's and its driver's versions fit?",
            Self::NotReached { .. } => {
                "say by --advertise HOST how its machine reaches this one, and let no firewall stand between the two"
            }
            Self::NotHere { .. } => "use a newer browser there, or one of the other engine (--browser)",
            Self::NotOurs { .. } => {
                "something overrides the proxy that flowcheck sets, such as a policy of your organisation; try another browser \
                 with --browser"
            }
            _ => return None,
        })
    }
}
