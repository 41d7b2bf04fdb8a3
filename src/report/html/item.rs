//! One item of the checklist, with its verdict in every scenario.

use std::cmp::Ordering;

use super::anchor::{anchor, entry_anchor};
use super::badge::Badge;
use super::diagram::{self, Diagram};
use super::exchange::{is_of_the_app, status_class};
use super::screenshots::{Figure, Screenshots};
use super::sentence::Sentence;
use super::timeline::EntryView;
use crate::checklist::{
    Blame, Finding, ItemId, ItemOutcome, Outcome, RunInfo, ScenarioOutcome, Source, Verdict, VerdictKind,
};
use crate::evidence::count;
use crate::evidence::{AppEvent, Entry, Event, Page};
use crate::report::content::describe::{file_and_line, persona, rerun_command, started_from};
use crate::report::text::failure::note;

/// One item.
#[derive(Debug)]
pub(super) struct ItemView<'a> {
    pub(super) id: &'a str,
    pub(super) requirement: &'a str,
    pub(super) judged: &'a str,
    pub(super) source: Source,
    pub(super) badge: Badge,
    /// Whether it is shown open, as failed items are.
    pub(super) open: bool,
    /// Why it counts as better or worse than its verdict.
    pub(super) note: Option<String>,
    /// `2 scenarios`.
    pub(super) scenarios: String,
    /// The verdict in each scenario, the worst first.
    pub(super) verdicts: Vec<VerdictView<'a>>,
}

/// An item's verdict in one scenario.
#[derive(Debug)]
pub(super) struct VerdictView<'a> {
    pub(super) title: &'a str,
    pub(super) anchor: String,
    /// File and line.
    pub(super) place: String,
    pub(super) badge: Badge,
    /// What shows that it passes, or why it was not judged.
    pub(super) text: Option<String>,
    /// The item whose failure blocks it.
    pub(super) blocked_by: Option<&'a str>,
    pub(super) finding: Option<FindingView<'a>>,
    /// Whether the scenario has a timeline.
    pub(super) seen: bool,
    /// The command that runs it again.
    pub(super) again: String,
}

/// Expected and seen.
#[derive(Debug)]
pub(super) struct FindingView<'a> {
    pub(super) expected: Sentence,
    pub(super) saw: Sentence,
    pub(super) likely: Option<Sentence>,
    pub(super) remedy: Option<Sentence>,
    /// What is to blame, where it is not the app.
    pub(super) fault: Option<&'static str>,
    /// `signed-out, from Klaviyo`.
    pub(super) circumstances: String,
    pub(super) hops: Vec<HopRow<'a>>,
    /// The entry of the timeline to look at first.
    pub(super) look: Option<String>,
    pub(super) figures: Vec<Figure>,
    /// Screenshots that are only in the run's folder.
    pub(super) elsewhere: Vec<(&'static str, &'a str)>,
    /// The sequence diagram up to there.
    pub(super) excerpt: Option<Diagram>,
    /// What the app wrote to its output around that moment.
    pub(super) logs: Vec<&'a str>,
    /// Whatever else was recorded around that moment, such as mails and the app's calls.
    pub(super) others: Vec<EntryView<'a>>,
}

/// One hop of a finding.
#[derive(Debug)]
pub(super) struct HopRow<'a> {
    pub(super) number: usize,
    pub(super) status: String,
    pub(super) class: &'static str,
    pub(super) what: &'a str,
    pub(super) to: Option<&'a str>,
}

impl<'a> ItemView<'a> {
    /// An item with the verdicts of all scenarios.
    pub(super) fn of(outcome: &'a Outcome, item: &ItemOutcome<'a>, pictures: &mut Screenshots<'_>) -> Self {
        let kind = item.counts_as(&outcome.run);
        let mut judged: Vec<(&ScenarioOutcome, &Verdict)> = outcome
            .scenarios
            .iter()
            .flat_map(|scenario| scenario.items.iter().map(move |judged| (scenario, judged)))
            .filter(|(_, judged)| judged.item.as_str() == item.item.id)
            .map(|(scenario, judged)| (scenario, &judged.verdict))
            .collect();
        judged.sort_by_key(|(_, verdict)| std::cmp::Reverse(verdict.kind()));
        Self {
            id: item.item.id,
            requirement: item.item.requirement,
            judged: item.item.judged,
            source: item.item.source,
            badge: Badge::of(kind),
            open: kind == VerdictKind::Fail,
            note: note(item, &outcome.run),
            scenarios: count(judged.len(), "scenario", "scenarios"),
            verdicts: judged
                .into_iter()
                .map(|(scenario, verdict)| {
                    let item = ItemOutcome { item: item.item, verdict, scenario };
                    VerdictView::of(&item, &outcome.run, pictures)
                })
                .collect(),
        }
    }
}

impl<'a> VerdictView<'a> {
    fn of(item: &ItemOutcome<'a>, run: &RunInfo, pictures: &mut Screenshots<'_>) -> Self {
        let (scenario, verdict) = (item.scenario, item.verdict);
        let (text, blocked_by) = match verdict {
            Verdict::Pass(text) | Verdict::NotApplicable(text) => (Some(text.to_string()), None),
            Verdict::NotRun { reason, blocked_by } => {
                (Some(reason.to_string()), blocked_by.as_ref().map(ItemId::as_str))
            }
            Verdict::Fail(_) | Verdict::Warn(_) | Verdict::Review(_) => (None, None),
        };
        Self {
            title: &scenario.title,
            anchor: anchor(&scenario.id),
            place: file_and_line(scenario, item.item.id),
            badge: Badge::of(item.counts_as(run)),
            text,
            blocked_by,
            finding: verdict.finding().map(|finding| FindingView::of(scenario, finding, pictures)),
            seen: scenario.evidence.is_some(),
            again: rerun_command(run, scenario),
        }
    }
}

