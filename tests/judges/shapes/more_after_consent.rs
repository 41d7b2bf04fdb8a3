//! A form after consent that refuses what flowcheck filled in: that there is one is told, and not that the installation failed.

use flowcheck::checklist::VerdictKind;
use flowcheck::evidence::{Act, Entry, Event, Evidence, Gesture, Obstacle, Page, PageKind, PageRef, Purpose};

use crate::recordings::{HONEST, judge, one};

/// `install/signed-in`, whose landing page is a form that was filled in, and then this page.
fn then(first: PageKind, kind: PageKind, status: u16, path: &str) -> Evidence {
    let mut evidence = one(HONEST, "install/signed-in");
    let installed = |entry: &Entry| matches!(&entry.event, Event::Page(page) if page.kind == PageKind::Installed);
    let at = evidence.timeline.iter().position(installed).expect("it lands on its settings");
    let Event::Page(landing) = &mut evidence.timeline[at].event else { unreachable!("it is a page") };
    landing.kind = first;
    let obstacle = Obstacle::MoreAfterConsent(PageRef::of(landing));
    let gesture = Gesture::Opened { url: landing.url.clone() };
    let act = Act { user: landing.user.clone(), purpose: Purpose::Recover(obstacle), gesture };
    let after = Page { kind, status: Some(status), url: format!("{}{path}", landing.url), ..(**landing).clone() };
    let entry = |event| Entry { seq: 0, at_ms: 0, event };
    evidence.timeline.insert(at + 1, entry(Event::Act(act)));
    evidence.timeline.insert(at + 2, entry(Event::Page(Box::new(after))));
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
    evidence
}

#[test]
fn what_the_form_refuses_is_no_failed_installation() {
    for (first, kind, status) in [
        (PageKind::Installed, PageKind::Error, 422),
        (PageKind::Other, PageKind::Error, 400),
        (PageKind::Other, PageKind::Error, 409),
        (PageKind::Other, PageKind::Error, 200),
    ] {
        let evidence = then(first, kind, status, "");
        assert_eq!(judge("install.completes", &evidence).kind(), VerdictKind::Pass, "{status}");
    }
}

#[test]
fn an_error_of_the_apps_own_is_one() {
    for (first, kind, status, path) in [
        (PageKind::Other, PageKind::Error, 500, ""),
        (PageKind::Other, PageKind::Error, 404, "/done"),
        (PageKind::Other, PageKind::Error, 200, "/done"),
        (PageKind::Error, PageKind::Error, 422, ""),
    ] {
        let evidence = then(first, kind, status, path);
        assert_eq!(judge("install.completes", &evidence).kind(), VerdictKind::Fail, "{status} {path}");
    }
}
