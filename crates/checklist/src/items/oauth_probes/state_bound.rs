//! Another browser cannot finish a flow that it did not start.

use flowcheck_evidence::{Purpose, Tampering};

use super::callback_visits::{callback, in_words, not_opened};
use crate::flow::{Attempt, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::verdict::{Finding, Verdict, statement};

/// `oauth.state.bound`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.state.bound",
    group: Group::Oauth,
    requirement: "Another browser cannot finish a flow that it did not start",
    judged: "The good callback of one user's flow is opened in another user's browser, and that user's own with the first one's state: no token request",
    source: documents::CURRENT_PRACTICE,
    tier: Tier::Hardening,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::OAUTH_STATE,
    guidance: Topic::Authorize,
    twin: None,
    over_the_run: Some(judge_over_the_run),
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let Some(act) = callback(flow, Tampering::Foreign) else {
        return not_opened(flow, "the other user's callback was opened");
    };
    // Older recordings have the first alone.
    for act in [Some(act), callback(flow, Tampering::OtherUsers)].into_iter().flatten() {
        let Purpose::Callback(tampering) = act.it.purpose else { continue };
        let (rest, has_ended) = flow.events.rest_of_step(act.seq);
        if let Some(call) = rest.code_exchanges().next() {
            let (expected, saw) = if tampering == Tampering::Foreign {
                (
                    "a browser that did not begin an installation to be refused, without a token request",
                    statement!("{outcome} in the other user's browser", outcome = in_words(&call)),
                )
            } else {
                (
                    "another user's state to be refused, without a token request",
                    statement!("{outcome} after a callback {tampering}", outcome = in_words(&call), tampering),
                )
            };
            return Verdict::Fail(
                Finding::app(expected, saw)
                    .likely("state is looked up among all users' attempts, not tied to the browser that began it")
                    .at(call.seq),
            );
        }
        if !has_ended {
            return cut_short(flow, "the app had answered the other user's callback");
        }
    }
    Verdict::Pass("refused in a browser that had not begun it".into())
}

/// An app that asked for tokens in no installation of the run refuses nothing by asking for none.
fn judge_over_the_run(all: &[Flow<'_>]) -> Option<Verdict> {
    let was_probed = |flow: &Flow<'_>| callback(flow, Tampering::Foreign).is_some();
    let was_allowed = |attempt: &Attempt<'_>| attempt.decided(&Purpose::Allow).is_some() && attempt.is_over();
    let asks = |flow: &Flow<'_>| flow.events.token_calls().next().is_some();
    let installs = |flow: &Flow<'_>| flow.attempts.iter().any(was_allowed);
    if !all.iter().any(was_probed) || !all.iter().any(installs) || all.iter().any(asks) {
        return None;
    }
    Some(Verdict::blocked_by(
        "install.completes",
        "the app asked for no tokens in the whole run, with its own state either",
    ))
}
