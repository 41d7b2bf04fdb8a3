//! One cause, told once: what merely follows from it is blocked by the item that tells it, and never silently.

use flowcheck::checklist::{
    ItemId, JudgedItem, Outcome, ScenarioEnd, ScenarioOutcome, Verdict, VerdictKind, aggregate, finalize, judge,
};
use flowcheck::evidence::{AppEvent, Event, Evidence, Facts, StepKind, StepPhase, TokenCall, TokenOutcome};

use crate::adding_up::{info, scenario};
use crate::recordings::{HONEST, expects, one};

#[test]
fn a_second_attempt_that_klaviyo_refuses_for_its_redirect_uri_is_blocked_and_the_reason_brought_along() {
    for (id, item) in [("errors/denied", "error.denied.retry"), ("errors/abandoned", "error.abandoned.return")] {
        let mut evidence = one(HONEST, id);
        refuse(&mut evidence, |call| call.redirect_uri_repeated = Some(false));
        let judged = judge(&expects(id), &ScenarioEnd::Completed, Some(&evidence));
        let retry = &judged.iter().find(|one| one.item.as_str() == item).expect("it is asked for").verdict;
        assert!(
            matches!(retry, Verdict::NotRun { blocked_by: Some(by), .. } if by.as_str() == "oauth.redirect-uri"),
            "{retry:?}"
        );
        let brought = judged.last().expect("there is one");
        assert_eq!((brought.item.as_str(), brought.verdict.kind()), ("oauth.redirect-uri", VerdictKind::Fail));
    }
}

#[test]
fn one_that_is_refused_for_a_reason_of_its_own_fails() {
    for (id, item) in [("errors/denied", "error.denied.retry"), ("errors/abandoned", "error.abandoned.return")] {
        let mut evidence = one(HONEST, id);
        refuse(&mut evidence, |_| {});
        let judged = judge(&expects(id), &ScenarioEnd::Completed, Some(&evidence));
        let retry = judged.iter().find(|one| one.item.as_str() == item).expect("it is asked for");
        assert_eq!(retry.verdict.kind(), VerdictKind::Fail, "{:?}", retry.verdict);
        assert_eq!(judged.len(), expects(id).len(), "{judged:?}");
    }
}

#[test]
fn an_incident_that_several_scenarios_met_is_told_by_the_first() {
    let crashed = one("exits-on-callback", "install/signed-in");
    let mut outcome = Outcome {
        run: info(),
        scenarios: vec![
            played(0, &["install.completes"], crashed.clone()),
            played(1, &["install.from-app"], crashed.clone()),
            played(2, &["install.completes"], crashed),
        ],
    };
    let failing = Verdict::Fail(outcome.scenarios[0].items[0].verdict.finding().expect("it failed").clone());
    outcome.scenarios[1].items = vec![JudgedItem { item: "install.from-app".into(), verdict: failing }];
    finalize(&mut outcome);
    let kinds: Vec<VerdictKind> = outcome.scenarios.iter().map(|one| one.items[0].verdict.kind()).collect();
    assert_eq!(kinds, [VerdictKind::Fail, VerdictKind::NotRun, VerdictKind::Fail]);
    let blocked = &outcome.scenarios[1].items[0].verdict;
    assert!(
        matches!(blocked, Verdict::NotRun { reason, blocked_by: Some(by) }
            if reason.to_string().starts_with("the app exited with status") && by.as_str() == "install.completes"),
        "{blocked:?}"
    );
}

