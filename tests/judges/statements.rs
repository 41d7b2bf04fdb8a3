//! What verdicts say is kept as words and as what they are made of, and read back as it was.

use flowcheck::checklist::{Finding, Statement, Value, Verdict};
use serde_json::{Value as Json, json};

use crate::recordings::recorded;

#[test]
fn a_verdict_is_kept_with_its_words_and_what_they_are_made_of_and_read_back_as_it_was() {
    let mut with_values = 0;
    for one in recorded() {
        for (item, verdict) in one.verdicts() {
            let kept = serde_json::to_value(&verdict).expect("it serialises");
            assert_eq!(words(&kept), said(&verdict), "{item}: {kept}");
            let read: Verdict = serde_json::from_value(kept.clone()).expect("it reads back");
            assert_eq!(read, verdict, "{item}: {kept}");
            with_values += usize::from(kept.to_string().contains("\"statements\""));
        }
    }
    assert!(with_values > 500, "only {with_values} verdicts have values");
}

#[test]
fn runs_that_were_kept_in_words_alone_say_the_same() {
    for kept in [
        json!({"pass": "{a} and \"b\": 3 hops"}),
        json!({"not-applicable": "{ none: REASON }"}),
        json!({"not-run": {"reason": "the scenario ended before {it}", "blocked_by": null}}),
        json!({"fail": {
            "expected": "a message", "saw": "none at /x", "hops": [], "likely": null, "remedy": "say so", "blame": "app", "at": 3
        }}),
    ] {
        let verdict: Verdict = serde_json::from_value(kept.clone()).expect("it is read");
        assert_eq!(words(&kept), said(&verdict), "{verdict:?}");
        assert_eq!(serde_json::to_value(&verdict).expect("it serialises"), kept);
    }
}

#[test]
fn a_page_and_what_it_shows_are_values_of_what_was_seen() {
    let verdicts = recorded().into_iter().flat_map(|one| one.verdicts());
    let saw = verdicts.filter_map(|(_, verdict)| verdict.finding().map(|finding| finding.saw.clone()));
    let shown = saw
        .filter_map(|saw| Some((serde_json::to_value(&saw).ok()?, saw)))
        .find_map(|(kept, saw)| (kept["template"] == "{page} shows {signs}").then_some((kept["values"].clone(), saw)));
    let (values, saw): (Json, Statement) = shown.expect("an app's page shows what it should not");
    let page: Value = serde_json::from_value(values["page"].clone()).expect("it is a value");
    assert!(matches!(&page, Value::Address(page) if saw.to_string().starts_with(page)), "{values}");
}

/// The words in a kept verdict, in the order of their fields.
fn words(kept: &Json) -> Vec<String> {
    let verdict = kept.as_object().expect("it is an object");
    let details = ["fail", "warn", "review", "not-run"].iter().find_map(|kind| verdict.get(*kind)).unwrap_or(kept);
    let fields = ["pass", "not-applicable", "reason", "expected", "saw", "likely", "remedy"];
    fields.iter().filter_map(|field| details[*field].as_str().map(str::to_owned)).collect()
}

/// The words that a verdict says, in the same order.
fn said(verdict: &Verdict) -> Vec<String> {
    match verdict {
        Verdict::Pass(statement) | Verdict::NotApplicable(statement) | Verdict::NotRun { reason: statement, .. } => {
            vec![statement.to_string()]
        }
        Verdict::Fail(finding) | Verdict::Warn(finding) | Verdict::Review(finding) => {
            let Finding { expected, saw, likely, remedy, .. } = finding;
            let all = [Some(expected), Some(saw), likely.as_ref(), remedy.as_ref()];
            all.into_iter().flatten().map(ToString::to_string).collect()
        }
    }
}
