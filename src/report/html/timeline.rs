//! A scenario's timeline: its steps, with the entries of each.

use std::time::Duration;

use super::anchor::entry_anchor;
use super::badge::Badge;
use super::exchange::{ExchangeRow, status_class};
use super::screenshots::{Figure, Screenshots};
use crate::evidence::{
    Act, AppEvent, Entry, Event, Evidence, GatewayTraffic, Hermetic, Hop, HopCause, KlaviyoEvent, Mail, Page, Probe,
    Purpose, Search, StepMark, StepPhase, UninstalledBy, count,
};
use crate::report::content::describe::{duration, page_kind, without_app_origin};

/// A step and its entries.
#[derive(Debug)]
pub(super) struct StepView<'a> {
    pub(super) title: String,
    /// Line in the scenario's file; none for entries before the first step.
    pub(super) line: Option<u32>,
    pub(super) badge: Option<Badge>,
    /// Why it did not end well.
    pub(super) reason: Option<String>,
    pub(super) entries: Vec<EntryView<'a>>,
}

/// One entry.
#[derive(Debug)]
pub(super) struct EntryView<'a> {
    pub(super) anchor: String,
    /// Time since the scenario began.
    pub(super) at: String,
    /// Who acted, in scenarios with several users.
    pub(super) user: Option<&'a str>,
    pub(super) row: Row<'a>,
}

/// The kinds of entries.
#[derive(Debug)]
pub(super) enum Row<'a> {
    /// An act of the user.
    Act { what: String, aside: Option<String> },
    /// A request of the browser.
    Hop {
        method: &'a str,
        /// Address, and its query with the question mark.
        url: (String, String),
        status: String,
        class: &'static str,
        to: Option<(String, String)>,
        redirect: bool,
    },
    /// A page that the user saw.
    Page(Box<PageRow<'a>>),
    /// A call to Klaviyo.
    Exchange(ExchangeRow<'a>),
    /// A mail of the app.
    Mail(&'a Mail),
    /// Any other entry: its name and its parts.
    Other { kind: String, parts: Vec<(String, String)> },
    /// An event in Klaviyo, in the app's process or in flowcheck.
    Event { who: &'static str, what: String, trouble: bool },
}

impl Row<'_> {
    /// Its class in the style sheet.
    pub(super) fn class(&self) -> &'static str {
        match self {
            Self::Act { .. } => "act",
            Self::Hop { .. } => "hop",
            Self::Page(_) => "page",
            Self::Exchange(_) => "exchange",
            Self::Mail(_) => "mail",
            Self::Event { .. } | Self::Other { .. } => "event",
        }
    }
}

/// A page that was idle.
#[derive(Debug)]
pub(super) struct PageRow<'a> {
    pub(super) page: &'a Page,
    pub(super) kind: &'static str,
    pub(super) url: String,
    /// The document's status, where it is an error's.
    pub(super) error: Option<u16>,
    pub(super) figure: Option<Figure>,
}

/// The timeline by steps.
pub(super) fn steps<'a>(scenario: &str, evidence: &'a Evidence, pictures: &mut Screenshots<'_>) -> Vec<StepView<'a>> {
    let several = evidence.setup.users.len() > 1;
    let app = evidence.setup.app.url.as_str();
    let mut steps: Vec<StepView<'_>> = Vec::new();
    for entry in &evidence.timeline {
        if let Event::Step(mark) = &entry.event {
            step(&mut steps, mark);
            continue;
        }
        if steps.is_empty() {
            steps.push(StepView {
                title: "Before the first step".to_owned(),
                line: None,
                badge: None,
                reason: None,
                entries: vec![],
            });
        }
        if let Some(step) = steps.last_mut() {
            let view = EntryView::of(scenario, entry, app, pictures);
            step.entries.push(EntryView { user: view.user.filter(|_| several), ..view });
        }
    }
    steps
}

impl<'a> EntryView<'a> {
    /// An entry of a scenario's timeline; `app` is the app's address.
    pub(super) fn of(scenario: &str, entry: &'a Entry, app: &str, pictures: &mut Screenshots<'_>) -> Self {
        Self {
            anchor: entry_anchor(scenario, entry.seq),
            at: duration(Duration::from_millis(entry.at_ms)),
            user: user(entry),
            row: row(&entry.event, app, pictures),
        }
    }
}

