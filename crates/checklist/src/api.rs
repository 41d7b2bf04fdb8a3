//! API use: what an app's calls carry, and where they come from.

use time::macros::{date, format_description};
use time::{Date, Duration};

use super::attempt::{Attempt, attempts};
use super::not_run::{cut_short, without_tokens};
use super::view::{ended_after, exchanges, steps};
use super::{Finding, Verdict};
use flowcheck_evidence::{ApiCall, Evidence, Exchange, Facts, StepPhase, TokenState, count};

/// The newest revision that the fake Klaviyo's tables describe (P).
const NEWEST: Date = date!(2026 - 07 - 15);
/// How long after its release a revision is retired (D: stable for a year, deprecated for another).
const SERVED_FOR: Duration = Duration::days(2 * 365);

pub(super) fn bearer_only(evidence: &Evidence) -> Verdict {
    let expected = "Authorization: Bearer with the OAuth access token";
    judged(evidence, "each with a Bearer token", |call| {
        let (saw, likely) = match call.facts.token_state {
            _ if call.is_preflight() => return None,
            TokenState::PrivateKey => ("a private API key", "code from before the app had OAuth is still in use"),
            TokenState::Missing => ("no credentials", "the token is not handed to this call"),
            _ => return None,
        };
        Some(Verdict::Fail(Finding::app(expected, format!("{} with {saw}", called(call))).likely(likely).at(call.seq)))
    })
}

pub(super) fn revision(evidence: &Evidence) -> Verdict {
    let oldest = NEWEST - SERVED_FOR;
    let expected = format!("a revision header with the date of a revision that is still served, {oldest} or later");
    judged(evidence, "each with a revision that is served", |call| {
        let (saw, likely) = match call.facts.revision.as_deref().map(|text| (text, dated(text))) {
            None if call.is_preflight() => return None,
            None => ("no revision".to_owned(), "the header is set on some calls only"),
            Some((text, None)) => (format!("revision: {text}"), "it is not a date"),
            Some((text, Some(date))) if date < oldest => {
                (format!("revision: {text}"), "revisions are retired two years after their release")
            }
            Some(_) => return None,
        };
        let saw = format!("{} with {saw}", called(call));
        Some(Verdict::Fail(Finding::app(expected.clone(), saw).likely(likely).at(call.seq)))
    })
}

pub(super) fn server_side(evidence: &Evidence) -> Verdict {
    judged(evidence, "none from a browser", |call| {
        let exchange = call.exchange;
        let header = |wanted: &str| exchange.request_headers.iter().find(|(name, _)| name == wanted);
        // Only browsers say from which page a call comes.
        let (_, page) = header("origin")?;
        let about_token = header("access-control-request-headers")
            .is_some_and(|(_, names)| names.to_ascii_lowercase().contains("authorization"));
        if call.facts.token_state == TokenState::Missing && !about_token {
            return None;
        }
        let saw = format!("{} from a page of {page}", called(call));
        let expected = "calls with the token from the app's server only";
        let likely = "the token is handed to the page's script; the page should ask the app, and the app Klaviyo";
        Some(Verdict::Fail(Finding::app(expected, saw).likely(likely).at(call.seq)))
    })
}

pub(super) fn published(evidence: &Evidence) -> Verdict {
    judged(evidence, "all of published operations", |call| {
        if call.is_preflight() || call.facts.operation.is_some() {
            return None;
        }
        let saw = format!("{}, answered {}", called(call), call.exchange.status);
        let likely = "the path or the method is mistyped, or of a retired version of the API";
        Some(Verdict::Review(Finding::app("operations that Klaviyo publishes", saw).likely(likely).at(call.seq)))
    })
}

/// A call below `/api`.
#[derive(Debug, Clone, Copy)]
struct Call<'a> {
    seq: u32,
    exchange: &'a Exchange,
    facts: &'a ApiCall,
}

impl Call<'_> {
    /// Whether a browser asks if a page may make the call.
    fn is_preflight(self) -> bool {
        self.exchange.method == "OPTIONS"
    }
}

/// What is said of the first call that something is to be said of; else that all are fine, once the installed app was seen at
/// work.
fn judged(evidence: &Evidence, all_fine: &str, says: impl Fn(Call<'_>) -> Option<Verdict>) -> Verdict {
    let calls: Vec<Call<'_>> = exchanges(&evidence.timeline)
        .filter_map(|(exchange, _)| match &exchange.it.facts {
            // `/client` is for browsers, and takes no token.
            Facts::Api(facts) if !exchange.it.path.starts_with("/client") => {
                Some(Call { seq: exchange.seq, exchange: exchange.it, facts })
            }
            _ => None,
        })
        .collect();
    if let Some(verdict) = calls.iter().find_map(|call| says(*call)) {
        return verdict;
    }
    if let Some(verdict) = not_at_work(evidence) {
        return verdict;
    }
    match calls.len() {
        0 => Verdict::NotApplicable("the app did not call the API here".to_owned()),
        calls => Verdict::Pass(format!("{}, {all_fine}", count(calls, "call", "calls"))),
    }
}

/// Not run, where no step that began after the app had its tokens has ended.
fn not_at_work(evidence: &Evidence) -> Option<Verdict> {
    if let Some(verdict) = without_tokens(evidence) {
        return Some(verdict);
    }
    let issued = attempts(evidence).iter().find_map(Attempt::issued).map_or(0, |call| call.seq);
    let began = steps(&evidence.timeline).find(|mark| mark.seq > issued && mark.it.phase == StepPhase::Began);
    match began.and_then(|began| ended_after(&evidence.timeline, began.seq)) {
        Some(_) => None,
        None => Some(cut_short(evidence, "the installed app was seen at work")),
    }
}

fn called(call: Call<'_>) -> String {
    format!("{} {}", call.exchange.method, call.exchange.path)
}

/// A revision's date; those of beta endpoints end in `.pre`.
fn dated(text: &str) -> Option<Date> {
    let date = text.trim();
    let date = date.strip_suffix(".pre").unwrap_or(date);
    Date::parse(date, format_description!("[year]-[month]-[day]")).ok()
}
