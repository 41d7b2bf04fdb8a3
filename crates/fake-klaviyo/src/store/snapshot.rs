//! The content of a state file when it was opened.

use std::sync::Arc;

use foldhash::HashMap;
use rusqlite::{Connection, Row, params};

use flowcheck_evidence::Installs;

use crate::model::account::Account;
use crate::model::authorization_code::Code;
use crate::model::client::Client;
use crate::model::install::Install;
use crate::model::token::{AccessToken, RefreshToken};

use crate::store::change::{account_id, joined, scopes, side_named};
use crate::store::change_log::ChangeLog;

/// How long expired access tokens and codes are kept, so that an app that sends one is told apart from an app that
/// sends an invented one.
const EXPIRED_KEPT_MS: i64 = 86_400_000;
/// No time of a file that this server wrote is later, in milliseconds since the epoch; one that is counts as this.
const LATEST_MS: i64 = 1 << 50;

/// Everything a state file holds, and the log for further changes.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    /// The key that signs access tokens.
    pub(crate) signing_key: Vec<u8>,
    /// Milliseconds that the clock is ahead.
    pub(crate) offset_ms: i64,
    /// Accounts.
    pub(crate) accounts: Vec<Account>,
    /// Installs, oldest first.
    pub(crate) installs: Vec<Install>,
    /// Refresh tokens, by their text.
    pub(crate) refresh: HashMap<String, RefreshToken>,
    /// Access tokens, by their `jti`.
    pub(crate) access: HashMap<Arc<str>, AccessToken>,
    /// Codes, by their text.
    pub(crate) codes: HashMap<String, Code>,
    /// The log for further changes.
    pub(crate) change_log: ChangeLog,
}

impl Snapshot {
    /// Reads the file. Accounts that it does not hold yet are added to it. Apps get the scopes that were set last,
    /// unless their declared scopes differ from those of then: a changed declaration takes precedence.
    pub(crate) fn read(
        from: &mut Connection,
        accounts: &[Account],
        clients: &mut [Client],
        system_time_ms: i64,
    ) -> rusqlite::Result<Self> {
        let transaction = from.transaction()?;
        let signing_key = transaction.query_row("SELECT signing_key FROM signing", [], |row| row.get(0))?;
        let offset_ms = transaction.query_row("SELECT offset_ms FROM clock", [], |row| time_ms(row, "offset_ms"))?;
        let dead_ms = system_time_ms + offset_ms - EXPIRED_KEPT_MS;
        transaction.execute("DELETE FROM access_token WHERE dies_ms < ?1", [dead_ms])?;
        transaction.execute("DELETE FROM code WHERE dies_ms < ?1", [dead_ms])?;
        for account in accounts {
            store_account(&transaction, account)?;
        }
        for client in clients {
            store_app(&transaction, client)?;
        }
        let kept = Self {
            signing_key,
            offset_ms,
            accounts: all(&transaction, "SELECT * FROM account ORDER BY rowid", account)?,
            installs: all(&transaction, "SELECT * FROM install ORDER BY rowid", install)?,
            refresh: all(&transaction, "SELECT * FROM refresh_token", refresh)?.into_iter().collect(),
            access: all(&transaction, "SELECT * FROM access_token", access)?.into_iter().collect(),
            codes: all(&transaction, "SELECT * FROM code", code)?.into_iter().collect(),
            change_log: ChangeLog::default(),
        };
        transaction.commit()?;
        Ok(kept)
    }
}

fn store_account(to: &Connection, account: &Account) -> rusqlite::Result<()> {
    to.execute(
        "INSERT INTO account (id, name, sender_email, test, timezone, currency, locale)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING",
        params![
            account.id.as_str(),
            account.name,
            account.sender_email,
            account.test,
            account.timezone,
            account.currency,
            account.locale
        ],
    )?;
    Ok(())
}

fn store_app(to: &Connection, client: &mut Client) -> rusqlite::Result<()> {
    let declared = joined(&client.scopes);
    to.execute(
        "INSERT INTO app (client_id, declared, scopes) VALUES (?1, ?2, ?2)
         ON CONFLICT (client_id) DO UPDATE SET declared = ?2, scopes = ?2 WHERE declared <> ?2",
        params![client.id, declared],
    )?;
    let kept: String = to.query_row("SELECT scopes FROM app WHERE client_id = ?1", [&client.id], |row| row.get(0))?;
    client.scopes = scopes(&kept);
    Ok(())
}

fn all<T>(from: &Connection, query: &str, read: fn(&Row<'_>) -> rusqlite::Result<T>) -> rusqlite::Result<Vec<T>> {
    from.prepare(query)?.query_map([], read)?.collect()
}

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: account_id(row.get("id")?),
        name: row.get("name")?,
        sender_email: row.get("sender_email")?,
        test: row.get("test")?,
        timezone: row.get("timezone")?,
        currency: row.get("currency")?,
        locale: row.get("locale")?,
    })
}

fn install(row: &Row<'_>) -> rusqlite::Result<Install> {
    Ok(Install {
        id: row.get("id")?,
        account: account_id(row.get("account")?),
        client_id: row.get("client_id")?,
        scopes: scopes_in(row)?,
        installed_s: time_ms(row, "installed_s")?.min(LATEST_MS / 1_000),
        ended: row.get::<_, Option<String>>("ended")?.as_deref().and_then(side_named),
        user: row.get("user")?,
        installs: if row.get("per_user")? { Installs::PerUser } else { Installs::PerAccount },
    })
}

fn refresh(row: &Row<'_>) -> rusqlite::Result<(String, RefreshToken)> {
    let token = RefreshToken {
        install: row.get("install")?,
        scopes: scopes_in(row)?.into(),
        last_used_ms: time_ms(row, "last_used_ms")?,
        revoked: row.get("revoked")?,
    };
    Ok((row.get("token")?, token))
}

fn access(row: &Row<'_>) -> rusqlite::Result<(Arc<str>, AccessToken)> {
    let token = AccessToken {
        install: row.get("install")?,
        scopes: scopes_in(row)?.into(),
        issued_ms: time_ms(row, "issued_ms")?,
        expires_ms: time_ms(row, "dies_ms")?,
        revoked: row.get("revoked")?,
    };
    Ok((row.get("jti")?, token))
}

fn code(row: &Row<'_>) -> rusqlite::Result<(String, Code)> {
    let code = Code {
        attempt: row.get("attempt")?,
        client_id: row.get("client_id")?,
        redirect_uri: row.get("redirect_uri")?,
        challenge: row.get("challenge")?,
        account: account_id(row.get("account")?),
        user: row.get("user")?,
        scopes: scopes_in(row)?,
        expires_ms: time_ms(row, "dies_ms")?,
        used_for: row.get("used_for")?,
    };
    Ok((row.get("code")?, code))
}

/// A time that can be reckoned with.
fn time_ms(row: &Row<'_>, name: &str) -> rusqlite::Result<i64> {
    Ok(row.get::<_, i64>(name)?.clamp(0, LATEST_MS))
}

fn scopes_in(row: &Row<'_>) -> rusqlite::Result<Vec<String>> {
    Ok(scopes(&row.get::<_, String>("scopes")?))
}
