//! `install.settings-url` in apps of shapes that no fixture has, with the verdict that is right for each.

use flowcheck::checklist::VerdictKind;
use flowcheck::evidence::{
    Act, Entry, Event, Evidence, Gesture, Page, PageKind, Place, Purpose, StepKind, StepMark, StepPhase,
};

use crate::recordings::{HONEST, judge, one};

const SETTINGS: &str = "http://localhost:3000/klaviyo/settings";
const DASHBOARD: &str = "http://localhost:3000/dashboard";

/// What a user who follows the link ends on: kind of page, how sure that is, address, and whether a login came before.
type Ending = (PageKind, u8, &'static str, bool);

const IN: Ending = (PageKind::Installed, 95, SETTINGS, false);

/// The shapes: what they imitate, where a signed-in user ends, where a signed-out one does, and the right verdict.
const SHAPES: &[(&str, Ending, Option<Ending>, VerdictKind)] = &[
    ("the settings, by login", IN, Some((PageKind::Installed, 95, SETTINGS, true)), VerdictKind::Pass),
    (
        "the settings of the user's only store, by login",
        (PageKind::Installed, 95, "http://localhost:3000/stores/7/klaviyo", false),
        Some((PageKind::Installed, 95, "http://localhost:3000/stores/7/klaviyo?welcome=1", true)),
        VerdictKind::Pass,
    ),
    ("a page that is gone", (PageKind::Error, 95, SETTINGS, false), None, VerdictKind::Fail),
    (
        "another installation",
        (PageKind::KlaviyoConsent, 100, "https://www.klaviyo.com/oauth/authorize", false),
        None,
        VerdictKind::Fail,
    ),
    ("the settings of another tenant", (PageKind::NotInstalled, 95, SETTINGS, false), None, VerdictKind::Fail),
    ("a login that forgets the way", IN, Some((PageKind::Other, 50, DASHBOARD, true)), VerdictKind::Fail),
    (
        "a login that comes back",
        IN,
        Some((PageKind::Login, 95, "http://localhost:3000/login", true)),
        VerdictKind::Fail,
    ),
    ("an error after the login", IN, Some((PageKind::Error, 95, SETTINGS, true)), VerdictKind::Fail),
    (
        "a page that nobody can read",
        (PageKind::Other, 50, SETTINGS, false),
        Some((PageKind::Other, 50, SETTINGS, true)),
        VerdictKind::Review,
    ),
    (
        "the settings, read with doubt after the login",
        IN,
        Some((PageKind::Installed, 45, SETTINGS, true)),
        VerdictKind::Review,
    ),
    (
        "a front page for who is signed out",
        IN,
        Some((PageKind::Other, 50, "http://localhost:3000/", false)),
        VerdictKind::Review,
    ),
    ("settings that seem not installed", (PageKind::NotInstalled, 45, SETTINGS, false), Some(IN), VerdictKind::Review),
    ("never opened signed out", IN, None, VerdictKind::NotRun),
];

#[test]
fn each_shape_has_the_verdict_that_is_right_for_it() {
    for (shape, signed_in, signed_out, right) in SHAPES {
        let mut evidence = one(HONEST, "install/signed-in");
        for ending in [Some(*signed_in), *signed_out].into_iter().flatten() {
            follow(&mut evidence, ending);
        }
        let verdict = judge("install.settings-url", &evidence);
        assert_eq!(verdict.kind(), *right, "{shape}: {verdict:?}");
    }
}

/// Adds a look at where the settings URL leads.
fn follow(evidence: &mut Evidence, (kind, certainty, url, by_login): Ending) {
    let settings = evidence.timeline.iter().rev().find_map(|entry| match &entry.event {
        Event::Page(page) if page.kind == PageKind::Installed => Some((**page).clone()),
        _ => None,
    });
    let settings = settings.expect("the honest app shows its settings");
    let step = |phase| Event::Step(Box::new(StepMark { index: 4, step: StepKind::LookAtSettingsUrl, line: 13, phase }));
    let act = |purpose| {
        Event::Act(Act { user: settings.user.clone(), purpose, gesture: Gesture::Opened { url: url.to_owned() } })
    };
    let page = Page { kind, certainty, url: url.to_owned(), ..settings.clone() };
    let mut events = vec![step(StepPhase::Began), act(Purpose::Look(Place::SettingsUrl))];
    events.extend(by_login.then(|| act(Purpose::LogIn)));
    events.extend([Event::Page(Box::new(page)), step(StepPhase::Done)]);
    for event in events {
        let last = evidence.timeline.last().expect("something was seen");
        let (seq, at_ms) = (last.seq + 1, last.at_ms);
        evidence.timeline.push(Entry { seq, at_ms, event });
    }
}
