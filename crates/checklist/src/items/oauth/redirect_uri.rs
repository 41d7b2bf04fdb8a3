//! The token request repeats the authorization request's redirect URI.

use super::seen_requests::unseen;
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::{Finding, Value, Verdict, counted, statement};

/// `oauth.redirect-uri`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.redirect-uri",
    group: Group::Oauth,
    requirement: "The token request repeats the authorization request's redirect URI",
    judged: "Every code exchange",
    source: documents::OAUTH,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "keep the redirect URI with the attempt and repeat it letter by letter",
    guidance: Topic::Authorize,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let expected = "the token request's redirect_uri equal to the authorization request's";
    let mut checked = 0;
    for call in flow.events.code_exchanges() {
        match call.it.redirect_uri_repeated {
            Some(true) => checked += 1,
            Some(false) => {
                let sent = Value::name_or(call.it.redirect_uri.as_deref(), "none");
                let asked = flow
                    .events
                    .authorize_calls()
                    .find(|asked| asked.it.attempt.is_some() && asked.it.attempt == call.it.attempt)
                    .and_then(|asked| asked.it.redirect_uri.as_deref());
                let asked = Value::name_or(asked, "another");
                return Verdict::Fail(
                    Finding::app(
                        expected,
                        statement!("token request: {sent}; authorization request: {asked}", sent, asked),
                    )
                    .likely("the two requests build it in different ways; a trailing slash counts")
                    .at(call.seq),
                );
            }
            // No known code, so nothing to compare by.
            None => {}
        }
    }
    if checked == 0 {
        unseen(flow)
    } else {
        Verdict::Pass(statement!(
            "repeated in {requests}",
            requests = counted(checked, "token request", "token requests")
        ))
    }
}
