//! A host that wants HTTP authentication before it shows any page is for `access` in flowcheck.yaml, and no fault of the app.

use flowcheck::checklist::{Blame, Finding, Verdict};
use flowcheck::evidence::{Event, Evidence, PageKind};

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
