//! Probes and incidents with one thing twisted: what no seeded defect does, and real apps do.

use flowcheck::checklist::{self, Blame, ItemId, ScenarioEnd, Verdict, VerdictKind};
use flowcheck::evidence::{
    AppEvent, Entry, Event, Evidence, Exposure, Facts, HarnessError, Location, PageKind, Search, Secret, StepKind,
    StepPhase, TokenOutcome, TokenState,
};

use crate::recordings::{HONEST, expects, judge, one};

#[test]
fn a_verifier_is_fine_in_a_cookie_that_no_script_reads_and_where_the_front_end_made_it() {
    let fine = [Location::Cookie { name: "pkce".to_owned(), http_only: true, set_by_server: Some(true) }, storage()];
    for spot in fine {
        let verdict = judge("oauth.secrets-hidden", &exposed("code_verifier", std::slice::from_ref(&spot)));
        assert!(matches!(verdict, Verdict::Pass(_)), "{spot:?}: {verdict:?}");
    }
    let served = [storage(), Location::Body("http://localhost:3000/".to_owned())];
    assert!(saw("oauth.secrets-hidden", &exposed("code_verifier", &served)).contains("a PKCE verifier"));
}

#[test]
fn a_verifier_in_a_cookie_for_scripts_is_fine_where_only_a_script_knows_of_it() {
    let cookie = |set_by_server| Location::Cookie { name: "pkce".to_owned(), http_only: false, set_by_server };
    let kept = |spots: &[Location]| judge("oauth.secrets-hidden", &exposed("code_verifier", spots)).kind();
    let (made, served) = (cookie(Some(false)), cookie(Some(true)));
    let header = Location::Header { url: "http://localhost:3000/".to_owned(), name: "x-verifier".to_owned() };
    let address = Location::Address("http://localhost:3000/klaviyo/start".to_owned());
    for (spots, kind) in [
        (vec![made.clone()], VerdictKind::Pass),
        (vec![made.clone(), storage()], VerdictKind::Pass),
        (vec![served.clone()], VerdictKind::Fail),
        (vec![storage(), served], VerdictKind::Fail),
        (vec![made.clone(), Location::Body("http://localhost:3000/".to_owned())], VerdictKind::Fail),
        (vec![header.clone(), made.clone()], VerdictKind::Fail),
        (vec![made.clone(), address], VerdictKind::Fail),
        // Who set it is not known: a driver may keep an answer's cookies to itself.
        (vec![cookie(None)], VerdictKind::Review),
        (vec![cookie(None), storage()], VerdictKind::Review),
        (vec![made.clone(), cookie(None)], VerdictKind::Review),
        (vec![cookie(None), header.clone()], VerdictKind::Fail),
        (vec![cookie(None), cookie(Some(true))], VerdictKind::Fail),
    ] {
        assert_eq!(kept(&spots), kind, "{spots:?}");
    }
    // A token is fine in no cookie, whoever put it there.
    assert_eq!(judge("oauth.secrets-hidden", &exposed("access_token", &[made])).kind(), VerdictKind::Fail);
}

#[test]
fn a_token_is_fine_nowhere_in_a_browser() {
    let spots = [Location::Cookie { name: "session".to_owned(), http_only: true, set_by_server: None }, storage()];
    for spot in spots {
        assert!(saw("oauth.secrets-hidden", &exposed("refresh_token", &[spot])).contains("a refresh token"));
    }
}

#[test]
fn without_bodies_of_answers_nothing_is_said_of_secrets() {
    let mut evidence = one(HONEST, "oauth/secrets");
    with_search(&mut evidence, |search| search.impossible = Some("no BiDi".to_owned()));
    assert!(matches!(judge("oauth.secrets-hidden", &evidence), Verdict::NotRun { .. }));
}

#[test]
fn compressed_data_that_was_unpacked_in_part_leaves_a_question_and_hides_no_secret_that_was_found() {
    let packed = |mut evidence: Evidence| {
        with_search(&mut evidence, |search| search.packed = 2);
        judge("oauth.secrets-hidden", &evidence).kind()
    };
    assert_eq!(packed(one(HONEST, "oauth/secrets")), VerdictKind::Review);
    assert_eq!(packed(exposed("access_token", &[storage()])), VerdictKind::Fail);
}

