//! Whether the app's trigger makes it call Klaviyo.

use super::{Blame, Finding};
use crate::evidence::{AppEvent, Declared, Entry, Event, Facts, StepKind, StepPhase, StepProblem};
use crate::scenario::AppFile;

const TRIGGER: &str = "trigger";

/// Whether the trigger, played as the trial's last step, led to a call.
pub(super) fn triggered(timeline: &[Entry], app: &AppFile) -> Finding {
    match app.declares_trigger() {
        Declared::Given => {}
        Declared::Absent(why) => return Finding::not_applicable(TRIGGER, format!("there is none: {why}")),
        Declared::Nothing => {
            let saw = "flowcheck.yaml has none, so items that need one are not run; add `trigger`, or `trigger: { none: REASON }`";
            return Finding::unknown(TRIGGER, saw);
        }
    }
    let began = timeline.iter().rposition(|entry| {
        matches!(&entry.event, Event::Step(step) if step.step == StepKind::Trigger && step.phase == StepPhase::Began)
    });
    let Some(since) = began.map(|began| &timeline[began..]) else {
        return Finding::unknown(TRIGGER, "it was not played");
    };
    let failed = since.iter().find_map(|entry| match &entry.event {
        Event::Step(step) => match &step.phase {
            StepPhase::Failed(why) => Some(why),
            _ => None,
        },
        _ => None,
    });
    let ended = since.iter().find_map(|entry| match &entry.event {
        Event::App(AppEvent::Exited(how)) => Some(how),
        _ => None,
    });
    let ended = ended.cloned().or_else(|| match failed {
        Some(problem) if matches!(problem, StepProblem::EndedByTrigger(_)) => Some(format!("broke down: {problem}")),
        _ => None,
    });
    if let Some(how) = ended {
        let remedy = "call it by hand while the app runs in a terminal, and see what it says; items that need a trigger fail over it";
        return Finding::fails(TRIGGER, Blame::App, format!("it was called, and the app {how}"), remedy);
    }
    if let Some(why) = failed {
        return Finding::fails(TRIGGER, Blame::Configuration, why.to_string(), "check `trigger` in flowcheck.yaml");
    }
    let words = since.iter().find_map(|entry| match &entry.event {
        Event::App(AppEvent::Triggered(words)) => Some(words.as_str()),
        _ => None,
    });
    let words = words.unwrap_or("done");
    if since.iter().any(calls_klaviyo) {
        return Finding::holds(TRIGGER, words);
    }
    let remedy = "name something that makes the app call Klaviyo's API: `trigger`";
    Finding::fails(TRIGGER, Blame::Configuration, format!("{words}, and no API call arrived"), remedy)
}

fn calls_klaviyo(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Api(_)))
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;
    use crate::evidence::StepMark;
    use crate::scenario::parse_app;

    fn mark(phase: StepPhase) -> Event {
        Event::Step(Box::new(StepMark { index: 3, step: StepKind::Trigger, line: 9, phase }))
    }

    fn found(after: Vec<Event>) -> State {
        let text = "name: An app\nurl: http://localhost:3000\nklaviyo:\n  client_id: id\n  client_secret: secret\n  scopes: \
                    [accounts:read]\n  redirect_uris: ['http://localhost:3000/callback']\n  install_url: \
                    http://localhost:3000/install\nusers:\n  - login: ada\n    password: x\ntrigger:\n  get: http://localhost:3000/sync\n";
        let app = parse_app("flowcheck.yaml", text).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
        let events = std::iter::once(mark(StepPhase::Began)).chain(after);
        let timeline: Vec<Entry> = (0..).zip(events).map(|(seq, event)| Entry { seq, at_ms: 0, event }).collect();
        triggered(&timeline, &app).state
    }

    #[test]
    fn a_trigger_that_ends_the_app_is_the_apps_fault_and_one_that_calls_nothing_the_files() {
        let failed = mark(StepPhase::Failed(StepProblem::NoTenantChoice));
        let exited = Event::App(AppEvent::Exited("exited with status 1".to_owned()));
        let State::Fails { saw, blame, .. } = found(vec![exited, failed.clone()]) else { panic!("it ended the app") };
        assert!(saw.contains("exited with status 1"), "{saw}");
        assert_eq!(blame, Blame::App);
        assert!(matches!(found(vec![failed]), State::Fails { blame: Blame::Configuration, .. }));
        let broke = mark(StepPhase::Failed(StepProblem::EndedByTrigger("connection closed".to_owned())));
        assert!(matches!(found(vec![broke]), State::Fails { blame: Blame::App, .. }));
        let quiet = Event::App(AppEvent::Triggered("GET /sync answered 200".to_owned()));
        let State::Fails { saw, blame, .. } = found(vec![quiet]) else { panic!("nothing was called") };
        assert!(saw.contains("no API call arrived"), "{saw}");
        assert_eq!(blame, Blame::Configuration);
    }
}