#[test]
fn an_incident_that_advice_met_first_is_told_by_the_gate() {
    let crashed = one("exits-on-callback", "install/signed-in");
    let failing = played(0, &["install.completes"], crashed.clone()).items[0].verdict.clone();
    assert_eq!(failing.kind(), VerdictKind::Fail);
    let with = |number, items: &[&str]| {
        let mut scenario = played(number, items, crashed.clone());
        scenario.items =
            items.iter().map(|item| JudgedItem { item: (*item).into(), verdict: failing.clone() }).collect();
        scenario
    };
    let scenarios = vec![with(0, &["data.examples"]), with(1, &["data.bulk", "install.completes"])];
    let mut outcome = Outcome { run: info(), scenarios };
    finalize(&mut outcome);
    let all: Vec<_> = outcome.scenarios.iter().flat_map(|one| &one.items).map(|one| one.verdict.kind()).collect();
    assert_eq!(all, [VerdictKind::NotRun, VerdictKind::Fail, VerdictKind::Fail]);
    let blocked = &outcome.scenarios[0].items[0].verdict;
    assert!(matches!(blocked, Verdict::NotRun { blocked_by: Some(by), .. } if by.as_str() == "install.completes"));
}

#[test]
fn an_app_that_was_started_again_is_judged_by_what_it_does_then_and_has_ended_all_the_same() {
    let mut evidence = one(HONEST, "errors/denied");
    let dismissed = evidence.timeline.iter().rposition(|entry| match &entry.event {
        Event::Step(mark) => mark.phase == StepPhase::Began && mark.step == StepKind::Dismiss,
        _ => false,
    });
    let at = dismissed.expect("the message is dismissed");
    let ended = evidence.timeline[at..]
        .iter()
        .position(|entry| matches!(&entry.event, Event::Step(mark) if mark.phase == StepPhase::Done));
    let ended = at + ended.expect("that is done");
    let mut crash = evidence.timeline[at].clone();
    crash.event = Event::App(AppEvent::Exited("exited with status 1".to_owned()));
    let mut again = crash.clone();
    again.event = Event::App(AppEvent::Ready("http://localhost:3000/healthz".to_owned()));
    evidence.timeline.insert(ended + 1, again);
    evidence.timeline.insert(ended, crash);
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
    let judged = judge(&expects("errors/denied"), &ScenarioEnd::Completed, Some(&evidence));
    let failed: Vec<&JudgedItem> = judged.iter().filter(|one| one.verdict.kind() == VerdictKind::Fail).collect();
    let [failed] = failed.as_slice() else { panic!("{judged:?}") };
    let saw = failed.verdict.finding().map(|finding| finding.saw.to_string());
    assert_eq!(saw.as_deref(), Some("the app exited with status 1"));
    assert!(judged.iter().all(|one| one.verdict.kind() != VerdictKind::NotRun), "{judged:?}");
}

#[test]
fn a_page_that_never_showed_the_installation_says_nothing_of_what_came_after() {
    let mut outcome = Outcome { run: info(), scenarios: Vec::new() };
    let mut evidence = one("never-shown", "install/signed-in");
    evidence.setup.accounts.truncate(1);
    outcome.scenarios.push(played(0, &["install.any-klaviyo-session"], evidence));
    let items = aggregate(&outcome);
    let kinds: Vec<_> = items.iter().map(|item| (item.item.id, item.verdict.kind())).collect();
    assert_eq!(kinds, [("install.shown", VerdictKind::Fail), ("install.any-klaviyo-session", VerdictKind::NotRun)]);
}

/// Has Klaviyo refuse every code.
fn refuse(evidence: &mut Evidence, why: impl Fn(&mut TokenCall)) {
    for entry in &mut evidence.timeline {
        if let Event::Exchange(exchange) = &mut entry.event
            && let Facts::Token(call) = &mut exchange.facts
        {
            call.outcome = TokenOutcome::Refused { error: "invalid_grant".to_owned(), reason: "twisted".to_owned() };
            why(call);
        }
    }
}

fn played(number: usize, items: &[&str], evidence: Evidence) -> ScenarioOutcome {
    let expects: Vec<(ItemId, u32)> = items.iter().map(|item| (ItemId::from(*item), 1)).collect();
    let items = judge(&expects, &ScenarioEnd::Completed, Some(&evidence));
    ScenarioOutcome { expects, evidence: Some(evidence), ..scenario(number, items) }
}