#[test]
fn a_callback_that_is_not_answered_is_not_survived() {
    let mut evidence = one(HONEST, "oauth/hostile");
    for entry in &mut evidence.timeline {
        if let Event::Probe(probe) = &mut entry.event
            && probe.input.contains("nul byte")
        {
            (probe.status, probe.error) = (None, Some("no answer within 10s".to_owned()));
        }
    }
    assert!(saw("oauth.survives", &evidence).contains("a nul byte in code: no answer within 10s"));
}

#[test]
fn an_app_that_is_broken_after_hostile_inputs_has_not_survived() {
    let mut evidence = one(HONEST, "oauth/hostile");
    if let Some(Entry { event: Event::Page(page), .. }) =
        evidence.timeline.iter_mut().rev().find(|entry| matches!(entry.event, Event::Page(_)))
    {
        page.kind = PageKind::BrowserError;
    }
    assert!(saw("oauth.survives", &evidence).contains("did not answer"));
}

#[test]
fn a_refresh_that_klaviyo_refuses_is_told_with_its_reason() {
    let mut evidence = one(HONEST, "oauth/refresh");
    for entry in &mut evidence.timeline {
        if let Event::Exchange(exchange) = &mut entry.event
            && let Facts::Token(call) = &mut exchange.facts
            && call.refresh_token.is_some()
        {
            call.outcome =
                TokenOutcome::Refused { error: "invalid_grant".to_owned(), reason: "it was revoked".to_owned() };
        }
    }
    assert!(saw("oauth.refresh", &evidence).contains("invalid_grant"));
}

#[test]
fn calls_that_waited_for_the_new_token_come_one_after_the_other_or_at_once() {
    // Milliseconds between the calls of an app that refreshes before it calls.
    for apart in [0, 40, 250, 700, 950] {
        let verdict = judge("oauth.refresh.once", &calls_after_the_refresh(apart));
        assert!(matches!(verdict, Verdict::Pass(_)), "{apart} ms apart: {verdict:?}");
    }
}

#[test]
fn calls_that_waited_may_be_recorded_in_another_order_than_that_of_their_times() {
    let mut evidence = calls_after_the_refresh(200);
    let calls = |entry: &&mut Entry| matches!(entry.event, Event::Exchange(_));
    let mut last: Vec<&mut Entry> = evidence.timeline.iter_mut().filter(calls).rev().take(4).collect();
    for pair in last.chunks_exact_mut(2) {
        let later = pair[0].at_ms;
        pair[0].at_ms = pair[1].at_ms;
        pair[1].at_ms = later;
    }
    let verdict = judge("oauth.refresh.once", &evidence);
    assert!(matches!(verdict, Verdict::Pass(_)), "{verdict:?}");
}

#[test]
fn calls_of_a_timer_did_not_wait_for_the_new_token() {
    for apart in [1_500, 5_000, 60_000] {
        let verdict = judge("oauth.refresh.once", &calls_after_the_refresh(apart));
        assert!(matches!(verdict, Verdict::Review(_)), "{apart} ms apart: {verdict:?}");
    }
}

#[test]
fn refreshes_are_counted_by_install() {
    let verdict = |installs: [&str; 3]| {
        let mut evidence = one(HONEST, "oauth/refresh-once");
        let is_refresh = |entry: &Entry| matches!(&entry.event, Event::Exchange(exchange) if matches!(&exchange.facts, Facts::Token(call) if call.refresh_token.is_some()));
        let at = evidence.timeline.iter().position(is_refresh).expect("it refreshed");
        let refresh = evidence.timeline.remove(at);
        for install in installs {
            let mut another = refresh.clone();
            if let Event::Exchange(exchange) = &mut another.event
                && let Facts::Token(call) = &mut exchange.facts
            {
                call.install = Some(install.to_owned());
            }
            evidence.timeline.insert(at, another);
        }
        renumber(&mut evidence);
        judge("oauth.refresh.once", &evidence)
    };
    assert!(matches!(verdict(["one", "one", "two"]), Verdict::Pass(_)), "{:?}", verdict(["one", "one", "two"]));
    assert!(matches!(verdict(["one", "one", "one"]), Verdict::Fail(_) | Verdict::Warn(_)));
}

