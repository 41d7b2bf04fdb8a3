//! OAuth, as Klaviyo's servers and reviewers see it.

use std::collections::HashMap;

use super::install::without_tokens;
use super::view::{At, attempts, authorize_calls, exchanges, token_calls};
use super::{Finding, Verdict};
use crate::evidence::{AuthorizeCall, ClientAuth, Evidence, Facts, Secret, TokenCall};

/// Bits of variety below which a person must look at a `state`.
const UNGUESSABLE_BITS: f64 = 64.0;

pub(super) fn authorize_request(evidence: &Evidence) -> Verdict {
    let mut count = 0;
    for call in authorize_calls(&evidence.timeline) {
        count += 1;
        let problems = problems_of(call.it);
        if !problems.is_empty() {
            return Verdict::Fail(
                Finding::app(
                    "response_type=code, a known client, a registered redirect URI, known scopes, accounts:read",
                    problems.join("; "),
                )
                .at(call.seq),
            );
        }
    }
    if count == 0 {
        unseen(evidence)
    } else {
        Verdict::Pass(format!("{count} authorization request(s), all well formed"))
    }
}

pub(super) fn pkce(evidence: &Evidence) -> Verdict {
    let expected =
        "code_challenge_method=S256 with a challenge of its own for each attempt, and the verifier that meets it";
    let fail = |seq: u32, saw: String, likely: &str| Verdict::Fail(Finding::app(expected, saw).likely(likely).at(seq));
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut checked = 0;
    for (index, attempt) in attempts(evidence).iter().enumerate() {
        for call in attempt.authorize_calls() {
            checked += 1;
            let Some(challenge) = &call.it.challenge else {
                return fail(
                    call.seq,
                    "an authorization request without code_challenge".to_owned(),
                    "PKCE is not switched on in the OAuth client",
                );
            };
            if call.it.challenge_method.as_deref() != Some("S256") {
                let method = call.it.challenge_method.as_deref().unwrap_or("none");
                return fail(call.seq, format!("code_challenge_method: {method}"), "the challenge is sent as plain");
            }
            // The same attempt may reach Klaviyo several times, by way of Klaviyo's own login; another attempt may not reuse it.
            if *seen.entry(&challenge.fingerprint).or_insert(index) != index {
                return fail(
                    call.seq,
                    "the challenge of an earlier attempt again".to_owned(),
                    "the verifier is made once, not for each attempt",
                );
            }
        }
    }
    for call in code_exchanges(evidence) {
        match &call.it.verifier {
            None if call.it.challenged == Some(true) => {
                return fail(
                    call.seq,
                    "a token request without code_verifier".to_owned(),
                    "the verifier is lost between redirect and callback",
                );
            }
            Some(verifier) if !verifier.well_formed => {
                return fail(
                    call.seq,
                    format!(
                        "a verifier of {} characters that does not match Klaviyo's pattern",
                        verifier.secret.length
                    ),
                    "Klaviyo takes 43 to 128 characters of A-Z a-z 0-9 - . _ ~",
                );
            }
            Some(verifier) if verifier.matches_challenge == Some(false) => {
                return fail(
                    call.seq,
                    "a verifier that does not meet the challenge".to_owned(),
                    "the challenge is not base64url(SHA-256(verifier)) without padding",
                );
            }
            _ => {}
        }
    }
    if checked == 0 {
        unseen(evidence)
    } else {
        Verdict::Pass(format!("{checked} authorization request(s) with a fresh S256 challenge"))
    }
}

