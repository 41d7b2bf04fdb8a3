//! Installs of users, on evidence that is the honest app's but for what a test changes: shapes that no seeded defect has.

use flowcheck::checklist::{Finding, Verdict};
use flowcheck::evidence::{
    Entry, Event, Evidence, Facts, KlaviyoEvent, PageKind, PageRef, Place, Purpose, StepKind, StepPhase, StepProblem,
    UninstalledBy,
};

use crate::mutated_evidence::{exchanges, failed, find, find_last, page_at, passed, purpose, renumber, reviewed};
use crate::recordings::{HONEST, judge, one};

const ISOLATED: &str = "user.isolated";
const ROLE_SCOPES: &str = "user.role-scopes";
const REVOKED: &str = "user.revoked-with-role";

fn is_installed(seen: &Event) -> bool {
    matches!(seen, Event::Klaviyo(KlaviyoEvent::Installed { .. }))
}

/// The ids of the first and the second user's install, and where the second was made.
fn installs(evidence: &Evidence) -> (String, String, usize) {
    let id = |at: usize| match &evidence.timeline[at].event {
        Event::Klaviyo(KlaviyoEvent::Installed { install, .. }) => install.clone(),
        other => panic!("{other:?}"),
    };
    let first = find(evidence, 0, is_installed);
    let second = find(evidence, first + 1, is_installed);
    (id(first), id(second), second)
}

fn insert(evidence: &mut Evidence, at: usize, event: Event) {
    let at_ms = evidence.timeline[at].at_ms;
    evidence.timeline.insert(at, Entry { seq: 0, at_ms, event });
    renumber(evidence);
}

fn ended(install: &str) -> Event {
    let (install, account) = (install.to_owned(), "AbCdEf".to_owned());
    Event::Klaviyo(KlaviyoEvent::Uninstalled { install, account, by: UninstalledBy::App })
}

/// The page at which the nth look at the settings ended.
fn looked(evidence: &Evidence, nth: usize) -> usize {
    let is_look = |seen: &Event| matches!(purpose(seen), Some(Purpose::Look(Place::Settings(_))));
    let looks: Vec<usize> = (0..evidence.timeline.len()).filter(|at| is_look(&evidence.timeline[*at].event)).collect();
    find(evidence, looks[nth], |seen| matches!(seen, Event::Page(_)))
}

fn disconnecting(seen: &Event) -> bool {
    matches!(purpose(seen), Some(Purpose::Disconnect { control: true, .. }))
}

fn fail_step(evidence: &mut Evidence, step: &StepKind, from: usize) {
    let problem = StepProblem::StoppedAt { page: PageRef::of(page_at(evidence, from)).clone(), settings_tried: true };
    let ends = |seen: &Event| matches!(seen, Event::Step(mark) if mark.step == *step && mark.phase != StepPhase::Began);
    let at = find(evidence, from, ends);
    if let Event::Step(mark) = &mut evidence.timeline[at].event {
        mark.phase = StepPhase::Failed(problem);
    }
}

#[test]
fn an_app_that_ends_the_first_install_when_the_second_user_comes_fails() {
    let mut evidence = one(HONEST, "user/two-users");
    let (first, _, second_at) = installs(&evidence);
    insert(&mut evidence, second_at + 1, ended(&first));
    assert!(failed(&evidence, ISOLATED).saw.to_string().contains("ended the first user's install"));
}

#[test]
fn one_that_shows_the_first_user_nothing_once_the_second_is_there_fails() {
    let mut evidence = one(HONEST, "user/two-users");
    let page = looked(&evidence, 0);
    page_at(&mut evidence, page).kind = PageKind::NotInstalled;
    assert!(failed(&evidence, ISOLATED).saw.to_string().starts_with("the first user's /settings/integrations shows"));
}

#[test]
fn one_that_ends_both_installs_at_one_disconnecting_fails() {
    let mut evidence = one(HONEST, "user/two-users");
    let (_, second, _) = installs(&evidence);
    let act = find(&evidence, 1, disconnecting);
    insert(&mut evidence, act + 2, ended(&second));
    assert!(failed(&evidence, ISOLATED).saw.to_string().contains("ended the second user's install"));
}

#[test]
fn one_that_forgets_the_second_users_connection_with_the_first_fails() {
    let mut evidence = one(HONEST, "user/two-users");
    let page = looked(&evidence, 1);
    page_at(&mut evidence, page).kind = PageKind::NotInstalled;
    assert!(failed(&evidence, ISOLATED).saw.to_string().starts_with("the second user's"));
}

