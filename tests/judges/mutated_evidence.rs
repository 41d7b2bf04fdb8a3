//! Recordings with one thing twisted: what no seeded defect does, and real apps do.

use flowcheck::checklist::{Blame, Finding, Verdict};
use flowcheck::evidence::{
    Act, ApiCall, AppEvent, AuthorizeCall, ClientAuth, Entry, Event, Evidence, Exchange, Facts, KlaviyoEvent, Page,
    PageKind, Place, Purpose, RevokeCall, StepPhase, StepProblem, TokenCall, TokenOutcome, TokenState,
};

use crate::recordings::{HONEST, judge, one};

/// A change, and what a failure then tells.
type Twisted<T> = (fn(&mut T), &'static str);

#[test]
fn an_identity_provider_on_the_way_is_left_to_a_person() {
    let mut evidence = one(HONEST, "install/signed-out");
    let hop = find(&evidence, 1, |seen| matches!(seen, Event::Hop(hop) if hop.url.contains("/klaviyo/install")));
    let mut stray = evidence.timeline[hop].clone();
    if let Event::Hop(hop) = &mut stray.event {
        hop.url = "https://harbour.idp.example/authorize".to_owned();
    }
    evidence.timeline.insert(hop + 1, stray);
    let finding = reviewed(&evidence, "install.no-detour");
    assert!(finding.saw.to_string().contains("harbour.idp.example"), "{finding:?}");
}

#[test]
fn a_disconnect_control_is_not_missed_on_a_page_of_klaviyos() {
    let mut evidence = one("no-disconnect", "uninstall/in-app");
    assert!(failed(&evidence, "uninstall.app.findable").saw.to_string().starts_with("none at /"));
    for entry in &mut evidence.timeline {
        if let Event::Page(page) = &mut entry.event
            && page.url.contains("/settings/integrations")
        {
            page.kind = PageKind::KlaviyoConsent;
        }
    }
    let verdict = judge("uninstall.app.findable", &evidence);
    assert!(matches!(verdict, Verdict::NotRun { .. }), "{verdict:?}");
}

#[test]
fn a_login_that_the_app_refuses_is_the_configurations_fault() {
    let mut evidence = one("login-drops-return", "install/signed-out");
    let log_in = find(&evidence, 1, |seen| purpose(seen) == Some(&Purpose::LogIn));
    let page = find(&evidence, log_in, |seen| matches!(seen, Event::Page(_)));
    let end = find(&evidence, log_in, |seen| matches!(seen, Event::Step(_)));
    evidence.timeline.drain(page + 1..end);
    let page = page_at(&mut evidence, page);
    page.kind = PageKind::Login;
    page.alerts = vec!["That password is wrong.".to_owned()];
    let finding = failed(&evidence, "install.signed-out.resumes");
    assert_eq!(finding.blame, Blame::Config);
    assert!(finding.saw.to_string().contains("That password is wrong."), "{finding:?}");
}

#[test]
fn an_error_after_sign_up_is_no_account() {
    let mut evidence = one("sign-up-drops-return", "install/no-account");
    let sign_up = find(&evidence, 1, |seen| purpose(seen) == Some(&Purpose::SignUp));
    let page = find(&evidence, sign_up, |seen| matches!(seen, Event::Page(_)));
    page_at(&mut evidence, page).kind = PageKind::Error;
    failed(&evidence, "install.no-account.sign-up");
}

#[test]
fn the_browsers_own_error_page_is_no_message_of_the_app() {
    for (scenario, decision, item) in [
        ("errors/denied", Purpose::Deny, "error.denied.message"),
        ("errors/expired", Purpose::Allow, "error.expired.message"),
    ] {
        let mut evidence = one(HONEST, scenario);
        let decided = find(&evidence, 1, |seen| purpose(seen) == Some(&decision));
        let at = find(&evidence, decided, |seen| matches!(seen, Event::Page(_)));
        let page = page_at(&mut evidence, at);
        page.kind = PageKind::BrowserError;
        page.alerts.clear();
        page.text = "localhost refused to connect. It took too long to respond.".to_owned();
        let finding = failed(&evidence, item);
        assert!(finding.saw.to_string().contains("did not answer"), "{finding:?}");
    }
}

#[test]
fn what_the_fake_klaviyo_does_not_model_is_not_the_apps_fault() {
    let mut evidence = one("landing-error", "install/signed-in");
    assert_eq!(failed(&evidence, "install.completes").blame, Blame::App);
    let allowed = find(&evidence, 1, |seen| purpose(seen) == Some(&Purpose::Allow));
    let like = find(&one(HONEST, "install/signed-in"), 1, |seen| api(seen).is_some());
    let mut entry = one(HONEST, "install/signed-in").timeline[like].clone();
    with_api(&mut entry, |call| {
        call.operation = Some("create_campaign".to_owned());
        call.mock_gap = true;
    });
    evidence.timeline.insert(allowed + 1, entry);
    let finding = failed(&evidence, "install.completes");
    assert_eq!(finding.blame, Blame::MockGap);
    assert!(finding.likely.is_some_and(|likely| likely.to_string().contains("create_campaign")));
}

#[test]
fn a_page_that_names_both_accounts_is_left_to_a_person() {
    let mut evidence = one(HONEST, "install/klaviyo-accounts");
    let look = find_last(&evidence, |seen| matches!(purpose(seen), Some(Purpose::Look(Place::Settings(_)))));
    let page = find(&evidence, look, |seen| matches!(seen, Event::Page(_)));
    let names = evidence.setup.accounts.iter().map(|account| account.name.clone()).collect::<Vec<_>>().join(", ");
    page_at(&mut evidence, page).text = names;
    reviewed(&evidence, "install.any-klaviyo-session");
}

#[test]
fn calls_for_the_first_account_are_fine_until_the_second_is_installed() {
    let mut evidence = one(HONEST, "install/klaviyo-accounts");
    let call = find(&evidence, 1, |seen| api(seen).is_some());
    let call = evidence.timeline[call].clone();
    let start = find_last(&evidence, |seen| matches!(purpose(seen), Some(Purpose::StartInstall(_))));
    evidence.timeline.insert(start + 1, call.clone());
    renumber(&mut evidence);
    passed(&evidence, "install.any-klaviyo-session");
    evidence.timeline.push(call);
    renumber(&mut evidence);
    let finding = failed(&evidence, "install.any-klaviyo-session");
    assert!(finding.saw.to_string().starts_with("an API call with a token of"), "{finding:?}");
}

#[test]
fn one_of_several_accounts_is_not_enough() {
    let mut evidence = one(HONEST, "install/klaviyo-accounts");
    let start = find_last(&evidence, |seen| matches!(purpose(seen), Some(Purpose::StartInstall(_))));
    evidence.timeline.truncate(start);
    assert!(matches!(judge("install.any-klaviyo-session", &evidence), Verdict::NotRun { .. }));
}

#[test]
fn a_control_three_clicks_away_is_not_easy_to_find() {
    let mut evidence = one(HONEST, "uninstall/in-app");
    for entry in &mut evidence.timeline {
        if let Event::Act(Act { purpose: Purpose::Disconnect { clicks, .. }, .. }) = &mut entry.event {
            *clicks += 2;
        }
    }
    failed(&evidence, "uninstall.app.findable");
}

#[test]
fn each_way_to_revoke_wrongly_is_told_apart() {
    let twists: [Twisted<RevokeCall>; 5] = [
        (|call| call.client_ok = false, "the wrong client credentials"),
        (|call| call.token_state = TokenState::Missing, "no token at all"),
        (|call| call.token_state = TokenState::Expired, "had expired"),
        (|call| call.token_state = TokenState::Unknown, "never issued"),
        (|call| call.install = Some("in_other".to_owned()), "another install"),
    ];
    for (twist, told) in twists {
        let mut evidence = one(HONEST, "uninstall/in-app");
        for exchange in exchanges(&mut evidence) {
            if let Facts::Revoke(call) = &mut exchange.facts {
                twist(call);
            }
        }
        let finding = failed(&evidence, "uninstall.app.revokes");
        assert!(finding.saw.to_string().contains(told), "{finding:?}");
    }
}

#[test]
fn an_app_that_could_not_know_of_the_uninstall_is_left_to_a_person() {
    let mut evidence = one("still-installed-after-klaviyo-uninstall", "uninstall/in-klaviyo");
    failed(&evidence, "uninstall.klaviyo.shown");
    let could_tell = |entry: &Entry| matches!(entry.event, Event::App(_)) || is_refused(&entry.event);
    evidence.timeline.retain(|entry| entry.seq < 10 || !could_tell(entry));
    let finding = reviewed(&evidence, "uninstall.klaviyo.shown");
    assert_eq!(finding.likely, None);
    reviewed(&evidence, "uninstall.klaviyo.quiet");
}

#[test]
fn a_trigger_after_the_look_is_no_excuse_lost() {
    let mut evidence = one("still-installed-after-klaviyo-uninstall", "uninstall/in-klaviyo");
    let uninstalled = find(&evidence, 1, |seen| matches!(seen, Event::Klaviyo(KlaviyoEvent::Uninstalled { .. })));
    let told: Vec<Entry> = evidence.timeline[uninstalled..]
        .iter()
        .filter(|entry| matches!(entry.event, Event::App(_)) || is_refused(&entry.event))
        .cloned()
        .collect();
    evidence.timeline.retain(|entry| !told.iter().any(|moved| moved.seq == entry.seq));
    let restart = find_last(&evidence, |seen| matches!(purpose(seen), Some(Purpose::StartInstall(_))));
    evidence.timeline.splice(restart..restart, told);
    renumber(&mut evidence);
    reviewed(&evidence, "uninstall.klaviyo.shown");
}

#[test]
fn hammering_the_token_endpoint_alone_is_not_quiet() {
    let mut evidence = one(HONEST, "uninstall/in-klaviyo");
    let refused = find_last(&evidence, |seen| {
        matches!(seen, Event::Exchange(exchange) if matches!(&exchange.facts,
            Facts::Token(TokenCall { outcome: TokenOutcome::Refused { .. }, .. })))
    });
    let entry = evidence.timeline[refused].clone();
    evidence.timeline.retain(|entry| !is_refused(&entry.event) || api(&entry.event).is_none());
    let at = find_last(&evidence, |seen| matches!(seen, Event::App(_)));
    evidence.timeline.splice(at..at, [entry.clone(), entry.clone(), entry]);
    renumber(&mut evidence);
    let finding = failed(&evidence, "uninstall.klaviyo.quiet");
    assert!(finding.saw.to_string().contains("4 token calls"), "{finding:?}");
}

#[test]
fn an_account_that_was_served_just_before_shows_nothing_of_isolation() {
    let evidence = one("one-limit-stops-all", "rate/isolated");
    let throttled = find(&evidence, 1, |seen| matches!(seen, Event::Exchange(exchange) if exchange.status == 429));
    let began = evidence.timeline[..throttled].iter().rposition(|entry| matches!(entry.event, Event::Step(_)));
    let began = began.expect("a step was under way");
    let other = evidence.timeline[..throttled].iter().rev().find_map(|entry| api(&entry.event)?.account.clone());
    let with_call_at = |at: usize, operation: &str| {
        let mut twisted = evidence.clone();
        let mut call = evidence.timeline[throttled].clone();
        if let Event::Exchange(exchange) = &mut call.event {
            exchange.status = 201;
            if let Facts::Api(facts) = &mut exchange.facts {
                facts.account = other.clone();
                facts.operation = Some(operation.to_owned());
            }
        }
        twisted.timeline.insert(at, call);
        renumber(&mut twisted);
        twisted
    };
    reviewed(&with_call_at(throttled, "create_event"), "rate.isolated");
    failed(&with_call_at(throttled, "get_lists"), "rate.isolated");
    failed(&with_call_at(began, "create_event"), "rate.isolated");
}

#[test]
fn one_account_alone_that_is_served_after_the_second_was_connected_is_left_to_a_person() {
    let evidence = one(HONEST, "rate/isolated");
    let throttled = find(&evidence, 1, |seen| matches!(seen, Event::Exchange(exchange) if exchange.status == 429));
    let first = api(&evidence.timeline[throttled].event).and_then(|call| call.account.clone());
    let decided = find_last(
        &evidence,
        |seen| matches!(seen, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Decision(_))),
    );
    // What the account that was connected first had to be called for after the second was, is gone.
    let calls = |entry: &Entry| api(&entry.event).map(|call| call.account == first);
    let applied = |entry: &Entry| matches!(entry.event, Event::Klaviyo(KlaviyoEvent::FaultApplied(_)));
    let mut replaced = evidence.clone();
    let gone = |entry: &Entry| calls(entry) == Some(true) && entry.seq > evidence.timeline[decided].seq;
    replaced.timeline.retain(|entry| !gone(entry) && !applied(entry));
    let finding = reviewed(&replaced, "rate.isolated");
    assert!(finding.saw.to_string().contains("connected last, and none for the first"), "{finding:?}");
    assert!(
        finding.likely.as_ref().is_some_and(|likely| likely.to_string().contains("one connection for all accounts")),
        "{finding:?}"
    );
    let not_run = |evidence: &Evidence, why: &str| {
        let verdict = judge("rate.isolated", evidence);
        assert!(matches!(verdict, Verdict::NotRun { .. }), "{why}: {verdict:?}");
    };
    // No account is called for.
    let mut nobody = replaced.clone();
    nobody.timeline.retain(|entry| calls(entry).is_none());
    not_run(&nobody, "nobody");
    // The first one is called for as well, and met no limit.
    let mut both = evidence.clone();
    both.timeline.retain(|entry| !applied(entry));
    not_run(&both, "both");
    // The first one alone.
    let mut one_alone = evidence.clone();
    one_alone.timeline.retain(|entry| calls(entry) != Some(false) && !applied(entry));
    not_run(&one_alone, "the first alone");
    // Its trigger was run once.
    let mut once = replaced.clone();
    let last = find_last(&once, |seen| matches!(seen, Event::App(AppEvent::Triggered(_))));
    once.timeline.truncate(last);
    not_run(&once, "once");
    // Nobody else has installed it.
    let mut alone = replaced;
    let second = find_last(
        &alone,
        |seen| matches!(seen, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Decision(_))),
    );
    alone.timeline.remove(second);
    not_run(&alone, "alone");
}

