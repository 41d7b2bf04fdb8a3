//! How verdicts add up: scenarios to items, items to a run, the run to an exit code.

use flowcheck::checklist::{
    Blame, Finding, JudgedItem, Outcome, Overall, Problem, RunInfo, ScenarioEnd, ScenarioOutcome, Tier, Verdict,
    VerdictKind, aggregate, catalogue, finalize, judge, overall, scope_usage,
};
use flowcheck::evidence::{Entry, Event, Evidence, Facts};

use crate::recordings::{HONEST, expects, honest, one};

/// An item to add up; any other would do.
const ITEM: &str = "install.completes";
const OTHER: &str = "install.shown";

#[test]
fn a_verdict_that_was_reached_counts_before_one_that_was_not() {
    use VerdictKind::{Fail, NotApplicable, NotRun, Pass, Review, Warn};
    let weightiest_last = [NotApplicable, NotRun, Review, Pass, Warn, Fail];
    for (rank, worse) in weightiest_last.into_iter().enumerate() {
        for better in &weightiest_last[..=rank] {
            for order in [[verdict(*better), verdict(worse)], [verdict(worse), verdict(*better)]] {
                let outcome = run(order.into_iter().map(|verdict| vec![(ITEM, verdict)]).collect());
                let items = aggregate(&outcome);
                assert_eq!(items.len(), 1);
                assert_eq!(items[0].verdict.kind(), worse, "{better:?} with {worse:?}");
            }
        }
    }
}

#[test]
fn of_failures_the_configurations_counts_before_other_trouble_and_both_before_a_pass() {
    for (less, more) in
        [(pass(), fail(Blame::Harness)), (fail(Blame::MockGap), fail(Blame::Config)), (pass(), fail(Blame::Config))]
    {
        for order in [[less.clone(), more.clone()], [more.clone(), less.clone()]] {
            let outcome = run(order.into_iter().map(|verdict| vec![(ITEM, verdict)]).collect());
            assert_eq!(aggregate(&outcome)[0].verdict, &more);
        }
    }
}

#[test]
fn what_is_not_declared_leaves_the_run_incomplete() {
    let mut outcome = run(vec![vec![(ITEM, pass())], vec![(OTHER, not_run())]]);
    outcome.scenarios[1].end = ScenarioEnd::Undeclared("flowcheck.yaml does not say".to_owned());
    assert_eq!(overall(&outcome), Overall::Incomplete);
}

#[test]
fn advice_that_is_not_declared_keeps_no_run_from_passing_but_a_strict_one() {
    let undeclared = |item: &str, end: ScenarioEnd| {
        let mut outcome = run(vec![vec![(ITEM, pass())], vec![(item, not_run())]]);
        outcome.scenarios[1].end = end;
        outcome
    };
    let says_nothing = ScenarioEnd::Undeclared("flowcheck.yaml does not say".to_owned());
    let mut outcome = undeclared("install.settings-url", says_nothing);
    assert_eq!(overall(&outcome), Overall::Passed);
    assert_eq!(aggregate(&outcome)[1].verdict.kind(), VerdictKind::NotRun, "it is listed all the same");
    outcome.run.strict = true;
    assert_eq!(overall(&outcome), Overall::Incomplete);
    let played = undeclared("install.settings-url", ScenarioEnd::Completed);
    assert_eq!(overall(&played), Overall::Incomplete, "what was declared and not judged is missing");
}

#[test]
fn of_equals_the_first_scenario_is_named() {
    let outcome = run(vec![vec![(ITEM, fail(Blame::App))], vec![(ITEM, fail(Blame::App))]]);
    assert_eq!(aggregate(&outcome)[0].scenario.id, "test/0");
}

#[test]
fn the_apps_failure_is_not_hidden_by_one_that_is_not_its_own() {
    for other in [Blame::Config, Blame::Harness, Blame::MockGap] {
        for order in [[fail(other), fail(Blame::App)], [fail(Blame::App), fail(other)]] {
            let outcome = run(order.into_iter().map(|verdict| vec![(ITEM, verdict)]).collect());
            assert_eq!(overall(&outcome), Overall::AppFailed, "{other:?}");
        }
    }
}

#[test]
fn items_come_in_the_catalogues_order_each_once() {
    let ids: Vec<&str> = catalogue().iter().rev().map(|item| item.id).collect();
    let outcome = run(vec![ids.iter().map(|id| (*id, pass())).collect(), ids.iter().map(|id| (*id, pass())).collect()]);
    let added: Vec<&str> = aggregate(&outcome).iter().map(|item| item.item.id).collect();
    assert_eq!(added, catalogue().iter().map(|item| item.id).collect::<Vec<_>>());
}

