//! One shape of the corpus: an app, its `flowcheck.yaml`, and what is right of it; played as a partner would.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::copy::{copy, corpus, names};
use crate::expected::{Expected, Verdict};

/// One app with one `flowcheck.yaml`.
pub(crate) struct Shape {
    /// The folder's name, and that of the variant of the file.
    pub(crate) name: String,
    folder: String,
    config: String,
    pub(crate) expected: Expected,
}

/// What flowcheck said of it.
pub(crate) struct Played {
    pub(crate) exit: i32,
    pub(crate) took: Duration,
    pub(crate) verdicts: BTreeMap<String, Verdict>,
    /// All that the findings on an item say.
    pub(crate) findings: BTreeMap<String, String>,
    /// What the program wrote.
    pub(crate) output: String,
}

/// All shapes of the corpus by name: for each `expected.yaml` the `flowcheck.yaml` beside it, for each `expected.VARIANT.yaml` the
/// `flowcheck.VARIANT.yaml`. Says what is wrong with each that cannot be read.
pub(crate) fn shapes() -> Vec<Result<Shape, String>> {
    let mut shapes = Vec::new();
    for folder in names(&corpus()) {
        for file in names(&corpus().join(&folder)) {
            let Some(variant) = file.strip_prefix("expected").and_then(|rest| rest.strip_suffix(".yaml")) else {
                continue;
            };
            let text = std::fs::read_to_string(corpus().join(&folder).join(&file)).expect("it was listed");
            let name = format!("{folder}{}", variant.replace('.', "/"));
            shapes.push(match Expected::read(&text) {
                Err(problem) => Err(format!("fixtures/apps/{folder}/{file}: {problem}")),
                Ok(expected) => {
                    Ok(Shape { name, config: format!("flowcheck{variant}.yaml"), folder: folder.clone(), expected })
                }
            });
        }
    }
    shapes
}

impl Shape {
    /// Why this machine cannot play it, if it cannot.
    pub(crate) fn lacks(&self) -> Option<&str> {
        let needs = self.expected.needs.as_deref()?;
        let there = Command::new(needs).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
        (!there).then_some(needs)
    }

    /// Runs the checklist against a copy of the app in a folder of its own.
    pub(crate) fn play(&self) -> std::io::Result<Played> {
        let folder = tempfile::tempdir()?;
        let app = copy(&self.folder, folder.path())?;
        let begun = Instant::now();
        let mut run = Command::new(env!("CARGO_BIN_EXE_flowcheck"));
        run.args(["run", "-j", "2", "--config", &self.config]).current_dir(&app).stdin(Stdio::null());
        run.env_remove("FLOWCHECK_CONFIG");
        let output = run.output()?;
        let took = begun.elapsed();
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        let run = std::fs::read_to_string(app.join("reports/latest/run.json"));
        let run = run.ok().map(|run| serde_json::from_str::<Value>(&run).expect("run.json is JSON"));
        Ok(Played {
            exit: output.status.code().unwrap_or(-1),
            took,
            verdicts: run.as_ref().map(verdicts).unwrap_or_default(),
            findings: run.as_ref().map(findings).unwrap_or_default(),
            output: text.into_owned(),
        })
    }
}

impl Played {
    /// The verdict on an item; not run where the run ended before it.
    pub(crate) fn verdict(&self, item: &str) -> Verdict {
        self.verdicts.get(item).copied().unwrap_or(Verdict::NotRun)
    }
}

fn verdicts(run: &Value) -> BTreeMap<String, Verdict> {
    let items = run["items"].as_array().expect("items");
    items.iter().map(|item| (text(&item["id"]), verdict(&text(&item["verdict"]), item["fault"].as_str()))).collect()
}

fn verdict(kind: &str, fault: Option<&str>) -> Verdict {
    match (kind, fault) {
        ("pass", _) => Verdict::Pass,
        ("fail", Some("config")) => Verdict::FailConfig,
        ("fail", Some("harness")) => Verdict::FailHarness,
        ("fail", Some("mock-gap")) => Verdict::FailMockGap,
        ("fail", _) => Verdict::FailApp,
        ("warn", _) => Verdict::Warn,
        ("review", _) => Verdict::Review,
        ("not-run", _) => Verdict::NotRun,
        ("not-applicable", _) => Verdict::NotApplicable,
        other => panic!("an unknown verdict: {other:?}"),
    }
}

fn findings(run: &Value) -> BTreeMap<String, String> {
    let mut findings: BTreeMap<String, String> = BTreeMap::new();
    for scenario in run["scenarios"].as_array().expect("scenarios") {
        for judged in scenario["items"].as_array().expect("items") {
            let verdict = judged["verdict"].as_object().and_then(|verdict| verdict.iter().next());
            let Some((kind, details)) = verdict else { continue };
            if kind != "pass" {
                let told = findings.entry(text(&judged["item"])).or_default();
                told.push_str(&details.to_string());
                told.push('\n');
            }
        }
    }
    findings
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