#[test]
fn a_control_that_may_be_there_is_left_to_a_person_and_one_that_is_not_is_missed() {
    let with_doubt = |doubt: Option<&str>| {
        let mut evidence = one("no-disconnect", "uninstall/in-app");
        for entry in &mut evidence.timeline {
            if let Event::Step(mark) = &mut entry.event
                && let StepPhase::Failed(StepProblem::PartNotFound { doubt: why, .. }) = &mut mark.phase
            {
                *why = doubt.map(str::to_owned);
            }
        }
        evidence
    };
    failed(&with_doubt(None), "uninstall.app.findable");
    for doubt in [
        "\"Disconnect\" is on a page that does not name Klaviyo",
        "\"Disconnect\" stands beside Klaviyo's name, and so does another of that name",
        "the page is in a language of which flowcheck has no words (\"sv\")",
    ] {
        let finding = reviewed(&with_doubt(Some(doubt)), "uninstall.app.findable");
        assert!(finding.saw.to_string().contains(doubt), "{finding:?}");
        assert!(
            finding.likely.as_ref().is_some_and(|likely| likely.to_string().contains("overrides.disconnect")),
            "{finding:?}"
        );
    }
}

#[test]
fn a_banner_on_the_settings_tells_of_each_of_several_outages_though_its_words_are_the_same() {
    let landed_on = |text: &str| {
        let mut evidence = one(HONEST, "oauth/token-unavailable");
        let mut pages = evidence.timeline.iter().filter_map(|entry| match &entry.event {
            Event::Page(page) => Some(page.url.clone()),
            _ => None,
        });
        let settings = pages.next_back().expect("there is one");
        for entry in &mut evidence.timeline {
            if let Event::Page(page) = &mut entry.event
                && page.kind == PageKind::Error
            {
                (page.kind, page.url, page.text) = (PageKind::NotInstalled, settings.clone(), text.to_owned());
                page.alerts.clear();
                page.headings = vec!["Integrations".to_owned()];
            }
        }
        judge("oauth.unavailable", &evidence)
    };
    for told in [
        "Klaviyo is not available at the moment. Please try again. Integrations Klaviyo Not connected",
        "Integrations We could not reach Klaviyo. Klaviyo Not connected",
    ] {
        let verdict = landed_on(told);
        assert!(matches!(verdict, Verdict::Pass(_)), "{told}: {verdict:?}");
    }
    for silent in ["Integrations Klaviyo Not connected", "Integrations Klaviyo Send reviews as events Not connected"] {
        let verdict = landed_on(silent);
        assert!(matches!(verdict, Verdict::Fail(_)), "{silent}: {verdict:?}");
    }
}