#[test]
fn what_a_run_comes_to() {
    let table: [(&str, Vec<Verdict>, Overall, Overall); 13] = [
        ("all pass", vec![pass(), pass()], Overall::Passed, Overall::Passed),
        ("one does not apply", vec![pass(), not_applicable()], Overall::Passed, Overall::Passed),
        ("none applies", vec![not_applicable(), not_applicable()], Overall::NothingRun, Overall::NothingRun),
        ("no items", vec![], Overall::NothingRun, Overall::NothingRun),
        ("the app fails", vec![pass(), fail(Blame::App)], Overall::AppFailed, Overall::AppFailed),
        ("a warning", vec![pass(), warn()], Overall::Passed, Overall::AppFailed),
        ("a review", vec![pass(), review()], Overall::Passed, Overall::AppFailed),
        ("not run", vec![pass(), not_run()], Overall::Incomplete, Overall::Incomplete),
        ("blocked", vec![fail(Blame::App), blocked()], Overall::AppFailed, Overall::AppFailed),
        ("configuration", vec![fail(Blame::Config), pass()], Overall::Config, Overall::Config),
        ("configuration beside not run", vec![fail(Blame::Config), not_run()], Overall::Config, Overall::Config),
        ("harness", vec![fail(Blame::Harness), pass()], Overall::Incomplete, Overall::Incomplete),
        ("mock gap", vec![fail(Blame::MockGap), pass()], Overall::Incomplete, Overall::Incomplete),
    ];
    for (what, verdicts, loosely, strictly) in table {
        let mut outcome = run(vec![[ITEM, OTHER].into_iter().zip(verdicts).collect()]);
        assert_eq!(overall(&outcome), loosely, "{what}");
        outcome.run.strict = true;
        assert_eq!(overall(&outcome), strictly, "{what}, strictly");
    }
}

#[test]
fn the_apps_failure_counts_beside_all_trouble_but_an_interruption() {
    let ends = [
        ScenarioEnd::Completed,
        ScenarioEnd::Config(Problem::new("no such user")),
        ScenarioEnd::Harness(Problem::new("the browser died")),
        ScenarioEnd::AppUnavailable(Problem::new("it did not start")),
        ScenarioEnd::NotApplicable("no sign-up".to_owned()),
    ];
    for end in ends {
        let mut outcome = run(vec![vec![(ITEM, fail(Blame::App))], vec![]]);
        outcome.scenarios[1].end = end;
        assert_eq!(overall(&outcome), Overall::AppFailed);
        outcome.run.interrupted = true;
        assert_eq!(overall(&outcome), Overall::Interrupted);
    }
}

#[test]
fn how_a_scenario_ended_counts_where_the_app_failed_nothing() {
    let table = [
        (ScenarioEnd::Completed, Overall::Passed),
        (ScenarioEnd::Config(Problem::new("no such user")), Overall::Config),
        (ScenarioEnd::Harness(Problem::new("the browser died")), Overall::Incomplete),
        (ScenarioEnd::AppUnavailable(Problem::new("it did not start")), Overall::Incomplete),
        (ScenarioEnd::NotApplicable("no sign-up".to_owned()), Overall::Passed),
    ];
    for (end, comes_to) in table {
        let mut outcome = run(vec![vec![(ITEM, pass())], vec![]]);
        outcome.scenarios[1].end = end.clone();
        assert_eq!(overall(&outcome), comes_to, "{end:?}");
    }
}

#[test]
fn exit_codes_are_as_documented() {
    let table = [
        (Overall::Passed, 0),
        (Overall::AppFailed, 1),
        (Overall::Config, 2),
        (Overall::Incomplete, 3),
        (Overall::NothingRun, 4),
        (Overall::Interrupted, 130),
    ];
    for (comes_to, code) in table {
        assert_eq!(comes_to.exit_code(), code);
    }
}

