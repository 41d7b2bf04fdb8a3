//! How signing users in before the first step has ended so far: what stops it twice in the same way stops it every time.

use crate::checklist::{IncidentId, Problem, ScenarioEnd, ScenarioOutcome};
use crate::evidence::Event;
use crate::scenario::{Persona, Script};

/// Scenarios that must have ended alike before their next ones are not begun.
const ALIKE: usize = 2;

/// How scenarios ended that were still being prepared, by the users that they begin with.
#[derive(Debug, Default)]
pub(in crate::runner) struct Preparations {
    kinds: Vec<Kind>,
}

/// Scenarios that begin with the same users.
#[derive(Debug)]
struct Kind {
    user: Persona,
    other_user: bool,
    /// How they ended, while all of them ended before their first step and alike, and how many did.
    ends: Option<(End, usize)>,
}

/// How a scenario ended before its first step.
#[derive(Debug)]
struct End {
    end: ScenarioEnd,
    /// The incident by which the app broke down.
    incident: Option<IncidentId>,
}

impl End {
    fn is_like(&self, other: &Self) -> bool {
        if self.incident.is_some() { self.incident == other.incident } else { self.end == other.end }
    }
}

impl Preparations {
    /// Notes how a scenario ended.
    pub(in crate::runner) fn note(&mut self, script: &Script, outcome: &ScenarioOutcome) {
        let began = |event: &Event| matches!(event, Event::Step(_));
        let began =
            outcome.evidence.as_ref().is_some_and(|evidence| evidence.timeline.iter().any(|entry| began(&entry.event)));
        let end = match &outcome.end {
            ScenarioEnd::Config(_) if !began => Some(End { end: outcome.end.clone(), incident: None }),
            // The app broke down; the item that tells it says how.
            ScenarioEnd::Completed if !began => broken_down(outcome),
            _ => None,
        };
        let given = &script.given;
        let Some(kind) = self.kinds.iter_mut().find(|kind| kind.is(script)) else {
            let ends = end.map(|end| (end, 1));
            self.kinds.push(Kind { user: given.user, other_user: given.other_user, ends });
            return;
        };
        kind.ends = match (kind.ends.take(), end) {
            (Some((met, times)), Some(end)) if met.is_like(&end) => Some((met, times + 1)),
            _ => None,
        };
    }

    /// How a scenario would end that has not begun, where that is known.
    pub(in crate::runner) fn foretell(&self, script: &Script) -> Option<ScenarioEnd> {
        let kind = self.kinds.iter().find(|kind| kind.is(script))?;
        kind.ends.as_ref().filter(|(_, times)| *times >= ALIKE).map(|(alike, _)| alike.end.clone())
    }
}

/// The end of a scenario in which an item failed by an incident of the app.
fn broken_down(outcome: &ScenarioOutcome) -> Option<End> {
    let mut findings = outcome.items.iter().filter_map(|judged| judged.verdict.finding());
    findings.find_map(|finding| {
        let incident = finding.incident.as_deref()?.clone();
        let end = ScenarioEnd::AppUnavailable(Problem::new(finding.saw.to_string()));
        Some(End { end, incident: Some(incident) })
    })
}

impl Kind {
    fn is(&self, script: &Script) -> bool {
        (self.user, self.other_user) == (script.given.user, script.given.other_user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::{Finding, IncidentId, JudgedItem, Verdict};
    use crate::evidence::Evidence;

    const SIGNED_IN: &str = "signed-in";

    fn script(user: &str) -> Script {
        let text = format!(
            "id: a/b\ntitle: t\nwhy: w\ngiven: {{ user: {user} }}\nsteps: [install: klaviyo]\nexpects: [install.completes]"
        );
        serde_yaml::from_str(&text).expect("a scenario")
    }

    fn outcome(end: ScenarioEnd, evidence: Option<Evidence>) -> ScenarioOutcome {
        ScenarioOutcome {
            id: "a/b".to_owned(),
            title: String::new(),
            file: String::new(),
            expects: Vec::new(),
            end,
            items: Vec::new(),
            took_ms: 0,
            evidence,
            earlier: Vec::new(),
        }
    }

    /// What is foretold of the next scenario after these ends, with the user of each and whether a step had begun.
    fn foretold(ends: &[(&str, ScenarioEnd)], next: &str) -> Option<ScenarioEnd> {
        let mut preparations = Preparations::default();
        for (user, end) in ends {
            preparations.note(&script(user), &outcome(end.clone(), None));
        }
        preparations.foretell(&script(next))
    }

    #[test]
    fn an_app_that_broke_down_twice_over_its_login_does_so_in_the_next() {
        let incident = IncidentId::Stalled { at: "/login".to_owned(), begun: false };
        let finding =
            |incident| Finding { incident, ..Finding::app("an answer", "the app answered nothing for 20 s at /login") };
        let broke = |incident| {
            let judged = JudgedItem { item: "install.completes".into(), verdict: Verdict::Fail(finding(incident)) };
            ScenarioOutcome { items: vec![judged], ..outcome(ScenarioEnd::Completed, None) }
        };
        let after = |first: ScenarioOutcome, second: ScenarioOutcome| {
            let mut preparations = Preparations::default();
            for outcome in [&first, &second] {
                preparations.note(&script(SIGNED_IN), outcome);
            }
            preparations.foretell(&script(SIGNED_IN))
        };
        let down = ScenarioEnd::AppUnavailable(Problem::new("the app answered nothing for 20 s at /login"));
        let incident = || Some(Box::new(incident.clone()));
        assert_eq!(after(broke(incident()), broke(incident())), Some(down));
        assert_eq!(after(broke(incident()), broke(None)), None, "a failure of another kind is none");
        assert_eq!(after(broke(incident()), outcome(config("no login form"), None)), None);
    }

    fn config(why: &str) -> ScenarioEnd {
        ScenarioEnd::Config(Problem::new(why))
    }

    #[test]
    fn what_has_stopped_two_stops_the_next_that_begins_alike() {
        let refused = config("the login was refused");
        let twice = [(SIGNED_IN, refused.clone()), (SIGNED_IN, refused.clone())];
        assert_eq!(foretold(&twice, SIGNED_IN), Some(refused.clone()));
        assert_eq!(foretold(&twice, "signed-out"), None, "it does not begin with a login");
        assert_eq!(foretold(&twice[..1], SIGNED_IN), None, "once may be chance");
    }

    #[test]
    fn one_that_got_further_or_ended_otherwise_says_that_the_next_may() {
        let refused = config("the login was refused");
        let others = [ScenarioEnd::Completed, config("no login form"), ScenarioEnd::Harness(Problem::new("lost"))];
        for other in others {
            for at in 0..3 {
                let mut ends = vec![(SIGNED_IN, refused.clone()), (SIGNED_IN, refused.clone())];
                ends.insert(at, (SIGNED_IN, other.clone()));
                assert_eq!(foretold(&ends, SIGNED_IN), None, "{other:?} at {at}");
            }
        }
    }
}
