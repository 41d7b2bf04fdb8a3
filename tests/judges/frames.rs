//! Embedded apps with one thing twisted: what the browser does with cookies, where the message is, whose login it is.

use flowcheck::checklist::{Blame, Verdict, VerdictKind};
use flowcheck::evidence::{Entry, Event, Evidence, Page, PageKind, Purpose, StepPhase, StepProblem, ThirdPartyCookies};

use crate::recordings::{HONEST, expects, judge, one};

#[test]
fn without_blocked_cookies_nothing_that_an_app_shows_in_a_frame_passes_unseen() {
    for cookies in [ThirdPartyCookies::Allowed, ThirdPartyCookies::Unknown("the frame was not loaded".to_owned())] {
        let mut evidence = one(HONEST, "embedded/signed-in");
        evidence.setup.app.host.as_mut().expect("it has one").third_party_cookies = cookies;
        for (item, _) in expects("embedded/signed-in") {
            let wanted = if item.as_str().starts_with("oauth.") { VerdictKind::Pass } else { VerdictKind::Review };
            let verdict = judge(item.as_str(), &evidence);
            assert_eq!(verdict.kind(), wanted, "{item}: {verdict:?}");
        }
    }
}

#[test]
fn an_app_with_the_window_to_itself_needs_no_such_probe() {
    let mut evidence = one(HONEST, "embedded/several-tenants");
    evidence.setup.app.host.as_mut().expect("it has one").third_party_cookies = ThirdPartyCookies::Allowed;
    assert_eq!(judge("embedded.tenant.chosen", &evidence).kind(), VerdictKind::Pass);
}

#[test]
fn the_recordings_were_made_with_cookies_blocked() {
    let host = one(HONEST, "embedded/signed-in").setup.app.host.expect("it has one");
    assert_eq!(host.third_party_cookies, ThirdPartyCookies::Blocked);
}

#[test]
fn each_kind_of_app_has_its_own_items() {
    let (by_itself, in_a_host) = (one(HONEST, "install/signed-in"), one(HONEST, "embedded/signed-in"));
    assert_eq!(judge("install.signed-in.direct", &in_a_host).kind(), VerdictKind::NotApplicable);
    for item in ["embedded.signed-in.direct", "embedded.not-installed.told"] {
        assert_eq!(judge(item, &by_itself).kind(), VerdictKind::NotApplicable, "{item}");
    }
}

#[test]
fn being_sent_to_the_listing_is_no_message() {
    let mut evidence = one(HONEST, "embedded/not-installed");
    let listing = evidence.setup.app.host.as_ref().expect("it has one").listing.clone();
    message(&mut evidence).url = listing;
    failed(&evidence, "and no message");
}

#[test]
fn a_message_that_names_the_listing_has_to_say_what_then() {
    let mut evidence = one(HONEST, "embedded/not-installed");
    let page = message(&mut evidence);
    page.text = "Please install Harbour Reviews from Quay's app listing.".to_owned();
    assert_eq!(judge("embedded.not-installed.told", &evidence).kind(), VerdictKind::Review);
}

#[test]
fn raw_output_tells_nobody_to_install_anything() {
    let mut evidence = one(HONEST, "embedded/not-installed");
    let page = message(&mut evidence);
    page.text = "{\"error\":\"app not installed in Quay, see the listing\"}".to_owned();
    failed(&evidence, "raw output");
}

#[test]
fn a_new_account_that_has_yet_to_install_the_app_is_left_to_a_person() {
    let mut evidence = one("sign-up-drops-return", "embedded/no-account");
    assert_eq!(judge("embedded.no-account.resumes", &evidence).kind(), VerdictKind::Fail);
    let dashboard = evidence.timeline.iter_mut().find_map(|entry| match &mut entry.event {
        Event::Page(page) if page.text.contains("Welcome") => Some(page),
        _ => None,
    });
    dashboard.expect("it was seen").text = "Please install Harbour Reviews from the app listing.".to_owned();
    assert_eq!(judge("embedded.no-account.resumes", &evidence).kind(), VerdictKind::Review);
}

/// The page at which the first installation stopped.
fn message(evidence: &mut Evidence) -> &mut Page {
    let end = evidence
        .timeline
        .iter()
        .position(|entry| matches!(&entry.event, Event::Act(act) if act.gesture.to_string().contains("app listing")))
        .expect("the message's link was followed");
    let pages = evidence.timeline[..end].iter_mut().filter_map(|entry| match &mut entry.event {
        Event::Page(page) if page.kind != PageKind::KlaviyoListing => Some(page.as_mut()),
        _ => None,
    });
    pages.last().expect("there is one")
}

fn failed(evidence: &Evidence, saw: &str) {
    match judge("embedded.not-installed.told", evidence) {
        Verdict::Fail(finding) => assert!(finding.saw.to_string().contains(saw), "{finding:?}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_platform_that_does_not_answer_is_no_fault_of_the_app() {
    let setup = one(HONEST, "embedded/signed-in").setup;
    let host = setup.app.host.expect("it has one").url;
    for (unreachable, blame) in [(host, Blame::Config), (setup.app.url, Blame::App)] {
        let mut evidence = one(HONEST, "embedded/signed-in");
        let url = format!("{}/launch", unreachable.trim_end_matches('/'));
        let starts =
            |entry: &Entry| matches!(&entry.event, Event::Act(act) if matches!(act.purpose, Purpose::StartInstall(_)));
        let started = evidence.timeline.iter().position(starts).expect("an installation is started");
        let rest = evidence.timeline.split_off(started + 1);
        let mut events: Vec<Event> = rest.into_iter().map(|entry| entry.event).collect();
        events.truncate(1 + events.iter().position(|event| matches!(event, Event::Step(_))).expect("the step ends"));
        events.retain(|event| matches!(event, Event::Hop(_) | Event::Page(_) | Event::Step(_)));
        events.dedup_by_key(|event| std::mem::discriminant(event));
        for event in &mut events {
            match event {
                Event::Hop(hop) => {
                    (hop.url, hop.status, hop.location) = (url.clone(), None, None);
                    hop.error = Some("net::ERR_EMPTY_RESPONSE".to_owned());
                }
                Event::Page(page) => (page.url, page.kind, page.status) = (url.clone(), PageKind::BrowserError, None),
                Event::Step(mark) => mark.phase = StepPhase::Failed(StepProblem::NoAnswer(None)),
                _ => {}
            }
        }
        let began = evidence.timeline.len();
        evidence.timeline.extend(events.into_iter().enumerate().map(|(place, event)| Entry {
            seq: u32::try_from(began + place).expect("it is short"),
            at_ms: 0,
            event,
        }));
        let verdict = judge("embedded.signed-in.direct", &evidence);
        assert_eq!(verdict.finding().map(|finding| finding.blame), Some(blame), "{verdict:?}");
    }
}
