//! state is sent, unguessable and fresh for each attempt.

use flowcheck_evidence::{Secret, StateChange, StatePattern};

use super::seen_requests::{not_yet_all, unseen, who_started};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::verdict::{Finding, Value, Verdict, statement};

/// Bits of variety below which a person must look at a `state`.
const UNGUESSABLE_BITS: f64 = 64.0;
/// The same for the places that change from one attempt to the next: of random ones, a few are the same by chance.
const CHANGING_BITS: u32 = 40;
const EXPECTED: &str = "a state that nobody can guess, fresh for each attempt";

/// `oauth.state.sent`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.state.sent",
    group: Group::Oauth,
    requirement: "state is sent, unguessable and fresh for each attempt",
    judged: "Over two attempts and two users: a constant fails; an id, a counter or the time warns; under 64 bits of variety is for review",
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
    let mut sent: Vec<Sent<'_>> = Vec::new();
    for attempt in &flow.attempts {
        let Some(call) = attempt.authorize_calls().next() else { continue };
        let Some(state) = &call.it.state else {
            return Verdict::Fail(
                Finding::app(EXPECTED, "an authorization request without state")
                    .likely("without it, anyone can feed the callback with a code of their own")
                    .at(call.seq),
            );
        };
        let user = who_started(attempt);
        sent.push(Sent { attempt: sent.len() + 1, user, seq: call.seq, state, change: call.it.state_change });
    }
    if let Some((earlier, later)) = repeat(&sent, |one, other| one.user != other.user) {
        let saw = statement!(
            "attempt {later} sent the same state as attempt {earlier}, by another user",
            later = later.attempt,
            earlier = earlier.attempt
        );
        return Verdict::Fail(
            Finding::app(EXPECTED, saw)
                .likely("state is a constant; it has to be random for each attempt")
                .at(later.seq),
        );
    }
    if sent.is_empty() {
        return unseen(flow);
    }
    if let Some(verdict) = not_yet_all(flow) {
        return verdict;
    }
    guessable(&sent).or_else(|| doubtful(&sent)).unwrap_or_else(|| {
        Verdict::Pass(statement!(
            "{attempts} attempts, each with a state of its own, of {shortest} characters or more",
            attempts = sent.len(),
            shortest = sent.iter().map(|one| one.state.length).min().unwrap_or_default()
        ))
    })
}

/// A warning, where the evidence shows that a `state` can be told beforehand by who knows the user or an earlier one. It is the app's
/// user's own all the same, which Klaviyo's documentation of its SDK suggests.
fn guessable(sent: &[Sent<'_>]) -> Option<Verdict> {
    if let Some((one, known)) = sent.iter().find_map(|one| Some((one, one.state.known.as_ref()?))) {
        return Some(Verdict::Warn(
            Finding::app(EXPECTED, statement!("state is {known}", known = Value::text(known)))
                .likely("state carries an id instead of a random value")
                .at(one.seq),
        ));
    }
    if let Some((earlier, later)) = repeat(sent, |one, other| one.user == other.user) {
        let saw = statement!(
            "attempt {later} sent the same state as attempt {earlier}",
            later = later.attempt,
            earlier = earlier.attempt
        );
        let finding = Finding::app(EXPECTED, saw).at(later.seq);
        // Whether it is a constant shows only by what another user's attempt sends.
        return Some(if sent.iter().any(|one| one.user != later.user) {
            Verdict::Warn(
                finding.likely("state is made from the user's id or session; it has to be random for each attempt"),
            )
        } else {
            Verdict::Review(finding)
        });
    }
    sent.iter().find_map(|one| {
        let change = one.few_bits()?;
        let (follows, likely) = match change.pattern? {
            StatePattern::Counter => ("counts up", "state carries a number that counts up instead of a random value"),
            StatePattern::Time => ("follows the time", "state carries the time instead of a random value"),
        };
        let saw = statement!(
            "the state of attempt {attempt} {follows}, and nothing else in it changes",
            attempt = one.attempt,
            follows
        );
        Some(Verdict::Warn(Finding::app(EXPECTED, saw).likely(likely).at(one.seq)))
    })
}

/// Left to a person, where the evidence shows neither that it can be guessed nor that it cannot.
fn doubtful(sent: &[Sent<'_>]) -> Option<Verdict> {
    if let Some((one, change)) = sent.iter().find_map(|one| Some((one, one.few_bits()?))) {
        let saw = statement!(
            "a state of {length} characters of which a part changes, with at most {bits} bits of variety; look whether it can be guessed",
            length = one.state.length,
            bits = change.bits_at_most
        );
        return Some(Verdict::Review(Finding::app(EXPECTED, saw).at(one.seq)));
    }
    let weakest = sent.iter().min_by(|one, two| one.state.bits_at_most().total_cmp(&two.state.bits_at_most()))?;
    let bits = weakest.state.bits_at_most();
    if bits < UNGUESSABLE_BITS {
        let saw = statement!(
            "{length} characters with at most {bits} bits of variety; look whether they can be guessed",
            length = weakest.state.length,
            bits = Value::bits(bits)
        );
        return Some(Verdict::Review(Finding::app(EXPECTED, saw).at(weakest.seq)));
    }
    let single = sent.len() < 2;
    single.then(|| {
        let saw = "only one attempt reached Klaviyo, so freshness was not seen";
        Verdict::Review(Finding::app(EXPECTED, saw).at(weakest.seq))
    })
}

/// The first two attempts that sent the same `state`, of those that are `alike`.
fn repeat<'s, 'a>(
    sent: &'s [Sent<'a>],
    alike: impl Fn(&Sent<'a>, &Sent<'a>) -> bool,
) -> Option<(&'s Sent<'a>, &'s Sent<'a>)> {
    sent.iter().enumerate().find_map(|(at, later)| {
        let is_it = |earlier: &&Sent<'a>| earlier.state.fingerprint == later.state.fingerprint && alike(earlier, later);
        Some((sent[..at].iter().find(is_it)?, later))
    })
}

/// A `state` as an attempt sent it.
struct Sent<'a> {
    /// Which attempt, from 1.
    attempt: usize,
    user: &'a str,
    seq: u32,
    state: &'a Secret,
    change: Option<StateChange>,
}

impl Sent<'_> {
    /// How it differs from an earlier one, where that is too little to be random.
    fn few_bits(&self) -> Option<StateChange> {
        self.change.filter(|change| change.bits_at_most < CHANGING_BITS)
    }
}
