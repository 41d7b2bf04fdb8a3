//! The app works by the scopes that the user's role allows.

use flowcheck_evidence::{Event, KlaviyoEvent, Page, PageKind, Place, Purpose, TokenState};

use crate::flow::{At, Attempt, Flow, Window, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::install_state::{is_unsure, review, shows, signs};
use crate::judging::not_run::{cut_short, not_started, without_tokens};
use crate::judging::stop::Stop;
use crate::judging::wording::{FailureMessage, message_of_role};
use crate::verdict::{Finding, Statement, Value, Verdict, statement};

/// Calls that Klaviyo refuses for a missing scope, for each trigger, that are no nuisance.
const REFUSED: usize = 3;

/// `user.role-scopes`.
pub(crate) static ITEM: Item = Item {
    id: "user.role-scopes",
    group: Group::User,
    requirement: "The app works by the scopes that the user's role allows",
    judged: "A user whose role covers a part of the scopes installs: the installation completes or says why not, and calls that the role does not cover are not repeated",
    source: documents::PER_USER,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: "read `scope` of the token response, keep it with the tokens, and leave out what it does not cover",
    guidance: Topic::Users,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    if let Some(blocked) = without_tokens(flow) {
        return blocked;
    }
    let Some(attempt) = flow.attempts.iter().find(|attempt| attempt.issued().is_some()) else {
        return not_started(flow);
    };
    let role = || Value::name(flow.setup.users.first().map_or_else(String::new, |user| user.role.to_string()));
    let missing = match cut(attempt) {
        Some(missing) if missing.is_empty() => {
            return Verdict::NotApplicable(statement!(
                "the role {role} covers every scope that the app asks for",
                role = role()
            ));
        }
        Some(missing) => Value::scopes(&missing),
        None => return cut_short(flow, "the install was recorded"),
    };
    let expected = statement!(
        "an install without {missing}, which the role {role} does not cover",
        missing = missing.clone(),
        role = role()
    );
    let Some(landing) = attempt.landing(&Purpose::Allow) else {
        return cut_short(flow, "a page was seen after Allow");
    };
    if matches!(landing.it.kind, PageKind::Error | PageKind::BrowserError) {
        return refused_to_install(flow, attempt, landing, expected);
    }
    let looks = flow.events.looks(|place| matches!(place, Place::Settings(_)));
    if let Some(page) = looks.iter().find(|page| shows(page.it, PageKind::NotInstalled)) {
        return not_connected(flow, *page, expected);
    }
    let Some(last) = looks.last() else { return cut_short(flow, "the app's settings were looked at") };
    if let Some((calls, at)) =
        flow.events.after(last.seq).split_at_acts().filter_map(refused).max_by_key(|(calls, _)| *calls)
        && calls > REFUSED
    {
        let saw = statement!("{calls} calls that need it, after others were refused", calls);
        let finding = Finding::app(statement!("no more calls that need {missing}", missing), saw);
        return Verdict::Warn(
            finding.likely("a 403 is taken for a failure that passes, and the calls are repeated").at(at),
        );
    }
    match looks.iter().find(|page| is_unsure(page.it)) {
        Some(unsure) => review(expected, unsure, flow.setup),
        None => Verdict::Pass(statement!(
            "installed without {missing}, which the role {role} does not cover",
            missing,
            role = role()
        )),
    }
}

/// The scopes that were asked for and, for the user's role, not granted.
fn cut(attempt: &Attempt<'_>) -> Option<Vec<String>> {
    let granted = attempt.events.entries().iter().find_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::Installed { scopes, .. }) => Some(scopes),
        _ => None,
    })?;
    let request = attempt.authorize_calls().next_back()?.it;
    let declared = request.scopes.iter().filter(|scope| !request.unknown_scopes.contains(scope));
    Some(declared.filter(|scope| !granted.contains(scope)).cloned().collect())
}

/// The app ended on an error after Allow: whether it says that the role does not suffice is for a person to read, where it says anything.
fn refused_to_install(flow: &Flow<'_>, attempt: &Attempt<'_>, landing: At<'_, Page>, expected: Statement) -> Verdict {
    let finding = Finding::app(expected, Stop::at_rest(landing).words(flow.setup))
        .hops(attempt.hop_lines(landing.seq))
        .at(landing.seq);
    match message_of_role(flow, landing) {
        FailureMessage::Named | FailureMessage::Unknown | FailureMessage::Pictured => Verdict::Review(finding),
        FailureMessage::Generic | FailureMessage::Raw | FailureMessage::Nothing => {
            Verdict::Fail(finding.likely("fewer scopes than were asked for are taken for a failed installation"))
        }
    }
}

/// The app shows itself as not installed, though Klaviyo has issued tokens.
fn not_connected(flow: &Flow<'_>, page: At<'_, Page>, expected: Statement) -> Verdict {
    let finding = Finding::app(
        expected,
        statement!("{page} shows {signs}", page = place(page.it, flow.setup), signs = signs(page.it)),
    )
    .at(page.seq);
    match message_of_role(flow, page) {
        FailureMessage::Named | FailureMessage::Unknown | FailureMessage::Pictured => Verdict::Review(finding),
        FailureMessage::Generic | FailureMessage::Raw | FailureMessage::Nothing => {
            Verdict::Fail(finding.likely("an install that lacks a scope is dropped, and the user is not told"))
        }
    }
}

/// How many calls Klaviyo refused for a missing scope, and the first.
fn refused(seen: Window<'_>) -> Option<(usize, u32)> {
    let mut calls = seen.api_calls().filter(|call| {
        call.facts.token_state == TokenState::Live
            && !call.facts.missing_scopes.is_empty()
            && call.exchange.status == 403
    });
    let first = calls.next()?;
    Some((calls.count() + 1, first.seq))
}
