//! Whose fault a failure is, where the evidence shows that it is not the app's.

use super::reach::unreached;
use super::view::{api_calls, authorize_calls, steps};
use super::{Blame, Finding, Verdict};
use flowcheck_evidence::{Evidence, StepPhase};

/// A failure with the one to blame for it; any other verdict as it is.
pub(super) fn attribute(verdict: Verdict, evidence: &Evidence) -> Verdict {
    let Verdict::Fail(finding) = verdict else { return verdict };
    let foreign = foreign_client(&finding, evidence).or_else(|| unreached(&finding, evidence));
    Verdict::Fail(foreign.or_else(|| mock_gap(&finding, evidence)).unwrap_or(finding))
}

/// The app is another than the one `flowcheck.yaml` describes: nothing can be said of it.
fn foreign_client(finding: &Finding, evidence: &Evidence) -> Option<Finding> {
    let stranger = authorize_calls(&evidence.timeline).find(|call| !call.it.client_known)?;
    let sent = stranger.it.client_id.as_deref().unwrap_or("(none)");
    let likely = format!(
        "the app asks as client {sent}, and flowcheck.yaml says {}: one of the two is wrong",
        evidence.setup.app.client_id
    );
    Some(finding.clone().likely(likely).blame(Blame::Config))
}

/// In the step that failed, the app asked for something that Klaviyo publishes and the fake does not model.
fn mock_gap(finding: &Finding, evidence: &Evidence) -> Option<Finding> {
    let at = finding.at?;
    let began = steps(&evidence.timeline)
        .filter(|mark| mark.it.phase == StepPhase::Began && mark.seq <= at)
        .last()
        .map_or(0, |mark| mark.seq);
    let operation = api_calls(evidence.since(began))
        .take_while(|(call, ..)| call.seq <= at)
        .find(|(call, ..)| call.it.mock_gap)
        .and_then(|(call, ..)| call.it.operation.clone())?;
    let likely = format!("the fake Klaviyo does not model {operation} and answered 501; the real one would not");
    Some(finding.clone().likely(likely).blame(Blame::MockGap))
}
