//! No callback input makes the app hang, crash or answer 5xx.

use flowcheck_evidence::{Place, Probe, Tampering};

use super::callback_visits::{breaks, callback, not_opened};
use crate::flow::{At, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::stop::Stop;
use crate::verdict::{Finding, Statement, Value, Verdict, counted, statement};

/// Inputs that a failure names; more would bury the point.
const NAMED: usize = 3;

/// `oauth.survives`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.survives",
    group: Group::Oauth,
    requirement: "No callback input makes the app hang, crash or answer 5xx",
    judged: "A table of hostile inputs is sent from the user's own browser",
    source: documents::CURRENT_PRACTICE,
    tier: Tier::Hardening,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "take every parameter of the callback for text that anybody may have written",
    guidance: Topic::Errors,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let expected = "an answer below 500 to every callback input";
    let all: Vec<At<'_, Probe>> = flow.events.probes().collect();
    let broken: Vec<_> = all.iter().filter(|probe| probe.it.status.is_none_or(|status| status >= 500)).collect();
    if let Some(first) = broken.first() {
        let mut answers: Vec<Statement> = broken.iter().take(NAMED).map(|probe| answer(probe.it)).collect();
        if broken.len() > NAMED {
            answers.push(statement!("and {more} more", more = broken.len() - NAMED));
        }
        let likely = if broken.iter().any(|probe| probe.it.status.is_none()) {
            "the callback crashes or waits for ever over what it cannot read; the app's log tells more"
        } else {
            "the callback trusts its parameters to be there, once, and readable"
        };
        return Verdict::Fail(
            Finding::app(expected, statement!("{answers}", answers = Value::list("; ", answers)))
                .likely(likely)
                .at(first.seq),
        );
    }
    let Some(act) = callback(flow, Tampering::Hostile) else {
        return not_opened(flow, "hostile inputs were sent to the callback");
    };
    if !flow.events.rest_of_step(act.seq).1 {
        return cut_short(flow, "all inputs were sent");
    }
    let limited = all.iter().filter(|probe| probe.it.status == Some(429)).count();
    if limited > 0 {
        return Verdict::not_run(statement!(
            "the app's own limit of requests answered 429 to {limited} of {inputs}: they were not looked at; allow more requests where \
             flowcheck runs",
            limited,
            inputs = counted(all.len(), "input", "inputs")
        ));
    }
    match flow.events.since(act.seq).looks(|place| matches!(place, Place::Settings(_))).first() {
        Some(page) if breaks(page.it.kind, page.it.status) => Verdict::Fail(
            Finding::app("the app to work after all of them", Stop::at_rest(*page).words(flow.setup))
                .likely("one of the inputs has broken the app for good")
                .at(page.seq),
        ),
        Some(_) => Verdict::Pass(statement!(
            "{inputs} answered, and the app works",
            inputs = counted(all.len(), "input", "inputs")
        )),
        None => cut_short(flow, "the app's settings were looked at after that"),
    }
}

/// What the callback answered to an input.
fn answer(probe: &Probe) -> Statement {
    let input = Value::name(&probe.input);
    match (probe.status, &probe.error) {
        (Some(status), _) => statement!("{input}: {status}", input, status),
        (None, Some(error)) => statement!("{input}: {error}", input, error = Value::text(error)),
        (None, None) => statement!("{input}: no answer", input),
    }
}
