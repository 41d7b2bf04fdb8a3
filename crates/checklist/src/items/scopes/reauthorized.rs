//! After authorizing again, what needs the new scopes works.

use flowcheck_evidence::Purpose;

use super::feature_use::used;
use crate::flow::{ApiRequest, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::{cut_short, undecided};
use crate::judging::stop::no_tokens;
use crate::verdict::{Finding, Value, Verdict, statement};

/// `scope.reauthorized`.
pub(crate) static ITEM: Item = Item {
    id: "scope.reauthorized",
    group: Group::Scopes,
    requirement: "After authorizing again, what needs the new scopes works",
    judged: "The call that was refused is done",
    source: documents::HANDLING,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: "replace the stored tokens with the new ones, and repeat the call that failed",
    guidance: Topic::Scopes,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let (update, met) = match used(flow) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let Some(attempt) = flow.attempt_after(met) else {
        return match flow.events.failed_after(met) {
            Some(failed) => Verdict::not_run(failed.it),
            None => cut_short(flow, "the user authorized again"),
        };
    };
    if attempt.decided(&Purpose::Allow).is_none() {
        return undecided(flow, attempt);
    }
    let Some(issued) = attempt.issued() else {
        return if attempt.is_over() {
            Verdict::Fail(no_tokens(attempt, flow.setup))
        } else {
            cut_short(flow, "the authorization was seen to its end")
        };
    };
    let expected = "what was refused before done after authorizing again";
    let by_new = |scopes: &[String]| scopes.iter().any(|scope| update.added.contains(scope));
    let calls = || flow.events.since(issued.seq).api_calls().filter(|call| by_new(&call.facts.scopes));
    if let Some(call) = calls().find(ApiRequest::succeeded) {
        return Verdict::Pass(statement!(
            "{operation} is done now",
            operation = Value::name_or(call.facts.operation.as_deref(), "the call")
        ));
    }
    let used = flow.events.since(issued.seq).acts().find(|act| act.it.purpose == Purpose::UseFeature);
    let Some(used) = used.filter(|used| flow.events.ended_after(used.seq).is_some()) else {
        return cut_short(flow, "what the new scopes are for was used again");
    };
    let asked_for_new = attempt.authorize_calls().last().is_some_and(|call| by_new(&call.it.scopes));
    Verdict::Fail(match calls().next_back() {
        Some(call) => {
            let status = call.exchange.status;
            Finding::app(
                expected,
                statement!(
                    "{status} for {operation} again",
                    status,
                    operation = Value::name_or(call.facts.operation.as_deref(), "it")
                ),
            )
            .likely(if asked_for_new {
                "the new tokens are not kept, or do not take the place of the old ones"
            } else {
                "the authorization did not ask for the new scopes either"
            })
            .at(call.seq)
        }
        None => Finding::app(expected, "no call to Klaviyo at all")
            .likely("the app remembers that it was refused, and does not forget that when tokens are new")
            .at(used.seq),
    })
}
