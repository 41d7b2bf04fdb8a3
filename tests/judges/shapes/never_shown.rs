//! An app that loses what it was given in its callback: that it is not shown as installed is told once.

use flowcheck::checklist::{Verdict, VerdictKind};
use flowcheck::evidence::{
    Act, Entry, Event, Evidence, Gesture, Page, PageKind, PagePart, Purpose, StepPhase, StepProblem,
};

use crate::recordings::{HONEST, judge, one};

/// `uninstall/in-app` of an app whose callback ends on a page of this kind, and whose settings then are as if nothing had been installed.
/// The user does this before they are opened.
fn lost(landing: PageKind, between: Option<Purpose>) -> Evidence {
    let mut evidence = one(HONEST, "uninstall/in-app");
    let disconnect = evidence.timeline.iter().position(|entry| {
        matches!(&entry.event, Event::Act(Act { purpose: Purpose::Disconnect { control: true, .. }, .. }))
    });
    let disconnect = disconnect.expect("it disconnects");
    let step = evidence.timeline[..disconnect].iter().rev().find_map(|entry| match &entry.event {
        Event::Step(step) if step.phase == StepPhase::Began => Some(step.clone()),
        _ => None,
    });
    evidence.timeline.truncate(disconnect);
    let installed = |entry: &Entry| matches!(&entry.event, Event::Page(page) if page.kind == PageKind::Installed);
    let at = evidence.timeline.iter().position(installed).expect("it lands on its settings");
    let Event::Page(settings) = evidence.timeline[at].event.clone() else { unreachable!("it is a page") };
    for entry in &mut evidence.timeline {
        if let Event::Page(page) = &mut entry.event
            && page.kind == PageKind::Installed
        {
            page.kind = PageKind::NotInstalled;
        }
    }
    if let Event::Page(page) = &mut evidence.timeline[at].event {
        page.kind = landing;
    }
    let settings = Page { kind: PageKind::NotInstalled, ..*settings };
    let act =
        |purpose| Act { user: settings.user.clone(), purpose, gesture: Gesture::Opened { url: settings.url.clone() } };
    let mut step = step.expect("it began");
    step.phase = StepPhase::Failed(StepProblem::PartNotFound { part: PagePart::Disconnect, page: None, doubt: None });
    let entry = |event| Entry { seq: 0, at_ms: 0, event };
    let in_vain = Event::Act(act(Purpose::Disconnect { clicks: 0, control: false }));
    let found_nothing = [in_vain, Event::Page(Box::new(settings.clone())), Event::Step(step)];
    evidence.timeline.extend(found_nothing.map(entry));
    if let Some(purpose) = between {
        evidence.timeline.insert(at + 1, entry(Event::Act(act(purpose))));
    }
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
    evidence
}

fn findable(evidence: &Evidence) -> Verdict {
    judge("uninstall.app.findable", evidence)
}

#[test]
fn no_disconnect_control_is_missed_where_the_app_never_was_installed_for_the_user() {
    for landing in [PageKind::Error, PageKind::Other, PageKind::Notice, PageKind::NotInstalled] {
        match findable(&lost(landing, None)) {
            Verdict::NotRun { blocked_by: Some(item), .. } => assert_eq!(item.as_str(), "install.shown", "{landing:?}"),
            other => panic!("{landing:?}: {other:?}"),
        }
    }
}

#[test]
fn an_app_that_was_shown_as_installed_or_was_left_alone_is_to_be_disconnected() {
    assert_eq!(findable(&lost(PageKind::Installed, None)).kind(), VerdictKind::Fail);
    // To sign in anew may be what loses it.
    assert_eq!(findable(&lost(PageKind::Error, Some(Purpose::SignInAgain))).kind(), VerdictKind::Fail);
}
