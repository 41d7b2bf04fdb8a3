//! A whole run: what was judged, scenario by scenario.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::add_up::settle;
use super::attribution::attribute;
use super::kind::{doubt, not_for_kind};
use super::unshown::unless_never_shown;
use super::{
    Blame, ExistingApp, ExpectedFailure, Finding, ItemId, ItemOutcome, Verdict, VerdictKind, causes, find, mishap,
};
use flowcheck_evidence::{Evidence, Tally};

/// Everything a report is made from.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// When, with what, of which app.
    pub run: RunInfo,
    /// The scenarios that were asked for, in the order they are listed in.
    pub scenarios: Vec<ScenarioOutcome>,
}

/// What a report says of the run itself.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RunInfo {
    /// flowcheck's version.
    pub flowcheck: String,
    /// The app's name.
    pub app: String,
    /// The app's configuration file, as the user named it.
    pub config: String,
    /// When it began, RFC 3339, UTC.
    pub began: String,
    /// Milliseconds it took.
    pub took_ms: u64,
    /// Name and version of the browser.
    pub browser: String,
    /// Whether warnings and reviews count as failures.
    pub strict: bool,
    /// Whether it was interrupted.
    pub interrupted: bool,
    /// Whether an item that passed only at a later try fails the run.
    #[serde(default)]
    pub fail_on_flaky: bool,
    /// Failures that `flowcheck.yaml` says are known.
    #[serde(default)]
    pub expected_failures: Vec<ExpectedFailure>,
    /// Scenarios that this run left out, so that nothing is concluded from their absence.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// Which part of a run that was dealt out to several machines this is.
    #[serde(default)]
    pub shard: Option<Shard>,
    /// What is to be said of an app that was running before flowcheck came, and goes on running.
    #[serde(default)]
    pub existing_app: Option<ExistingApp>,
}

/// A scenario that a run left out, with the items that it would have judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    /// Its id.
    pub scenario: String,
    /// Its items.
    pub items: Vec<ItemId>,
}

/// One part of several: `1/3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shard {
    /// Which, from 1.
    pub index: usize,
    /// Of how many.
    pub of: usize,
}

/// One scenario's run.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioOutcome {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its file, as a person would name it.
    pub file: String,
    /// The items it is there to judge, with the line in its file that names each.
    pub expects: Vec<(ItemId, u32)>,
    /// How it ended.
    pub end: ScenarioEnd,
    /// Its items.
    pub items: Vec<JudgedItem>,
    /// Milliseconds it took.
    pub took_ms: u64,
    /// What was seen; none when it was not run.
    pub evidence: Option<Evidence>,
    /// Tries before this one, which did not end well.
    #[serde(default)]
    pub earlier: Vec<EarlierTry>,
}

/// A try at a scenario that was followed by another.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct EarlierTry {
    /// How it ended.
    pub end: ScenarioEnd,
    /// Its items.
    pub items: Vec<JudgedItem>,
    /// Milliseconds it took.
    pub took_ms: u64,
    /// What was seen.
    pub evidence: Option<Evidence>,
}

/// How a scenario ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScenarioEnd {
    /// It went to its end, or as far as the app let it.
    Completed,
    /// The app's kind has no such case; why.
    NotApplicable(String),
    /// It could not be played against an app that goes on running; why.
    OutOfReach(String),
    /// `flowcheck.yaml` or the scenario does not fit the app; in words.
    Config(String),
    /// flowcheck, the driver or the browser broke.
    Harness(String),
    /// The app could not be started or reached.
    AppUnavailable(String),
    /// The run was interrupted first.
    Interrupted,
}

impl ScenarioEnd {
    /// The same, in changed words.
    pub fn map_words(self, change: impl FnOnce(String) -> String) -> Self {
        match self {
            Self::NotApplicable(why) => Self::NotApplicable(change(why)),
            Self::OutOfReach(why) => Self::OutOfReach(change(why)),
            Self::Config(why) => Self::Config(change(why)),
            Self::Harness(why) => Self::Harness(change(why)),
            Self::AppUnavailable(why) => Self::AppUnavailable(change(why)),
            Self::Completed | Self::Interrupted => self,
        }
    }
}

/// One item, as one scenario's evidence shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JudgedItem {
    /// The item.
    pub item: ItemId,
    /// What the judge said.
    pub verdict: Verdict,
}

/// Judges the items a scenario expects; depends on nothing but these arguments.
pub fn judge(expects: &[(ItemId, u32)], end: &ScenarioEnd, evidence: Option<&Evidence>) -> Vec<JudgedItem> {
    let judged: Vec<JudgedItem> = expects
        .iter()
        .map(|(id, _)| {
            let verdict = match (end, evidence) {
                (ScenarioEnd::NotApplicable(why), _) => Verdict::NotApplicable(why.clone()),
                (ScenarioEnd::Completed, Some(evidence)) => verdict(id, evidence),
                (ScenarioEnd::Completed, None) => Verdict::not_run("nothing was recorded"),
                (ScenarioEnd::Harness(why), evidence) => failed_before(id, evidence, why),
                (ScenarioEnd::Interrupted, evidence) => failed_before(id, evidence, "the run was interrupted"),
                (ScenarioEnd::Config(why) | ScenarioEnd::AppUnavailable(why) | ScenarioEnd::OutOfReach(why), _) => {
                    Verdict::not_run(why.clone())
                }
            };
            JudgedItem { item: id.clone(), verdict }
        })
        .collect();
    match (end, evidence) {
        (ScenarioEnd::Completed, Some(evidence)) => mishap::explain(with_blockers(judged, evidence), evidence),
        _ => judged,
    }
}

