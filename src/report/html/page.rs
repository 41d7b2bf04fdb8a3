//! The page as a whole.

use std::time::Duration;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use super::badge::Badge;
use super::compressed::pack;
use super::diagram::{NOTE, Shape};
use super::item::ItemView;
use super::scenario::ScenarioView;
use super::screenshots::{Screenshot, Screenshots};
use super::sentence::Sentence;
use super::timeline::Row;
use crate::checklist::{BY_HAND, Blame, Outcome, RunInfo, Tier, Verdict, VerdictKind};
use crate::evidence::count;
use crate::report::content::describe::duration;
use crate::report::content::existing_app::{Part, TITLE, existing_app_notes};
use crate::report::content::summary::{Summary, fails_by};

/// The run as one self-contained HTML page. `shots` gives a screenshot's PNG bytes by its file name.
///
/// Every item has its id as anchor: `index.html#install.signed-out.resumes`.
pub fn html(outcome: &Outcome, shots: &dyn Fn(&str) -> Option<Vec<u8>>) -> String {
    let summary = Summary::of(outcome);
    let mut pictures = Screenshots::new(shots);
    let groups = groups(outcome, &summary, &mut pictures);
    let scenarios =
        outcome.scenarios.iter().map(|scenario| ScenarioView::of(outcome, scenario, &mut pictures)).collect::<Vec<_>>();
    let page = PageView {
        run: &outcome.run,
        began: began(&outcome.run.began),
        took: duration(Duration::from_millis(outcome.run.took_ms)),
        verdict: Badge::of(summary.kind()),
        looked_at: summary.looked_at(),
        tally: tally(&summary),
        first: first(outcome, &summary),
        failures: summary.counts.get(VerdictKind::Fail),
        groups,
        existing_app: existing_app_notes(outcome),
        existing_app_title: TITLE,
        by_hand: BY_HAND,
        packed: packed(&scenarios),
        scenarios,
        pictures: pictures.into_list(),
        script: SCRIPT,
        script_hash: STANDARD.encode(digest(&SHA256, SCRIPT.as_bytes())),
        summary,
    };
    // Writing to a string does not fail, and no value here has a Display that does.
    page.render().unwrap_or_else(|error| format!("this report could not be written: {error}"))
}

#[derive(Template)]
#[template(path = "report/html/templates/page.html")]
struct PageView<'a> {
    run: &'a RunInfo,
    began: String,
    took: String,
    verdict: Badge,
    summary: Summary<'a>,
    looked_at: String,
    tally: Vec<(Badge, usize)>,
    first: Vec<First<'a>>,
    /// Items that count as failures.
    failures: usize,
    groups: Vec<GroupView<'a>>,
    /// Of an existing app.
    existing_app: Vec<Part>,
    existing_app_title: &'static str,
    scenarios: Vec<ScenarioView<'a>>,
    by_hand: &'a [&'a str],
    pictures: Vec<Screenshot>,
    /// The scenarios' diagrams and timelines, compressed.
    packed: String,
    script: &'static str,
    /// The hash by which the page's policy allows this script and no other.
    script_hash: String,
}

/// The page's script: it unpacks, filters, copies, and keeps ticks. Without it, everything is there but the timelines.
const SCRIPT: &str = include_str!("templates/page.js");

fn packed(scenarios: &[ScenarioView<'_>]) -> String {
    pack(&scenarios.iter().map(ScenarioView::seen).collect::<Vec<_>>())
}

/// An item to fix first.
struct First<'a> {
    id: &'a str,
    requirement: &'a str,
    saw: Sentence,
    likely: Option<Sentence>,
    remedy: Option<Sentence>,
    /// `3 further items`: those that its failure blocks.
    blocks: Option<String>,
}

/// A part of the checklist.
struct GroupView<'a> {
    title: &'static str,
    tally: Vec<(Badge, usize)>,
    items: Vec<ItemView<'a>>,
}

/// Verdicts in the order in which tallies list them.
const TALLIED: [VerdictKind; 6] = [
    VerdictKind::Fail,
    VerdictKind::Pass,
    VerdictKind::Warn,
    VerdictKind::Review,
    VerdictKind::NotRun,
    VerdictKind::NotApplicable,
];

fn tally(summary: &Summary<'_>) -> Vec<(Badge, usize)> {
    counted(|kind| summary.counts.get(kind))
}

fn counted(count: impl Fn(VerdictKind) -> usize) -> Vec<(Badge, usize)> {
    TALLIED.iter().map(|kind| (Badge::of(*kind), count(*kind))).filter(|(_, number)| *number > 0).collect()
}

/// What the app fails and Klaviyo's documents require, in the catalogue's order.
fn first<'a>(outcome: &Outcome, summary: &Summary<'a>) -> Vec<First<'a>> {
    let failed = summary.items.iter().filter(|item| {
        item.item.tier == Tier::Gate
            && item.verdict.kind() == VerdictKind::Fail
            && fails_by(item, &outcome.run, Blame::App)
    });
    failed
        .filter_map(|item| {
            let finding = item.verdict.finding()?;
            let blocked = summary.items.iter().filter(|other| match other.verdict {
                Verdict::NotRun { blocked_by: Some(blocker), .. } => blocker.as_str() == item.item.id,
                _ => false,
            });
            let blocks = Some(blocked.count()).filter(|number| *number > 0);
            Some(First {
                id: item.item.id,
                requirement: item.item.requirement,
                saw: Sentence::of(&finding.saw.to_string()),
                likely: finding.likely.as_ref().map(|likely| Sentence::of(&likely.to_string())),
                remedy: finding.remedy.as_ref().map(|remedy| Sentence::of(&remedy.to_string())),
                blocks: blocks.map(|number| count(number, "further item waits", "further items wait")),
            })
        })
        .collect()
}

fn groups<'a>(outcome: &'a Outcome, summary: &Summary<'a>, pictures: &mut Screenshots<'_>) -> Vec<GroupView<'a>> {
    summary
        .items
        .chunk_by(|one, other| one.item.group == other.item.group)
        .map(|items| GroupView {
            title: items[0].item.group.title(),
            tally: counted(|kind| items.iter().filter(|item| item.counts_as(&outcome.run) == kind).count()),
            items: items.iter().map(|item| ItemView::of(outcome, item, pictures)).collect(),
        })
        .collect()
}

/// A time in words; unchanged where it is not RFC 3339.
fn began(began: &str) -> String {
    let form = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
    OffsetDateTime::parse(began, &Rfc3339)
        .ok()
        .and_then(|time| time.to_offset(time::UtcOffset::UTC).format(&form).ok())
        .unwrap_or_else(|| began.to_owned())
}
