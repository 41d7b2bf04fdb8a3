//! state is sent, unguessable and fresh for each attempt.

use flowcheck_evidence::Secret;

use super::seen_requests::{not_yet_all, unseen, who_started};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::verdict::{Finding, Verdict};

/// Bits of variety below which a person must look at a `state`.
const UNGUESSABLE_BITS: f64 = 64.0;

/// `oauth.state.sent`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.state.sent",
    group: Group::Oauth,
    requirement: "state is sent, unguessable and fresh for each attempt",
    judged: "Over two attempts and two users: a repeat or a known id fails, under 64 bits of variety is for review",
    source: documents::STATE,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::OAUTH_STATE,
    guidance: Topic::Authorize,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let expected = "a state that nobody can guess, fresh for each attempt";
    let mut sent: Vec<Sent<'_>> = Vec::new();
    for attempt in &flow.attempts {
        let Some(call) = attempt.authorize_calls().next() else { continue };
        let Some(state) = &call.it.state else {
            return Verdict::Fail(
                Finding::app(expected, "an authorization request without state")
                    .likely("without it, anyone can feed the callback with a code of their own")
                    .at(call.seq),
            );
        };
        if let Some(known) = &state.known {
            return Verdict::Fail(
                Finding::app(expected, format!("state is {known}"))
                    .likely("state carries an id instead of a random value")
                    .at(call.seq),
            );
        }
        let this = Sent { attempt: sent.len() + 1, user: who_started(attempt), seq: call.seq, state };
        if let Some(earlier) = sent.iter().find(|earlier| earlier.state.fingerprint == state.fingerprint) {
            let (whose, likely) = if earlier.user == this.user {
                ("", "state is a constant, or made from the user's id; it has to be random for each attempt")
            } else {
                (", by another user", "state is a constant; it has to be random for each attempt")
            };
            let saw = format!("attempt {} sent the same state as attempt {}{whose}", this.attempt, earlier.attempt);
            return Verdict::Fail(Finding::app(expected, saw).likely(likely).at(call.seq));
        }
        sent.push(this);
    }
    let Some(weakest) = sent.iter().min_by(|one, two| one.state.bits_at_most().total_cmp(&two.state.bits_at_most()))
    else {
        return unseen(flow);
    };
    if let Some(verdict) = not_yet_all(flow) {
        return verdict;
    }
    let bits = weakest.state.bits_at_most();
    if bits < UNGUESSABLE_BITS {
        let saw = format!(
            "{} characters with at most {bits:.0} bits of variety; look whether they can be guessed",
            weakest.state.length
        );
        Verdict::Review(Finding::app(expected, saw).at(weakest.seq))
    } else if sent.len() < 2 {
        Verdict::Review(
            Finding::app(expected, "only one attempt reached Klaviyo, so freshness was not seen").at(weakest.seq),
        )
    } else {
        Verdict::Pass(format!(
            "{} attempts, each with a state of its own, of {} characters or more",
            sent.len(),
            sent.iter().map(|one| one.state.length).min().unwrap_or_default()
        ))
    }
}

/// A `state` as an attempt sent it.
struct Sent<'a> {
    /// Which attempt, from 1.
    attempt: usize,
    user: &'a str,
    seq: u32,
    state: &'a Secret,
}
