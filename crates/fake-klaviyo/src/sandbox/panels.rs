//! The panels with the current state.

use askama::Template;
use hyper::http::StatusCode;
use url::Url;

use crate::http::host::WWW;
use crate::http::response::Response;
use crate::model::account::Account;
use crate::model::client::Client;
use crate::model::install::Install;
use crate::state::clock::rfc3339;
use crate::state::platform::{Platform, State};
use crate::state::token_status::{TokenKind, TokenListing};
use flowcheck_evidence::{Fingerprint, Installs, Role, TokenState, UninstalledBy, UserChange};

/// How many tokens are shown.
const MAX_TOKENS: usize = 30;
/// How many uninstalled installs are shown.
const MAX_ENDED: usize = 5;

#[derive(Template)]
#[template(path = "sandbox/panels.html")]
struct Panels {
    now_ms: i64,
    now: String,
    ahead: String,
    installs: Vec<InstallRow>,
    apps: Vec<AppRow>,
    accounts: Vec<AccountRow>,
    tokens: Vec<TokenRow>,
    more_tokens: usize,
    live_tokens: usize,
    codes: usize,
    faults: Vec<String>,
}

struct InstallRow {
    app: String,
    account: String,
    /// The user whose own it is.
    user: Option<String>,
    since: String,
    scopes: Vec<String>,
    /// How it ended, for an uninstalled app.
    ended: Option<&'static str>,
    /// The request body of its Uninstall button.
    uninstall: String,
}

struct AppRow {
    client: Client,
    scopes: String,
    listing: Url,
}

struct AccountRow {
    account: Account,
    users: Vec<UserRow>,
}

struct UserRow {
    email: String,
    /// The role, or that the user is suspended.
    standing: String,
    /// Whether the user may act for the account.
    acts: bool,
    /// The role that the button gives.
    other_role: Role,
    /// The request bodies of the buttons.
    role: String,
    suspend: String,
    remove: String,
}

struct TokenRow {
    kind: &'static str,
    /// The same fingerprint as in the journal.
    fingerprint: Fingerprint,
    account: String,
    scopes: String,
    state: &'static str,
    until: String,
}

/// `GET sandbox/panels`.
pub(crate) fn panels(platform: &Platform) -> Response {
    let state = platform.state();
    let now_ms = platform.clock.now_ms();
    let mut tokens = state.grants.listed(platform.settings.refresh_life_days, now_ms);
    let (all_tokens, live_tokens) =
        (tokens.len(), tokens.iter().filter(|token| token.state == TokenState::Live).count());
    tokens.truncate(MAX_TOKENS);
    let panels = Panels {
        now_ms,
        now: rfc3339(now_ms),
        ahead: ahead(platform.clock.offset_ms()),
        installs: installs(&state),
        apps: state.clients.iter().map(|client| app(platform, client)).collect(),
        accounts: state.accounts.values().map(|account| account_row(&state, account)).collect(),
        more_tokens: all_tokens - tokens.len(),
        live_tokens,
        tokens: tokens.into_iter().map(|token| token_row(platform, token)).collect(),
        codes: state.codes.unused(now_ms),
        faults: state.faults.armed().iter().map(|fault| format!("{fault}, {}×", fault.times)).collect(),
    };
    drop(state);
    Response::page(StatusCode::OK, panels.render().unwrap_or_default())
}

/// Current installs, newest first, and a few uninstalled ones.
fn installs(state: &State) -> Vec<InstallRow> {
    let row = |install: &Install| InstallRow {
        app: state.client(&install.client_id).map_or_else(|| install.client_id.clone(), |client| client.name.clone()),
        account: state
            .account(&install.account)
            .map_or_else(|| install.account.to_string(), |account| account.name.clone()),
        since: to_the_minute(install.installed_s * 1_000),
        scopes: install.scopes.clone(),
        ended: install.ended.map(|by| match by {
            UninstalledBy::App => "uninstalled by the app",
            UninstalledBy::Klaviyo => "uninstalled in Klaviyo",
        }),
        user: (install.installs == Installs::PerUser).then(|| install.user.clone()),
        uninstall: serde_json::json!({"account": install.account, "client_id": install.client_id}).to_string(),
    };
    let (ended, there): (Vec<&Install>, Vec<&Install>) =
        state.grants.all().rev().partition(|install| install.ended.is_some());
    there.into_iter().chain(ended.into_iter().take(MAX_ENDED)).map(row).collect()
}

fn app(platform: &Platform, client: &Client) -> AppRow {
    let listing = platform.url(WWW, &format!("/marketplace/apps/{}", client.id));
    AppRow { scopes: client.scopes.join(" "), client: client.clone(), listing }
}

fn account_row(state: &State, account: &Account) -> AccountRow {
    let users = state.users.values().filter(|user| user.accounts.contains(&account.id));
    AccountRow { account: account.clone(), users: users.map(|user| user_row(state, account, &user.email)).collect() }
}

fn user_row(state: &State, account: &Account, email: &str) -> UserRow {
    let acts = !state.members.is_suspended(email, &account.id);
    let role = state.members.role(email, &account.id);
    let other_role = if role == Role::Analyst { Role::Admin } else { Role::Analyst };
    let body =
        |change: UserChange| serde_json::json!({"user": email, "account": account.id, "change": change}).to_string();
    UserRow {
        email: email.to_owned(),
        standing: if acts { role.to_string() } else { "suspended".to_owned() },
        acts,
        other_role,
        role: body(UserChange::Role(other_role)),
        suspend: body(UserChange::Suspended),
        remove: body(UserChange::Removed),
    }
}

fn token_row(platform: &Platform, token: TokenListing) -> TokenRow {
    let (kind, secret) = match &token.kind {
        TokenKind::Refresh(text) => ("refresh", platform.recorder.secret("refresh_token", text)),
        TokenKind::Access(claims) => ("access", platform.recorder.secret("access_token", &platform.mint.sign(claims))),
    };
    TokenRow {
        kind,
        fingerprint: secret.fingerprint,
        account: token.account,
        scopes: token.scopes.join(" "),
        state: match token.state {
            TokenState::Live => "live",
            TokenState::Expired => "expired",
            _ => "revoked",
        },
        until: to_the_minute(token.expires_ms),
    }
}

/// A time for people: `2026-11-21 20:06`.
fn to_the_minute(at_ms: i64) -> String {
    rfc3339(at_ms).replace('T', " ").chars().take(16).collect()
}

/// How far Klaviyo's clock is ahead of system time.
fn ahead(offset_ms: i64) -> String {
    let minutes = offset_ms / 60_000;
    let parts = [(minutes / 1_440, "d"), (minutes / 60 % 24, "h"), (minutes % 60, "min")];
    let parts: Vec<String> =
        parts.iter().filter(|(many, _)| *many > 0).map(|(many, unit)| format!("{many} {unit}")).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_ahead_is_said_in_the_units_there_are() {
        assert_eq!(ahead(0), "");
        assert_eq!(ahead((90 * 1_440 + 65) * 60_000), "90 d 1 h 5 min");
    }
}
