//! PKCE with S256, fresh for each attempt; the verifier matches Klaviyo's pattern and the challenge.

use std::collections::HashMap;

use flowcheck_evidence::{Fingerprint, Purpose};

use super::seen_requests::{not_yet_all, unseen};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::{Finding, Statement, Value, Verdict, counted, statement};

/// `oauth.pkce`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.pkce",
    group: Group::Oauth,
    requirement: "PKCE with S256, fresh for each attempt; the verifier matches Klaviyo's pattern and the challenge",
    judged: "Every authorization request and every code exchange",
    source: documents::OAUTH,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "make a random verifier of 43 to 128 characters for each attempt, send its SHA-256 as the challenge, and keep it until the callback",
    guidance: Topic::Authorize,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let expected =
        "code_challenge_method=S256 with a challenge of its own for each attempt, and the verifier that meets it";
    let fail = |seq: u32, saw: Statement, likely: &'static str| {
        Verdict::Fail(Finding::app(expected, saw).likely(likely).at(seq))
    };
    let mut seen: HashMap<Fingerprint, usize> = HashMap::new();
    let mut checked = 0;
    for (index, attempt) in flow.attempts.iter().enumerate() {
        for call in attempt.authorize_calls() {
            checked += 1;
            let Some(challenge) = &call.it.challenge else {
                return fail(
                    call.seq,
                    "an authorization request without code_challenge".into(),
                    "PKCE is not switched on in the OAuth client",
                );
            };
            if call.it.challenge_method.as_deref() != Some("S256") {
                return fail(
                    call.seq,
                    statement!(
                        "code_challenge_method: {sent}",
                        sent = Value::name_or(call.it.challenge_method.as_deref(), "none")
                    ),
                    "Klaviyo takes S256 only; without the parameter a challenge counts as plain",
                );
            }
            // The same attempt may reach Klaviyo several times, by way of Klaviyo's own login; another attempt may not reuse it.
            let first = *seen.entry(challenge.fingerprint).or_insert(index);
            if first != index {
                return fail(
                    call.seq,
                    statement!(
                        "attempt {later} sent the same challenge as attempt {earlier}",
                        later = index + 1,
                        earlier = first + 1
                    ),
                    "the verifier is made once, not for each attempt",
                );
            }
        }
    }
    for call in flow.events.code_exchanges() {
        match &call.it.verifier {
            None if call.it.challenged == Some(true) => {
                return fail(
                    call.seq,
                    "a token request without code_verifier".into(),
                    "the verifier is lost between redirect and callback",
                );
            }
            Some(verifier) if !verifier.well_formed => {
                return fail(
                    call.seq,
                    statement!(
                        "a verifier of {length} characters that does not match Klaviyo's pattern",
                        length = verifier.secret.length
                    ),
                    "Klaviyo takes 43 to 128 characters of A-Z a-z 0-9 - . _ ~",
                );
            }
            Some(verifier) if verifier.matches_challenge == Some(false) => {
                return fail(
                    call.seq,
                    "a verifier that does not meet the challenge".into(),
                    "the challenge is not base64url(SHA-256(verifier)) without padding",
                );
            }
            _ => {}
        }
    }
    if checked == 0 {
        unseen(flow)
    } else if let Some(verdict) = not_yet_all(flow) {
        verdict
    } else if flow.attempts.iter().any(|attempt| attempt.decided(&Purpose::Allow).is_some())
        && flow.events.code_exchanges().next().is_none()
    {
        Verdict::blocked_by("install.completes", "no token request was seen to judge the verifier by")
    } else {
        Verdict::Pass(statement!(
            "{requests} with a fresh S256 challenge",
            requests = counted(checked, "authorization request", "authorization requests")
        ))
    }
}
