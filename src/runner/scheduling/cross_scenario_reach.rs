//! Whether the app can reach Klaviyo at all: a client that came in one scenario can, and an app that did not call in another
//! has itself to blame.

use crate::checklist::{ScenarioOutcome, judge};
use crate::evidence::{Event, Evidence};

/// Tells each scenario in which nothing of the app came to Klaviyo whether it did in another, and judges it again.
pub(in crate::runner) fn compare(scenarios: &mut [ScenarioOutcome]) {
    let has_reached = |evidence: &Evidence| {
        let mut seen = evidence.timeline.iter().rev().map(|entry| &entry.event);
        seen.any(|seen| matches!(seen, Event::GatewayTraffic(traffic) if traffic.requests > 0))
    };
    if !scenarios.iter().any(|scenario| scenario.evidence.as_ref().is_some_and(has_reached)) {
        return;
    }
    for scenario in scenarios {
        if let Some(evidence) = scenario.evidence.as_mut().filter(|evidence| !has_reached(evidence)) {
            evidence.setup.routing.elsewhere = true;
            scenario.items = judge(&scenario.expects, &scenario.end, Some(evidence));
        }
    }
}
