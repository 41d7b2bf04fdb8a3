//! `GET /oauth/authorize`: from the app to the consent page.

use hyper::http::StatusCode;

use crate::http::host::Role;
use crate::http::request::Call;
use crate::http::response::Answer;
use crate::model::account::{Account, AccountId};
use crate::model::fault::{Endpoint, Fault};
use crate::pages;
use crate::state::attempts::Attempt;
use crate::state::platform::{Platform, State};
use crate::state::sessions::Visit;
use flowcheck_evidence::Facts;

use crate::oauth::authorization_request::{Read, read};
use crate::oauth::errors::back_to_app;

/// Leads the user to the consent page, by way of login and account choice where these are needed (D).
pub(crate) fn authorize(platform: &Platform, call: &Call) -> Answer {
    let strict = platform.settings.strict;
    let mut state = platform.state();
    let (mut facts, read) = read(call, &state, strict, &platform.recorder);
    // A: authorization at the API's host is served, but not in strict mode.
    if strict && call.host.role == Role::Api {
        return pages::error(StatusCode::NOT_FOUND, "Page not found", "Authorization is at www.klaviyo.com.")
            .facts(Facts::Authorize(facts));
    }
    let fault = platform.fault(&mut state, &[Endpoint::Authorize], None, |_| true);
    if let Some(instead) = fault.as_ref().and_then(|fault| fault.kind.instead()) {
        return instead.facts(Facts::Authorize(facts));
    }
    let mut answer = match read {
        Read::Page(title, text) => pages::error(StatusCode::BAD_REQUEST, title, &text),
        Read::Back { redirect_uri, state, error, description } => {
            let parameters =
                [("error", Some(error)), ("error_description", Some(&description)), ("state", state.as_deref())];
            Answer::redirect(StatusCode::FOUND, &back_to_app(&redirect_uri, &parameters))
        }
        Read::Good(wish) => {
            let attempt = state.attempts.reached(wish, platform.clock.now_ms()).clone();
            facts.attempt = Some(attempt.id.clone());
            ask(platform, &mut state, call, &attempt)
        }
    };
    spoil(fault.as_ref(), &mut answer);
    answer.facts(Facts::Authorize(facts))
}

/// Login, account choice or consent, whichever is due.
fn ask(platform: &Platform, state: &mut State, call: &Call, attempt: &Attempt) -> Answer {
    let visit = platform.visit(state, call);
    let Some(user) = visit.session.user.clone() else {
        let login = format!("/login?attempt={}", attempt.id);
        return Answer::redirect(StatusCode::FOUND, &login).cookie(visit.cookie.as_deref());
    };
    let accounts = state.accounts_of(&user);
    let Some(client) = state.client(&attempt.wish.client_id) else {
        return pages::error(StatusCode::BAD_REQUEST, "Unknown app", "This app is not registered any more.");
    };
    let chosen = chosen(&accounts, attempt);
    let page = match (chosen, accounts.is_empty()) {
        (Some(account), _) => {
            let warn = platform.settings.warn_unreviewed && !client.reviewed;
            pages::consent(&visit, attempt, client, account, &user, warn)
        }
        (None, true) => pages::error(
            StatusCode::FORBIDDEN,
            "No account",
            "You are signed in, but you are not a member of any Klaviyo account.",
        ),
        (None, false) => pages::account_choice(&visit, attempt, client, &accounts),
    };
    page.cookie(visit.cookie.as_deref())
}

/// The account that consent is asked for: the only one, or the one chosen.
fn chosen<'a>(accounts: &'a [Account], attempt: &Attempt) -> Option<&'a Account> {
    match accounts {
        [only] => Some(only),
        several => several.iter().find(|account| Some(&account.id) == attempt.account.as_ref()),
    }
}

fn spoil(fault: Option<&Fault>, answer: &mut Answer) {
    if let Some(fault) = fault {
        fault.kind.spoil(answer);
    }
}

/// `POST /oauth/authorize/account`: the user chooses one of several accounts, and consent is asked for it.
pub(crate) fn choose_account(platform: &Platform, call: &Call) -> Answer {
    let form = call.form();
    let mut state = platform.state();
    let visit = platform.visit(&mut state, call);
    let answer = match owner(&visit, form.get("csrf")) {
        Err(refused) => *refused,
        Ok(user) => {
            let wanted = form.get("account").map(AccountId::from);
            let allowed = state.accounts_of(&user).into_iter().find(|account| Some(&account.id) == wanted.as_ref());
            let attempt = form.get("attempt").and_then(|id| state.attempts.get_mut(id));
            match (attempt, allowed) {
                (Some(attempt), Some(account)) => {
                    attempt.account = Some(account.id);
                    Answer::redirect(StatusCode::SEE_OTHER, &attempt.wish.target)
                }
                (None, _) => no_attempt(),
                (_, None) => {
                    pages::error(StatusCode::FORBIDDEN, "Not your account", "Choose one of your own accounts.")
                }
            }
        }
    };
    answer.facts(Facts::Page("accounts".to_owned()))
}

/// Who sent a form; a refusal where nobody is signed in or the form is not ours.
pub(crate) fn owner(visit: &Visit, csrf: Option<&str>) -> Result<String, Box<Answer>> {
    let user = visit.session.user.clone().filter(|_| visit.session.owns(csrf));
    user.ok_or_else(|| {
        let text = "You have signed in or out since it was opened. Go back to the app and start again.";
        let page = pages::error(StatusCode::FORBIDDEN, "This form is out of date", text);
        Box::new(page.cookie(visit.cookie.as_deref()))
    })
}

/// A form for an attempt that is not there.
pub(crate) fn no_attempt() -> Answer {
    pages::error(
        StatusCode::BAD_REQUEST,
        "Nothing to decide",
        "This request is unknown, or you have already answered it. Go back to the app and start again.",
    )
}
