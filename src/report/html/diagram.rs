//! Sequence diagrams: browser, app and Klaviyo side by side, time running down.

use std::fmt;

use crate::evidence::{AppEvent, Entry, Event, Evidence, Exchange, Hop, KlaviyoEvent};
use crate::report::content::describe::{page_kind, without_app_origin};

use super::anchor::entry_anchor;
use super::exchange::is_of_the_app;

/// A sequence diagram, laid out for its template.
#[derive(Debug)]
pub(super) struct Diagram {
    /// What it shows, in words.
    pub(super) title: String,
    pub(super) height: usize,
    pub(super) rows: Vec<Row>,
    /// Number of earlier rows that are omitted.
    pub(super) before: usize,
}

/// One line of the diagram.
#[derive(Debug)]
pub(super) struct Row {
    /// The anchor of its entry on the timeline.
    pub(super) anchor: String,
    pub(super) y: usize,
    pub(super) label: String,
    /// The full text, where the label is shortened.
    pub(super) full: String,
    pub(super) class: &'static str,
    pub(super) shape: Shape,
}

/// How a line is drawn.
#[derive(Debug)]
pub(super) enum Shape {
    /// From one lane to another.
    Arrow { from: usize, to: usize, text: usize },
    /// Beside a lane.
    Note { at: usize, left: usize },
}

/// The participants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    Browser,
    App,
    Klaviyo,
}

/// Pixels between two lines.
const STEP: usize = 27;
/// Pixels above the first.
const HEAD: usize = 58;
/// Letters that fit between two lanes.
const LABEL: usize = 40;
/// Letters that fit over two of them.
const LONG_LABEL: usize = 78;
/// Width of a note; its half.
pub(super) const NOTE: usize = 230;
/// Lines of an excerpt.
const EXCERPT: usize = 16;

impl Lane {
    fn x(self) -> usize {
        match self {
            Self::Browser => 125,
            Self::App => 400,
            Self::Klaviyo => 675,
        }
    }
}

/// The diagram of a whole scenario.
pub(super) fn whole(scenario: &str, title: &str, evidence: &Evidence) -> Diagram {
    drawn(scenario, format!("Sequence diagram: {title}"), evidence, evidence.timeline.iter())
}

/// The diagram of what led to an entry, with the response to it.
pub(super) fn excerpt(scenario: &str, title: &str, evidence: &Evidence, at: u32) -> Diagram {
    let end = at.saturating_add(2);
    let mut diagram = drawn(
        scenario,
        format!("Sequence diagram of what led there: {title}"),
        evidence,
        evidence.timeline.iter().filter(|entry| entry.seq <= end),
    );
    let surplus = diagram.rows.len().saturating_sub(EXCERPT);
    diagram.rows.drain(..surplus);
    diagram.before = surplus;
    for (index, row) in diagram.rows.iter_mut().enumerate() {
        row.y = HEAD + index * STEP;
    }
    diagram.height = HEAD + diagram.rows.len() * STEP;
    diagram
}

fn drawn<'a>(scenario: &str, title: String, evidence: &Evidence, entries: impl Iterator<Item = &'a Entry>) -> Diagram {
    let mut rows: Vec<Row> = Vec::new();
    for entry in entries {
        for (full, class, shape) in lines(entry, evidence) {
            let room = match shape {
                Shape::Note { .. } => LABEL - 6,
                Shape::Arrow { from, to, .. } => room(from, to),
            };
            rows.push(Row {
                anchor: entry_anchor(scenario, entry.seq),
                y: HEAD + rows.len() * STEP,
                label: shortened(&full, room),
                full,
                class,
                shape,
            });
        }
    }
    Diagram { title, height: HEAD + rows.len() * STEP, rows, before: 0 }
}

fn lines(entry: &Entry, evidence: &Evidence) -> Vec<(String, &'static str, Shape)> {
    match &entry.event {
        Event::Act(act) => vec![(without_hosts(&act.gesture.to_string(), evidence), "act", note(Lane::Browser))],
        Event::Hop(hop) => hop_lines(hop, evidence),
        Event::Page(page) => vec![(format!("sees: {}", page_kind(page.kind)), "page", note(Lane::Browser))],
        Event::Exchange(call) => call_lines(call),
        Event::Klaviyo(event) => klaviyo(event).map(|what| (what, "event", note(Lane::Klaviyo))).into_iter().collect(),
        Event::App(AppEvent::Exited(how)) => vec![(format!("ended: {how}"), "bad", note(Lane::App))],
        Event::App(AppEvent::Triggered(_)) => {
            vec![("its background work was triggered".to_owned(), "event", note(Lane::App))]
        }
        _ => vec![],
    }
}