#[test]
fn hardening_warns_and_fails_only_strictly() {
    use VerdictKind::{Fail, NotRun, Pass, Review, Warn};
    let outcome = run(vec![vec![(ITEM, fail(Blame::App))]]);
    let mut item = aggregate(&outcome)[0];
    let hardening = Box::leak(Box::new(*item.item));
    hardening.tier = Tier::Hardening;
    let gate = item.item;
    let (lenient, strict) = (info(), RunInfo { strict: true, ..info() });
    let table = [
        (fail(Blame::App), (Fail, Fail), (Warn, Fail)),
        (warn(), (Warn, Fail), (Warn, Fail)),
        (review(), (Review, Fail), (Review, Fail)),
        (not_run(), (NotRun, NotRun), (NotRun, NotRun)),
        (pass(), (Pass, Pass), (Pass, Pass)),
    ];
    for (verdict, as_gate, as_hardening) in &table {
        item.verdict = verdict;
        item.item = gate;
        assert_eq!((item.counts_as(&lenient), item.counts_as(&strict)), *as_gate, "{verdict:?}");
        item.item = hardening;
        assert_eq!((item.counts_as(&lenient), item.counts_as(&strict)), *as_hardening, "{verdict:?}");
    }
}

#[test]
fn a_scenario_that_was_broken_off_still_shows_what_the_app_failed_before() {
    let evidence = one("login-drops-return", "install/signed-out");
    let ends = [ScenarioEnd::Harness(Problem::new("the browser died")), ScenarioEnd::Interrupted];
    for end in ends {
        let kinds = kinds(&end, "install/signed-out", &evidence);
        let expected = [
            ("install.signed-out.login", VerdictKind::NotRun),
            ("install.signed-out.resumes", VerdictKind::Fail),
            ("install.completes", VerdictKind::NotRun),
        ];
        assert_eq!(kinds, expected.map(|(id, kind)| (id.to_owned(), kind)), "{end:?}");
    }
}

#[test]
fn a_scenario_that_could_not_be_set_up_judges_nothing() {
    let evidence = one("login-drops-return", "install/signed-out");
    for end in [ScenarioEnd::Config(Problem::new("no user")), ScenarioEnd::AppUnavailable(Problem::new("it is down"))] {
        let kinds = kinds(&end, "install/signed-out", &evidence);
        assert!(kinds.iter().all(|(_, kind)| *kind == VerdictKind::NotRun), "{kinds:?}");
    }
}

#[test]
fn the_honest_app_passes_as_a_whole_and_one_defect_is_enough_to_fail() {
    let all = |evidence: Vec<Evidence>| {
        let scenarios = evidence.into_iter().enumerate().map(|(number, evidence)| {
            let id = evidence.setup.scenario.id.clone();
            let items = judge(&expects(&id), &ScenarioEnd::Completed, Some(&evidence));
            scenario(number, items)
        });
        Outcome { run: info(), scenarios: scenarios.collect() }
    };
    let honest: Vec<Evidence> = honest().into_iter().map(|one| one.evidence).collect();
    let mut outcome = all(honest.clone());
    assert_eq!(overall(&outcome), Overall::Passed);
    outcome.run.strict = true;
    assert_eq!(overall(&outcome), Overall::Passed);
    assert_eq!(aggregate(&outcome).len(), catalogue().len());
    let mut with_a_defect = honest;
    with_a_defect.push(one("no-revoke", "uninstall/in-app"));
    assert_eq!(overall(&all(with_a_defect)), Overall::AppFailed);
    let cut_short = Evidence { timeline: Vec::new(), ..one(HONEST, "uninstall/in-app") };
    assert_eq!(overall(&all(vec![cut_short])), Overall::Incomplete);
}

#[test]
fn a_scope_is_needed_where_any_scenario_exercises_it() {
    let scenarios = |of: &[(&str, &str)]| {
        let played = of.iter().enumerate().map(|(number, (defect, id))| {
            let evidence = one(defect, id);
            let items = judge(&expects(id), &ScenarioEnd::Completed, Some(&evidence));
            ScenarioOutcome { evidence: Some(evidence), ..scenario(number, items) }
        });
        Outcome { run: info(), scenarios: played.collect() }
    };
    let least = |mut outcome: Outcome| {
        finalize(&mut outcome);
        let items = aggregate(&outcome);
        let found = items.iter().find(|item| item.item.id == "scope.least").expect("it is judged");
        found.verdict.clone()
    };
    let unused = least(scenarios(&[("news-forgotten", "scopes/least"), (HONEST, "install/signed-in")]));
    assert!(
        matches!(&unused, Verdict::Review(finding) if finding.saw.to_string() == "never: lists:read, lists:write, profiles:write")
    );
    let used = least(scenarios(&[("news-forgotten", "scopes/least"), (HONEST, "rate/throttled")]));
    assert_eq!(used.kind(), VerdictKind::Pass);
    let mut broken_off = scenarios(&[(HONEST, "scopes/least"), ("news-forgotten", "scopes/least")]);
    broken_off.scenarios[1].end = ScenarioEnd::Interrupted;
    broken_off.scenarios[1].items[0].verdict = not_run();
    assert_eq!(least(broken_off).kind(), VerdictKind::Pass, "what others have shown is not hidden");
}

