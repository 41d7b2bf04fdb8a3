//! Each user's install is that user's own.

use flowcheck_evidence::{Declared, Entry, Event, Facts, KlaviyoEvent, PageKind, Purpose, TokenState, UninstalledBy};

use super::two_users::{TwoUsers, look_steps, looks_of, two_users};
use crate::flow::{ApiRequest, Flow, Window, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::install_state::{is_unsure, review, shows, signs};
use crate::judging::no_calls::no_calls;
use crate::judging::not_run::cut_short;
use crate::verdict::{Finding, Verdict, statement};

/// `user.isolated`.
pub(crate) static ITEM: Item = Item {
    id: "user.isolated",
    group: Group::User,
    requirement: "Each user's install is that user's own",
    judged: "After a second user of the account has installed: whose tokens the first user's page takes, which install their disconnecting ends, and whether the other goes on",
    source: documents::PER_USER,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: "keep tokens by the access token's `sub`, the user, and not by `tenant_id`, the account",
    guidance: Topic::Users,
    twin: None,
    over_the_run: None,
};

const ONE_FOR_ALL: &str = "one token is kept for the account, so that each user's install overwrites the earlier ones";

fn judge(flow: &Flow<'_>) -> Verdict {
    let users = match two_users(flow) {
        Ok(users) => users,
        Err(verdict) => return verdict,
    };
    let expected = "the first user's install beside the second's, each with its own tokens";
    let disconnected = flow
        .events
        .after(users.since)
        .acts()
        .find(|act| matches!(act.it.purpose, Purpose::Disconnect { control: true, .. }));
    let before = flow.events.after(users.since).before(disconnected.map_or(u32::MAX, |act| act.seq));
    if let Some(at) = ended(before, users.first.install) {
        let finding = Finding::app(expected, "the app ended the first user's install when the second installed");
        return Verdict::Fail(finding.likely(ONE_FOR_ALL).at(at));
    }
    if let Some(page) = looks_of(before, users.first.user).iter().find(|page| shows(page.it, PageKind::NotInstalled)) {
        let saw = statement!(
            "the first user's {page} shows {signs}",
            page = place(page.it, flow.setup),
            signs = signs(page.it)
        );
        return Verdict::Fail(Finding::app(expected, saw).likely(ONE_FOR_ALL).at(page.seq));
    }
    let Some(disconnected) = disconnected else {
        return match (&flow.setup.app.settings, flow.events.failed_after(users.since)) {
            (Declared::Absent(_), _) => by_tokens(flow, &users),
            (_, Some(_)) => Verdict::blocked_by("uninstall.app.findable", "no disconnect control was found"),
            (_, None) => cut_short(flow, "the first user disconnected"),
        };
    };
    let after = flow.events.after(disconnected.seq);
    let expected = "the first user's disconnecting to end the first user's install alone";
    if let Some(at) = ended(after, users.second.install).or_else(|| revoked(after, users.second.install)) {
        let saw = "it ended the second user's install";
        return Verdict::Fail(Finding::app(expected, saw).likely(ONE_FOR_ALL).at(at));
    }
    let pages = looks_of(after, users.second.user);
    if let Some(page) = pages.iter().find(|page| shows(page.it, PageKind::NotInstalled)) {
        let saw = statement!(
            "the second user's {page} then shows {signs}",
            page = place(page.it, flow.setup),
            signs = signs(page.it)
        );
        let likely = "disconnecting forgets all connections of the account";
        return Verdict::Fail(Finding::app(expected, saw).likely(likely).at(page.seq));
    }
    let Some(last) = pages.last() else { return cut_short(flow, "the second user's settings were looked at") };
    if let Some(at) = borrowed(before, &users) {
        let saw =
            "the first user's page called Klaviyo by the second user's token, and no call by the first's was seen";
        return Verdict::Review(Finding::app("calls for a user by that user's token", saw).at(at));
    }
    let goes_on = live_calls(after, users.second.install).next().is_some();
    if is_unsure(last.it) && !goes_on {
        return review(expected, last, flow.setup);
    }
    if ended(after, users.first.install).is_none() {
        return Verdict::blocked_by("uninstall.app.revokes", "disconnecting ended no install at Klaviyo");
    }
    let how = if goes_on { "Klaviyo is still called by" } else { "the app still shows" };
    Verdict::Pass(statement!(
        "the first user's disconnecting ended their own install alone; {how} the second user's",
        how
    ))
}

/// An app without a page that shows the state, judged by the calls that it makes.
fn by_tokens(flow: &Flow<'_>, users: &TwoUsers<'_>) -> Verdict {
    let later = flow.events.after(users.since);
    let used = |install: &str| live_calls(later, install).next().is_some();
    match (used(users.first.install), used(users.second.install)) {
        (true, true) => Verdict::Pass("Klaviyo is called by each user's own token".into()),
        _ => no_calls(flow, "calls by each user's own token", "not both users' tokens were used", users.since),
    }
}

/// Where the first user's page was made with the second user's token, where the first's own was never used again.
fn borrowed(seen: Window<'_>, users: &TwoUsers<'_>) -> Option<u32> {
    if live_calls(seen, users.first.install).next().is_some() {
        return None;
    }
    let steps = look_steps(seen, users.first.user);
    steps.into_iter().find_map(|step| live_calls(step, users.second.install).next().map(|call| call.seq))
}

/// The calls by an install's live token.
fn live_calls<'a>(seen: Window<'a>, install: &str) -> impl Iterator<Item = ApiRequest<'a>> {
    seen.api_calls().filter(move |call| {
        call.facts.token_state == TokenState::Live && call.facts.install.as_deref() == Some(install)
    })
}

/// Where the app ended an install.
fn ended(seen: Window<'_>, install: &str) -> Option<u32> {
    let is_it = |entry: &&Entry| {
        matches!(&entry.event, Event::Klaviyo(KlaviyoEvent::Uninstalled { install: id, by: UninstalledBy::App, .. })
            if id == install)
    };
    seen.entries().iter().find(is_it).map(|entry| entry.seq)
}

/// Where the app asked to revoke a token of an install.
fn revoked(seen: Window<'_>, install: &str) -> Option<u32> {
    let is_it = |facts: &Facts| matches!(facts, Facts::Revoke(call) if call.install.as_deref() == Some(install));
    seen.exchanges().find(|exchange| is_it(&exchange.it.facts)).map(|exchange| exchange.seq)
}
