//! Uninstalling in the app revokes the user's tokens by an API call.

use flowcheck_evidence::{Facts, RevokeCall, TokenState};

use super::ended_install::{before_next_start, disconnected, left_to_somebody, refused, review_mail};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::stop::Stop;
use crate::verdict::{Finding, Statement, Value, Verdict, statement};

/// `uninstall.app.revokes`.
pub(crate) static ITEM: Item = Item {
    id: "uninstall.app.revokes",
    group: Group::Uninstall,
    requirement: "Uninstalling in the app revokes the user's tokens by an API call",
    judged: "A correct revocation of a live token of that install, or its deletion by DELETE /api/application-installs/{id} (beta)",
    source: documents::FROM_APP,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "POST the refresh token to https://a.klaviyo.com/oauth/revoke, with Basic credentials, before forgetting it",
    guidance: Topic::Disconnect,
    twin: None,
    over_the_run: None,
};

/// The operation by which an app ends its own install.
const DELETES_INSTALL: &str = "delete_application_install";

fn judge(flow: &Flow<'_>) -> Verdict {
    let (after, install) = match disconnected(flow) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let expected = "a call to Klaviyo's revocation endpoint with a live token of that install";
    let calls: Vec<_> = before_next_start(flow, after)
        .exchanges()
        .filter_map(|exchange| match &exchange.it.facts {
            Facts::Revoke(call) => Some((exchange, call)),
            _ => None,
        })
        .collect();
    let good = |call: &RevokeCall| call.client_ok && call.token_state == TokenState::Live && call.install == install;
    if let Some((exchange, _)) = calls.iter().find(|(_, call)| good(call)) {
        return Verdict::Pass(statement!("{request} with a live token", request = Value::request(exchange.it)));
    }
    // Deleting the install ends it and its tokens, too (D, beta).
    let deleted = before_next_start(flow, after).api_calls().find(|call| {
        call.facts.operation.as_deref() == Some(DELETES_INSTALL)
            && call.exchange.status == 204
            && call.facts.install == install
    });
    if let Some(call) = deleted {
        return Verdict::Pass(statement!(
            "no revocation, but {request} ended the install and its tokens: an operation that Klaviyo calls beta",
            request = call.request()
        ));
    }
    if flow.events.ended_after(after).is_none() {
        return cut_short(flow, "disconnecting was seen to its end");
    }
    if let Some(mail) = left_to_somebody(flow, after).filter(|_| calls.is_empty()) {
        return review_mail(expected, mail);
    }
    let finding = |saw: Statement, likely| Finding::app(expected, saw).likely(likely);
    match calls.first() {
        None => Verdict::Fail(match refused(flow, after) {
            Some(page) => {
                let stop = Value::clipped(Stop::at_rest(page).words(flow.setup), 100);
                let saw = statement!("no call to the revocation endpoint: disconnecting led to {stop}", stop);
                finding(saw, "the app's own request to disconnect fails before anything is revoked").at(page.seq)
            }
            None => {
                finding("no call to the revocation endpoint".into(), "disconnecting only forgets the tokens in the app")
                    .at(after)
            }
        }),
        Some((exchange, call)) => Verdict::Fail(
            Finding::app(expected, statement!("a revocation of {token}", token = token_in_words(call)))
                .likely(why_no_revocation(call))
                .at(exchange.seq),
        ),
    }
}

fn token_in_words(call: &RevokeCall) -> &'static str {
    if !call.client_ok {
        return "a token with the wrong client credentials";
    }
    match call.token_state {
        TokenState::Missing => "no token at all",
        TokenState::PrivateKey => "a private API key",
        TokenState::Unknown => "a token that Klaviyo never issued",
        TokenState::Live => "a live token of another install",
        TokenState::Expired => "a token that had expired",
        TokenState::Revoked => "a token that had ended before",
    }
}

fn why_no_revocation(call: &RevokeCall) -> &'static str {
    if !call.client_ok {
        return "revoking takes the same Basic credentials as the token request";
    }
    match call.token_state {
        TokenState::Missing => "the token goes in the form body, as `token`",
        TokenState::Expired => "a kept access token may be past its hour; revoke the refresh token",
        TokenState::Revoked => "the token was kept from an earlier installation, or was revoked twice",
        TokenState::Unknown => {
            "what is sent is not the token as Klaviyo gave it: another field, cut, or still encrypted"
        }
        _ => "the token sent is not the one that was kept for this install",
    }
}
