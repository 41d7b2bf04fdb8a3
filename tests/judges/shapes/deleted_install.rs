//! Disconnecting by deleting the install (beta) instead of revoking a token.

use flowcheck::checklist::Verdict;
use flowcheck::evidence::{ApiCall, Event, Evidence, Facts};

use crate::recordings::{HONEST, judge, one};

/// The honest app's disconnecting, with a call of the API in place of the revocation.
fn instead_of_revoking(method: &str, status: u16, change: impl Fn(&mut ApiCall)) -> Evidence {
    let mut evidence = one(HONEST, "uninstall/in-app");
    let call = evidence.timeline.iter().find_map(|entry| match &entry.event {
        Event::Exchange(exchange) => match &exchange.facts {
            Facts::Api(call) => Some(call.clone()),
            _ => None,
        },
        _ => None,
    });
    let call = call.expect("the app called the API");
    for entry in &mut evidence.timeline {
        if let Event::Exchange(exchange) = &mut entry.event
            && let Facts::Revoke(revoked) = &exchange.facts
        {
            let mut call = ApiCall { install: revoked.install.clone(), ..call.clone() };
            call.operation = Some("delete_application_install".to_owned());
            change(&mut call);
            exchange.method = method.into();
            exchange.path = "/api/application-installs/in_1".into();
            exchange.status = status;
            exchange.facts = Facts::Api(call);
        }
    }
    evidence
}

#[test]
fn an_install_that_the_app_deletes_is_uninstalled_with_a_note() {
    let evidence = instead_of_revoking("DELETE", 204, |_| {});
    match judge("uninstall.app.revokes", &evidence) {
        Verdict::Pass(note) => assert!(note.to_string().contains("beta"), "{note}"),
        other => panic!("{other:?}"),
    }
    for item in ["uninstall.app.removed", "uninstall.app.shown"] {
        assert!(matches!(judge(item, &evidence), Verdict::Pass(_)), "{item}: {:?}", judge(item, &evidence));
    }
}

#[test]
fn asking_for_it_or_deleting_another_ends_nothing() {
    let asked = instead_of_revoking("GET", 200, |call| call.operation = Some("get_application_install".to_owned()));
    let refused = instead_of_revoking("DELETE", 404, |_| {});
    let another = instead_of_revoking("DELETE", 204, |call| call.install = Some("in_other".to_owned()));
    for evidence in [asked, refused, another] {
        let verdict = judge("uninstall.app.revokes", &evidence);
        assert!(matches!(verdict, Verdict::Fail(_)), "{verdict:?}");
    }
}
