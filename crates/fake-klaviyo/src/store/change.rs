//! Changes to write to a state file.

use std::sync::Arc;

use rusqlite::{Connection, params};

use crate::model::account::AccountId;
use crate::model::authorization_code::Code;
use crate::model::install::Install;
use crate::model::token::{AccessToken, RefreshToken};
use flowcheck_evidence::{Installs, UninstalledBy};

/// One change: the new content of a row.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// The scopes in an app's settings.
    Scopes {
        /// The app.
        client_id: String,
        /// Its scopes.
        scopes: Vec<String>,
    },
    /// An install: created, renewed or ended.
    Install(Arc<Install>),
    /// A refresh token, by its text.
    Refresh(String, RefreshToken),
    /// An access token, by its `jti`.
    Access(Arc<str>, AccessToken),
    /// An authorization code, by its text.
    Code(String, Code),
    /// The clock's offset, which only grows.
    Clock {
        /// Milliseconds ahead of system time.
        offset_ms: i64,
    },
    /// A refresh token, by its text, is kept no more.
    ForgetRefresh(String),
    /// An access token, by its `jti`, is kept no more.
    ForgetAccess(Arc<str>),
    /// A code, by its text, is kept no more.
    ForgetCode(String),
    /// An install that has ended, by its id, is kept no more.
    ForgetInstall(String),
    /// All installs, tokens and codes are removed.
    Reset,
}

impl Change {
    /// Writes the change.
    pub(crate) fn write(&self, to: &Connection) -> rusqlite::Result<()> {
        match self {
            Self::Scopes { client_id, scopes } => {
                to.prepare_cached("UPDATE app SET scopes = ?2 WHERE client_id = ?1")?
                    .execute(params![client_id, joined(scopes)])?;
            }
            Self::Install(install) => {
                to.prepare_cached(
                    "INSERT INTO install (id, account, client_id, scopes, installed_s, ended, user, per_user)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                     ON CONFLICT (id) DO UPDATE SET scopes = ?4, installed_s = ?5, ended = ?6, user = ?7",
                )?
                .execute(params![
                    install.id,
                    install.account.as_str(),
                    install.client_id,
                    joined(&install.scopes),
                    install.installed_s,
                    install.ended.map(side_name),
                    install.user,
                    install.installs == Installs::PerUser,
                ])?;
            }
            Self::Refresh(text, token) => {
                to.prepare_cached(
                    "INSERT INTO refresh_token (token, install, scopes, last_used_ms, revoked) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (token) DO UPDATE SET last_used_ms = ?4, revoked = ?5",
                )?
                .execute(params![text, token.install, joined(&token.scopes), token.last_used_ms, token.revoked])?;
            }
            Self::Access(jti, token) => {
                to.prepare_cached(
                    "INSERT INTO access_token (jti, install, scopes, issued_ms, dies_ms, revoked)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (jti) DO UPDATE SET revoked = ?6",
                )?
                .execute(params![
                    jti,
                    token.install,
                    joined(&token.scopes),
                    token.issued_ms,
                    token.expires_ms,
                    token.revoked
                ])?;
            }
            Self::Code(text, code) => write_code(to, text, code)?,
            Self::Clock { offset_ms } => {
                to.prepare_cached("UPDATE clock SET offset_ms = max(offset_ms, ?1)")?.execute([offset_ms])?;
            }
            Self::ForgetRefresh(text) => delete(to, "DELETE FROM refresh_token WHERE token = ?1", text)?,
            Self::ForgetAccess(jti) => delete(to, "DELETE FROM access_token WHERE jti = ?1", jti)?,
            Self::ForgetCode(text) => delete(to, "DELETE FROM code WHERE code = ?1", text)?,
            Self::ForgetInstall(id) => delete(to, "DELETE FROM install WHERE id = ?1", id)?,
            Self::Reset => to.execute_batch(
                "DELETE FROM install; DELETE FROM refresh_token; DELETE FROM access_token; DELETE FROM code;",
            )?,
        }
        Ok(())
    }
}

fn delete(from: &Connection, statement: &str, key: &str) -> rusqlite::Result<()> {
    from.prepare_cached(statement)?.execute([key]).map(drop)
}

fn write_code(to: &Connection, text: &str, code: &Code) -> rusqlite::Result<()> {
    to.prepare_cached(
        "INSERT INTO code (code, attempt, client_id, redirect_uri, challenge, account, scopes, dies_ms, used_for, user)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (code) DO UPDATE SET dies_ms = ?8, used_for = ?9",
    )?
    .execute(params![
        text,
        code.attempt,
        code.client_id,
        code.redirect_uri,
        code.challenge,
        code.account.as_str(),
        joined(&code.scopes),
        code.expires_ms,
        code.used_for,
        code.user
    ])?;
    Ok(())
}

/// Scopes as one text, separated by spaces.
pub(crate) fn joined(scopes: &[String]) -> String {
    scopes.join(" ")
}

/// The scopes of such a text.
pub(crate) fn scopes(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

fn side_name(by: UninstalledBy) -> &'static str {
    match by {
        UninstalledBy::App => "app",
        UninstalledBy::Klaviyo => "klaviyo",
    }
}

/// The side that [`side_name`] wrote; none for any other word.
pub(crate) fn side_named(word: &str) -> Option<UninstalledBy> {
    [UninstalledBy::App, UninstalledBy::Klaviyo].into_iter().find(|by| side_name(*by) == word)
}

/// An account's id, as the file holds it.
pub(crate) fn account_id(text: String) -> AccountId {
    AccountId::from(text)
}