/// Adds the items that others are blocked by, where this evidence shows that they fail: what was not run must not hide why.
fn with_blockers(mut judged: Vec<JudgedItem>, evidence: &Evidence) -> Vec<JudgedItem> {
    let mut causes: Vec<JudgedItem> = Vec::new();
    for one in &judged {
        let Verdict::NotRun { blocked_by: Some(blocker), .. } = &one.verdict else { continue };
        if judged.iter().chain(&causes).any(|other| other.item == *blocker) {
            continue;
        }
        let verdict = verdict(blocker, evidence);
        if matches!(&verdict, Verdict::Fail(finding) if finding.blame == Blame::App) {
            causes.push(JudgedItem { item: blocker.clone(), verdict });
        }
    }
    judged.extend(causes);
    judged
}

fn verdict(id: &ItemId, evidence: &Evidence) -> Verdict {
    let Some(item) = find(id.as_str()) else { return Verdict::not_run("this version of flowcheck has no such item") };
    if let Some(verdict) = not_for_kind(item, evidence) {
        return verdict;
    }
    let verdict = unless_never_shown(item.id, attribute((item.judge)(evidence), evidence), evidence);
    explained(item.id, doubt(verdict, item, evidence), evidence)
}

/// Findings against the app get the best cause there is; others know theirs.
fn explained(item: &str, verdict: Verdict, evidence: &Evidence) -> Verdict {
    let explain =
        |finding: Finding| if finding.blame == Blame::App { causes::explain(item, finding, evidence) } else { finding };
    match verdict {
        Verdict::Fail(finding) => Verdict::Fail(explain(finding)),
        Verdict::Warn(finding) => Verdict::Warn(explain(finding)),
        Verdict::Review(finding) => Verdict::Review(explain(finding)),
        other => other,
    }
}

/// What a scenario that was broken off still shows: the app's failures up to then. Anything better could have changed later.
fn failed_before(id: &ItemId, evidence: Option<&Evidence>, why: &str) -> Verdict {
    match evidence.map(|evidence| verdict(id, evidence)) {
        Some(Verdict::Fail(finding)) if finding.blame == Blame::App => Verdict::Fail(finding),
        _ => Verdict::not_run(why),
    }
}

impl Outcome {
    /// Version of an outcome as it is stored. It rises when a field goes or changes its meaning; new fields do not raise it.
    pub const VERSION: u32 = 2;

    /// The same run, its evidence judged again by this version of the checklist.
    pub fn judged_again(mut self) -> Self {
        for scenario in &mut self.scenarios {
            scenario.items = judge(&scenario.expects, &scenario.end, scenario.evidence.as_ref());
            for earlier in &mut scenario.earlier {
                earlier.items = judge(&scenario.expects, &earlier.end, earlier.evidence.as_ref());
            }
        }
        settle(&mut self);
        self
    }
}

impl Shard {
    /// `1/3`.
    pub fn name(self) -> String {
        format!("{}/{}", self.index, self.of)
    }
}

impl ScenarioOutcome {
    /// How its items came out.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for judged in &self.items {
            match judged.verdict {
                Verdict::Pass(_) => tally.passed += 1,
                Verdict::Fail(_) => tally.failed += 1,
                Verdict::Warn(_) | Verdict::Review(_) => tally.unsure += 1,
                Verdict::NotRun { .. } => tally.not_run += 1,
                Verdict::NotApplicable(_) => {}
            }
        }
        tally
    }

    /// What an item's verdict in this scenario counts as in the run.
    pub fn counts_as(&self, judged: &JudgedItem, run: &RunInfo) -> VerdictKind {
        counts_as(&judged.item, &judged.verdict, self, run)
    }

    /// Whether a try ended so that another may show it to be chance: something failed, or flowcheck could not do its work.
    pub fn may_be_chance(&self, run: &RunInfo) -> bool {
        let broke = matches!(self.end, ScenarioEnd::Harness(_) | ScenarioEnd::AppUnavailable(_));
        broke || self.items.iter().any(|judged| self.counts_as(judged, run) == VerdictKind::Fail)
    }

    /// Items that failed in an earlier try and do not in the last.
    pub fn flaky<'a>(&'a self, run: &'a RunInfo) -> impl Iterator<Item = &'a ItemId> {
        let now_fine = |judged: &&JudgedItem| {
            matches!(self.counts_as(judged, run), VerdictKind::Pass | VerdictKind::Warn | VerdictKind::Review)
        };
        let failed_before = |judged: &&JudgedItem| {
            self.earlier.iter().flat_map(|earlier| &earlier.items).any(|before| {
                before.item == judged.item && counts_as(&before.item, &before.verdict, self, run) == VerdictKind::Fail
            })
        };
        self.items.iter().filter(now_fine).filter(failed_before).map(|judged| &judged.item)
    }
}

fn counts_as(item: &ItemId, verdict: &Verdict, scenario: &ScenarioOutcome, run: &RunInfo) -> VerdictKind {
    find(item.as_str()).map_or(verdict.kind(), |item| ItemOutcome { item, verdict, scenario }.counts_as(run))
}
