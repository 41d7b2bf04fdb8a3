//! `GET /oauth/authorize`: from the app to the consent page.

use hyper::http::StatusCode;

use crate::http::host::Role;
use crate::http::request::Request;
use crate::http::response::Response;
use crate::model::account::{Account, AccountId};
use crate::model::fault::{Endpoint, Fault};
use crate::pages;
use crate::state::attempts::Attempt;
use crate::state::platform::{Platform, State};
use crate::state::sessions::RequestSession;
use flowcheck_evidence::Facts;

use crate::oauth::authorization_request::{Validation, validate};
use crate::oauth::errors::{described, redirect_to_app};

/// Shows the consent page, after login and account choice where these are needed (D).
pub(crate) fn authorize(platform: &Platform, request: &Request) -> Response {
    let strict = platform.settings.strict;
    let mut state = platform.state();
    let (mut facts, validation) =
        validate(request, &state, strict, &platform.recorder, &platform.clock.times_of_apps_s());
    // A: authorization at the API's host is accepted, except in strict mode.
    if strict && request.host.role == Role::Api {
        return pages::error(StatusCode::NOT_FOUND, "Page not found", "Authorization is at www.klaviyo.com.")
            .facts(Facts::Authorize(facts));
    }
    let fault = platform.fire_fault(&mut state, &[Endpoint::Authorize], None, |_| true);
    if let Some(short_circuit) = fault.as_ref().and_then(|fault| fault.kind.short_circuit()) {
        return short_circuit.facts(Facts::Authorize(facts));
    }
    let mut response = match validation {
        Validation::ErrorPage(title, text) => pages::error(StatusCode::BAD_REQUEST, title, &text),
        Validation::ErrorRedirect { redirect_uri, state, error, description } => {
            let description = described(&description);
            let parameters =
                [("error", Some(error)), ("error_description", Some(&description)), ("state", state.as_deref())];
            Response::redirect(StatusCode::FOUND, &redirect_to_app(&redirect_uri, &parameters))
        }
        Validation::Valid(authorization) => {
            let attempt = state.attempts.begin(authorization, platform.clock.now_ms()).clone();
            facts.attempt = Some(attempt.id.clone());
            next_page(platform, &mut state, request, &attempt)
        }
    };
    corrupt(fault.as_ref(), &mut response);
    response.facts(Facts::Authorize(facts))
}

/// The next page on the way to consent: login, account choice or the consent page itself.
fn next_page(platform: &Platform, state: &mut State, request: &Request, attempt: &Attempt) -> Response {
    let current = platform.session_of(state, request);
    let Some(user) = current.session.user.clone() else {
        let login = format!("/login?attempt={}", attempt.id);
        return Response::redirect(StatusCode::FOUND, &login).cookie(current.cookie.as_deref());
    };
    if let Some(attempt) = state.attempts.get_mut(&attempt.id) {
        attempt.user = Some(user.to_ascii_lowercase());
    }
    let accounts = state.accounts_of(&user);
    let Some(client) = state.client(&attempt.request.client_id) else {
        return pages::error(StatusCode::BAD_REQUEST, "Unknown app", "This app is not registered any more.");
    };
    let chosen = chosen(&accounts, attempt);
    let page = match (chosen, accounts.is_empty()) {
        (Some(account), _) => {
            let warn = platform.settings.warn_unreviewed && !client.reviewed;
            let scopes = state.granted(&attempt.request.scopes, &client.id, &user, &account.id);
            pages::consent(&current, attempt, client, account, &user, &scopes, warn)
        }
        (None, true) => pages::error(
            StatusCode::FORBIDDEN,
            "No account",
            "You are signed in, but you are not a member of any Klaviyo account.",
        ),
        (None, false) => pages::account_choice(&current, attempt, client, &accounts),
    };
    page.cookie(current.cookie.as_deref())
}

/// The account to ask consent for: the user's only one, or the one chosen.
fn chosen<'a>(accounts: &'a [Account], attempt: &Attempt) -> Option<&'a Account> {
    match accounts {
        [only] => Some(only),
        several => several.iter().find(|account| Some(&account.id) == attempt.account.as_ref()),
    }
}

fn corrupt(fault: Option<&Fault>, response: &mut Response) {
    if let Some(fault) = fault {
        fault.kind.corrupt(response);
    }
}

/// `POST /oauth/authorize/account`: the user chooses one of several accounts.
pub(crate) fn choose_account(platform: &Platform, request: &Request) -> Response {
    let form = request.form();
    let mut state = platform.state();
    let current = platform.session_of(&mut state, request);
    let response = match form_user(&current, form.get("csrf")) {
        Err(refused) => *refused,
        Ok(user) => {
            let wanted = form.get("account").map(AccountId::from);
            let allowed = state.accounts_of(&user).into_iter().find(|account| Some(&account.id) == wanted.as_ref());
            let attempt = form.get("attempt").and_then(|id| state.attempts.get_mut(id));
            match (attempt, allowed) {
                (Some(attempt), Some(account)) => {
                    attempt.account = Some(account.id);
                    Response::redirect(StatusCode::SEE_OTHER, &attempt.request.target)
                }
                (None, _) => no_attempt(),
                (_, None) => {
                    pages::error(StatusCode::FORBIDDEN, "Not your account", "Choose one of your own accounts.")
                }
            }
        }
    };
    response.facts(Facts::Page("accounts".to_owned()))
}

/// The user who sent a form; an error page where nobody is signed in or the CSRF token is wrong.
pub(crate) fn form_user(current: &RequestSession, csrf: Option<&str>) -> Result<String, Box<Response>> {
    let user = current.session.user.clone().filter(|_| current.session.accepts_csrf(csrf));
    user.ok_or_else(|| {
        let text = "You have signed in or out since it was opened. Go back to the app and start again.";
        let page = pages::error(StatusCode::FORBIDDEN, "This form is out of date", text);
        Box::new(page.cookie(current.cookie.as_deref()))
    })
}

/// The error page for a form without an open attempt.
pub(crate) fn no_attempt() -> Response {
    pages::error(
        StatusCode::BAD_REQUEST,
        "Nothing to decide",
        "This request is unknown, or you have already answered it. Go back to the app and start again.",
    )
}
