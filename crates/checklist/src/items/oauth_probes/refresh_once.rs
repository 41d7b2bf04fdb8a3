//! Calls made at once do not storm the token endpoint.

use flowcheck_evidence::{Purpose, count};

use super::token_expiry::{nth_expiry, refreshes};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::no_calls::no_calls;
use crate::judging::not_run::cut_short;
use crate::verdict::{Finding, Verdict};

/// Refreshes of one install that much work at once may cost: one, and one by another process of the app's.
const AT_ONCE: usize = 2;

/// `oauth.refresh.once`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.refresh.once",
    group: Group::Oauth,
    requirement: "Calls made at once do not storm the token endpoint",
    judged: "After an hour several pages are asked for at once: two refreshes at most",
    source: documents::CURRENT_PRACTICE,
    tier: Tier::Hardening,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::OAUTH_REFRESH,
    guidance: Topic::Token,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let expected = format!("at most {AT_ONCE} refreshes where much is done at once");
    let expired = match nth_expiry(flow, 0) {
        Ok(seq) => seq,
        Err(verdict) => return verdict,
    };
    let entries = flow.events.since(expired);
    let rush = entries.acts().find_map(|act| match act.it.purpose {
        Purpose::Rush(times) => Some((act.seq, times)),
        _ => None,
    });
    let Some((rush, times)) = rush else {
        return cut_short(flow, "the app was made to work several times at once");
    };
    let (rest, has_ended) = entries.rest_of_step(rush);
    let made = refreshes(rest).count();
    if made > AT_ONCE {
        let first = refreshes(rest).next().map_or(rush, |call| call.seq);
        let saw = format!("{made} refreshes when {times} pages were asked for at once");
        return Verdict::Fail(
            Finding::app(expected, saw)
                .likely("every request refreshes for itself; where Klaviyo rotates, all but one lose their token")
                .at(first),
        );
    }
    if !has_ended {
        return cut_short(flow, "all that was asked for at once had been answered");
    }
    if made > 0 {
        return Verdict::Pass(format!("{} for {times} pages asked for at once", count(made, "refresh", "refreshes")));
    }
    if rest.api_calls().next().is_some() {
        return Verdict::blocked_by("oauth.refresh", "the app did not refresh its token");
    }
    no_calls(flow, expected, "the app made no call; nothing shows how it refreshes when much is done at once", rush)
}