/// An act with its URLs shortened to paths.
fn without_hosts(what: &str, evidence: &Evidence) -> String {
    let shown = what.split(' ').map(|word| match word.split_once("://") {
        Some((_, rest)) => {
            let near = without_app_origin(word, &evidence.setup.app.url);
            if near == word { rest.find('/').map_or(rest, |at| &rest[at..]).to_owned() } else { near }
        }
        None => word.to_owned(),
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn hop_lines(hop: &Hop, evidence: &Evidence) -> Vec<(String, &'static str, Shape)> {
    let app = &evidence.setup.app.url;
    let host = |url: &str| {
        let rest = url.split("://").nth(1).unwrap_or_default();
        rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
    };
    let of_klaviyo = |url: &str| {
        let host = host(url);
        evidence.setup.klaviyo_hosts.iter().any(|known| host == *known || host.ends_with(&format!(".{known}")))
    };
    let is_klaviyo = of_klaviyo(&hop.url);
    let to = if is_klaviyo { Lane::Klaviyo } else { Lane::App };
    let path = |url: &str| {
        let near = without_app_origin(url, app);
        let short = near.split(['?', '#']).next().unwrap_or_default();
        short.split_once("://").map_or(short.to_owned(), |(_, rest)| {
            if is_klaviyo { rest.find('/').map_or(rest, |at| &rest[at..]).to_owned() } else { rest.to_owned() }
        })
    };
    let answer = match (&hop.error, hop.status) {
        (Some(_), _) => "no answer".to_owned(),
        (None, Some(status)) => status.to_string(),
        (None, None) => String::new(),
    };
    let class = match hop.status {
        _ if hop.error.is_some() => "bad",
        Some(400..) => "bad",
        _ => "call",
    };
    let method = if hop.method.is_empty() { "GET" } else { &hop.method };
    let room = room(Lane::Browser.x(), to.x()).saturating_sub(method.len() + answer.len() + 4);
    let asked = shortened(&path(&hop.url), room);
    let mut lines = vec![(format!("{method} {asked} · {answer}"), class, arrow(Lane::Browser, to))];
    if let Some(location) = &hop.location {
        let target = without_app_origin(location, app);
        let target = target.split(['?', '#']).next().unwrap_or_default();
        let rest = target.split_once("://").map_or(target, |(_, rest)| rest);
        let shown = if of_klaviyo(location) {
            format!("Klaviyo{}", rest.find('/').map_or("", |at| &rest[at..]))
        } else {
            rest.to_owned()
        };
        lines.push((format!("{answer} → {shown}"), "back", arrow(to, Lane::Browser)));
    }
    lines
}

fn call_lines(call: &Exchange) -> Vec<(String, &'static str, Shape)> {
    if !is_of_the_app(call) {
        return vec![];
    }
    let answer = if call.status == 0 { "dropped".to_owned() } else { call.status.to_string() };
    let class = if call.status == 0 || call.status >= 400 { "bad" } else { "call" };
    let asked = shortened(&call.path, LABEL.saturating_sub(call.method.len() + answer.len() + 6));
    vec![(format!("{} {asked} · {answer}", call.method), class, arrow(Lane::App, Lane::Klaviyo))]
}

/// Letters that fit over an arrow.
fn room(from: usize, to: usize) -> usize {
    if from.abs_diff(to) > Lane::Klaviyo.x() - Lane::App.x() { LONG_LABEL } else { LABEL }
}

/// A text shortened in its middle, since the ends of a URL say most.
fn shortened(text: &str, room: usize) -> String {
    let length = text.chars().count();
    if length <= room {
        return text.to_owned();
    }
    let front = room / 2;
    let head: String = text.chars().take(front).collect();
    let tail: String = text.chars().skip(length - room.saturating_sub(front + 1)).collect();
    format!("{head}…{tail}")
}

fn klaviyo(event: &KlaviyoEvent) -> Option<String> {
    Some(match event {
        KlaviyoEvent::Installed { account, .. } => format!("installed for {account}"),
        KlaviyoEvent::Uninstalled { account, .. } => format!("uninstalled for {account}"),
        KlaviyoEvent::UserChanged { change, .. } => format!("the user is {change}"),
        KlaviyoEvent::ClockMoved { by_s } if *by_s > 60 => format!("{} min pass", by_s / 60),
        KlaviyoEvent::FaultApplied(fault) => format!("fault: {fault}"),
        _ => return None,
    })
}

fn arrow(from: Lane, to: Lane) -> Shape {
    let (from, to) = (from.x(), to.x());
    let gap = if from < to { (from + 4, to - 6) } else { (from - 4, to + 6) };
    let text = if from < to { from + 10 } else { to + 10 };
    Shape::Arrow { from: gap.0, to: gap.1, text }
}

fn note(lane: Lane) -> Shape {
    let at = lane.x();
    Shape::Note { at, left: at - NOTE / 2 }
}

impl fmt::Display for Diagram {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.title)
    }
}
