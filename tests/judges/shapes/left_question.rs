//! A disconnect control that only brought more on its own page: what flowcheck did not answer is no fault of the app.

use flowcheck::checklist::{Verdict, VerdictKind};
use flowcheck::evidence::{
    Act, Control, ControlRole, Entry, Event, Evidence, Facts, Page, PageKind, Purpose, StepPhase,
};

use crate::recordings::{HONEST, judge, one};

/// `uninstall/in-app`, where the disconnect control leads nowhere and the page then is this.
fn brought(after: impl FnOnce(&Page) -> Page) -> Evidence {
    let mut evidence = one(HONEST, "uninstall/in-app");
    let used = |entry: &Entry| {
        matches!(&entry.event, Event::Act(Act { purpose: Purpose::Disconnect { control: true, .. }, .. }))
    };
    let first = evidence.timeline.iter().position(used).expect("it disconnects");
    let before = evidence.timeline[..first].iter().rev().find_map(|entry| match &entry.event {
        Event::Page(page) if page.kind == PageKind::Installed => Some((**page).clone()),
        _ => None,
    });
    let page = after(&before.expect("the settings"));
    let is_done = |entry: &Entry| matches!(&entry.event, Event::Step(step) if step.phase == StepPhase::Done);
    let done = first + evidence.timeline[first..].iter().position(is_done).expect("the step ends");
    evidence.timeline.drain(first + 1..done);
    evidence.timeline.insert(first + 1, Entry { seq: 0, at_ms: 0, event: Event::Page(Box::new(page)) });
    evidence.timeline.retain(
        |entry| !matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Revoke(_))),
    );
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
    evidence
}

fn with(page: &Page, text: &str, control: Option<&str>) -> Page {
    let mut page = page.clone();
    page.text = format!("{} {text}", page.text);
    page.controls.extend(control.map(|name| Control {
        role: ControlRole::Button,
        name: name.to_owned(),
        href: None,
        near: String::new(),
        in_navigation: false,
    }));
    page
}

#[test]
fn what_may_be_a_question_is_for_a_person_and_said_once() {
    for control in ["Go ahead", "Koppla från nu", "Stop sending points"] {
        let evidence = brought(|page| with(page, "Points will no longer be sent.", Some(control)));
        match judge("uninstall.app.findable", &evidence) {
            Verdict::Review(finding) => assert!(finding.saw.to_string().contains(control), "{}", finding.saw),
            other => panic!("{control}: {other:?}"),
        }
        for item in ["uninstall.app.revokes", "uninstall.app.removed", "uninstall.app.shown", "uninstall.app.reinstall"]
        {
            match judge(item, &evidence) {
                Verdict::NotRun { blocked_by: Some(by), .. } => assert_eq!(by.as_str(), "uninstall.app.findable"),
                other => panic!("{item}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_control_that_does_nothing_or_ends_in_an_error_fails_the_app() {
    let dead = brought(Page::clone);
    let says_only = brought(|page| with(page, "Disconnecting…", None));
    let error = brought(|page| Page {
        alerts: vec!["Disconnecting failed. Try again later.".to_owned()],
        ..with(page, "Disconnecting failed. Try again later.", Some("Try again"))
    });
    let elsewhere =
        brought(|page| Page { url: format!("{}/more", page.url), ..with(page, "Klaviyo is connected.", Some("Help")) });
    for (name, evidence) in [("dead", dead), ("says only", says_only), ("error", error), ("elsewhere", elsewhere)] {
        assert_eq!(judge("uninstall.app.findable", &evidence).kind(), VerdictKind::Pass, "{name}");
        assert_eq!(judge("uninstall.app.revokes", &evidence).kind(), VerdictKind::Fail, "{name}");
    }
}
