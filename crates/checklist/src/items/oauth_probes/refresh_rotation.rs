//! A rotated refresh token is stored.

use flowcheck_evidence::{PageKind, Place, Secret, TokenCall, TokenOutcome};

use super::token_expiry::{before_next_expiry, ended_steps, nth_expiry, refreshes, unless_clock_stood_still};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::install_state::{review, shows};
use crate::judging::no_calls::no_calls;
use crate::judging::not_run::cut_short;
use crate::verdict::{Finding, Verdict};

/// `oauth.refresh.rotation`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.refresh.rotation",
    group: Group::Oauth,
    requirement: "A rotated refresh token is stored",
    judged: "Two hours pass; the second refresh sends the token that the first one brought",
    source: documents::OAUTH,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::OAUTH_REFRESH,
    guidance: Topic::Token,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let expected = "a rotated refresh token to be stored, and sent the next time";
    let (first, second) = match (nth_expiry(flow, 0), nth_expiry(flow, 1)) {
        (Ok(first), Ok(second)) => (first, second),
        (Err(verdict), _) | (_, Err(verdict)) => return verdict,
    };
    let rotated =
        refreshes(before_next_expiry(flow, first)).filter_map(|call| Some((call, issued(call.it)?))).next_back();
    let Some((earlier, new)) = rotated else {
        if let Some(failed) = flow.events.failed_after(first) {
            return Verdict::not_run(failed.it);
        }
        let hour = before_next_expiry(flow, first);
        if refreshes(hour).next().is_none() && hour.api_calls().next().is_none() {
            let saw = "the app made no call in the first hour; nothing shows what it stores";
            return no_calls(flow, expected, saw, first);
        }
        if flow.setup.app.clock_stood_still {
            let finding = Finding::app(expected, "the app did not refresh its token").at(first);
            return unless_clock_stood_still(flow, finding);
        }
        return Verdict::blocked_by("oauth.refresh", "the app did not refresh its token");
    };
    if sent(earlier.it).is_some_and(|old| old.fingerprint == new.fingerprint) {
        return Verdict::not_run("Klaviyo did not rotate the refresh token");
    }
    let entries = flow.events.since(second);
    if let Some(call) =
        refreshes(entries).find(|call| sent(call.it).is_some_and(|sent| sent.fingerprint != new.fingerprint))
    {
        return Verdict::Fail(
            Finding::app(expected, "the refresh token from before the rotation sent again")
                .likely("of a refresh's answer only the access token is stored")
                .at(call.seq),
        );
    }
    let seen = entries.looks(|place| matches!(place, Place::Settings(_)));
    match (refreshes(entries).next(), seen.last()) {
        (Some(call), Some(page)) if page.seq > call.seq && shows(page.it, PageKind::Installed) => {
            Verdict::Pass("the new refresh token was sent the next time".into())
        }
        (Some(call), Some(page)) if page.seq > call.seq => {
            // What Klaviyo knows decides where the page does not say.
            let well = issued(call.it).is_some() && !shows(page.it, PageKind::NotInstalled);
            if well && entries.after(call.seq).api_calls().any(|call| call.succeeded()) {
                Verdict::Pass("the new refresh token was sent the next time".into())
            } else {
                review(expected, page, flow.setup)
            }
        }
        (None, _) if ended_steps(entries) > 1 => {
            let saw = "the app made no call in the second hour; nothing shows what it has stored";
            no_calls(flow, expected, saw, second)
        }
        _ => cut_short(flow, "the app was seen at work after a second hour"),
    }
}

fn sent(call: &TokenCall) -> Option<&Secret> {
    call.refresh_token.as_ref()
}

fn issued(call: &TokenCall) -> Option<&Secret> {
    match &call.outcome {
        TokenOutcome::Issued { refresh_token, .. } => Some(refresh_token),
        TokenOutcome::Refused { .. } => None,
    }
}
