//! The notice has a link that leads to the updated authorization request.

use super::forbidden_told::notified;
use flowcheck_evidence::{Purpose, Start};

use super::scope_update::absent_from;
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::path_to_consent::foreseen;
use crate::judging::stop::first_stop;
use crate::verdict::{Finding, Value, Verdict, statement};

/// `scope.forbidden.link`.
pub(crate) static ITEM: Item = Item {
    id: "scope.forbidden.link",
    group: Group::Scopes,
    requirement: "The notice has a link that leads to the updated authorization request",
    judged: "Following it reaches the consent page with the new scopes",
    source: documents::HANDLING,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: remedies::SCOPE_FORBIDDEN,
    guidance: Topic::Scopes,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let (update, met) = match notified(flow) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let expected = statement!("a link that leads to consent with {scopes}", scopes = Value::scopes(&update.added));
    let Some(attempt) = flow.attempt_after(met) else {
        return match flow.events.failed_after(met) {
            Some(failed) => Verdict::not_run(failed.it),
            None => cut_short(flow, "the notice's link was followed"),
        };
    };
    let began = attempt.began;
    if attempt.start != Start::Notice {
        return Verdict::Fail(
            Finding::app(expected, "no link or button in the notice that asks for it")
                .likely("the notice says what is missing, but not how to give it")
                .at(began),
        );
    }
    let around = |purpose: &Purpose| matches!(purpose, Purpose::LogIn | Purpose::Recover(_));
    let allowed = |purpose: &Purpose| foreseen(purpose, &[]) || around(purpose);
    match first_stop(flow, attempt, 0, allowed) {
        Ok(None) => {}
        Ok(Some(stop)) => {
            return Verdict::Fail(
                Finding::app(expected, statement!("it led to {stop}", stop = stop.words(flow.setup)))
                    .hops(attempt.hop_lines(stop.seq()))
                    .likely("the link does not start an authorization")
                    .at(stop.seq()),
            );
        }
        Err(verdict) => return verdict,
    }
    let call = attempt.authorize_calls().last();
    let absent = absent_from(&update.added, |scope| call.is_some_and(|call| call.it.scopes.contains(scope)));
    if let (Some(call), false) = (call, absent.is_empty()) {
        return Verdict::Fail(
            Finding::app(
                expected,
                statement!("an authorization request without {scopes}", scopes = Value::scopes(&absent)),
            )
            .hops(attempt.hop_lines(call.seq))
            .likely("the link starts the authorization that the app always had, with the old scopes")
            .at(call.seq),
        );
    }
    let reached = attempt.reached_klaviyo().unwrap_or(u32::MAX);
    let detour = attempt.unforeseen_acts().find(|act| act.seq < reached);
    match (call, detour) {
        (None, _) => cut_short(flow, "the authorization request was seen"),
        (Some(_), Some(act)) => Verdict::Warn(
            Finding::app(
                expected,
                statement!("consent only after one more page: {gesture}", gesture = &act.it.gesture),
            )
            .likely("the link leads to a page of the app instead of to the authorization itself")
            .at(act.seq),
        ),
        (Some(_), None) => Verdict::Pass("the notice's link leads to consent with the new scopes".into()),
    }
}