fn step<'a>(steps: &mut Vec<StepView<'a>>, mark: &'a StepMark) {
    let goes_on = steps.last().is_some_and(|step| step.line == Some(mark.line) && step.badge.is_none());
    if mark.phase == StepPhase::Began || !goes_on {
        steps.push(StepView {
            title: mark.step.to_string(),
            line: Some(mark.line),
            badge: None,
            reason: None,
            entries: vec![],
        });
    }
    if let Some(step) = steps.last_mut() {
        step.badge = Badge::of_step(&mark.phase);
        step.reason = match &mark.phase {
            StepPhase::Began | StepPhase::Done => None,
            StepPhase::Strayed(problem) | StepPhase::Failed(problem) | StepPhase::Skipped(problem) => {
                Some([Some(problem.to_string()), problem.remedy()].into_iter().flatten().collect::<Vec<_>>().join("; "))
            }
        };
    }
}

fn user(entry: &Entry) -> Option<&str> {
    match &entry.event {
        Event::Act(act) => Some(&act.user),
        Event::Hop(hop) => Some(&hop.user),
        Event::Page(page) => Some(&page.user),
        Event::Window(window) => Some(&window.user),
        Event::Dialog(dialog) => Some(&dialog.user),
        _ => None,
    }
}

fn row<'a>(seen: &'a Event, app: &str, pictures: &mut Screenshots<'_>) -> Row<'a> {
    if let Event::HarnessError(trouble) = seen {
        return Row::Event { who: "flowcheck", what: trouble.what.clone(), trouble: true };
    }
    match seen {
        Event::Act(act) => Row::Act { what: act.gesture.to_string(), aside: aside(act) },
        Event::Hop(hop) => hop_row(hop, app),
        Event::Page(page) => Row::Page(Box::new(PageRow {
            page,
            kind: page_kind(page.kind),
            url: without_app_origin(&page.url, app),
            error: page.status.filter(|status| *status >= 400),
            figure: pictures.like(page),
        })),
        Event::Window(window) => Row::Event { who: "Browser", what: window.change.to_string(), trouble: false },
        Event::Dialog(dialog) => Row::Event { who: "Browser", what: dialog.to_string(), trouble: false },
        Event::Exchange(call) => Row::Exchange(ExchangeRow::of(call)),
        Event::Mail(mail) => Row::Mail(mail),
        Event::Klaviyo(event) => Row::Event { who: "Klaviyo", what: klaviyo(event), trouble: false },
        Event::App(event) => Row::Event { who: "App", what: app_event(event), trouble: event.is_incident() },
        Event::Probe(probe) => Row::Event { who: "Callback", what: probed(probe), trouble: probe.status.is_none() },
        Event::Search(search) => Row::Event { who: "Browser", what: searched(search), trouble: false },
        Event::GatewayTraffic(traffic) => {
            Row::Event { who: "Gateway", what: arrivals(traffic), trouble: !traffic.distrusted.is_empty() }
        }
        other => {
            let (kind, parts) = anything(other);
            Row::Other { kind, parts }
        }
    }
}

/// An entry without a form of its own: its name, and its parts as texts.
fn anything(seen: &Event) -> (String, Vec<(String, String)>) {
    let value = serde_json::to_value(seen).unwrap_or_default();
    let Some((kind, value)) = value.as_object().and_then(|object| object.iter().next()) else {
        return ("entry".to_owned(), vec![(String::new(), text_of(&value))]);
    };
    let parts = match value.as_object() {
        Some(parts) => parts
            .iter()
            .map(|(name, value)| (name.replace('_', " "), text_of(value)))
            .filter(|(_, text)| !text.is_empty())
            .collect(),
        None => vec![(String::new(), text_of(value))],
    };
    (kind.replace('-', " "), parts)
}

fn text_of(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(values) => values.iter().map(text_of).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn aside(act: &Act) -> Option<String> {
    match &act.purpose {
        Purpose::Prepare => Some("preparing".to_owned()),
        Purpose::Recover(what) => Some(format!("not foreseen by the checklist: {what}")),
        _ => None,
    }
}

fn hop_row<'a>(hop: &'a Hop, app: &str) -> Row<'a> {
    let status = match (hop.status, &hop.error) {
        (_, Some(error)) => error.clone(),
        (Some(status), None) => status.to_string(),
        (None, None) => "unknown".to_owned(),
    };
    Row::Hop {
        method: if hop.method.is_empty() { "GET?" } else { &hop.method },
        url: split(&hop.url, app),
        status,
        class: if hop.error.is_some() { "s-bad" } else { status_class(hop.status) },
        to: hop.location.as_deref().map(|to| split(to, app)),
        redirect: hop.cause == HopCause::Redirect,
    }
}

