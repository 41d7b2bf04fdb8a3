//! The API is called with the token by the app's server, not by the browser.

use flowcheck_evidence::TokenState;

use super::every_call::{is_client_api, judged_of};
use crate::flow::{ApiRequest, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::verdict::{Finding, Value, Verdict, statement};

const EXPECTED: &str = "calls with the token from the app's server only";

/// `api.server-side`.
pub(crate) static ITEM: Item = Item {
    id: "api.server-side",
    group: Group::Api,
    requirement: "The API is called with the token by the app's server, not by the browser",
    judged: "No call below /api, and no question whether one may be made, comes from a page; below /client, events for the account fail, and the rest is for review",
    source: documents::OWN_SERVER,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::API,
    guidance: Topic::Api,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    judged_of(
        flow,
        |call| !is_client_api(call) || is_the_apps(call, flow),
        "none from a browser",
        |call| {
            if is_client_api(&call) { of_client_api(call) } else { with_token(call) }
        },
    )
}

/// A page that calls with the token, or that asks whether it may.
fn with_token(call: ApiRequest<'_>) -> Option<Verdict> {
    // Only browsers say from which page a call comes.
    let page = header(&call, "origin")?;
    let about_token = header(&call, "access-control-request-headers")
        .is_some_and(|names| names.to_ascii_lowercase().contains("authorization"));
    if call.facts.token_state == TokenState::Missing && !about_token {
        return None;
    }
    let saw = statement!("{request} from a page of {page}", request = call.request(), page = Value::address(page));
    let likely = "the token is handed to the page's script; the page should ask the app, and the app Klaviyo";
    Some(Verdict::Fail(Finding::app(EXPECTED, saw).likely(likely).at(call.seq)))
}

/// A call below `/client`: an event so sent is not the app's own at Klaviyo, and cannot be branded; of what else it does a person has to
/// say whether the app needs it.
fn of_client_api(call: ApiRequest<'_>) -> Option<Verdict> {
    if call.is_preflight() {
        return None;
    }
    let from = header(&call, "origin")
        .map_or_else(|| "the app".into(), |page| statement!("a page of {page}", page = Value::address(page)));
    let finding =
        Finding::app(EXPECTED, statement!("{request} from {from}", request = call.request(), from)).at(call.seq);
    let is_event = call.exchange.path.starts_with("/client/event");
    Some(if is_event {
        Verdict::Fail(finding.likely("events are sent by the API for a shop's pages instead of the app's token"))
    } else {
        Verdict::Review(finding)
    })
}

/// Whether a call below `/client` is for the user's account, or comes from the app's server: a page of the app may well call for the
/// account of its own makers.
fn is_the_apps(call: &ApiRequest<'_>, flow: &Flow<'_>) -> bool {
    let query = &call.exchange.query;
    let company = query.iter().find(|(name, _)| name == "company_id").map(|(_, company)| company.as_str());
    let is_users = flow.setup.accounts.iter().any(|account| Some(account.id.as_str()) == company);
    // Browsers name the page that a call comes from, or say at least that it is one's.
    let from_page = ["origin", "referer", "sec-fetch-mode"].into_iter().any(|name| header(call, name).is_some());
    is_users || !from_page
}

fn header<'a>(call: &ApiRequest<'a>, wanted: &str) -> Option<&'a str> {
    let mut headers = call.exchange.request_headers.iter();
    headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str())
}
