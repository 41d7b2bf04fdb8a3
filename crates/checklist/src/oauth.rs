//! OAuth, as Klaviyo's servers and reviewers see it.

use std::collections::HashMap;

use super::attempt::{Attempt, attempts};
use super::not_run::{cut_short, without_tokens};
use super::view::{acts, authorize_calls, code_exchanges, exchanges};
use super::{Finding, Verdict};
use flowcheck_evidence::{AuthorizeCall, ClientAuth, Evidence, Facts, Fingerprint, Purpose, Secret, count};

/// Bits of variety below which a person must look at a `state`.
const UNGUESSABLE_BITS: f64 = 64.0;

pub(super) fn authorize_request(evidence: &Evidence) -> Verdict {
    let mut checked = 0;
    for call in authorize_calls(&evidence.timeline) {
        checked += 1;
        let problems = problems_of(call.it);
        if !problems.is_empty() {
            return Verdict::Fail(
                Finding::app(
                    "response_type=code, known client, registered redirect URI, known scopes, accounts:read",
                    problems.join("; "),
                )
                .likely(why_malformed(call.it))
                .at(call.seq),
            );
        }
    }
    if checked == 0 {
        unseen(evidence)
    } else {
        Verdict::Pass(format!("{}, all well formed", count(checked, "authorization request", "authorization requests")))
    }
}

pub(super) fn pkce(evidence: &Evidence) -> Verdict {
    let expected =
        "code_challenge_method=S256 with a challenge of its own for each attempt, and the verifier that meets it";
    let fail = |seq: u32, saw: String, likely: &str| Verdict::Fail(Finding::app(expected, saw).likely(likely).at(seq));
    let mut seen: HashMap<Fingerprint, usize> = HashMap::new();
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
                return fail(
                    call.seq,
                    format!("code_challenge_method: {method}"),
                    "Klaviyo takes S256 only; without the parameter a challenge counts as plain",
                );
            }
            // The same attempt may reach Klaviyo several times, by way of Klaviyo's own login; another attempt may not reuse it.
            let first = *seen.entry(challenge.fingerprint).or_insert(index);
            if first != index {
                return fail(
                    call.seq,
                    format!("attempt {} sent the same challenge as attempt {}", index + 1, first + 1),
                    "the verifier is made once, not for each attempt",
                );
            }
        }
    }
    for call in code_exchanges(&evidence.timeline) {
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
    } else if let Some(verdict) = not_yet_all(evidence) {
        verdict
    } else if attempts(evidence).iter().any(|attempt| attempt.decided(&Purpose::Allow).is_some())
        && code_exchanges(&evidence.timeline).next().is_none()
    {
        Verdict::blocked_by("install.completes", "no token request was seen to judge the verifier by")
    } else {
        Verdict::Pass(format!(
            "{} with a fresh S256 challenge",
            count(checked, "authorization request", "authorization requests")
        ))
    }
}

pub(super) fn state_sent(evidence: &Evidence) -> Verdict {
    let expected = "a state that nobody can guess, fresh for each attempt";
    let mut sent: Vec<Sent<'_>> = Vec::new();
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
        let this = Sent { attempt: sent.len() + 1, user: who_started(&attempt), seq: call.seq, state };
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
        return unseen(evidence);
    };
    if let Some(verdict) = not_yet_all(evidence) {
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

pub(super) fn redirect_uri(evidence: &Evidence) -> Verdict {
    let expected = "the token request's redirect_uri equal to the authorization request's";
    let mut checked = 0;
    for call in code_exchanges(&evidence.timeline) {
        match call.it.redirect_uri_repeated {
            Some(true) => checked += 1,
            Some(false) => {
                let sent = call.it.redirect_uri.as_deref().unwrap_or("none");
                let asked = authorize_calls(&evidence.timeline)
                    .find(|asked| asked.it.attempt.is_some() && asked.it.attempt == call.it.attempt)
                    .and_then(|asked| asked.it.redirect_uri.as_deref())
                    .unwrap_or("another");
                return Verdict::Fail(
                    Finding::app(expected, format!("token request: {sent}; authorization request: {asked}"))
                        .likely("the two requests build it in different ways; a trailing slash counts")
                        .at(call.seq),
                );
            }
            // No known code, so nothing to compare by.
            None => {}
        }
    }
    if checked == 0 {
        unseen(evidence)
    } else {
        Verdict::Pass(format!("repeated in {}", count(checked, "token request", "token requests")))
    }
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
        let (saw, likely) = match auth {
            ClientAuth::Basic => continue,
            ClientAuth::Body => (
                "client credentials in the form body",
                "the OAuth client is set to `client_secret_post`; Klaviyo asks for `client_secret_basic`",
            ),
            ClientAuth::Query => (
                "client credentials in the address",
                "addresses end up in logs; Klaviyo asks for `client_secret_basic`",
            ),
            ClientAuth::Several => (
                "client credentials in more than one place",
                "the header is enough; some OAuth clients add them to the body unless told not to",
            ),
            ClientAuth::None => {
                ("no client credentials", "PKCE does not replace the client secret at Klaviyo; both are needed")
            }
        };
        return Verdict::Fail(
            Finding::app(
                "Basic credentials in the Authorization header, and nowhere else",
                format!("{} with {saw}", exchange.it.path),
            )
            .likely(likely)
            .at(exchange.seq),
        );
    }
    if checked == 0 {
        unseen(evidence)
    } else {
        Verdict::Pass(format!("Basic credentials in {}", count(checked, "request", "requests")))
    }
}