impl<'a> FindingView<'a> {
    fn of(scenario: &'a ScenarioOutcome, finding: &'a Finding, pictures: &mut Screenshots<'_>) -> Self {
        let hops = finding.hops.iter().enumerate().map(|(index, hop)| HopRow {
            number: index + 1,
            status: hop.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string()),
            class: status_class(hop.status),
            what: &hop.what,
            to: hop.to.as_deref(),
        });
        let mut circumstances = Vec::new();
        let (mut figures, mut elsewhere) = (Vec::new(), Vec::new());
        let (mut excerpt, mut logs, mut others) = (None, Vec::new(), Vec::new());
        if let Some(evidence) = &scenario.evidence {
            circumstances.push(persona(&evidence.setup));
            circumstances.extend(started_from(evidence, finding.at).map(str::to_owned));
            for (when, page) in near(&evidence.timeline, finding.at) {
                match pictures.of(page) {
                    Some(figure) => figures.push(Figure { when, ..figure }),
                    None => elsewhere.extend(page.shot.as_deref().map(|shot| (when, shot))),
                }
            }
            excerpt = finding.at.map(|at| diagram::excerpt(&scenario.id, &scenario.title, evidence, at));
            let moment = moment(&evidence.timeline, finding.at);
            logs = moment.iter().filter_map(|entry| log(entry)).collect();
            logs.drain(..logs.len().saturating_sub(LOGS));
            let calls = moment.iter().filter(|entry| is_call_of_the_app(entry)).count();
            let mut before = calls.saturating_sub(CALLS);
            for entry in moment.iter().filter(|entry| is_other(entry) || is_call_of_the_app(entry)) {
                if is_call_of_the_app(entry) && before > 0 {
                    before -= 1;
                } else {
                    others.push(EntryView::of(&scenario.id, entry, &evidence.setup.app.url, pictures));
                }
            }
        }
        circumstances.retain(|part| !part.is_empty());
        Self {
            expected: Sentence::of(&finding.expected.to_string()),
            saw: Sentence::of(&finding.saw.to_string()),
            likely: finding.likely.as_ref().map(|likely| Sentence::of(&likely.to_string())),
            remedy: finding.remedy.as_ref().map(|remedy| Sentence::of(&remedy.to_string())),
            fault: fault(finding.blame),
            circumstances: circumstances.join(" · "),
            hops: hops.collect(),
            look: finding
                .at
                .filter(|at| scenario.evidence.as_ref().is_some_and(|seen| !seen.since(*at).is_empty()))
                .map(|at| entry_anchor(&scenario.id, at)),
            figures,
            elsewhere,
            excerpt,
            logs,
            others,
        }
    }
}

/// The entries of the moment of a finding: from the act before it to the one after.
fn moment(timeline: &[Entry], at: Option<u32>) -> &[Entry] {
    let Some(at) = at else { return &[] };
    let is_act = |entry: &&Entry| matches!(entry.event, Event::Act(_));
    let begin = timeline.iter().filter(is_act).take_while(|entry| entry.seq <= at).last().map_or(0, |entry| entry.seq);
    let end = timeline.iter().filter(is_act).find(|entry| entry.seq > at).map_or(u32::MAX, |entry| entry.seq);
    let place = |seq: u32| timeline.partition_point(|entry| entry.seq < seq);
    &timeline[place(begin)..place(end)]
}

fn log(entry: &Entry) -> Option<&str> {
    match &entry.event {
        Event::App(AppEvent::Log(line)) => Some(line),
        _ => None,
    }
}

/// Whether an entry is a call that the app itself made to Klaviyo.
fn is_call_of_the_app(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Exchange(call) if is_of_the_app(call))
}

/// Whether an entry is of a kind that the rest of a finding does not show, such as a mail.
fn is_other(entry: &Entry) -> bool {
    !matches!(
        entry.event,
        Event::Step(_)
            | Event::Act(_)
            | Event::Hop(_)
            | Event::Page(_)
            | Event::Window(_)
            | Event::Exchange(_)
            | Event::Klaviyo(_)
            | Event::App(_)
            | Event::GatewayTraffic(_)
    )
}

/// Log lines beside a finding; the timeline has them all.
const LOGS: usize = 12;
/// Calls beside a finding; the timeline has them all.
const CALLS: usize = 4;

fn fault(blame: Blame) -> Option<&'static str> {
    match blame {
        Blame::App => None,
        Blame::Config => Some("Not the app's fault: flowcheck.yaml or the scenario is wrong."),
        Blame::Harness => Some("Not the app's fault: flowcheck, the driver or the browser had trouble."),
        Blame::MockGap => Some("Not the app's fault: the fake Klaviyo does not model what the app asked for."),
    }
}

/// The pages that show a finding: the two up to entry `at`, and the one after it when `at` is no page itself.
fn near(timeline: &[Entry], at: Option<u32>) -> Vec<(&'static str, &Page)> {
    let shown: Vec<(u32, &Page)> = timeline
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Page(page) if page.shot.is_some() => Some((entry.seq, page.as_ref())),
            _ => None,
        })
        .collect();
    let at = at.unwrap_or(u32::MAX);
    let split = shown.partition_point(|(seq, _)| *seq <= at);
    let exact = split > 0 && shown[split - 1].0 == at;
    let end = if exact { split } else { (split + 1).min(shown.len()) };
    let words = |index: usize| match (index + 1).cmp(&split) {
        Ordering::Less => "Before",
        Ordering::Equal => "There",
        Ordering::Greater => "After",
    };
    (split.saturating_sub(2)..end).map(|index| (words(index), shown[index].1)).collect()
}
