//! API use, on evidence that is the honest app's but for what a test changes in its calls.

use flowcheck::checklist::{Verdict, VerdictKind};
use flowcheck::evidence::{ApiCall, Event, Evidence, Exchange, Facts, RevisionStatus, TokenState};

use crate::recordings::{HONEST, judge, one};

/// The honest app's evidence with each call of the API changed.
fn with_calls(change: impl Fn(&mut Exchange)) -> Evidence {
    let mut evidence = one(HONEST, "install/signed-in");
    for entry in &mut evidence.timeline {
        if let Event::Exchange(exchange) = &mut entry.event
            && matches!(exchange.facts, Facts::Api(_))
        {
            change(exchange);
        }
    }
    evidence
}

fn facts(exchange: &mut Exchange) -> &mut ApiCall {
    match &mut exchange.facts {
        Facts::Api(facts) => facts,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_revision_is_one_that_klaviyo_serves() {
    for (status, kind) in [
        (RevisionStatus::Missing, VerdictKind::Fail),
        (RevisionStatus::Malformed, VerdictKind::Fail),
        (RevisionStatus::Retired, VerdictKind::Fail),
        (RevisionStatus::Unknown, VerdictKind::Review),
        (RevisionStatus::Deprecated, VerdictKind::Warn),
        (RevisionStatus::Stable, VerdictKind::Pass),
    ] {
        let evidence = with_calls(|call| facts(call).revision_status = status);
        assert_eq!(judge("api.revision", &evidence).kind(), kind, "{status:?}");
    }
}

#[test]
fn a_retired_revision_of_one_call_is_told_before_a_deprecated_one_of_another() {
    let mut first = true;
    let mut evidence = one(HONEST, "uninstall/in-app");
    for entry in &mut evidence.timeline {
        if let Event::Exchange(exchange) = &mut entry.event
            && let Facts::Api(facts) = &mut exchange.facts
        {
            facts.revision_status = if first { RevisionStatus::Deprecated } else { RevisionStatus::Retired };
            first = false;
        }
    }
    assert_eq!(judge("api.revision", &evidence).kind(), VerdictKind::Fail);
}

#[test]
fn that_the_header_is_set_on_some_calls_only_is_said_where_it_is() {
    let likely = |evidence: &Evidence| match judge("api.revision", evidence) {
        Verdict::Fail(finding) => finding.likely.map(|likely| likely.to_string()),
        other => panic!("{other:?}"),
    };
    let none = with_calls(|call| {
        facts(call).revision = None;
        facts(call).revision_status = RevisionStatus::Missing;
    });
    assert_eq!(likely(&none), None);
    let mut first = true;
    let some = {
        let mut evidence = one(HONEST, "uninstall/in-app");
        for entry in &mut evidence.timeline {
            if let Event::Exchange(exchange) = &mut entry.event
                && let Facts::Api(facts) = &mut exchange.facts
                && std::mem::take(&mut first)
            {
                facts.revision = None;
                facts.revision_status = RevisionStatus::Missing;
            }
        }
        evidence
    };
    assert_eq!(likely(&some).as_deref(), Some("the header is set on some calls only"));
}

#[test]
fn a_call_without_the_token_is_told_from_one_with_a_private_key() {
    for (state, word) in [(TokenState::Missing, "no credentials"), (TokenState::PrivateKey, "a private API key")] {
        let verdict = judge("api.bearer-only", &with_calls(|call| facts(call).token_state = state));
        assert!(matches!(&verdict, Verdict::Fail(finding) if finding.saw.to_string().ends_with(word)), "{verdict:?}");
    }
    // A token that is dead is a token all the same.
    let expired = with_calls(|call| facts(call).token_state = TokenState::Expired);
    assert_eq!(judge("api.bearer-only", &expired).kind(), VerdictKind::Pass);
}

#[test]
fn what_klaviyo_does_not_publish_is_for_a_person_to_look_at() {
    let unpublished = with_calls(|call| {
        facts(call).operation = None;
        call.status = 405;
    });
    let verdict = judge("api.published", &unpublished);
    assert!(
        matches!(&verdict, Verdict::Review(finding) if finding.saw.to_string().ends_with("answered 405")),
        "{verdict:?}"
    );
}

#[test]
fn what_the_sent_revision_does_not_have_and_what_may_be_a_beta_are_told_from_what_is_mistyped() {
    let likely = |evidence: &Evidence| match judge("api.published", evidence) {
        Verdict::Review(finding) => finding.likely.map(|likely| likely.to_string()).unwrap_or_default(),
        other => panic!("{other:?}"),
    };
    let not_in_revision = with_calls(|call| {
        facts(call).not_in_revision = true;
        call.status = 404;
    });
    assert!(likely(&not_in_revision).contains("another revision"));
    let beta = with_calls(|call| {
        facts(call).operation = None;
        facts(call).mock_gap = true;
        call.status = 501;
    });
    assert!(likely(&beta).contains("beta"));
}

#[test]
fn a_page_that_calls_with_the_token_is_caught_by_its_question_already() {
    let from_page = |names: &str| {
        with_calls(|call| {
            call.method = "OPTIONS".into();
            facts(call).operation = None;
            facts(call).token_state = TokenState::Missing;
            call.request_headers.push(("origin".into(), "https://app.example".into()));
            call.request_headers.push(("access-control-request-headers".into(), names.into()));
        })
    };
    let asks = from_page("authorization,revision");
    assert_eq!(judge("api.server-side", &asks).kind(), VerdictKind::Fail);
    // The question itself carries neither token nor revision, and is of no operation.
    for item in ["api.bearer-only", "api.revision", "api.published"] {
        assert_eq!(judge(item, &asks).kind(), VerdictKind::Pass, "{item}");
    }
    assert_eq!(judge("api.server-side", &from_page("revision")).kind(), VerdictKind::Pass);
}

#[test]
fn what_is_for_browsers_needs_no_token_and_no_revision() {
    let client = with_calls(|call| {
        call.path = "/client/events".into();
        facts(call).token_state = TokenState::Missing;
        facts(call).revision = None;
    });
    for item in ["api.bearer-only", "api.revision", "api.published"] {
        assert_eq!(judge(item, &client).kind(), VerdictKind::NotApplicable, "{item}");
    }
}

#[test]
fn calls_of_the_client_api_are_judged_where_they_are_the_apps_or_for_the_users_account() {
    let account = one(HONEST, "install/signed-in").setup.accounts[0].id.clone();
    let call = |method: &str, path: &str, company: &str, headers: &[(&str, &str)]| {
        let evidence = with_calls(|call| {
            (call.method, call.path) = (method.into(), path.into());
            call.query = vec![("company_id".into(), company.into())];
            call.request_headers.extend(headers.iter().map(|(name, value)| ((*name).into(), (*value).into())));
            facts(call).token_state = TokenState::Missing;
        });
        judge("api.server-side", &evidence).kind()
    };
    let page = [("origin", "https://app.example")];
    let shown = [("sec-fetch-mode", "no-cors")];
    for (method, path, company, headers, kind) in [
        ("POST", "/client/events", account.as_str(), &[][..], VerdictKind::Fail),
        ("POST", "/client/events/", &account, &page, VerdictKind::Fail),
        ("POST", "/client/event-bulk-create", &account, &shown, VerdictKind::Fail),
        // The app's server has no account of its own to call for.
        ("POST", "/client/events", "XXXXXX", &[], VerdictKind::Fail),
        ("POST", "/client/profiles", &account, &[], VerdictKind::Review),
        ("POST", "/client/subscriptions", &account, &page, VerdictKind::Review),
        ("GET", "/client/reviews", &account, &page, VerdictKind::Review),
        // The app's own site may well be a customer of Klaviyo's.
        ("POST", "/client/events", "OwN001", &page, VerdictKind::NotApplicable),
        ("POST", "/client/subscriptions", "OwN001", &[("referer", "https://app.example/")], VerdictKind::NotApplicable),
        // That a browser asks is not yet a call.
        ("OPTIONS", "/client/events", &account, &page, VerdictKind::Pass),
    ] {
        assert_eq!(call(method, path, company, headers), kind, "{method} {path} for {company} with {headers:?}");
    }
}
