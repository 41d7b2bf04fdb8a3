//! What a CI gate depends on: expected failures, flaky items, comparisons, merged shards, the history.

use flowcheck::checklist::{
    EarlierTry, ExpectedFailure, LeftOut, Outcome, Overall, Problem, ScenarioEnd, Shard, Verdict, overall, stale,
};
use flowcheck::report::{Style, comparison, expected_failures, terminal};
use flowcheck::results::{Change, Comparison, History, MergeError, merge};

use super::sample::{flaky, sample};

fn expecting(mut outcome: Outcome, items: &[&str], until: Option<&str>) -> Outcome {
    outcome.run.expected_failures = items
        .iter()
        .map(|item| ExpectedFailure {
            item: (*item).into(),
            comment: "ticket 12, being mended".into(),
            until: until.map(str::to_owned),
        })
        .collect();
    outcome
}

/// The report, its lines folded: it is wrapped to fit.
fn told(outcome: &Outcome) -> String {
    terminal(outcome, Style::Plain, 100, None).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sample without the scenario that broke: it fails three items and blocks four.
fn failing() -> Outcome {
    let mut outcome = sample();
    outcome.scenarios.truncate(6);
    outcome
}

const FAILED: [&str; 3] = ["install.signed-out.resumes", "error.denied.message", "uninstall.app.findable"];

#[test]
fn expected_failures_and_items_blocked_by_them_do_not_fail_a_run() {
    assert_eq!(overall(&failing()), Overall::AppFailed);
    assert_eq!(overall(&expecting(failing(), &FAILED, None)), Overall::Passed);
    assert_eq!(overall(&expecting(failing(), &FAILED[1..], None)), Overall::AppFailed);
    let text = told(&expecting(failing(), &FAILED, Some("2027-01-31")));
    assert!(text.contains("Passed, as far as this run looked, but for 3 known failures."), "{text}");
    assert!(text.contains("expected to fail, until 2027-01-31: ticket 12, being mended"), "{text}");
}

#[test]
fn an_expected_failure_counts_until_the_end_of_its_day() {
    assert_eq!(overall(&expecting(failing(), &FAILED, Some("2026-11-21"))), Overall::Passed);
    assert_eq!(overall(&expecting(failing(), &FAILED, Some("2026-11-20"))), Overall::AppFailed);
    let text = told(&expecting(failing(), &FAILED, Some("2026-11-20")));
    assert!(text.contains("was expected to fail until 2026-11-20, which is over"), "{text}");
}

#[test]
fn an_expected_failure_that_passes_fails_the_run() {
    let passes = "install.shown";
    let outcome = expecting(failing(), &[&FAILED[..], &[passes]].concat(), None);
    assert_eq!(stale(&outcome).len(), 1);
    assert_eq!(overall(&outcome), Overall::Config);
    let text = told(&outcome);
    assert!(text.contains("The list of expected failures is out of date."), "{text}");
    assert!(text.contains(&format!("Expected to fail, and does not: {passes}.")), "{text}");
}

#[test]
fn a_run_that_leaves_out_where_an_item_may_fail_does_not_call_it_stale() {
    let mut outcome = expecting(failing(), &[&FAILED[..], &["install.shown"]].concat(), None);
    outcome.run.left_out = vec![LeftOut { scenario: "install/other".into(), items: vec!["install.shown".into()] }];
    assert_eq!(overall(&outcome), Overall::Passed);
}

#[test]
fn the_list_of_what_fails_is_ready_to_paste() {
    insta::assert_snapshot!(expected_failures(&failing()));
    let kept = expected_failures(&expecting(failing(), &FAILED[..1], Some("2027-01-31")));
    assert!(kept.contains("comment: \"ticket 12, being mended\"\n    until: 2027-01-31\n"), "{kept}");
}

#[test]
fn what_passes_only_at_a_later_try_is_flaky_and_fails_where_it_is_wanted() {
    let mut outcome = flaky();
    assert_eq!(overall(&outcome), Overall::Passed);
    let text = told(&outcome);
    assert!(text.contains("Flaky, failed first and passed when tried again: install.shown."), "{text}");
    outcome.run.fail_on_flaky = true;
    assert_eq!(overall(&outcome), Overall::AppFailed);
}

#[test]
fn an_earlier_try_that_broke_is_not_flaky() {
    let mut outcome = flaky();
    outcome.scenarios[0].earlier = vec![EarlierTry {
        end: ScenarioEnd::Harness(Problem::new("the browser went away")),
        items: vec![],
        took_ms: 1,
        evidence: None,
    }];
    outcome.run.fail_on_flaky = true;
    assert_eq!(overall(&outcome), Overall::Passed);
}

#[test]
fn comparing_says_what_got_worse_and_what_got_better() {
    let (before, mut after) = (failing(), failing());
    for scenario in &mut after.scenarios {
        for judged in &mut scenario.items {
            match judged.item.as_str() {
                "install.signed-out.resumes" => judged.verdict = Verdict::Pass("it resumes".into()),
                "install.shown" => {
                    judged.verdict = Verdict::Fail(flowcheck::checklist::Finding::app(
                        "installed",
                        "\"Connect\" on the settings page",
                    ));
                }
                _ => {}
            }
        }
    }
    after.scenarios.truncate(5);
    let comparison = Comparison::of(&before, &after);
    let changed = |change| -> Vec<&str> {
        comparison.items.iter().filter(|item| item.change == change).map(|item| item.id).collect()
    };
    assert_eq!(changed(Change::Worse), ["install.shown"]);
    assert_eq!(changed(Change::Better), ["install.signed-out.resumes"]);
    assert_eq!(changed(Change::Gone).len(), 5);
    assert!(comparison.is_worse() && !Comparison::of(&before, &before).is_worse());
    assert!(Comparison::of(&before, &before).items.is_empty());
    insta::assert_snapshot!(self::comparison(&comparison, Style::Plain, 90));
}

fn shard(index: usize, of: usize, take: std::ops::Range<usize>) -> Outcome {
    let mut outcome = sample();
    let all = outcome.scenarios.clone();
    outcome.scenarios = all[take].to_vec();
    outcome.run.shard = Some(Shard { index, of });
    outcome.run.left_out = all
        .iter()
        .filter(|scenario| !outcome.scenarios.iter().any(|mine| mine.id == scenario.id))
        .map(|scenario| LeftOut {
            scenario: scenario.id.clone(),
            items: scenario.items.iter().map(|judged| judged.item.clone()).collect(),
        })
        .collect();
    outcome
}

#[test]
fn merged_shards_are_the_whole_run() {
    let order: Vec<String> = sample().scenarios.iter().map(|scenario| scenario.id.clone()).collect();
    let order: Vec<&str> = order.iter().map(String::as_str).collect();
    let whole = merge(vec![shard(2, 2, 3..7), shard(1, 2, 0..3)], &order).expect("they fit");
    assert_eq!(flowcheck::report::json(&whole), flowcheck::report::json(&sample()));
}

#[test]
fn a_shard_that_is_missing_or_there_twice_is_refused() {
    assert_eq!(merge(vec![shard(1, 3, 0..2), shard(3, 3, 4..7)], &[]).unwrap_err(), MergeError::Missing("2/3".into()));
    let twice = merge(vec![shard(1, 2, 0..3), shard(2, 2, 2..7)], &[]).unwrap_err();
    assert!(matches!(twice, MergeError::Twice(_)), "{twice}");
    let mut other = shard(2, 2, 3..7);
    other.run.app = "Another".into();
    let differs = merge(vec![shard(1, 2, 0..3), other], &[]).unwrap_err();
    assert!(differs.to_string().contains("the app differs"), "{differs}");
    assert_eq!(merge(vec![], &[]).unwrap_err(), MergeError::Nothing);
}

#[test]
fn the_history_keeps_each_scenarios_last_result() {
    let mut history = History::default();
    history.add(&sample(), &[]);
    assert!(history.last("install/signed-out").is_some_and(|last| last.failed && last.took_ms > 0));
    assert!(history.last("install/signed-in").is_some_and(|last| !last.failed));
    assert!(history.last("install/tenant-text-box").is_none(), "what does not apply was not played");
    let mut better = flaky();
    better.scenarios[0].id = "install/signed-out".into();
    history.add(&better, &[]);
    assert!(history.last("install/signed-out").is_some_and(|last| !last.failed));
    let mut worse = sample();
    worse.run.began = "2026-11-22T09:14:03Z".into();
    history.add(&worse, &["install/signed-out".to_owned()]);
    assert!(history.last("install/signed-out").is_some_and(|last| !last.failed), "some items are not the scenario");
    assert!(history.last("errors/denied").is_some_and(|last| last.failed), "what a run leaves out is kept");
}
