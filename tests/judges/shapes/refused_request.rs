//! What keeps the user from Klaviyo's consent page where Klaviyo refuses the authorization request: one mistake, told once.

use flowcheck::checklist::{Verdict, VerdictKind};
use flowcheck::evidence::{
    Act, AuthorizeCall, Entry, Event, Evidence, Facts, Gesture, Obstacle, PageKind, PageRef, Purpose, StepPhase,
    StepProblem,
};

use crate::recordings::{HONEST, judge, one};

/// What the same stop would fail too.
const WAYS: [&str; 3] = ["install.signed-in.direct", "install.no-detour", "install.no-manual-steps"];

/// An installation of which Klaviyo refuses the request, with an error at the app's settings. The user begins anew there, in vain.
fn refused(change: impl Fn(&mut AuthorizeCall)) -> Evidence {
    let mut evidence = one(HONEST, "install/signed-in");
    let asked = evidence.timeline.iter_mut().position(|entry| {
        let Event::Exchange(exchange) = &mut entry.event else { return false };
        let Facts::Authorize(call) = &mut exchange.facts else { return false };
        call.attempt = None;
        change(call);
        true
    });
    let settings = evidence.timeline.iter().find_map(|entry| match &entry.event {
        Event::Page(page) if page.kind == PageKind::Installed => Some(page.clone()),
        _ => None,
    });
    let step = evidence.timeline.iter().find_map(|entry| match &entry.event {
        Event::Step(step) if step.phase == StepPhase::Done => Some(step.clone()),
        _ => None,
    });
    let (asked, mut page, mut step) =
        (asked.expect("it asked"), settings.expect("it has settings"), step.expect("the installation was one"));
    page.kind = PageKind::Error;
    "The configuration is invalid.".clone_into(&mut page.text);
    let at = PageRef::of(&page);
    step.phase = StepPhase::Failed(StepProblem::StoppedAt { page: at.clone(), settings_tried: true });
    let anew = Act {
        user: page.user.clone(),
        purpose: Purpose::StartAnew(at),
        gesture: Gesture::Opened { url: page.url.clone() },
    };
    evidence.timeline.truncate(asked + 1);
    for event in [Event::Page(page.clone()), Event::Act(anew), Event::Page(page), Event::Step(step)] {
        evidence.timeline.push(Entry { seq: 0, at_ms: 0, event });
    }
    numbered(evidence)
}

fn numbered(mut evidence: Evidence) -> Evidence {
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
    evidence
}

fn blocked_by(item: &str, evidence: &Evidence) -> Option<String> {
    match judge(item, evidence) {
        Verdict::NotRun { blocked_by, .. } => blocked_by.map(|id| id.as_str().to_owned()),
        other => panic!("{item}: {other:?}"),
    }
}

#[test]
fn a_request_that_klaviyo_refuses_is_told_by_the_item_that_judges_it_alone() {
    type Change = fn(&mut AuthorizeCall);
    let shapes: [(&str, Change); 7] = [
        ("oauth.pkce", |call| call.challenge_method = Some("s256".to_owned())),
        ("oauth.pkce", |call| call.challenge_method = Some("plain".to_owned())),
        ("oauth.pkce", |call| call.challenge_method = None),
        ("oauth.pkce", |call| call.challenge = None),
        ("oauth.authorize.request", |call| call.response_type = Some("token".to_owned())),
        ("oauth.authorize.request", |call| call.repeated = vec!["scope".to_owned()]),
        ("oauth.authorize.request", |call| call.redirect_uri_registered = false),
    ];
    for (number, (item, change)) in shapes.into_iter().enumerate() {
        let evidence = refused(change);
        assert_eq!(judge(item, &evidence).kind(), VerdictKind::Fail, "{number}");
        for way in WAYS {
            assert_eq!(blocked_by(way, &evidence).as_deref(), Some(item), "{number}: {way}");
        }
    }
}

#[test]
fn a_good_request_that_got_no_consent_page_excuses_nothing() {
    let evidence = refused(|_| {});
    for way in WAYS {
        assert_eq!(judge(way, &evidence).kind(), VerdictKind::Fail, "{way}");
    }
}

#[test]
fn a_stop_before_the_refused_request_is_the_apps_own() {
    let mut evidence = refused(|call| call.challenge_method = Some("s256".to_owned()));
    let asked = evidence.timeline.iter().position(
        |entry| matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Authorize(_))),
    );
    let page = evidence.timeline.iter().find_map(|entry| match &entry.event {
        Event::Page(page) if page.kind == PageKind::Error => Some(page.clone()),
        _ => None,
    });
    let mut page = page.expect("there is one");
    page.kind = PageKind::Other;
    let act = Act {
        user: page.user.clone(),
        purpose: Purpose::Recover(Obstacle::Page(PageRef::of(&page))),
        gesture: Gesture::Opened { url: page.url.clone() },
    };
    let asked = asked.expect("it asked");
    for event in [Event::Act(act), Event::Page(page)] {
        evidence.timeline.insert(asked, Entry { seq: 0, at_ms: 0, event });
    }
    let evidence = numbered(evidence);
    for way in ["install.signed-in.direct", "install.no-manual-steps"] {
        assert_eq!(judge(way, &evidence).kind(), VerdictKind::Fail, "{way}");
    }
}
