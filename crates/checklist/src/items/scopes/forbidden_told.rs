//! A 403 for a missing scope tells the user to authorize again.

use super::feature_use::{first_notice, refusal, used};
use super::scope_update::{Update, next_start};
use crate::flow::{Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::wording::alerts_in_unknown_words;
use crate::verdict::{Finding, Value, Verdict, statement};

/// `scope.forbidden.told`.
pub(crate) static ITEM: Item = Item {
    id: "scope.forbidden.told",
    group: Group::Scopes,
    requirement: "A 403 for a missing scope tells the user to authorize again",
    judged: "After it a page of the app or a mail asks for that",
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
    let (update, met) = match used(flow) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let window = flow.events.after(met).before(next_start(flow, met));
    let refused = refusal(window, &update);
    // An app that knows what it lacks need not ask Klaviyo first; then the page itself must say so.
    let from = refused.unwrap_or(met);
    if let Some((_, notified)) = first_notice(flow.events.after(from).before(next_start(flow, met)), flow) {
        return Verdict::Pass(notified);
    }
    let expected = "a notice in the app or a mail that asks the user to authorize again";
    if next_start(flow, met) == u32::MAX && flow.events.failed_after(met).is_none() {
        return cut_short(flow, "the user looked for a way to authorize again");
    }
    let page = window.pages().find(|page| page.seq > from);
    let saw = page.map_or_else(
        || "no page at all".into(),
        |page| {
            statement!(
                "{page}: \"{headline}\"",
                page = place(page.it, flow.setup),
                headline = Value::text(page.it.headline())
            )
        },
    );
    if refused.is_none() {
        let done = window
            .api_calls()
            .find(|call| call.succeeded() && call.facts.scopes.iter().any(|scope| update.added.contains(scope)));
        let prompt = if done.is_some() {
            "Klaviyo let the call pass, so the install had the new scopes already"
        } else {
            "the page at `scopes_update.feature` neither called Klaviyo by a new scope nor said anything"
        };
        return Verdict::Review(Finding::app(expected, prompt).at(page.map_or(met, |page| page.seq)));
    }
    if let Some(page) = page.filter(|page| alerts_in_unknown_words(flow, *page)) {
        let saw = statement!("{saw}, in words that flowcheck does not know", saw);
        return Verdict::Review(Finding::app(expected, saw).at(page.seq));
    }
    Verdict::Fail(
        Finding::app(expected, saw)
            .likely("a 403 is taken for any other failure, or for an empty answer")
            .at(page.map_or(from, |page| page.seq)),
    )
}

/// The update, and where its feature was used, if the user was told then.
pub(super) fn notified(flow: &Flow<'_>) -> Result<(Update, u32), Verdict> {
    let found = used(flow)?;
    match judge(flow) {
        Verdict::Pass(_) => Ok(found),
        Verdict::NotRun { reason, blocked_by } => Err(Verdict::NotRun { reason, blocked_by }),
        _ => Err(Verdict::blocked_by("scope.forbidden.told", "the user was not told")),
    }
}
