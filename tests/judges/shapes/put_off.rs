//! A call that Klaviyo put off comes later, with the token that it was made with.

use flowcheck::checklist::{Verdict, VerdictKind};
use flowcheck::evidence::{Entry, Event, Evidence, Exchange, Facts, TokenOutcome};

use crate::recordings::{HONEST, judge, one};

/// Two accounts one after the other, where a call with the first one's token comes last; it was answered with this before.
fn late_call(before: Option<u16>) -> Evidence {
    let mut evidence = one(HONEST, "install/klaviyo-accounts");
    let exchanges = || {
        evidence.timeline.iter().filter_map(|entry| match &entry.event {
            Event::Exchange(exchange) => Some((entry.seq, exchange)),
            _ => None,
        })
    };
    let is_issued = |exchange: &Exchange| matches!(&exchange.facts, Facts::Token(call) if matches!(call.outcome, TokenOutcome::Issued { .. }));
    let issued = exchanges().filter(|(_, exchange)| is_issued(exchange)).map(|(seq, _)| seq).next_back().expect("two");
    let call = exchanges().find(|(seq, exchange)| *seq < issued && matches!(exchange.facts, Facts::Api(_)));
    let call = call.map(|(_, exchange)| exchange.clone()).expect("it calls the API for the first account");
    let entry = |exchange| Entry { seq: 0, at_ms: 0, event: Event::Exchange(exchange) };
    if let Some(status) = before {
        let mut refused = call.clone();
        refused.status = status;
        let at = evidence.timeline.iter().position(|entry| entry.seq == issued).expect("it is there");
        evidence.timeline.insert(at, entry(refused));
    }
    evidence.timeline.push(entry(call));
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
    evidence
}

#[test]
fn a_late_call_with_an_earlier_token_is_excused_only_where_klaviyo_put_it_off() {
    let verdict = |before| judge("install.any-klaviyo-session", &late_call(before));
    assert_eq!(verdict(Some(429)).kind(), VerdictKind::Pass);
    for before in [None, Some(200), Some(404)] {
        match verdict(before) {
            Verdict::Fail(finding) => assert!(finding.saw.to_string().contains("an API call with a token of")),
            other => panic!("{before:?}: {other:?}"),
        }
    }
}