#[test]
fn work_before_the_installation_shows_nothing_of_the_scopes() {
    let mut evidence = one(HONEST, "scopes/least");
    evidence.timeline.retain(|entry| api(&entry.event).is_none());
    let without_calls = judge("scope.least", &evidence);
    assert!(!matches!(without_calls, Verdict::NotRun { .. } | Verdict::Pass(_)), "{without_calls:?}");
    let (triggered, mut rest): (Vec<Entry>, Vec<Entry>) =
        evidence.timeline.into_iter().partition(|entry| matches!(entry.event, Event::App(AppEvent::Triggered(_))));
    assert!(!triggered.is_empty());
    rest.splice(1..1, triggered);
    evidence.timeline = rest;
    renumber(&mut evidence);
    let before = judge("scope.least", &evidence);
    assert!(matches!(before, Verdict::NotRun { .. }), "{before:?}");
}

#[test]
fn hammering_with_what_is_no_token_any_more_is_not_quiet() {
    for sent in [TokenState::Revoked, TokenState::Unknown, TokenState::Missing] {
        let mut evidence = one("hammers-dead-token", "uninstall/in-klaviyo");
        for entry in &mut evidence.timeline {
            if let Event::Exchange(exchange) = &mut entry.event
                && let Facts::Api(call) = &mut exchange.facts
                && call.token_state == TokenState::Revoked
            {
                call.token_state = sent;
            }
        }
        let finding = failed(&evidence, "uninstall.klaviyo.quiet");
        assert!(
            finding.saw.to_string().contains(" API and ") && !finding.saw.to_string().starts_with("0 "),
            "{sent:?}: {finding:?}"
        );
    }
}

