//! The run that reports are tested with, and that README and docs show: recorded scenarios of the fixture app, judged by this version.

use std::fs;
use std::path::Path;

use flowcheck::checklist::{
    EarlierTry, Finding, HopLine, ItemId, JudgedItem, Outcome, Problem, RunInfo, ScenarioEnd, ScenarioOutcome, Verdict,
    finalize, judge,
};
use flowcheck::evidence::{Event, Evidence};
use flowcheck::scenario::{Loaded, builtin, parse_scenario};

/// A run with every kind of verdict: three items fail, and four wait for one of them.
pub(super) fn sample() -> Outcome {
    run(vec![
        recorded("unpublished-path", "install/signed-in"),
        recorded("login-drops-return", "install/signed-out"),
        not_played("install/tenant-text-box", ScenarioEnd::NotApplicable("the app has one tenant per user".into())),
        recorded("denial-generic", "errors/denied"),
        recorded("user-id-state", "oauth/fresh"),
        recorded("no-disconnect", "uninstall/in-app"),
        not_played(
            "uninstall/in-klaviyo",
            ScenarioEnd::Harness(Problem::new("chromedriver stopped answering after 30 s")),
        ),
    ])
}

/// A run in which everything passes.
pub(super) fn passing() -> Outcome {
    run(vec![recorded("honest", "install/signed-in")])
}

/// A run in which one item failed at first, and passed when its scenario was retried.
pub(super) fn flaky() -> Outcome {
    let mut outcome = passing();
    let scenario = &mut outcome.scenarios[0];
    let mut items = scenario.items.clone();
    for judged in &mut items {
        if judged.item.as_str() == "install.shown" {
            judged.verdict =
                Verdict::Fail(Finding::app("the app shows itself as installed", "\"Connect Klaviyo\" on it"));
        }
    }
    scenario.earlier = vec![EarlierTry {
        end: ScenarioEnd::Completed,
        items,
        took_ms: scenario.took_ms,
        evidence: scenario.evidence.clone(),
    }];
    outcome
}

/// A run as it is read back from its JSON.
pub(super) fn again(outcome: &Outcome) -> Outcome {
    flowcheck::results::read_run(&flowcheck::report::json(outcome)).expect("what was written can be read")
}

fn run(scenarios: Vec<ScenarioOutcome>) -> Outcome {
    let mut outcome = Outcome {
        run: RunInfo {
            flowcheck: "0.1.0".into(),
            checklist: Some("2026-11".into()),
            app: "Harbour Reviews".into(),
            config: "flowcheck.yaml".into(),
            began: "2026-11-21T09:14:03Z".into(),
            took_ms: 41_780,
            browser: "Chromium 142.0.7444.59".into(),
            strict: false,
            interrupted: false,
            fail_on_flaky: false,
            expected_failures: vec![],
            left_out: vec![],
            shard: None,
            existing_app: None,
            left_over: None,
        },
        scenarios,
    };
    finalize(&mut outcome);
    outcome
}

/// A scenario as it was recorded with a seeded defect (`honest` for none), judged anew.
fn recorded(defect: &str, id: &str) -> ScenarioOutcome {
    let file = format!("fixtures/evidence/{defect}/{}.json", id.replace('/', "-"));
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)).expect("it is recorded");
    let mut evidence: Evidence = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    for entry in &mut evidence.timeline {
        // Recordings have no screenshots; here every page has one.
        if let Event::Page(page) = &mut entry.event {
            page.shot = Some(format!("{}-{}.png", id.replace('/', "-"), entry.seq));
        }
    }
    built_in(id, ScenarioEnd::Completed, Some(evidence))
}

/// A scenario of which there is no evidence.
fn not_played(id: &str, end: ScenarioEnd) -> ScenarioOutcome {
    built_in(id, end, None)
}

fn built_in(id: &str, end: ScenarioEnd, evidence: Option<Evidence>) -> ScenarioOutcome {
    let known = builtin().iter().find(|one| one.file == format!("scenarios/{id}.yaml")).expect("it is built in");
    let Loaded { script, file } = parse_scenario(known.file, known.source).expect("built-in scenarios are sound");
    let expects: Vec<(ItemId, u32)> =
        script.expects.iter().map(|item| (item.value.as_str().into(), item.line)).collect();
    ScenarioOutcome {
        id: script.id.value,
        title: script.title,
        file,
        items: judge(&expects, &end, evidence.as_ref()),
        expects,
        end,
        took_ms: evidence.as_ref().and_then(|seen| seen.timeline.last()).map_or(0, |entry| entry.at_ms),
        evidence,
        earlier: vec![],
    }
}

/// A scenario made up for one test: its id, title and evidence, and the verdicts it comes to.
pub(super) fn scenario(
    id: &str,
    title: &str,
    evidence: Option<Evidence>,
    items: Vec<(&str, Verdict)>,
) -> ScenarioOutcome {
    ScenarioOutcome {
        id: id.into(),
        title: title.into(),
        file: format!("scenarios/{id}.yaml"),
        expects: (0..).zip(&items).map(|(line, (item, _))| ((*item).into(), 14 + line)).collect(),
        end: ScenarioEnd::Completed,
        items: items.into_iter().map(|(item, verdict)| JudgedItem { item: item.into(), verdict }).collect(),
        took_ms: evidence.as_ref().and_then(|seen| seen.timeline.last()).map_or(0, |entry| entry.at_ms),
        evidence,
        earlier: vec![],
    }
}

pub(super) fn hop(status: u16, what: &str, to: Option<&str>) -> HopLine {
    HopLine { status: Some(status), what: what.into(), to: to.map(str::to_owned) }
}
