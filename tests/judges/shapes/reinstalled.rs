//! An app that is installed again, and what its settings show then.

use flowcheck::checklist::{Verdict, VerdictKind};
use flowcheck::evidence::{Act, Entry, Event, Evidence, Gesture, Page, PageKind, Place, Purpose, StepPhase};

use crate::recordings::{HONEST, judge, one};

/// A scenario at whose end the settings are looked at, which show these states one after the other, as surely as this.
fn then_shows(scenario: &str, states: &[(PageKind, u8)]) -> Evidence {
    let mut evidence = one(HONEST, scenario);
    let settings = evidence.timeline.iter().find_map(|entry| match &entry.event {
        Event::Page(page) if page.kind == PageKind::Installed => Some(page.clone()),
        _ => None,
    });
    let settings = *settings.expect("it was installed");
    let done = evidence.timeline.iter().rev().find_map(|entry| match &entry.event {
        Event::Step(step) if step.phase == StepPhase::Done => Some(Event::Step(step.clone())),
        _ => None,
    });
    for (index, &(kind, certainty)) in states.iter().enumerate() {
        let purpose = if index == 0 { Purpose::Look(Place::Settings(None)) } else { Purpose::Prepare };
        let gesture = Gesture::Opened { url: settings.url.clone() };
        let act = Event::Act(Act { user: settings.user.clone(), purpose, gesture });
        let page = Event::Page(Box::new(Page { kind, certainty, ..settings.clone() }));
        append(&mut evidence, act);
        append(&mut evidence, page);
    }
    append(&mut evidence, done.expect("its steps were done"));
    evidence
}

fn append(evidence: &mut Evidence, event: Event) {
    let seq = evidence.timeline.last().expect("there is something").seq + 1;
    evidence.timeline.push(Entry { seq, at_ms: 0, event });
}

const BOTH: [(&str, &str); 2] =
    [("uninstall/in-app", "uninstall.app.reinstall"), ("uninstall/in-klaviyo", "uninstall.klaviyo.reinstall")];

#[test]
fn settings_that_stay_as_if_nothing_were_installed_fail_the_second_installation() {
    let late = [(PageKind::Other, 50), (PageKind::NotInstalled, 80)];
    for (scenario, item) in BOTH {
        for states in [&[(PageKind::NotInstalled, 80)][..], &late] {
            match judge(item, &then_shows(scenario, states)) {
                Verdict::Fail(finding) => assert!(finding.saw.to_string().contains("Klaviyo gave tokens again")),
                other => panic!("{item}: {other:?}"),
            }
        }
    }
}

#[test]
fn settings_that_show_the_second_installation_or_nothing_for_sure_do_not() {
    let late = [(PageKind::NotInstalled, 80), (PageKind::Installed, 80)];
    let unsure = [(PageKind::NotInstalled, 50)];
    for (scenario, item) in BOTH {
        for states in [&[(PageKind::Installed, 80)][..], &late, &unsure, &[(PageKind::Other, 50)], &[]] {
            let verdict = judge(item, &then_shows(scenario, states));
            assert_eq!(verdict.kind(), VerdictKind::Pass, "{item} {states:?}: {verdict:?}");
        }
    }
}

#[test]
fn an_app_that_never_showed_itself_as_installed_is_told_so_once() {
    for (scenario, item) in BOTH {
        let mut evidence = then_shows(scenario, &[(PageKind::NotInstalled, 80)]);
        for entry in &mut evidence.timeline {
            if let Event::Page(page) = &mut entry.event
                && page.kind == PageKind::Installed
            {
                page.kind = PageKind::NotInstalled;
            }
        }
        match judge(item, &evidence) {
            Verdict::NotRun { blocked_by: Some(item), .. } => assert_eq!(item.as_str(), "install.shown"),
            other => panic!("{item}: {other:?}"),
        }
    }
}
