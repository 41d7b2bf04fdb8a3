//! `api.edge-challenge`: what apps do with a 403 that is not Klaviyo's.

use flowcheck::checklist::{Verdict, VerdictKind};
use flowcheck::evidence::{Entry, Event, Evidence, Exchange, Facts, KlaviyoEvent, Mail, Page, PageKind, UninstalledBy};

use crate::recordings::{HONEST, judge, one};

fn recorded() -> Evidence {
    one(HONEST, "api/edge-challenge")
}

fn verdict(evidence: &Evidence) -> Verdict {
    judge("api.edge-challenge", evidence)
}

fn is_challenged(exchange: &Exchange) -> bool {
    exchange.response_headers.iter().any(|(name, value)| name == "cf-mitigated" && value == "challenge")
}

/// Where the first challenge stands, and the last.
fn challenges(evidence: &Evidence) -> (usize, usize) {
    let is_one = |entry: &Entry| matches!(&entry.event, Event::Exchange(exchange) if is_challenged(exchange));
    let first = evidence.timeline.iter().position(is_one).expect("there was one");
    (first, evidence.timeline.iter().rposition(is_one).expect("there was one"))
}

/// The same with an event after some entry.
fn with(mut evidence: Evidence, after: usize, event: Event) -> Evidence {
    evidence.timeline.insert(after + 1, Entry { seq: 0, at_ms: 0, event });
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
    evidence
}

fn mail(subject: &str, text: &str) -> Event {
    Event::Mail(Box::new(Mail {
        from: "app@example.com".to_owned(),
        to: vec!["ada@example.com".to_owned()],
        subject: subject.to_owned(),
        text: text.to_owned(),
        links: Vec::new(),
        codes: Vec::new(),
    }))
}

/// The pages after some entry, changed.
fn with_pages(mut evidence: Evidence, after: usize, change: impl Fn(&mut Page)) -> Evidence {
    for entry in &mut evidence.timeline[after..] {
        if let Event::Page(page) = &mut entry.event {
            change(page);
        }
    }
    evidence
}

#[test]
fn who_waits_it_out_passes_and_who_asks_the_user_to_authorize_again_fails() {
    assert_eq!(verdict(&recorded()).kind(), VerdictKind::Pass);
    let (first, _) = challenges(&recorded());
    for notice in [
        "Klaviyo needs new permissions. Please reauthorize.",
        "Missing scope: grant access in Klaviyo",
        "Bitte erteilen Sie die Berechtigung erneut",
        "Veuillez réautoriser l'application",
        "新しい権限を承認してください",
    ] {
        let shown = with_pages(recorded(), first, |page| page.alerts.push(notice.to_owned()));
        assert_eq!(verdict(&shown).kind(), VerdictKind::Fail, "{notice}");
        let mailed = with(recorded(), first, mail("About Klaviyo", notice));
        assert_eq!(verdict(&mailed).kind(), VerdictKind::Fail, "{notice}");
        // It stood there before, for another reason.
        let stood = with_pages(recorded(), 0, |page| page.alerts.push(notice.to_owned()));
        assert_eq!(verdict(&stood).kind(), VerdictKind::Pass, "{notice}");
    }
    for outage in ["Klaviyo is not available at the moment", "Synchronisation pausiert", "Error 403"] {
        let shown = with_pages(recorded(), first, |page| page.alerts.push(outage.to_owned()));
        assert_eq!(verdict(&shown).kind(), VerdictKind::Pass, "{outage}");
    }
}

#[test]
fn another_mail_is_left_to_a_person_and_one_from_before_is_none() {
    let (first, last) = challenges(&recorded());
    for (subject, text) in [("Your weekly summary", "Three reviews"), ("Sync failed", "Klaviyo answered 403")] {
        for at in [first, last] {
            assert_eq!(verdict(&with(recorded(), at, mail(subject, text))).kind(), VerdictKind::Review, "{subject}");
        }
        assert_eq!(verdict(&with(recorded(), 0, mail(subject, text))).kind(), VerdictKind::Pass, "{subject}");
    }
}

#[test]
fn who_ends_the_connection_fails() {
    let (first, _) = challenges(&recorded());
    let ended = KlaviyoEvent::Uninstalled { install: String::new(), account: String::new(), by: UninstalledBy::App };
    assert_eq!(verdict(&with(recorded(), first, Event::Klaviyo(ended))).kind(), VerdictKind::Fail);
    let disconnected = with_pages(recorded(), first, |page| {
        if page.kind == PageKind::Installed {
            page.kind = PageKind::NotInstalled;
        }
    });
    assert_eq!(verdict(&disconnected).kind(), VerdictKind::Fail);
}

#[test]
fn that_it_works_afterwards_must_be_seen() {
    let (_, last) = challenges(&recorded());
    let is_call =
        |entry: &Entry| matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Api(_)));
    let mut silent = recorded();
    let mut at = 0;
    silent.timeline.retain(|entry| {
        at += 1;
        at <= last + 1 || !is_call(entry)
    });
    assert_eq!(verdict(&silent).kind(), VerdictKind::Review);
    let mut refused = recorded();
    for entry in &mut refused.timeline[last + 1..] {
        if let Event::Exchange(exchange) = &mut entry.event
            && matches!(exchange.facts, Facts::Api(_))
        {
            exchange.status = 403;
        }
    }
    assert_eq!(verdict(&refused).kind(), VerdictKind::Review);
    let mut cut = recorded();
    cut.timeline.truncate(last + 1);
    assert_eq!(verdict(&cut).kind(), VerdictKind::NotRun);
    let mut unarmed = recorded();
    unarmed.timeline.retain(|entry| match &entry.event {
        Event::Exchange(exchange) => !is_challenged(exchange),
        event => !matches!(event, Event::Klaviyo(KlaviyoEvent::FaultArmed(_))),
    });
    assert_eq!(verdict(&unarmed).kind(), VerdictKind::NotRun);
    // Nothing met the challenge, though the app was made to work.
    let mut spared = recorded();
    spared.timeline.retain(|entry| !matches!(&entry.event, Event::Exchange(exchange) if is_challenged(exchange)));
    assert_eq!(verdict(&spared).kind(), VerdictKind::Review);
}

#[test]
fn a_challenge_says_nothing_of_scopes() {
    let mut evidence = recorded();
    for entry in &mut evidence.timeline {
        if let Event::Exchange(exchange) = &mut entry.event
            && is_challenged(exchange)
            && let Facts::Api(facts) = &mut exchange.facts
        {
            facts.missing_scopes = vec!["tags:read".to_owned()];
        }
    }
    assert_ne!(judge("scope.least", &evidence).kind(), VerdictKind::Fail);
}