/// Much at once, as an app does it that refreshes ahead: no call with the expired token, and those with the new one so far apart.
fn calls_after_the_refresh(apart_ms: u64) -> Evidence {
    let mut evidence = one(HONEST, "oauth/refresh-once");
    evidence.timeline.retain(|entry| match &entry.event {
        Event::Exchange(exchange) => {
            !matches!(&exchange.facts, Facts::Api(call) if call.token_state == TokenState::Expired)
        }
        _ => true,
    });
    let is_refresh =
        |entry: &Entry| matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Token(_)));
    let refreshed = evidence.timeline.iter().rposition(is_refresh).expect("it refreshed");
    // The answer came a second late.
    let answered_ms = evidence.timeline[refreshed].at_ms + 1_000;
    let mut calls = 0;
    for entry in &mut evidence.timeline[refreshed + 1..] {
        if matches!(entry.event, Event::Exchange(_)) {
            calls += 1;
        }
        entry.at_ms = answered_ms + calls * apart_ms;
    }
    renumber(&mut evidence);
    evidence
}

#[test]
fn an_app_that_makes_no_call_after_an_hour_is_left_to_a_person() {
    let mut evidence = one(HONEST, "oauth/refresh");
    let moved = evidence
        .timeline
        .iter()
        .rposition(|entry| matches!(&entry.event, Event::Step(mark) if matches!(mark.step, StepKind::Wait { .. })));
    let moved = u32::try_from(moved.expect("an hour was let pass")).expect("it is short");
    evidence.timeline.retain(|entry| entry.seq < moved || !matches!(entry.event, Event::Exchange(_)));
    assert!(matches!(judge("oauth.refresh", &evidence), Verdict::Review(_)));
}

#[test]
fn the_item_in_progress_fails_when_the_app_ends_and_the_rest_is_blocked_by_it() {
    let verdicts = ended_at("look at the app's settings", AppEvent::Exited("exited with status 1".to_owned()));
    let failed: Vec<&str> = verdicts
        .iter()
        .filter_map(|(item, verdict)| match verdict {
            Verdict::Fail(finding) => {
                assert_eq!(finding.saw.to_string(), "the app exited with status 1");
                Some(item.as_str())
            }
            _ => None,
        })
        .collect();
    let [failed] = failed[..] else { panic!("{verdicts:?}") };
    for (item, verdict) in &verdicts {
        match verdict {
            Verdict::NotRun { blocked_by, .. } => {
                assert_eq!(blocked_by.as_ref().map(ItemId::as_str), Some(failed), "{item}");
            }
            Verdict::Pass(_) => {}
            _ => assert_eq!(item, failed),
        }
    }
    assert!(verdicts.iter().any(|(_, verdict)| matches!(verdict, Verdict::Pass(_))), "what came before it stands");
}

#[test]
fn a_page_that_stalled_and_was_got_over_changes_nothing() {
    let stalled = AppEvent::Stalled { url: "http://localhost:3000/dashboard".to_owned(), begun: true, after_ms: 9_000 };
    let mut evidence = one(HONEST, "install/signed-in");
    evidence.timeline.insert(20, Entry { seq: 20, at_ms: 0, event: Event::App(stalled.clone()) });
    renumber(&mut evidence);
    assert!(verdicts(&evidence).iter().all(|(_, verdict)| matches!(verdict, Verdict::Pass(_))));
}

#[test]
fn a_scenario_cut_short_by_pages_that_stall_is_the_apps_fault() {
    let stalled =
        AppEvent::Stalled { url: "http://localhost:3000/dashboard".to_owned(), begun: false, after_ms: 20_000 };
    let mut evidence = until("look at the app's settings", Event::App(stalled));
    let what = "the scenario took longer than 2m and was cut short".to_owned();
    evidence.timeline.push(Entry { seq: 0, at_ms: 0, event: Event::HarnessError(HarnessError { what }) });
    renumber(&mut evidence);
    let failed = verdicts(&evidence).into_iter().find_map(|(_, verdict)| verdict.finding().cloned());
    let saw = failed.expect("an item fails").saw.to_string();
    assert_eq!(saw, "the app answered nothing for 20 s at /dashboard");
}