#[test]
fn an_uninstall_that_klaviyo_never_saw_is_no_uninstall() {
    let mut evidence = one(HONEST, "uninstall/in-klaviyo");
    evidence.timeline.retain(|entry| !matches!(entry.event, Event::Klaviyo(KlaviyoEvent::Uninstalled { .. })));
    assert!(matches!(judge("uninstall.klaviyo.shown", &evidence), Verdict::NotRun { .. }));
}

#[test]
fn each_fault_of_an_authorization_request_is_named() {
    let twists: [Twisted<AuthorizeCall>; 5] = [
        (|call| call.response_type = Some("token".to_owned()), "response_type: token"),
        (|call| call.client_known = false, "is not registered"),
        (|call| call.redirect_uri_registered = false, "redirect_uri"),
        (|call| call.repeated = vec!["scope".to_owned()], "more than once: scope"),
        (|call| call.scopes.clear(), "accounts:read"),
    ];
    for (twist, told) in twists {
        let mut evidence = one(HONEST, "install/signed-in");
        for exchange in exchanges(&mut evidence) {
            if let Facts::Authorize(call) = &mut exchange.facts {
                twist(call);
            }
        }
        let finding = failed(&evidence, "oauth.authorize.request");
        assert!(finding.saw.to_string().contains(told), "{finding:?}");
    }
}

