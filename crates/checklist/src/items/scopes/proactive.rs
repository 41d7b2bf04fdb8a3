//! Customers are told of new scopes before anything fails, by e-mail or in the app.

use super::feature_use::{first_notice, met};
use super::scope_update::updated;
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::verdict::{Finding, Verdict};

/// `scope.proactive`.
pub(crate) static ITEM: Item = Item {
    id: "scope.proactive",
    group: Group::Scopes,
    requirement: "Customers are told of new scopes before anything fails, by e-mail or in the app",
    judged: "A notice or a mail between the update and the first use of what is new; a warning where there is none",
    source: documents::INSTALLATIONS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: remedies::SCOPE,
    guidance: Topic::Scopes,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let update = match updated(flow) {
        Ok(update) => update,
        Err(verdict) => return verdict,
    };
    if let Some(blocked) = without_tokens(flow) {
        return blocked;
    }
    let met = met(flow, &update);
    let entries = flow.events.after(update.seq).before(met.unwrap_or(u32::MAX));
    if let Some((_, notice)) = first_notice(entries, flow) {
        return Verdict::Pass(notice);
    }
    match met {
        Some(seq) => Verdict::Warn(
            Finding::app(
                "customers told of the new permissions before anything fails",
                "no mail and no notice in the app between the update and the first use of what is new",
            )
            .likely("best practice: a mail, or an indicator in the app, with a link to authorize again")
            .at(seq),
        ),
        None => cut_short(flow, "what the new scopes are for was used"),
    }
}
