//! A `trigger` that made the app do nothing: a mistake of `flowcheck.yaml`, told once for all items that needed it.

use flowcheck_evidence::{StepPhase, StepProblem};

use crate::flow::{At, Flow, short};
use crate::items::is_gate;
use crate::judged_item::JudgedItem;
use crate::verdict::{Blame, Finding, IncidentId, Value, Verdict, statement};

/// Tells what was left undecided because the trigger was answered with a redirect or an error. The first such item of the
/// gate fails by the configuration, else the first of all, and the rest are blocked by it.
pub(crate) fn explain(mut judged: Vec<JudgedItem>, flow: &Flow<'_>) -> Vec<JudgedItem> {
    let failed = flow.events.steps().find_map(|mark| match &mark.it.phase {
        StepPhase::Failed(why @ StepProblem::TriggerAnswered { .. }) => Some(mark.part(why)),
        _ => None,
    });
    let Some(failed) = failed else { return judged };
    let undecided = |one: &JudgedItem| match &one.verdict {
        Verdict::NotRun { blocked_by: None, .. } => true,
        Verdict::Review(finding) => finding.at.is_some_and(|at| at >= flow.events.step_began(failed.seq)),
        _ => false,
    };
    let at_gate = judged.iter().position(|one| undecided(one) && is_gate(&one.item));
    let Some(tells) = at_gate.or_else(|| judged.iter().position(undecided)) else { return judged };
    let item = judged[tells].item.clone();
    for (index, one) in judged.iter_mut().enumerate().filter(|(_, one)| undecided(one)) {
        one.verdict = if index == tells {
            Verdict::Fail(finding(failed, flow))
        } else {
            Verdict::NotRun { reason: failed.it.into(), blocked_by: Some(item.clone()) }
        };
    }
    judged
}

fn finding(failed: At<'_, StepProblem>, flow: &Flow<'_>) -> Finding {
    let mut finding =
        Finding::app("`trigger` to make the app call Klaviyo", failed.it).blame(Blame::Config).at(failed.seq);
    finding.likely = failed.it.remedy().map(|remedy| statement!("{remedy}", remedy = Value::text(remedy)));
    if let StepProblem::TriggerAnswered { request, status, .. } = failed.it {
        // Each scenario's app may answer at a port of its own.
        let path = request.split(' ').next_back().map_or_else(String::new, |url| short(url, flow.setup));
        finding.incident = Some(Box::new(IncidentId::TriggerAnswered { path, status: *status }));
    }
    finding
}

#[cfg(test)]
mod tests {
    use flowcheck_evidence::{Entry, Event, Evidence, StepKind, StepMark};

    use super::*;
    use crate::flow::Timeline;
    use crate::item_id::ItemId;

    fn evidence(problem: StepProblem) -> Evidence {
        let recorded = include_str!("../../../../fixtures/evidence/honest/rate-throttled.json");
        let mut evidence: Evidence = serde_json::from_str(recorded).expect("a recording");
        let mark = |seq, phase| Entry {
            seq,
            at_ms: 0,
            event: Event::Step(Box::new(StepMark { index: 0, step: StepKind::Trigger, line: 1, phase })),
        };
        evidence.timeline = vec![mark(0, StepPhase::Began), mark(1, StepPhase::Failed(problem))];
        evidence
    }

    fn explained(problem: StepProblem) -> Vec<Verdict> {
        let evidence = evidence(problem);
        let timeline = Timeline::read(&evidence);
        let judged = [
            ("api.revision", Verdict::Pass("seen".into())),
            ("data.bulk", Verdict::not_run("nothing was seen of it at work")),
            ("rate.delivers", Verdict::not_run("nothing was throttled")),
            ("rate.isolated", Verdict::not_run("nothing was throttled")),
            ("oauth.refresh", Verdict::blocked_by("install.completes", "no tokens")),
        ];
        let judged = judged.map(|(item, verdict)| JudgedItem { item: ItemId::from(item), verdict });
        explain(judged.into(), &Flow::of(&timeline)).into_iter().map(|one| one.verdict).collect()
    }

    #[test]
    fn a_trigger_that_answers_with_a_redirect_is_told_once() {
        let to = Some("/login".to_owned());
        let verdicts = explained(StepProblem::TriggerAnswered { request: "GET /sync".to_owned(), status: 302, to });
        assert!(matches!(&verdicts[0], Verdict::Pass(_)));
        assert!(
            matches!(&verdicts[1], Verdict::NotRun { blocked_by: Some(item), .. } if item.as_str() == "rate.delivers"),
            "advice tells nothing where the gate does"
        );
        assert!(matches!(&verdicts[2], Verdict::Fail(finding)
            if finding.blame == Blame::Config && finding.saw.to_string() == "`trigger`: GET /sync answered 302, a redirect to /login"));
        assert!(
            matches!(&verdicts[3], Verdict::NotRun { blocked_by: Some(item), .. } if item.as_str() == "rate.delivers")
        );
        assert!(
            matches!(&verdicts[4], Verdict::NotRun { blocked_by: Some(item), .. } if item.as_str() == "install.completes")
        );
    }

    #[test]
    fn a_trigger_over_which_the_app_ended_is_no_mistake_of_the_file() {
        let verdicts = explained(StepProblem::EndedByTrigger("GET /sync: connection closed".to_owned()));
        assert!(matches!(&verdicts[1], Verdict::NotRun { blocked_by: None, .. }));
    }
}