#[test]
fn an_account_that_counts_as_installed_keeps_its_second_user_out() {
    let mut evidence = one(HONEST, "user/two-users");
    let (_, _, second_at) = installs(&evidence);
    let start = find(&evidence, second_at - 15, |seen| matches!(purpose(seen), Some(Purpose::StartInstall(_))));
    let consent = find(&evidence, start, |seen| matches!(seen, Event::Page(_)));
    evidence.timeline.retain(|entry| (entry.seq as usize) <= consent + 1);
    let page = page_at(&mut evidence, consent);
    (page.kind, page.url) = (PageKind::Installed, "http://localhost:3000/settings/integrations".to_owned());
    evidence.timeline.retain(|entry| {
        !matches!(&entry.event, Event::Exchange(exchange) if entry.seq as usize > start
        && matches!(exchange.facts, Facts::Authorize(_)))
    });
    renumber(&mut evidence);
    let last = find_last(&evidence, |seen| matches!(seen, Event::Page(_)));
    fail_step(&mut evidence, &StepKind::Install(flowcheck::evidence::Start::Klaviyo), last);
    let finding = failed(&evidence, ISOLATED);
    assert!(finding.likely.is_some_and(|likely| likely.to_string().contains("no install for one more of its users")));
}

#[test]
fn a_page_by_the_other_users_token_is_left_to_a_person_where_nothing_else_tells() {
    let mut evidence = one(HONEST, "user/two-users");
    let (first, second, second_at) = installs(&evidence);
    let act = find(&evidence, 1, disconnecting);
    for entry in &mut evidence.timeline[second_at..act] {
        if let Event::Exchange(exchange) = &mut entry.event
            && let Facts::Api(call) = &mut exchange.facts
            && call.install.as_ref() == Some(&first)
        {
            call.install = Some(second.clone());
        }
    }
    assert!(reviewed(&evidence, ISOLATED).saw.to_string().contains("by the second user's token"));
}

#[test]
fn an_app_whose_pages_call_nothing_passes_by_what_they_show() {
    let mut evidence = one(HONEST, "user/two-users");
    evidence
        .timeline
        .retain(|entry| !matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Api(_))));
    renumber(&mut evidence);
    passed(&evidence, ISOLATED);
}

#[test]
fn without_a_way_to_disconnect_isolation_is_blocked() {
    let mut evidence = one(HONEST, "user/two-users");
    let ends = |seen: &Event| disconnecting(seen) || matches!(seen, Event::Klaviyo(KlaviyoEvent::Uninstalled { .. }));
    evidence.timeline.retain(|entry| !ends(&entry.event));
    renumber(&mut evidence);
    let page = looked(&evidence, 0);
    fail_step(&mut evidence, &StepKind::Disconnect, page);
    let verdict = judge(ISOLATED, &evidence);
    assert!(
        matches!(&verdict, Verdict::NotRun { blocked_by: Some(by), .. } if by.as_str() == "uninstall.app.findable"),
        "{verdict:?}"
    );
}

#[test]
fn a_role_that_covers_all_scopes_shows_nothing() {
    let mut evidence = one(HONEST, "user/role");
    let asked = find(
        &evidence,
        1,
        |seen| matches!(seen, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Authorize(_))),
    );
    let granted = match &evidence.timeline[find(&evidence, 1, is_installed)].event {
        Event::Klaviyo(KlaviyoEvent::Installed { scopes, .. }) => scopes.clone(),
        other => panic!("{other:?}"),
    };
    if let Event::Exchange(exchange) = &mut evidence.timeline[asked].event
        && let Facts::Authorize(call) = &mut exchange.facts
    {
        call.scopes = granted;
    }
    assert!(matches!(judge(ROLE_SCOPES, &evidence), Verdict::NotApplicable(_)));
}

/// The page after Allow, changed.
fn landed(change: impl Fn(&mut flowcheck::evidence::Page)) -> Evidence {
    let mut evidence = one(HONEST, "user/role");
    let allow = find(&evidence, 1, |seen| purpose(seen) == Some(&Purpose::Allow));
    let page = find(&evidence, allow, |seen| matches!(seen, Event::Page(_)));
    change(page_at(&mut evidence, page));
    evidence
}