#[test]
fn an_app_that_asks_for_tokens_nowhere_refuses_no_state_by_it() {
    let is_token =
        |entry: &Entry| matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Token(_)));
    let bound = |of: &[(&str, bool)]| {
        let played = of.iter().enumerate().map(|(number, (id, asks))| {
            let mut evidence = one(HONEST, id);
            evidence.timeline.retain(|entry| *asks || !is_token(entry));
            let items = judge(&expects(id), &ScenarioEnd::Completed, Some(&evidence));
            ScenarioOutcome { evidence: Some(evidence), ..scenario(number, items) }
        });
        let mut outcome = Outcome { run: info(), scenarios: played.collect() };
        finalize(&mut outcome);
        let items = aggregate(&outcome);
        items.iter().find(|item| item.item.id == "oauth.state.bound").expect("it is judged").verdict.kind()
    };
    let probe = ("oauth/state-bound", true);
    assert_eq!(bound(&[probe, ("install/signed-in", true)]), VerdictKind::Pass);
    assert_eq!(bound(&[probe]), VerdictKind::Pass, "whether it asks where the state is its own was not seen");
    assert_eq!(bound(&[probe, ("install/signed-in", false)]), VerdictKind::NotRun);
    assert_eq!(bound(&[probe, ("install/signed-in", false), ("uninstall/in-app", true)]), VerdictKind::Pass);
}

#[test]
fn the_scope_usage_says_which_operations_exercised_a_scope() {
    let evidence = one(HONEST, "scopes/least");
    let lines = scope_usage([&evidence]);
    let events = &lines["events:write"];
    assert!(events.requested && events.granted);
    assert_eq!(events.exercised, [("create_event".to_owned(), 2)].into());
    assert!(!lines.contains_key("segments:read"));
}

fn kinds(end: &ScenarioEnd, scenario: &str, evidence: &Evidence) -> Vec<(String, VerdictKind)> {
    let judged = judge(&expects(scenario), end, Some(evidence));
    judged.into_iter().map(|judged| (judged.item.to_string(), judged.verdict.kind())).collect()
}

fn run(scenarios: Vec<Vec<(&str, Verdict)>>) -> Outcome {
    let scenarios = scenarios.into_iter().enumerate().map(|(number, items)| {
        scenario(number, items.into_iter().map(|(id, verdict)| JudgedItem { item: id.into(), verdict }).collect())
    });
    Outcome { run: info(), scenarios: scenarios.collect() }
}

pub(crate) fn scenario(number: usize, items: Vec<JudgedItem>) -> ScenarioOutcome {
    ScenarioOutcome {
        id: format!("test/{number}"),
        title: String::new(),
        file: String::new(),
        expects: Vec::new(),
        end: ScenarioEnd::Completed,
        items,
        took_ms: 0,
        evidence: None,
        earlier: Vec::new(),
    }
}

pub(crate) fn info() -> RunInfo {
    RunInfo {
        flowcheck: String::new(),
        checklist: None,
        app: String::new(),
        config: String::new(),
        began: String::new(),
        took_ms: 0,
        browser: String::new(),
        strict: false,
        interrupted: false,
        fail_on_flaky: false,
        expected_failures: Vec::new(),
        left_out: Vec::new(),
        shard: None,
        existing_app: None,
        left_over: None,
    }
}

fn verdict(kind: VerdictKind) -> Verdict {
    match kind {
        VerdictKind::NotApplicable => not_applicable(),
        VerdictKind::Pass => pass(),
        VerdictKind::Warn => warn(),
        VerdictKind::Review => review(),
        VerdictKind::NotRun => not_run(),
        VerdictKind::Fail => fail(Blame::App),
    }
}

fn pass() -> Verdict {
    Verdict::Pass("seen".into())
}

fn fail(blame: Blame) -> Verdict {
    Verdict::Fail(Finding::app("this", "that").blame(blame))
}

fn warn() -> Verdict {
    Verdict::Warn(Finding::app("this", "that"))
}

fn review() -> Verdict {
    Verdict::Review(Finding::app("this", "that"))
}

fn not_run() -> Verdict {
    Verdict::not_run("it ended early")
}

fn blocked() -> Verdict {
    Verdict::blocked_by(ITEM, "it failed")
}

fn not_applicable() -> Verdict {
    Verdict::NotApplicable("no such case".into())
}