/// A URL without the app's own origin, and separately its query.
fn split(url: &str, app: &str) -> (String, String) {
    let mut path = without_app_origin(url, app);
    let query = path.find('?').map(|at| path.split_off(at)).unwrap_or_default();
    (path, query)
}

fn klaviyo(event: &KlaviyoEvent) -> String {
    match event {
        KlaviyoEvent::Installed { account, scopes, .. } => {
            format!("account {account} installed the app, granting {}", scopes.join(" "))
        }
        KlaviyoEvent::Uninstalled { account, by, .. } => {
            let by = match by {
                UninstalledBy::App => "by the app's revocation",
                UninstalledBy::Klaviyo => "in Klaviyo",
            };
            format!("account {account} has the app no longer: uninstalled {by}")
        }
        KlaviyoEvent::UserChanged { user, change, .. } => format!("{user} was {change}"),
        KlaviyoEvent::ClockMoved { by_s } => {
            format!("the clock was moved on by {}", duration(Duration::from_secs(*by_s)))
        }
        KlaviyoEvent::FaultArmed(fault) => format!("fault armed: {fault}"),
        KlaviyoEvent::FaultApplied(fault) => format!("fault applied: {fault}"),
        KlaviyoEvent::ScopesChanged { scopes, .. } => format!("the app's scopes are now {}", scopes.join(" ")),
    }
}

fn arrivals(traffic: &GatewayTraffic) -> String {
    let requests = count(usize::try_from(traffic.requests).unwrap_or(usize::MAX), "request", "requests");
    let mut parts = vec![format!("{requests} for Klaviyo came from the app in all")];
    if !traffic.distrusted.is_empty() {
        parts.push(format!("its client refused the certificate of {}", traffic.distrusted.join(", ")));
    }
    match &traffic.hermetic {
        Some(Hermetic::Wholly) => parts.push("nothing else but this machine was within reach".to_owned()),
        Some(Hermetic::BrowserOnly(why)) => parts.push(format!("its other traffic was not held back: {why}")),
        None => {}
    }
    if !traffic.held_back.is_empty() {
        parts.push(format!("held back: {}", traffic.held_back.join(", ")));
    }
    parts.join("; ")
}

fn app_event(event: &AppEvent) -> String {
    match event {
        AppEvent::Ready(url) => format!("answers at {url}"),
        AppEvent::Exited(how) => format!("ended by itself: {how}"),
        AppEvent::Log(line) => line.clone(),
        AppEvent::LogLeftOut { lines, bytes } => {
            format!("… {lines} lines of its log ({bytes} bytes) are left out here")
        }
        AppEvent::Reset(how) => format!("its data was put back: {how}"),
        AppEvent::Updated(how) => format!("updated: {how}"),
        AppEvent::Triggered(how) => format!("asked to call Klaviyo: {how}"),
        AppEvent::Stalled { url, begun, after_ms } => {
            let what = if *begun { "was still loading" } else { "was not answered" };
            format!("{url} {what} after {}", duration(Duration::from_millis(*after_ms)))
        }
        AppEvent::Stormed { endpoint, calls, within_ms, .. } => {
            format!("called {endpoint} {calls} times in {}", duration(Duration::from_millis(*within_ms)))
        }
        AppEvent::LimitedLogin(how) => format!("refused a login, because there had been too many: {how}"),
        AppEvent::BlockedTab { url } => format!("a script of {url} kept the tab busy, and was ended"),
        AppEvent::CrashedTab { url, how } => format!("{url} crashed its tab: {how}"),
        AppEvent::CoveredControl { url, control, cover, .. } => format!("{cover} covers \"{control}\" of {url}"),
        AppEvent::NoPage { url, error } => format!("gave no page at {url}: {error}"),
    }
}

fn probed(probe: &Probe) -> String {
    let answer = match (probe.status, &probe.error) {
        (Some(status), _) => status.to_string(),
        (None, Some(error)) => error.clone(),
        (None, None) => "no answer".to_owned(),
    };
    format!("{} ({}): {answer}", probe.input, probe.method)
}

fn searched(search: &Search) -> String {
    let Search { bodies, addresses, cookies, stored, exposed, .. } = search;
    let found = if exposed.is_empty() { "no secret" } else { "secrets" };
    format!("{found} in {bodies} answers, {addresses} addresses, {cookies} cookies and {stored} values stored")
}
