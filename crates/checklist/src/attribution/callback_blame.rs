//! A callback that stopped before it asked Klaviyo for tokens: `install.completes` fails by it, and what follows from it is blocked.

use flowcheck_evidence::Purpose;

use crate::attribution::callback_fault::{CallbackAnswer, callback_fault, has_no_route};
use crate::flow::{Attempt, Flow};
use crate::judged_item::JudgedItem;
use crate::verdict::{Blame, Verdict, statement};

/// The item that tells of it.
pub(crate) const TELLS: &str = "install.completes";

/// Leaves the failure by a callback that stopped to the item that tells of it.
pub(crate) fn explain(mut judged: Vec<JudgedItem>, flow: &Flow<'_>) -> Vec<JudgedItem> {
    for attempt in &flow.attempts {
        let Some(fault) = callback_fault(flow, attempt) else { continue };
        // Where the callback did otherwise before, this may be what that item asks about: a second attempt in the way of the first.
        let own = did_otherwise(flow, attempt, &fault);
        let decided = attempt.decided(&Purpose::Allow).unwrap_or(u32::MAX);
        let over = flow.attempt_after(attempt.began).map_or(u32::MAX, |next| next.began);
        for one in &mut judged {
            let Verdict::Fail(finding) = &mut one.verdict else { continue };
            if finding.blame != Blame::App || !finding.at.is_some_and(|at| (decided..over).contains(&at)) {
                continue;
            }
            if one.item.as_str() == TELLS || own {
                finding.incident = Some(Box::new(fault.identity()));
            } else {
                one.verdict = Verdict::blocked_by(TELLS, statement!("the callback {answer}", answer = fault.words()));
            }
        }
    }
    judged
}

/// Whether the callback may answer so only because of what came before: it asked for tokens in an earlier attempt, answered the user's
/// refusal in another way, or the user had left the consent page in between.
fn did_otherwise(flow: &Flow<'_>, attempt: &Attempt<'_>, fault: &CallbackAnswer) -> bool {
    if has_no_route(attempt).is_some() {
        return false;
    }
    if attempt.decided(&Purpose::Leave).is_some() {
        return true;
    }
    let (earlier, _) = flow.attempts_around(attempt.began.saturating_sub(1));
    earlier.iter().any(|earlier| {
        let answered = earlier.callback_answer();
        let differs = answered.is_some_and(|hop| CallbackAnswer::of(hop.it, flow.setup).as_ref() != Some(fault));
        differs || earlier.events.token_calls().next().is_some()
    })
}
