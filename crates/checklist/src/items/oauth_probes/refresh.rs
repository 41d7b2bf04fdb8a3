//! An expired access token is refreshed and the call repeated; the user sees nothing of it.

use flowcheck_evidence::{Declared, Page, PageKind, Place, TokenOutcome, TokenState};

use super::token_expiry::{before_next_expiry, ended_steps, nth_expiry, refreshes, unless_clock_stood_still};
use crate::flow::{ApiRequest, At, Flow, Window, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::install_state::{review, shows, signs};
use crate::judging::no_calls::no_calls;
use crate::judging::not_run::cut_short;
use crate::judging::settings_page::is_not_found;
use crate::verdict::{Finding, Statement, Value, Verdict, statement};

/// `oauth.refresh`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.refresh",
    group: Group::Oauth,
    requirement: "An expired access token is refreshed and the call repeated; the user sees nothing of it",
    judged: "Klaviyo's clock is moved by an hour; the app is triggered, and its settings are looked at",
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
    let expected = "an expired access token to be refreshed and the call repeated, and the user to see nothing of it";
    let expired = match nth_expiry(flow, 0) {
        Ok(seq) => seq,
        Err(verdict) => return verdict,
    };
    let entries = before_next_expiry(flow, expired);
    if let Some(call) = refreshes(entries).find(|call| matches!(call.it.outcome, TokenOutcome::Refused { .. })) {
        let TokenOutcome::Refused { error, reason } = &call.it.outcome else { return cut_short(flow, expected) };
        return Verdict::Fail(
            Finding::app(expected, statement!("the refresh was refused with {error}", error = Value::name(error)))
                .likely(statement!("Klaviyo's reason: {reason}", reason = Value::text(reason)))
                .at(call.seq),
        );
    }
    let refused = entries.api_calls().find(|call| call.facts.token_state == TokenState::Expired);
    let refreshed = refreshes(entries).next();
    if let (Some(call), None) = (&refused, &refreshed)
        && entries.ended_after(call.seq).is_some()
    {
        let saw = statement!(
            "{operation} refused with 401, and no refresh token sent",
            operation = operation(call.facts.operation.as_deref())
        );
        let finding = Finding::app(expected, saw)
            .likely("a 401 is taken as the end of the install; an access token lives for an hour")
            .at(call.seq);
        return unless_clock_stood_still(flow, finding);
    }
    if let (Some(call), Some(refreshed)) = (&refused, &refreshed) {
        let (rest, has_ended) = entries.rest_of_step(refreshed.seq);
        if has_ended && call.seq < refreshed.seq && !is_repeated(call, rest) {
            let saw = statement!(
                "{operation} not repeated after the refresh",
                operation = operation(call.facts.operation.as_deref())
            );
            let finding = Finding::app(expected, saw).at(refreshed.seq);
            if good(rest).any(|later| later.same_place(call) && later.may_be_about_the_same(call)) {
                let likely = "a call about the same came after that, with other contents: look whether it is the same, made anew";
                return Verdict::Review(finding.likely(likely));
            }
            return unless_clock_stood_still(flow, finding.likely("the call that met the 401 is given up"));
        }
    }
    let seen = entries.looks(|place| matches!(place, Place::Settings(_)));
    // A page that never worked, or is none that shows the state, tells nothing of the connection.
    let worked = |page: &At<'_, Page>| {
        let before = flow.events.before(expired).looks(|place| matches!(place, Place::Settings(_)));
        before.is_empty()
            || before.iter().any(|earlier| {
                !shows_trouble(earlier.it.kind, earlier.it.certainty)
                    && place(earlier.it, flow.setup) == place(page.it, flow.setup)
            })
    };
    let has_none = is_not_found(flow) || matches!(flow.setup.app.settings, Declared::Absent(_));
    let disturbed = |page: &&At<'_, Page>| shows_trouble(page.it.kind, page.it.certainty) && !has_none && worked(page);
    if let Some(page) = seen.iter().find(disturbed) {
        let saw = statement!("{page} shows {signs}", page = place(page.it, flow.setup), signs = signs(page.it));
        let finding = Finding::app(expected, saw)
            .likely("an expired token is shown to the user as a lost connection")
            .at(page.seq);
        return unless_clock_stood_still(flow, finding);
    }
    match (refreshed, seen.last()) {
        (None, _) if ended_steps(entries) > 1 => {
            let saw = "the app made no call in the hour after; nothing shows how it takes a 401";
            no_calls(flow, expected, saw, expired)
        }
        (Some(refreshed), Some(page)) if page.seq > refreshed.seq => {
            if shows(page.it, PageKind::Installed) {
                Verdict::Pass("refreshed, the call repeated, and the app shows itself as installed".into())
            } else if entries.after(refreshed.seq).api_calls().any(|call| call.succeeded()) {
                // What Klaviyo knows decides where the page does not say.
                Verdict::Pass("refreshed, the call repeated, and no page tells the user of trouble".into())
            } else {
                review(expected, page, flow.setup)
            }
        }
        _ => cut_short(flow, "the app was seen at work after an hour"),
    }
}

/// Whether a call was made again with a token that was good; the time in it may be another.
fn is_repeated(call: &ApiRequest<'_>, later: Window<'_>) -> bool {
    let asks_the_same = |again: &ApiRequest<'_>| again.exchange.query == call.exchange.query;
    good(later).any(|again| again.same_place(call) && asks_the_same(&again) && again.same_write(call))
}

fn good(calls: Window<'_>) -> impl Iterator<Item = ApiRequest<'_>> {
    calls.api_calls().filter(|call| call.facts.token_state == TokenState::Live)
}

/// Whether a page tells the user of trouble: not installed, an error, no answer.
fn shows_trouble(kind: PageKind, certainty: u8) -> bool {
    certainty >= Page::SURE && matches!(kind, PageKind::NotInstalled | PageKind::Error | PageKind::BrowserError)
}

fn operation(id: Option<&str>) -> Statement {
    id.map_or_else(|| "a call".into(), |id| statement!("the call {operation}", operation = Value::name(id)))
}
