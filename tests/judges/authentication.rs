//! What an app may ask for before its login form: HTTP authentication, which is for `access` in flowcheck.yaml, and a workspace.

use flowcheck::checklist::{Blame, Finding, Verdict};
use flowcheck::evidence::{Event, Evidence, PageKind, StepPhase, StepProblem};

use crate::recordings::{HONEST, judge, one};

/// An installation whose pages of the app's host are refused from that hop on, asking for this scheme or for none.
fn refused_from(first: usize, scheme: Option<&str>) -> Evidence {
    let mut evidence = one(HONEST, "install/signed-out");
    let host = evidence.setup.app.url.clone();
    let of_app = |url: &str| url.starts_with(&host);
    let hops = evidence.timeline.iter().filter(|entry| matches!(&entry.event, Event::Hop(hop) if of_app(&hop.url)));
    let from = hops.map(|entry| entry.seq).nth(first).expect("so many hops");
    evidence.timeline.retain(|entry| entry.seq <= from || !matches!(&entry.event, Event::Exchange(_)));
    for entry in evidence.timeline.iter_mut().filter(|entry| entry.seq >= from) {
        match &mut entry.event {
            Event::Hop(hop) => {
                (hop.status, hop.location, hop.asks_for) = (Some(401), None, scheme.map(str::to_owned));
            }
            Event::Page(page) => (page.kind, page.status) = (PageKind::Error, Some(401)),
            _ => {}
        }
    }
    evidence
}

fn failed(evidence: &Evidence) -> Finding {
    match judge("install.signed-out.login", evidence) {
        Verdict::Fail(finding) => finding,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_host_that_asks_for_authentication_first_is_the_configurations_fault() {
    for scheme in ["Basic", "Digest", "Negotiate"] {
        let finding = failed(&refused_from(0, Some(scheme)));
        assert_eq!(finding.blame, Blame::Config, "{scheme}");
        let likely = finding.likely.expect("a cause").to_string();
        assert!(likely.contains(&format!("HTTP authentication, {scheme}")) && likely.contains("`access.basic_auth`"));
    }
}

#[test]
fn a_page_that_is_refused_is_the_apps_fault() {
    for (first, scheme) in [(0, None), (1, Some("Basic")), (1, None)] {
        assert_eq!(failed(&refused_from(first, scheme)).blame, Blame::App, "{first} {scheme:?}");
    }
}

/// An installation with a page before its login form that asks for the user's workspace.
fn asked_for_workspace() -> Evidence {
    let mut evidence = one(HONEST, "install/signed-out");
    for entry in &mut evidence.timeline {
        entry.seq *= 2;
    }
    let is_login = |event: &Event| matches!(event, Event::Page(page) if page.kind == PageKind::Login);
    let at = evidence.timeline.iter().position(|entry| is_login(&entry.event)).expect("a login page");
    let mut asks = evidence.timeline[at].clone();
    asks.seq -= 1;
    if let Event::Page(page) = &mut asks.event {
        page.kind = PageKind::TenantChoice;
    }
    evidence.timeline.insert(at, asks);
    evidence
}

#[test]
fn a_login_may_begin_with_the_workspace() {
    let evidence = asked_for_workspace();
    for item in ["install.signed-out.login", "install.signed-out.resumes"] {
        assert!(matches!(judge(item, &evidence), Verdict::Pass(_)), "{item}: {:?}", judge(item, &evidence));
    }
}

#[test]
fn a_workspace_that_leads_to_no_login_form_is_the_apps_fault_unless_nobody_named_it() {
    let mut evidence = asked_for_workspace();
    let after = evidence
        .timeline
        .iter()
        .position(|entry| matches!(&entry.event, Event::Page(page) if page.kind == PageKind::TenantChoice));
    let after = after.expect("the page that asks");
    let is_page = |event: &Event| matches!(event, Event::Page(_));
    let mut entries = evidence.timeline.split_off(after + 1);
    entries.retain(|entry| !is_page(&entry.event));
    evidence.timeline.extend(entries);
    assert_eq!(failed(&evidence).blame, Blame::App);
    for entry in &mut evidence.timeline[after..] {
        if let Event::Step(mark) = &mut entry.event {
            mark.phase = StepPhase::Failed(StepProblem::TenantNotDeclared);
        }
    }
    let finding = failed(&evidence);
    assert_eq!(finding.blame, Blame::Config);
    assert!(finding.likely.expect("a cause").to_string().contains("`tenants`"));
}
