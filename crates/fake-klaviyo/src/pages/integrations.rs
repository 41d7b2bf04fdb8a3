//! The apps that an account has installed, and uninstalling them (S).

use askama::Template;
use hyper::http::StatusCode;

use crate::http::request::Request;
use crate::http::response::Response;
use crate::model::account::{Account, AccountId};
use crate::model::install::Install;
use crate::pages::error::{error, initial, page_of};
use crate::state::platform::{Platform, State};
use flowcheck_evidence::{Facts, UninstalledBy};

#[derive(Template)]
#[template(path = "pages/integrations.html")]
struct Integrations<'a> {
    user: &'a str,
    account: &'a Account,
    accounts: &'a [Account],
    rows: Vec<Row>,
    removed: Option<String>,
}

/// One installed app.
struct Row {
    install: String,
    name: String,
    initial: String,
    scopes: Vec<String>,
    /// Where the app has its settings, as registered.
    settings: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/uninstall.html")]
struct Uninstall<'a> {
    app: &'a str,
    account: &'a str,
    install: &'a str,
    csrf: &'a str,
}

/// `GET /integrations`: the account's apps; `?account=` selects another of the user's accounts.
pub(crate) fn integrations(platform: &Platform, request: &Request) -> Response {
    let mut state = platform.state();
    let current = platform.session_of(&mut state, request);
    let facts = Facts::Page("integrations".to_owned());
    let Some(user) = current.session.user.clone() else {
        return to_login("/integrations").cookie(current.cookie.as_deref()).facts(facts);
    };
    let accounts = state.accounts_of(&user);
    let wanted = request.query.get("account").map(AccountId::from).or(current.session.account.clone());
    let account = accounts.iter().find(|account| Some(&account.id) == wanted.as_ref()).or(accounts.first());
    let Some(account) = account else {
        return error(StatusCode::FORBIDDEN, "No account", "You are not a member of any Klaviyo account.").facts(facts);
    };
    state.sessions.select_account(&current.id, account.id.clone());
    let shown = |install: &&Install| install.account == account.id && install.is_shown_to(&user);
    let rows = state.grants.installed().filter(shown).map(|install| {
        let name = app_name(&state, &install.client_id);
        let settings = state.client(&install.client_id).and_then(|client| client.settings_url.clone());
        Row { initial: initial(&name), name, install: install.id.clone(), scopes: install.scopes.clone(), settings }
    });
    let removed = request.query.get("removed").and_then(|id| state.grants.get(id));
    let removed = removed.filter(|install| install.ended.is_some() && shown(&install.as_ref()));
    let page = Integrations {
        user: &user,
        account,
        accounts: &accounts,
        rows: rows.collect(),
        removed: removed.map(|install| app_name(&state, &install.client_id)),
    };
    page_of(&page).facts(facts)
}

/// `GET /integrations/{install}/uninstall`: asks for confirmation.
pub(crate) fn confirm_uninstall(platform: &Platform, request: &Request) -> Response {
    let mut state = platform.state();
    let current = platform.session_of(&mut state, request);
    let facts = Facts::Page("uninstall".to_owned());
    let Some(user) = current.session.user.clone() else {
        return to_login(&request.path).cookie(current.cookie.as_deref()).facts(facts);
    };
    let page = match owned(&state, &user, request) {
        Some((install, account)) => page_of(&Uninstall {
            app: &app_name(&state, &install.client_id),
            account: &account.name,
            install: &install.id,
            csrf: &current.session.csrf,
        }),
        None => not_installed(),
    };
    page.facts(facts)
}

/// `POST /integrations/{install}/uninstall`: uninstalls the app and revokes its tokens (S).
pub(crate) fn uninstall(platform: &Platform, request: &Request) -> Response {
    let mut state = platform.state();
    let current = platform.session_of(&mut state, request);
    let facts = Facts::Page("uninstall".to_owned());
    let user = current.session.user.clone().filter(|_| current.session.accepts_csrf(request.form().get("csrf")));
    let Some(user) = user else {
        let text = "You have signed in or out since it was opened. Open your integrations again.";
        return error(StatusCode::FORBIDDEN, "This form is out of date", text).facts(facts);
    };
    let Some((install, _)) = owned(&state, &user, request) else {
        return not_installed().facts(facts);
    };
    platform.end_install(&mut state, &install.id, UninstalledBy::Klaviyo);
    Response::redirect(StatusCode::SEE_OTHER, &format!("/integrations?removed={}", install.id)).facts(facts)
}

/// The install named in the path, if it belongs to one of the user's accounts, and is not another user's own.
fn owned(state: &State, user: &str, request: &Request) -> Option<(Install, Account)> {
    let id = request.path_params.first()?;
    let install = state.grants.installed().find(|install| install.id == *id && install.is_shown_to(user))?.clone();
    let account = state.accounts_of(user).into_iter().find(|account| account.id == install.account)?;
    Some((install, account))
}

fn app_name(state: &State, client_id: &str) -> String {
    state.client(client_id).map_or_else(|| client_id.to_owned(), |client| client.name.clone())
}

fn not_installed() -> Response {
    error(StatusCode::NOT_FOUND, "Not installed", "This app is not installed, or not in an account of yours.")
}

fn to_login(next: &str) -> Response {
    Response::redirect(StatusCode::FOUND, &format!("/login?next={next}"))
}
