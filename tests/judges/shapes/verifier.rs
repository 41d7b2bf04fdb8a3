//! A PKCE verifier that is sent through the browser.

use flowcheck::checklist::{Verdict, VerdictKind};
use flowcheck::evidence::{Event, Evidence, Facts, Secret};

use crate::recordings::{HONEST, judge, one};

/// `oauth/secrets` with another `state`, given the verifier that the code was exchanged with.
fn with_state(state: impl Fn(&Secret, &Secret) -> Secret) -> Evidence {
    let mut evidence = one(HONEST, "oauth/secrets");
    let verifier = evidence.timeline.iter().find_map(|entry| match &entry.event {
        Event::Exchange(exchange) => match &exchange.facts {
            Facts::Token(call) => call.verifier.as_ref().map(|verifier| verifier.secret.clone()),
            _ => None,
        },
        _ => None,
    });
    let verifier = verifier.expect("PKCE");
    for entry in &mut evidence.timeline {
        if let Event::Exchange(exchange) = &mut entry.event
            && let Facts::Authorize(call) = &mut exchange.facts
        {
            call.state = call.state.as_ref().map(|sent| state(sent, &verifier));
        }
    }
    evidence
}

#[test]
fn a_state_that_is_the_verifier_is_seen_and_no_other() {
    match judge("oauth.secrets-hidden", &with_state(|_, verifier| verifier.clone())) {
        Verdict::Fail(finding) => assert!(finding.saw.to_string().contains("as `state`"), "{}", finding.saw),
        other => panic!("{other:?}"),
    }
    let as_long = |sent: &Secret, verifier: &Secret| Secret { fingerprint: sent.fingerprint, ..verifier.clone() };
    for evidence in [with_state(|sent, _| sent.clone()), with_state(as_long)] {
        assert_eq!(judge("oauth.secrets-hidden", &evidence).kind(), VerdictKind::Pass);
    }
}