#[test]
fn an_app_that_says_why_the_role_does_not_suffice_is_left_to_a_person_and_one_that_crashes_fails() {
    let says = |text: &str, status: u16| {
        landed(|page| {
            (page.kind, page.status) = (PageKind::Error, Some(status));
            page.headings = vec![text.to_owned()];
            page.alerts = vec![text.to_owned()];
            page.text = text.to_owned();
        })
    };
    let _: Finding =
        reviewed(&says("You do not have the permission to connect events. Ask an admin.", 200), ROLE_SCOPES);
    let _: Finding = reviewed(&says("Analysts cannot send points to Klaviyo.", 403), ROLE_SCOPES);
    let _: Finding = failed(&says("Something went wrong", 200), ROLE_SCOPES);
    let _: Finding = failed(&says("{\"error\":\"insufficient_scope\"}", 500), ROLE_SCOPES);
    failed(&landed(|page| page.kind = PageKind::BrowserError), ROLE_SCOPES);
}

#[test]
fn calls_beyond_the_role_are_no_fault_once_and_a_warning_where_they_are_repeated() {
    let mut evidence = one(HONEST, "user/role");
    let refused = |seen: &Event| matches!(seen, Event::Exchange(exchange) if exchange.status == 403);
    let first = find(&evidence, 1, refused);
    let call = evidence.timeline[first].event.clone();
    passed(&evidence, ROLE_SCOPES);
    let trigger = find_last(
        &evidence,
        |seen| matches!(seen, Event::Step(mark) if mark.step == StepKind::Trigger && mark.phase == StepPhase::Began),
    );
    insert(&mut evidence, trigger + 1, call.clone());
    passed(&evidence, ROLE_SCOPES);
    for _ in 0..9 {
        insert(&mut evidence, trigger + 1, call.clone());
    }
    let verdict = judge(ROLE_SCOPES, &evidence);
    assert!(
        matches!(&verdict, Verdict::Warn(finding) if finding.saw.to_string().starts_with("10 calls")),
        "{verdict:?}"
    );
}

#[test]
fn an_app_that_goes_on_showing_an_install_after_a_change_of_role_fails() {
    for (looks, who) in [([0, 1], "the first"), ([3, 4], "the removed")] {
        let mut evidence = one(HONEST, "user/role-changed");
        for nth in looks {
            let page = looked(&evidence, nth);
            page_at(&mut evidence, page).kind = PageKind::Installed;
        }
        assert!(failed(&evidence, REVOKED).expected.to_string().contains("no longer showing"), "{who}");
    }
}

#[test]
fn a_page_that_cannot_be_read_after_a_change_of_role_is_left_to_a_person() {
    let mut evidence = one(HONEST, "user/role-changed");
    for nth in [0, 1] {
        let page = looked(&evidence, nth);
        page_at(&mut evidence, page).kind = PageKind::Other;
    }
    reviewed(&evidence, REVOKED);
}

#[test]
fn hammering_with_the_dead_token_of_a_removed_user_fails() {
    let mut evidence = one(HONEST, "user/role-changed");
    let refused = |seen: &Event| matches!(seen, Event::Exchange(exchange) if exchange.status == 401);
    let at = find(&evidence, 1, refused);
    let call = evidence.timeline[at].event.clone();
    for _ in 0..6 {
        insert(&mut evidence, at + 1, call.clone());
    }
    assert!(failed(&evidence, REVOKED).saw.to_string().contains("calls with dead tokens"));
}

#[test]
fn a_user_with_another_role_who_cannot_install_again_fails_and_a_change_that_never_came_judges_nothing() {
    let mut evidence = one(HONEST, "user/role-changed");
    for exchange in exchanges(&mut evidence).collect::<Vec<_>>().into_iter().rev().take(6) {
        if let Facts::Token(call) = &mut exchange.facts {
            call.outcome = flowcheck::evidence::TokenOutcome::Refused { error: "x".to_owned(), reason: "y".to_owned() };
        }
    }
    failed(&evidence, REVOKED);
    let mut evidence = one(HONEST, "user/role-changed");
    evidence.timeline.retain(|entry| !matches!(entry.event, Event::Klaviyo(KlaviyoEvent::UserChanged { .. })));
    renumber(&mut evidence);
    assert!(matches!(judge(REVOKED, &evidence), Verdict::NotRun { .. }));
}

#[test]
fn none_of_it_is_asked_of_an_app_that_accounts_install() {
    for scenario in ["user/two-users", "user/role", "user/role-changed"] {
        let mut evidence = one(HONEST, scenario);
        evidence.setup.app.installs = flowcheck::evidence::Installs::PerAccount;
        for item in [ISOLATED, ROLE_SCOPES, REVOKED] {
            assert!(matches!(judge(item, &evidence), Verdict::NotApplicable(_)), "{scenario} {item}");
        }
    }
}
