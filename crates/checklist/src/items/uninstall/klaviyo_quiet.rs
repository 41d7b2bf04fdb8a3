//! The app stops calling Klaviyo with dead tokens.

use flowcheck_evidence::{Facts, StepKind, StepPhase, TokenOutcome, TokenState};

use super::ended_install::{before_next_start, uninstalled_in_klaviyo};
use crate::flow::{Flow, Window};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::no_calls::no_calls;
use crate::judging::not_run::cut_short;
use crate::judging::retry_outcome::started_again;
use crate::verdict::{Finding, Value, Verdict, statement};

/// Calls with dead tokens, for each trigger, that are no nuisance.
const API_CALLS: usize = 3;
const TOKEN_CALLS: usize = 2;
/// Milliseconds after the first 401 in which they are counted.
const COUNTED_MS: u64 = 10_000;

/// `uninstall.klaviyo.quiet`.
pub(crate) static ITEM: Item = Item {
    id: "uninstall.klaviyo.quiet",
    group: Group::Uninstall,
    requirement: "The app stops calling Klaviyo with dead tokens",
    judged: "After the first 401, at most 3 API and 2 token calls within 10 s for each trigger",
    source: documents::FROM_KLAVIYO,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "stop the jobs of a connection when a refresh answers invalid_grant",
    guidance: Topic::Ended,
    twin: None,
    over_the_run: None,
};

pub(crate) fn judge(flow: &Flow<'_>) -> Verdict {
    let after = match uninstalled_in_klaviyo(flow) {
        Ok(after) => after,
        Err(verdict) => return verdict,
    };
    let entries = before_next_start(flow, after);
    let expected = statement!(
        "at most {api_calls} API and {token_calls} token calls within {counted} of the first refusal, for each trigger",
        api_calls = API_CALLS,
        token_calls = TOKEN_CALLS,
        counted = Value::Seconds(COUNTED_MS / 1000)
    );
    // Each page that the user opens and each step that makes the app work is a trigger of its own.
    for window in entries.split_at_acts() {
        let (api, token): (Vec<_>, Vec<_>) = refusals(window).into_iter().partition(|refusal| refusal.of_api);
        let Some(first) = api.iter().chain(&token).min_by_key(|refusal| refusal.seq) else { continue };
        let counted = |refusals: &[Refusal]| {
            refusals.iter().filter(|refusal| refusal.at_ms <= first.at_ms.saturating_add(COUNTED_MS)).count()
        };
        let (api, token) = (counted(&api), counted(&token));
        if api > API_CALLS || token > TOKEN_CALLS {
            return Verdict::Fail(
                Finding::app(expected, statement!("{api} API and {token} token calls with dead tokens", api, token))
                    .likely("a 401 is repeated instead of being taken as the end of the install")
                    .at(first.seq),
            );
        }
    }
    match refusals(entries).first() {
        // More may come until the step is over that made the app call.
        Some(refused) if entries.ended_after(refused.seq).is_none() => {
            cut_short(flow, "the app's calls were seen to their end")
        }
        Some(_) => started_again(flow, after, flow.events.since(after).next_start().unwrap_or(u32::MAX))
            .unwrap_or_else(|| {
                Verdict::Pass("no more calls with dead tokens than it takes to learn of the uninstall".into())
            }),
        None => match entries.failed_after(after) {
            Some(failed) if failed_trigger(flow, after) => Verdict::not_run(failed.it),
            _ if entries.steps().filter(|mark| mark.it.phase != StepPhase::Began).count() < 2 => {
                cut_short(flow, "the app had a trigger to call Klaviyo")
            }
            _ => {
                let saw = "the app made no call after the uninstall; nothing shows how it takes a 401";
                no_calls(flow, expected, saw, after)
            }
        },
    }
}

/// Whether the app was to be made to work after a position, and was not.
fn failed_trigger(flow: &Flow<'_>, after: u32) -> bool {
    flow.events
        .after(after)
        .steps()
        .any(|mark| mark.it.step == StepKind::Trigger && matches!(mark.it.phase, StepPhase::Failed(_)))
}

/// A call that Klaviyo refused now that the install had ended: with its token, or with what the app sends where it has none any more.
struct Refusal {
    seq: u32,
    at_ms: u64,
    /// Of a call to the API, not to the token endpoint.
    of_api: bool,
}

/// Whether no good token was sent. An app that has forgotten its token and goes on calling sends none, or `Bearer undefined`.
fn is_dead(token: TokenState) -> bool {
    matches!(token, TokenState::Revoked | TokenState::Unknown | TokenState::Missing)
}

fn refusals(entries: Window<'_>) -> Vec<Refusal> {
    entries
        .exchanges()
        .filter_map(|exchange| {
            let of_api = match &exchange.it.facts {
                Facts::Api(call) if is_dead(call.token_state) => true,
                Facts::Token(call)
                    if call.refresh_token.is_some() && matches!(call.outcome, TokenOutcome::Refused { .. }) =>
                {
                    false
                }
                _ => return None,
            };
            Some(Refusal { seq: exchange.seq, at_ms: exchange.time_ms, of_api })
        })
        .collect()
}
