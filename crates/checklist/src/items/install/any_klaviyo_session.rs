//! Installing works whether the user is signed in to Klaviyo or not, with one Klaviyo account or several.

use flowcheck_evidence::{PageKind, Place};

use crate::flow::{ApiRequest, Attempt, Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::{cut_short, not_started, without_tokens};
use crate::verdict::{Finding, Value, Verdict, statement};

/// `install.any-klaviyo-session`.
pub(crate) static ITEM: Item = Item {
    id: "install.any-klaviyo-session",
    group: Group::Install,
    requirement: "Installing works whether the user is signed in to Klaviyo or not, with one Klaviyo account or several",
    judged: "The account chosen is the one the app shows and uses",
    source: documents::OAUTH,
    tier: Tier::Gate,
    judge,
    causes: &[
        &usual_causes::APP_ENDED,
        &usual_causes::REDIRECT_LOOP,
        &usual_causes::EXCHANGE_REFUSED,
        &usual_causes::CRASHED,
    ],
    remedy: "ask Klaviyo's accounts endpoint with the new tokens, and show and use what it says",
    guidance: Topic::Callback,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    if let Some(blocked) = without_tokens(flow) {
        return blocked;
    }
    let mut installed_for: Vec<String> = Vec::new();
    let mut last = None;
    for attempt in flow.attempts.iter().filter(|attempt| attempt.issued().is_some()) {
        let verdict = shows_the_account_chosen(flow, attempt);
        if !matches!(verdict, Verdict::Pass(_)) {
            return verdict;
        }
        installed_for.extend(attempt.decision().map(|decision| decision.it.account.clone()));
        last = Some(verdict);
    }
    installed_for.dedup();
    let several = flow.setup.accounts.len() > 1;
    match last {
        // An app that always shows the first account it met looks right until there is a second.
        Some(_) if several && installed_for.len() < 2 => {
            cut_short(flow, "the app was installed for a second Klaviyo account")
        }
        Some(verdict) => verdict,
        None => not_started(flow),
    }
}

fn shows_the_account_chosen(flow: &Flow<'_>, attempt: &Attempt<'_>) -> Verdict {
    let (Some(chosen), Some(issued)) = (attempt.decision().map(|decision| &decision.it.account), attempt.issued())
    else {
        return Verdict::not_run("Klaviyo saw no decision");
    };
    let account_of = |id: &str| flow.setup.accounts.iter().find(|account| account.id == id);
    let name = |id: &str| Value::name(account_of(id).map_or(id, |account| account.name.as_str()));
    let expected = statement!(
        "the app to show and use the account that was chosen, {name} ({id})",
        name = name(chosen),
        id = Value::name(chosen)
    );
    // Until it has the new tokens, the app may well go on with those of an earlier installation; what Klaviyo had put off then comes late.
    let put_off = |call: &ApiRequest<'_>| {
        let earlier = flow.events.before(issued.seq).api_calls();
        earlier
            .filter(|earlier| earlier.exchange.status == 429)
            .any(|earlier| earlier.same_place(call) && earlier.same_write(call))
    };
    let foreign_call = attempt
        .events
        .after(issued.seq)
        .api_calls()
        .filter(|call| !put_off(call))
        .find_map(|call| call.facts.account.as_ref().filter(|account| *account != chosen).map(|id| (call.seq, id)));
    if let Some((seq, account)) = foreign_call {
        let saw =
            statement!("an API call with a token of {name} ({id})", name = name(account), id = Value::name(account));
        return Verdict::Fail(
            Finding::app(expected, saw).likely("tokens of an earlier installation are still used").at(seq),
        );
    }
    let Some(settings) = attempt.events.looks(|place| matches!(place, Place::Settings(_))).last().copied() else {
        return cut_short(flow, "the app's settings were looked at after each installation");
    };
    let is_installed = settings.it.kind == PageKind::Installed;
    let text = &settings.it.text;
    let names =
        |id: &str| text.contains(id) || account_of(id).is_some_and(|account| text.contains(account.name.as_str()));
    let at = place(settings.it, flow.setup);
    match (names(chosen), flow.setup.accounts.iter().find(|account| account.id != *chosen && names(&account.id))) {
        (true, None) => Verdict::Pass(statement!("{at} names {chosen}", at, chosen = name(chosen))),
        (true, Some(other)) => Verdict::Review(
            Finding::app(
                expected,
                statement!(
                    "{at} names both it and {other}; look which one it means",
                    at,
                    other = Value::name(&other.name)
                ),
            )
            .at(settings.seq),
        ),
        (false, Some(other)) => Verdict::Fail(
            Finding::app(
                expected,
                statement!(
                    "{at} names {other} ({id})",
                    at,
                    other = Value::name(&other.name),
                    id = Value::name(&other.id)
                ),
            )
            .likely("the account's name is kept from an earlier installation")
            .at(settings.seq),
        ),
        // An app that names no account is judged by the one that it uses.
        (false, None)
            if is_installed
                && attempt
                    .events
                    .after(issued.seq)
                    .api_calls()
                    .any(|call| call.facts.account.as_ref() == Some(chosen)) =>
        {
            Verdict::Pass(statement!(
                "{at} names no account, and the app's calls are made for {chosen}",
                at,
                chosen = name(chosen)
            ))
        }
        (false, None) => Verdict::Review(
            Finding::app(expected, statement!("{at} names no Klaviyo account at all; look which one it means", at))
                .at(settings.seq),
        ),
    }
}
