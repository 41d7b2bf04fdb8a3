//! Client credentials are sent as Basic credentials in the header, not in the body or the address.

use flowcheck_evidence::{ClientAuth, Facts};

use super::seen_requests::unseen;
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::{Finding, Value, Verdict, counted, statement};

/// `oauth.client-auth`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.client-auth",
    group: Group::Oauth,
    requirement: "Client credentials are sent as Basic credentials in the header, not in the body or the address",
    judged: "Every token and revocation request",
    source: documents::OAUTH,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "send `Authorization: Basic` with client id and secret, and neither of them in the body or the address",
    guidance: Topic::Token,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let mut checked = 0;
    for exchange in flow.events.exchanges() {
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
                statement!("{path} with {saw}", path = Value::address(&exchange.it.path), saw),
            )
            .likely(likely)
            .at(exchange.seq),
        );
    }
    if checked == 0 {
        unseen(flow)
    } else {
        Verdict::Pass(statement!("Basic credentials in {requests}", requests = counted(checked, "request", "requests")))
    }
}