#[test]
fn each_fault_of_pkce_is_told_apart() {
    let twists: [Twisted<Facts>; 5] = [
        (
            |facts| {
                if let Facts::Authorize(call) = facts {
                    call.challenge_method = Some("plain".to_owned());
                }
            },
            "code_challenge_method: plain",
        ),
        (
            |facts| {
                if let Facts::Token(call) = facts {
                    call.verifier = None;
                }
            },
            "without code_verifier",
        ),
        (
            |facts| {
                if let Facts::Token(TokenCall { verifier: Some(verifier), .. }) = facts {
                    verifier.well_formed = false;
                }
            },
            "Klaviyo's pattern",
        ),
        (
            |facts| {
                if let Facts::Token(TokenCall { verifier: Some(verifier), .. }) = facts {
                    verifier.matches_challenge = Some(false);
                }
            },
            "does not meet the challenge",
        ),
        (
            |facts| {
                if let Facts::Authorize(call) = facts {
                    call.challenge = None;
                }
            },
            "without code_challenge",
        ),
    ];
    for (twist, told) in twists {
        let mut evidence = one(HONEST, "install/signed-in");
        exchanges(&mut evidence).for_each(|exchange| twist(&mut exchange.facts));
        let finding = failed(&evidence, "oauth.pkce");
        assert!(finding.saw.to_string().contains(told), "{finding:?}");
    }
}

