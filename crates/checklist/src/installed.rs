//! What an installation comes to: at Klaviyo, in the app, and for which account.

use super::attempt::{Attempt, Stop, attempts, no_tokens};
use super::not_run::{cut_short, not_allowed_yet, not_started, without_tokens};
use super::state::{review, shows, signs};
use super::view::{At, api_calls, lists_app, looks, place};
use super::{Finding, Verdict};
use flowcheck_evidence::{Evidence, Page, PageKind, Place, Purpose};

pub(super) fn completes(evidence: &Evidence) -> Verdict {
    let Some(attempt) = attempts(evidence).into_iter().rfind(|attempt| attempt.decided(&Purpose::Allow).is_some())
    else {
        return not_allowed_yet(evidence);
    };
    let landing = attempt.landing(&Purpose::Allow);
    if let Some(landing) = landing
        && matches!(landing.it.kind, PageKind::Error | PageKind::BrowserError)
        && attempt.issued().is_some()
    {
        let finding =
            Finding::app("a landing page without an error after Allow", Stop::at_rest(landing).words(evidence))
                .hops(attempt.hop_lines(landing.seq))
                .likely(match landing.it.status {
                    Some(401 | 403) if landing.it.frame.is_some() => {
                        "in the host's frame the app asks for a cookie, and browsers block it there; use the host's session token"
                    }
                    Some(404 | 410) => "the callback redirects to a page that does not exist",
                    _ => "tokens were issued, and what the callback does with them then fails",
                })
                .at(landing.seq);
        return Verdict::Fail(finding);
    }
    if !attempt.is_over() {
        return cut_short(evidence, "the installation was seen to its end");
    }
    if attempt.issued().is_none() {
        return Verdict::Fail(no_tokens(&attempt));
    }
    if landing.is_none() {
        return cut_short(evidence, "a page was seen after Allow");
    }
    match looks(attempt.entries, |place| *place == Place::Integrations).first() {
        Some(page) if lists_app(page.it, evidence) => {
            Verdict::Pass("the code was exchanged, and Klaviyo's integrations page lists the app".to_owned())
        }
        Some(page) => Verdict::Fail(
            Finding::app("the app listed on Klaviyo's integrations page", "it is not listed there")
                .likely("the app revoked its tokens right after it got them")
                .at(page.seq),
        ),
        None => cut_short(evidence, "Klaviyo's integrations page was looked at"),
    }
}

pub(super) fn shown(evidence: &Evidence) -> Verdict {
    if let Some(blocked) = without_tokens(evidence) {
        return blocked;
    }
    let Some(attempt) = attempts(evidence).into_iter().rfind(|attempt| attempt.issued().is_some()) else {
        return not_started(evidence);
    };
    let expected = "the app showing itself as installed after Allow";
    let settings = looks(attempt.entries, |place| matches!(place, Place::Settings(_))).first().copied();
    let landing = attempt.landing(&Purpose::Allow).filter(|_| attempt.is_over());
    let denies = |page: &At<'_, Page>| shows(page.it, PageKind::NotInstalled);
    if let Some(page) = [settings, landing].into_iter().flatten().find(denies) {
        let saw = format!("{} shows {}", place(page.it, evidence), signs(page.it));
        let finding = Finding::app(expected, saw)
            .likely("the tokens are kept where the page does not look for them")
            .at(page.seq);
        return Verdict::Fail(finding);
    }
    match settings {
        Some(settings) if shows(settings.it, PageKind::Installed) => {
            Verdict::Pass(format!("{} shows {}", place(settings.it, evidence), signs(settings.it)))
        }
        Some(settings) if matches!(settings.it.kind, PageKind::Error | PageKind::BrowserError) => Verdict::Fail(
            Finding::app(expected, Stop::at_rest(settings).words(evidence))
                .likely("the page that shows the state does not work for a user who has installed the app")
                .at(settings.seq),
        ),
        Some(settings) => review(expected.to_owned(), &settings, evidence),
        None => cut_short(evidence, "the app's settings were looked at"),
    }
}

pub(super) fn any_klaviyo_session(evidence: &Evidence) -> Verdict {
    if let Some(blocked) = without_tokens(evidence) {
        return blocked;
    }
    let mut installed_for: Vec<String> = Vec::new();
    let mut last = None;
    for attempt in attempts(evidence).iter().filter(|attempt| attempt.issued().is_some()) {
        let verdict = shows_the_account_chosen(attempt);
        if !matches!(verdict, Verdict::Pass(_)) {
            return verdict;
        }
        installed_for.extend(attempt.decision().map(|decision| decision.it.account.clone()));
        last = Some(verdict);
    }
    installed_for.dedup();
    let several = evidence.setup.accounts.len() > 1;
    match last {
        // An app that always shows the first account it met looks right until there is a second.
        Some(_) if several && installed_for.len() < 2 => {
            cut_short(evidence, "the app was installed for a second Klaviyo account")
        }
        Some(verdict) => verdict,
        None => not_started(evidence),
    }
}

fn shows_the_account_chosen(attempt: &Attempt<'_>) -> Verdict {
    let evidence = attempt.evidence;
    let (Some(chosen), Some(issued)) = (attempt.decision().map(|decision| &decision.it.account), attempt.issued())
    else {
        return Verdict::not_run("Klaviyo saw no decision");
    };
    let name = |id: &str| {
        let account = evidence.setup.accounts.iter().find(|account| account.id == id);
        account.map_or_else(|| id.to_owned(), |account| account.name.clone())
    };
    let expected = format!("the app to show and use the account that was chosen, {} ({chosen})", name(chosen));
    // Until it has the new tokens, the app may well go on with those of an earlier installation.
    let foreign_call = api_calls(attempt.entries)
        .filter(|(call, ..)| call.seq > issued.seq)
        .find_map(|(call, ..)| call.it.account.as_ref().filter(|account| *account != chosen).map(|id| (call.seq, id)));
    if let Some((seq, account)) = foreign_call {
        let saw = format!("an API call with a token of {} ({account})", name(account));
        return Verdict::Fail(
            Finding::app(expected, saw).likely("tokens of an earlier installation are still used").at(seq),
        );
    }
    let Some(settings) = looks(attempt.entries, |place| matches!(place, Place::Settings(_))).last().copied() else {
        return cut_short(evidence, "the app's settings were looked at after each installation");
    };
    let names = |id: &str| settings.it.text.contains(id) || settings.it.text.contains(&name(id));
    let at = place(settings.it, evidence);
    match (names(chosen), evidence.setup.accounts.iter().find(|account| account.id != *chosen && names(&account.id))) {
        (true, None) => Verdict::Pass(format!("{at} names {}", name(chosen))),
        (true, Some(other)) => Verdict::Review(
            Finding::app(expected, format!("{at} names both it and {}; look which one it means", other.name))
                .at(settings.seq),
        ),
        (false, Some(other)) => Verdict::Fail(
            Finding::app(expected, format!("{at} names {} ({})", other.name, other.id))
                .likely("the account's name is kept from an earlier installation")
                .at(settings.seq),
        ),
        (false, None) => Verdict::Review(
            Finding::app(expected, format!("{at} names no Klaviyo account at all; look which one it means"))
                .at(settings.seq),
        ),
    }
}
