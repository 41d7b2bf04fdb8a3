//! The timeline: entries in the order in which they were seen.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Act, BrowserDialog, BrowserWindow, Exchange, GatewayTraffic, Hop, KlaviyoFault, Mail, Page, Probe, Search, Setup,
    StepKind, StepProblem, UserChange,
};

/// Everything that one scenario saw in one world; all that a judge may look at.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// What was arranged before the first step.
    pub setup: Setup,
    /// What happened, oldest first; `seq` rises without gaps.
    pub timeline: Vec<Entry>,
}

/// One thing seen, with its place in the order of things.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Position on the timeline, from 0.
    pub seq: u32,
    /// Milliseconds of real time since the recording began.
    pub at_ms: u64,
    /// What was seen.
    pub event: Event,
}

/// The kinds of things that can be seen.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A scenario's step began or ended.
    Step(Box<StepMark>),
    /// flowcheck did something in the browser, as the user would.
    Act(Act),
    /// The browser asked for a document.
    Hop(Hop),
    /// A page came to rest in front of the user.
    Page(Box<Page>),
    /// A window was opened or closed, or the user went to another one.
    Window(BrowserWindow),
    /// A page's script opened a dialog of the browser's own.
    Dialog(BrowserDialog),
    /// Someone spoke HTTP with the fake Klaviyo.
    Exchange(Box<Exchange>),
    /// The app sent a mail.
    Mail(Box<Mail>),
    /// Something changed inside Klaviyo.
    Klaviyo(KlaviyoEvent),
    /// Something happened to the app's process.
    App(AppEvent),
    /// The app's callback was given a hostile input.
    Probe(Probe),
    /// What the browser received and keeps was searched for secrets.
    Search(Search),
    /// What came to the gateway from the app, summed up at the end.
    GatewayTraffic(GatewayTraffic),
    /// The harness could not do its own work.
    HarnessError(HarnessError),
}

/// The beginning or the end of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepMark {
    /// Position in the scenario, from 0.
    pub index: usize,
    /// What the step does.
    pub step: StepKind,
    /// Line of the step in the scenario's file, from 1.
    pub line: u32,
    /// Began, or how it ended.
    pub phase: StepPhase,
}

/// How far a step has got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepPhase {
    /// The step began.
    Began,
    /// The step did what it says.
    Done,
    /// The step got there, but not by the way it should have.
    Strayed(StepProblem),
    /// The step could not be done. Later steps that need it are skipped.
    Failed(StepProblem),
    /// The step was skipped.
    Skipped(StepProblem),
}

/// A change inside the fake Klaviyo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KlaviyoEvent {
    /// An account installed the app, or installed it anew.
    Installed {
        /// The install's id.
        install: String,
        /// The account's id.
        account: String,
        /// The app's client id.
        client_id: String,
        /// What was granted.
        scopes: Vec<String>,
        /// The user who authorized it, by e-mail address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
    },
    /// An account's install of the app ended.
    Uninstalled {
        /// The install's id.
        install: String,
        /// The account's id.
        account: String,
        /// Which side ended it.
        by: UninstalledBy,
    },
    /// A user's place in an account was changed.
    UserChanged {
        /// The user, by e-mail address.
        user: String,
        /// The account's id.
        account: String,
        /// What was changed.
        change: UserChange,
    },
    /// The world's clock was moved.
    ClockMoved {
        /// Seconds it was moved forward by.
        by_s: u64,
    },
    /// A fault was armed.
    FaultArmed(KlaviyoFault),
    /// A fault was applied to an exchange.
    FaultApplied(KlaviyoFault),
    /// The app's scopes were changed in its settings.
    ScopesChanged {
        /// The app's client id.
        client_id: String,
        /// The scopes it has now.
        scopes: Vec<String>,
    },
}

/// Which side ended an install.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UninstalledBy {
    /// The app, by revoking a token.
    App,
    /// A user, on Klaviyo's integrations page or by the control API; or Klaviyo itself, because the user of the install was changed.
    Klaviyo,
}

/// Something about the app's process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AppEvent {
    /// It was started, or found running; the address it answers at.
    Ready(String),
    /// It ended by itself; its exit in words ("exited with status 1").
    Exited(String),
    /// A line it wrote to its standard output or error.
    Log(String),
    /// Here its log goes on, but is not kept: a scenario keeps the first lines and the last.
    LogLeftOut {
        /// Lines that are left out.
        lines: u64,
        /// Bytes of them.
        bytes: u64,
    },
    /// Its data was put back as `flowcheck.yaml` says; how, in words.
    Reset(String),
    /// It was updated as `flowcheck.yaml` says; how, in words.
    Updated(String),
    /// flowcheck asked it to call Klaviyo (`trigger:`), and how that ended.
    Triggered(String),
    /// It left the user waiting in the browser until flowcheck gave up.
    Stalled {
        /// The address that was asked for, with secrets replaced.
        url: String,
        /// Whether an answer had begun, and only did not end.
        begun: bool,
        /// Milliseconds after which flowcheck gave up.
        after_ms: u64,
    },
    /// It called one endpoint of Klaviyo's without end, until flowcheck ended it.
    Stormed {
        /// Method and path.
        endpoint: String,
        /// Calls that were counted.
        calls: u32,
        /// Milliseconds within which these calls were made.
        within_ms: u64,
        /// The status that the last of them got; 0 where that is not known.
        #[serde(default)]
        status: u16,
    },
    /// It refused a login because there had been too many; the status, and what it said.
    LimitedLogin(String),
    /// A script of its page kept the tab from answering, until flowcheck ended the script.
    BlockedTab {
        /// The page's address, with secrets replaced.
        url: String,
    },
    /// The tab that its page was in crashed by itself.
    CrashedTab {
        /// The page's address, with secrets replaced.
        url: String,
        /// The browser's word for it: `crashed`, `oom`.
        how: String,
    },
    /// Something that nobody can get out of the way covers a control of its page.
    CoveredControl {
        /// The page's address, with secrets replaced.
        url: String,
        /// The control's name.
        control: String,
        /// What covers it.
        cover: String,
        /// Whether there is something to use in what covers it, so that a person may know a way.
        usable: bool,
    },
    /// Before the first step it redirected without end, or broke the connection off.
    NoPage {
        /// The address that was asked for, with secrets replaced.
        url: String,
        /// The browser's word for it: `net::ERR_TOO_MANY_REDIRECTS`.
        error: String,
    },
}

impl AppEvent {
    /// Whether the app got into trouble by itself.
    pub fn is_incident(&self) -> bool {
        match self {
            Self::Exited(_)
            | Self::Stalled { .. }
            | Self::Stormed { .. }
            | Self::LimitedLogin(_)
            | Self::BlockedTab { .. }
            | Self::CrashedTab { .. }
            | Self::CoveredControl { .. }
            | Self::NoPage { .. } => true,
            Self::Ready(_)
            | Self::Log(_)
            | Self::LogLeftOut { .. }
            | Self::Reset(_)
            | Self::Updated(_)
            | Self::Triggered(_) => false,
        }
    }
}

/// Harness trouble: not the app's fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HarnessError {
    /// What could not be done, in words.
    pub what: String,
}

impl Evidence {
    /// The entries with this or a later sequence number.
    pub fn since(&self, seq: u32) -> &[Entry] {
        let from = self.timeline.partition_point(|entry| entry.seq < seq);
        &self.timeline[from..]
    }
}