#[test]
fn each_wrong_place_for_client_credentials_has_a_cause_of_its_own() {
    let mut causes = Vec::new();
    for auth in [ClientAuth::Body, ClientAuth::Query, ClientAuth::Several, ClientAuth::None] {
        let mut evidence = one(HONEST, "install/signed-in");
        for exchange in exchanges(&mut evidence) {
            if let Facts::Token(call) = &mut exchange.facts {
                call.client_auth = auth;
            }
        }
        causes.extend(failed(&evidence, "oauth.client-auth").likely);
    }
    causes.dedup();
    assert_eq!(causes.len(), 4);
}

#[test]
fn a_short_state_and_a_single_attempt_are_left_to_a_person() {
    let mut evidence = one(HONEST, "oauth/fresh");
    for exchange in exchanges(&mut evidence) {
        if let Facts::Authorize(AuthorizeCall { state: Some(state), .. }) = &mut exchange.facts {
            state.length = 6;
        }
    }
    assert!(reviewed(&evidence, "oauth.state.sent").saw.to_string().starts_with("6 characters"));
    let single = reviewed(&one(HONEST, "install/signed-in"), "oauth.state.sent");
    assert!(single.saw.to_string().contains("only one attempt"), "{single:?}");
}

#[test]
fn a_redirect_uri_that_nothing_is_known_of_does_not_count() {
    let mut evidence = one(HONEST, "install/signed-in");
    for exchange in exchanges(&mut evidence) {
        if let Facts::Token(call) = &mut exchange.facts {
            call.redirect_uri_repeated = None;
        }
    }
    assert!(matches!(judge("oauth.redirect-uri", &evidence), Verdict::NotRun { .. }));
}

pub(crate) fn passed(evidence: &Evidence, item: &str) {
    let verdict = judge(item, evidence);
    assert!(matches!(verdict, Verdict::Pass(_)), "{item}: {verdict:?}");
}

pub(crate) fn failed(evidence: &Evidence, item: &str) -> Finding {
    match judge(item, evidence) {
        Verdict::Fail(finding) => finding,
        other => panic!("{item}: {other:?}"),
    }
}

pub(crate) fn reviewed(evidence: &Evidence, item: &str) -> Finding {
    match judge(item, evidence) {
        Verdict::Review(finding) => finding,
        other => panic!("{item}: {other:?}"),
    }
}

pub(crate) fn find(evidence: &Evidence, from: usize, is_it: impl Fn(&Event) -> bool) -> usize {
    from + evidence.timeline[from..].iter().position(|entry| is_it(&entry.event)).expect("it is on the timeline")
}

pub(crate) fn find_last(evidence: &Evidence, is_it: impl Fn(&Event) -> bool) -> usize {
    evidence.timeline.iter().rposition(|entry| is_it(&entry.event)).expect("it is on the timeline")
}

pub(crate) fn purpose(seen: &Event) -> Option<&Purpose> {
    if let Event::Act(act) = seen { Some(&act.purpose) } else { None }
}

fn api(seen: &Event) -> Option<&ApiCall> {
    match seen {
        Event::Exchange(exchange) => match &exchange.facts {
            Facts::Api(call) => Some(call),
            _ => None,
        },
        _ => None,
    }
}

fn with_api(entry: &mut Entry, twist: impl Fn(&mut ApiCall)) {
    if let Event::Exchange(exchange) = &mut entry.event
        && let Facts::Api(call) = &mut exchange.facts
    {
        twist(call);
    }
}

/// Whether Klaviyo refused a call because the install had ended.
fn is_refused(seen: &Event) -> bool {
    let Event::Exchange(exchange) = seen else { return false };
    match &exchange.facts {
        Facts::Api(call) => call.token_state == TokenState::Revoked,
        Facts::Token(call) => matches!(call.outcome, TokenOutcome::Refused { .. }),
        _ => false,
    }
}

pub(crate) fn page_at(evidence: &mut Evidence, at: usize) -> &mut Page {
    match &mut evidence.timeline[at].event {
        Event::Page(page) => page,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn exchanges(evidence: &mut Evidence) -> impl Iterator<Item = &mut Exchange> {
    evidence.timeline.iter_mut().filter_map(|entry| match &mut entry.event {
        Event::Exchange(exchange) => Some(exchange.as_mut()),
        _ => None,
    })
}

pub(crate) fn renumber(evidence: &mut Evidence) {
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
}