pub(super) fn token_host(evidence: &Evidence) -> Verdict {
    let mut checked = 0;
    for (exchange, _) in exchanges(&evidence.timeline) {
        if !matches!(exchange.it.facts, Facts::Token(_) | Facts::Revoke(_)) {
            continue;
        }
        checked += 1;
        if is_for_people(&exchange.it.host) {
            let saw = format!("{} asked for at {}", exchange.it.path, exchange.it.host);
            return Verdict::Fail(
                Finding::app("token and revocation requests at a.klaviyo.com, and nowhere else", saw)
                    .likely(
                        "www.klaviyo.com has answered them with 403 since 2025-03-31; only consent is asked for there",
                    )
                    .at(exchange.seq),
            );
        }
    }
    if checked == 0 {
        unseen(evidence)
    } else {
        Verdict::Pass(format!("{}, none at a host for people", count(checked, "request", "requests")))
    }
}

/// Whether a host is one of Klaviyo's for people; a loopback address, which apps are told, is not.
pub(super) fn is_for_people(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or(host);
    name.contains("klaviyo.") && !name.starts_with("a.klaviyo.")
}

fn problems_of(call: &AuthorizeCall) -> Vec<String> {
    let mut problems = Vec::new();
    if call.response_type.as_deref() != Some("code") {
        problems.push(format!("response_type: {}", call.response_type.as_deref().unwrap_or("none")));
    }
    if !call.client_known {
        // Of a client that is not known, neither redirect URIs nor scopes are known.
        return vec![format!("client_id {} is not registered", call.client_id.as_deref().unwrap_or("(none)"))];
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

fn why_malformed(call: &AuthorizeCall) -> &'static str {
    if !call.client_known {
        "the app uses another client id than flowcheck.yaml names"
    } else if !call.redirect_uri_registered {
        "the app's redirect URI is not among those in flowcheck.yaml; at Klaviyo it must be registered to the letter"
    } else if !call.unknown_scopes.is_empty() {
        "the app asks for more than its settings at Klaviyo (and `scopes` in flowcheck.yaml) name"
    } else if call.scopes.is_empty() {
        "no scope is sent at all"
    } else if !call.scopes.iter().any(|scope| scope == "accounts:read") {
        "the list has only what the app's features need; Klaviyo wants this scope from every app"
    } else {
        "the authorization address is put together by hand"
    }
}

/// Who started an attempt.
fn who_started<'a>(attempt: &Attempt<'a>) -> &'a str {
    acts(attempt.entries).next().map_or("", |act| act.it.user.as_str())
}

/// Not run, where more attempts were to come: the last is not over, or one of the users had no turn yet. What is to be fresh for
/// each attempt can look right until the last.
fn not_yet_all(evidence: &Evidence) -> Option<Verdict> {
    let all = attempts(evidence);
    let everybody =
        evidence.setup.users.iter().all(|user| all.iter().any(|attempt| who_started(attempt) == user.label));
    if !everybody {
        Some(cut_short(evidence, "each user had started an installation"))
    } else if all.last().is_some_and(|attempt| !attempt.is_over()) {
        Some(cut_short(evidence, "the last attempt was seen to its end"))
    } else {
        None
    }
}

/// Nothing of the kind was seen: blocked by what kept it from happening.
fn unseen(evidence: &Evidence) -> Verdict {
    without_tokens(evidence).unwrap_or_else(|| Verdict::not_run("no such request was seen"))
}