pub(super) fn state_sent(evidence: &Evidence) -> Verdict {
    let expected = "a state that nobody can guess, fresh for each attempt";
    let mut states: Vec<(u32, &Secret)> = Vec::new();
    for attempt in attempts(evidence) {
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
        if let Some((first, _)) = states.iter().find(|(_, earlier)| earlier.fingerprint == state.fingerprint) {
            let saw = format!("the same state again in a later attempt (first in entry {first})");
            return Verdict::Fail(
                Finding::app(expected, saw).likely("state is a constant, or the user's id").at(call.seq),
            );
        }
        states.push((call.seq, state));
    }
    let Some((seq, weakest)) =
        states.iter().min_by(|(_, one), (_, two)| one.bits_at_most().total_cmp(&two.bits_at_most()))
    else {
        return unseen(evidence);
    };
    let bits = weakest.bits_at_most();
    if bits < UNGUESSABLE_BITS {
        let saw = format!(
            "{} characters with at most {bits:.0} bits of variety; look whether they can be guessed",
            weakest.length
        );
        Verdict::Review(Finding::app(expected, saw).at(*seq))
    } else if states.len() < 2 {
        Verdict::Review(Finding::app(expected, "only one attempt reached Klaviyo, so freshness was not seen").at(*seq))
    } else {
        Verdict::Pass(format!("{} attempts, {} states, at most {bits:.0} bits each", states.len(), states.len()))
    }
}

pub(super) fn redirect_uri(evidence: &Evidence) -> Verdict {
    let expected = "the token request's redirect_uri equal to the authorization request's";
    let mut checked = 0;
    for call in code_exchanges(evidence) {
        checked += 1;
        if call.it.redirect_uri_repeated == Some(false) {
            let sent = call.it.redirect_uri.as_deref().unwrap_or("none");
            return Verdict::Fail(
                Finding::app(expected, format!("redirect_uri: {sent}"))
                    .likely("the two requests build it in different ways; a trailing slash counts")
                    .at(call.seq),
            );
        }
    }
    if checked == 0 { unseen(evidence) } else { Verdict::Pass(format!("repeated in {checked} token request(s)")) }
}

pub(super) fn client_auth(evidence: &Evidence) -> Verdict {
    let mut checked = 0;
    for (exchange, _) in exchanges(&evidence.timeline) {
        let auth = match &exchange.it.facts {
            Facts::Token(call) => call.client_auth,
            Facts::Revoke(call) => call.client_auth,
            _ => continue,
        };
        checked += 1;
        let saw = match auth {
            ClientAuth::Basic => continue,
            ClientAuth::Body => "client credentials in the form body",
            ClientAuth::Query => "client credentials in the address",
            ClientAuth::Several => "client credentials in more than one place",
            ClientAuth::None => "no client credentials",
        };
        return Verdict::Fail(
            Finding::app(
                "Basic credentials in the Authorization header, and nowhere else",
                format!("{} with {saw}", exchange.it.path),
            )
            .likely("the OAuth client is set to `client_secret_post`; Klaviyo asks for `client_secret_basic`")
            .at(exchange.seq),
        );
    }
    if checked == 0 { unseen(evidence) } else { Verdict::Pass(format!("Basic credentials in {checked} request(s)")) }
}

fn problems_of(call: &AuthorizeCall) -> Vec<String> {
    let mut problems = Vec::new();
    if call.response_type.as_deref() != Some("code") {
        problems.push(format!("response_type: {}", call.response_type.as_deref().unwrap_or("none")));
    }
    if !call.client_known {
        problems.push(format!("client_id {} is not registered", call.client_id.as_deref().unwrap_or("(none)")));
    }
    if !call.redirect_uri_registered {
        problems.push(format!("redirect_uri {} is not registered", call.redirect_uri.as_deref().unwrap_or("(none)")));
    }
    if !call.unknown_scopes.is_empty() {
        problems.push(format!("scopes that the app's settings do not have: {}", call.unknown_scopes.join(" ")));
    }
    if !call.scopes.iter().any(|scope| scope == "accounts:read") {
        problems.push("accounts:read is missing, which Klaviyo requires".to_owned());
    }
    if !call.repeated.is_empty() {
        problems.push(format!("parameters sent more than once: {}", call.repeated.join(" ")));
    }
    problems
}

fn code_exchanges(evidence: &Evidence) -> impl Iterator<Item = At<'_, TokenCall>> {
    token_calls(&evidence.timeline).filter(|call| call.it.grant_type.as_deref() == Some("authorization_code"))
}

/// Nothing of the kind was seen: blocked by what kept it from happening.
fn unseen(evidence: &Evidence) -> Verdict {
    without_tokens(evidence).unwrap_or_else(|| Verdict::not_run("no such request was seen"))
}
