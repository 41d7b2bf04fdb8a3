//! `scope.least` and `oauth.authorize.request`: scopes that are asked for and not used, used and not asked for, and in no list.

use flowcheck::checklist::{Verdict, VerdictKind};
use flowcheck::evidence::{Event, Evidence, Facts, KlaviyoEvent};

use crate::recordings::{HONEST, judge, one};

/// The honest app's evidence, in which one call of the API was refused for want of a scope.
fn refused(scenario: &str, status: u16, missing: &str) -> Evidence {
    let mut evidence = one(HONEST, scenario);
    let call = evidence.timeline.iter_mut().rev().find_map(|entry| match &mut entry.event {
        Event::Exchange(exchange) if matches!(exchange.facts, Facts::Api(_)) => Some(exchange),
        _ => None,
    });
    let call = call.expect("the app calls Klaviyo");
    call.status = status;
    let Facts::Api(facts) = &mut call.facts else { panic!("it is a call of the API") };
    facts.missing_scopes = vec![missing.to_owned()];
    evidence
}

#[test]
fn a_403_for_a_scope_that_is_never_asked_for_fails_and_any_other_does_not() {
    let kind = |evidence: &Evidence| judge("scope.least", evidence).kind();
    for scope in ["tags:read", "campaigns:write", "brands:read", "data-privacy:read"] {
        for scenario in ["scopes/least", "uninstall/in-app", "rate/throttled"] {
            assert_eq!(kind(&refused(scenario, 403, scope)), VerdictKind::Fail, "{scope} in {scenario}");
        }
    }
    // The app asks for it, and this token lacks it; and Klaviyo did not refuse for it.
    assert_ne!(kind(&refused("scopes/least", 403, "events:write")), VerdictKind::Fail);
    assert_ne!(kind(&refused("scopes/least", 401, "tags:read")), VerdictKind::Fail);
    // The update adds it; this user has not authorized again.
    let mut updated = refused("scopes/least", 403, "segments:read");
    assert_eq!(kind(&updated), VerdictKind::Fail);
    let scopes = ["accounts:read", "segments:read"].map(str::to_owned).to_vec();
    let event = Event::Klaviyo(KlaviyoEvent::ScopesChanged { client_id: String::new(), scopes });
    updated.timeline.last_mut().expect("there is one").event = event;
    assert_ne!(kind(&updated), VerdictKind::Fail);
}

#[test]
fn what_is_asked_for_and_never_used_is_left_to_a_person_with_a_list() {
    let mut evidence = one(HONEST, "scopes/least");
    for entry in &mut evidence.timeline {
        if let Event::Exchange(exchange) = &mut entry.event
            && let Facts::Authorize(call) = &mut exchange.facts
        {
            call.scopes.extend(["forms:read", "brands:write"].map(str::to_owned));
        }
    }
    let verdict = judge("scope.least", &evidence);
    assert!(
        matches!(&verdict, Verdict::Review(finding) if finding.saw.to_string() == "never: brands:write, forms:read"),
        "{verdict:?}"
    );
}

#[test]
fn a_scope_that_no_list_has_is_told_and_fails_only_where_the_settings_do_not_have_it() {
    let asked = |scope: &str, declared: bool| {
        let mut evidence = one(HONEST, "scopes/least");
        for entry in &mut evidence.timeline {
            if let Event::Exchange(exchange) = &mut entry.event
                && let Facts::Authorize(call) = &mut exchange.facts
            {
                call.scopes.push(scope.to_owned());
                call.unknown_scopes.extend((!declared).then(|| scope.to_owned()));
            }
        }
        judge("oauth.authorize.request", &evidence)
    };
    let told = |verdict: &Verdict, scope: &str| {
        let words = match verdict {
            Verdict::Pass(statement) => statement.to_string(),
            other => other.finding().expect("it fails").saw.to_string(),
        };
        words.contains(&format!("no list of Klaviyo's scopes has {scope}"))
    };
    for scope in ["loyalty:read", "profile:read", "events:append"] {
        let (declared, undeclared) = (asked(scope, true), asked(scope, false));
        assert_eq!((declared.kind(), undeclared.kind()), (VerdictKind::Pass, VerdictKind::Fail), "{scope}");
        assert!(told(&declared, scope) && told(&undeclared, scope), "{declared:?} {undeclared:?}");
    }
    for scope in ["brands:read", "applications:write", "data-privacy:read"] {
        let (declared, undeclared) = (asked(scope, true), asked(scope, false));
        assert_eq!((declared.kind(), undeclared.kind()), (VerdictKind::Pass, VerdictKind::Fail), "{scope}");
        assert!(!told(&declared, scope) && !told(&undeclared, scope), "{declared:?} {undeclared:?}");
    }
}