/// Each way in which an app breaks down over a login, and what is said of it.
fn breakdowns() -> [(AppEvent, &'static str); 7] {
    let app = setup().app.url;
    let at = |path: &str| format!("{}{path}", app.trim_end_matches('/'));
    [
        (AppEvent::Exited("exited with status 3".to_owned()), "the app exited with status 3"),
        (
            AppEvent::Stalled { url: at("/login"), begun: false, after_ms: 20_000 },
            "the app answered nothing for 20 s at /login",
        ),
        (
            AppEvent::Stalled { url: at("/login"), begun: true, after_ms: 9_000 },
            "/login was still loading after 9 s without news",
        ),
        (
            AppEvent::NoPage { url: at("/login"), error: "net::ERR_TOO_MANY_REDIRECTS".to_owned() },
            "/login redirects without end",
        ),
        (
            AppEvent::NoPage { url: at("/login"), error: "net::ERR_EMPTY_RESPONSE".to_owned() },
            "the app broke the connection off at /login (net::ERR_EMPTY_RESPONSE)",
        ),
        (
            AppEvent::BlockedTab { url: at("/login") },
            "a script of /login kept the tab busy until flowcheck ended the script",
        ),
        (
            AppEvent::CrashedTab { url: at("/login"), how: "oom".to_owned() },
            "/login crashed its tab, in two browsers (\"oom\")",
        ),
    ]
}

#[test]
fn an_app_that_breaks_down_before_the_first_step_fails_one_item_and_blocks_the_rest() {
    for (event, words) in breakdowns() {
        let verdicts = verdicts(&before_the_first_step(vec![Event::App(event)]));
        let failed: Vec<_> = verdicts.iter().filter_map(|(item, verdict)| Some((item, verdict.finding()?))).collect();
        let [(tells, finding)] = failed[..] else { panic!("{words}: {verdicts:?}") };
        assert_eq!((finding.saw.to_string(), finding.blame), (words.to_owned(), Blame::App));
        for (item, verdict) in verdicts.iter().filter(|(item, _)| item != tells) {
            let by = |verdict: &Verdict| match verdict {
                Verdict::NotRun { blocked_by, .. } => blocked_by.as_ref().map(ToString::to_string),
                _ => None,
            };
            assert_eq!(by(verdict).as_ref(), Some(tells), "{words}: {item}");
        }
    }
}

#[test]
fn an_app_that_answers_a_login_later_is_slow_and_not_at_fault() {
    let url = format!("{}/login", setup().app.url.trim_end_matches('/'));
    let stalled = AppEvent::Stalled { url: url.clone(), begun: false, after_ms: 20_000 };
    let answered = one(HONEST, "install/signed-in").timeline.into_iter().find_map(|entry| match entry.event {
        Event::Hop(hop) if hop.status.is_some() => Some(hop),
        _ => None,
    });
    let mut hop = answered.expect("a request has its answer");
    hop.url.clone_from(&url);
    let later = AppEvent::Stalled { url: url.replace("/login", "/"), begun: false, after_ms: 20_000 };
    let events = vec![Event::App(stalled), Event::Hop(hop), Event::App(later)];
    let blames: Vec<Blame> = verdicts(&before_the_first_step(events))
        .iter()
        .filter_map(|(_, verdict)| verdict.finding().map(|finding| finding.blame))
        .collect();
    assert_eq!(blames, [Blame::Config]);
}

#[test]
fn a_login_page_of_another_host_that_does_not_answer_is_no_fault_of_the_app() {
    let stalled =
        AppEvent::Stalled { url: "https://login.example/authorize".to_owned(), begun: false, after_ms: 20_000 };
    assert!(
        verdicts(&before_the_first_step(vec![Event::App(stalled)]))
            .iter()
            .all(|(_, verdict)| verdict.finding().is_none())
    );
}

#[test]
fn a_page_that_stops_the_user_in_a_step_is_told_once_by_one_item() {
    let url = format!("{}/settings/integrations", setup().app.url.trim_end_matches('/'));
    let covered = |usable| AppEvent::CoveredControl {
        url: url.clone(),
        control: "Disconnect".to_owned(),
        cover: "<div#veil>".to_owned(),
        usable,
    };
    for (event, verdict) in
        [(covered(false), "fail"), (covered(true), "review"), (AppEvent::BlockedTab { url: url.clone() }, "fail")]
    {
        let verdicts = ended_at("look at the app's settings", event);
        let told: Vec<_> = verdicts.iter().filter(|(_, verdict)| verdict.finding().is_some()).collect();
        let [(_, tells)] = told[..] else { panic!("{verdicts:?}") };
        assert_eq!(tells.kind().word(), verdict);
    }
}

#[test]
fn a_tab_that_crashes_ends_the_step_it_is_in() {
    let url = format!("{}/settings/integrations", setup().app.url.trim_end_matches('/'));
    let crashed = AppEvent::CrashedTab { url, how: "crashed".to_owned() };
    let mut evidence = until("look at the app's settings", Event::App(crashed));
    evidence.timeline.pop();
    let failed = verdicts(&evidence).into_iter().filter(|(_, verdict)| matches!(verdict, Verdict::Fail(_))).count();
    assert_eq!(failed, 1);
}

fn setup() -> flowcheck::evidence::Setup {
    one(HONEST, "install/signed-in").setup
}

/// The plainest scenario, in which only this happened.
fn before_the_first_step(events: Vec<Event>) -> Evidence {
    let mut evidence = one(HONEST, "install/signed-in");
    let began = evidence.timeline.iter().position(|entry| matches!(entry.event, Event::Act(_) | Event::Step(_)));
    evidence.timeline.truncate(began.expect("a step is there"));
    evidence.timeline.extend(events.into_iter().map(|event| Entry { seq: 0, at_ms: 0, event }));
    renumber(&mut evidence);
    evidence
}

/// What is said of each item of the plainest scenario, when something ends the app in one of its steps.
fn ended_at(step: &str, event: AppEvent) -> Vec<(String, Verdict)> {
    verdicts(&until(step, Event::App(event)))
}

/// The plainest scenario up to a step, in which then something happens.
fn until(step: &str, event: Event) -> Evidence {
    let mut evidence = one(HONEST, "install/signed-in");
    let began = evidence
        .timeline
        .iter()
        .position(|entry| matches!(&entry.event, Event::Step(mark) if mark.step.to_string() == step));
    let began = began.expect("the step is there");
    let Event::Step(mut mark) = evidence.timeline[began].event.clone() else { panic!("it is a step") };
    evidence.timeline.truncate(began + 1);
    mark.phase = StepPhase::Done;
    evidence.timeline.extend([event, Event::Step(mark)].map(|event| Entry { seq: 0, at_ms: 0, event }));
    renumber(&mut evidence);
    evidence
}

fn verdicts(evidence: &Evidence) -> Vec<(String, Verdict)> {
    let judged = checklist::judge(&expects("install/signed-in"), &ScenarioEnd::Completed, Some(evidence));
    judged.into_iter().map(|one| (one.item.to_string(), one.verdict)).collect()
}

fn exposed(label: &str, spots: &[Location]) -> Evidence {
    let mut evidence = one(HONEST, "oauth/secrets");
    let secret = Secret {
        fingerprint: "0123456789ab".parse().expect("it is one"),
        length: 43,
        alphabet: flowcheck::evidence::Alphabet::UrlSafe,
        known: None,
    };
    with_search(&mut evidence, |search| {
        let of = |spot| Exposure { label: label.to_owned(), secret: secret.clone(), spot };
        search.exposed = spots.iter().cloned().map(of).collect();
    });
    evidence
}

fn storage() -> Location {
    Location::Storage { key: "verifier".to_owned(), url: "http://localhost:3000/".to_owned() }
}

fn with_search(evidence: &mut Evidence, twist: impl Fn(&mut Search)) {
    for entry in &mut evidence.timeline {
        if let Event::Search(search) = &mut entry.event {
            twist(search);
        }
    }
}

fn saw(item: &str, evidence: &Evidence) -> String {
    match judge(item, evidence) {
        Verdict::Fail(finding) => finding.saw.to_string(),
        other => panic!("{item}: {other:?}"),
    }
}

fn renumber(evidence: &mut Evidence) {
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
}
