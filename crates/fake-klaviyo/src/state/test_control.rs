//! What tests change from outside, by [`Server`](crate::Server) or the control API.

use flowcheck_evidence::{KlaviyoEvent, KlaviyoFault, UninstalledBy, UserChange};

use crate::model::account::AccountId;
use crate::model::fault::Fault;
use crate::model::fault::FaultKind;
use crate::state::codes::{Codes, Consent};
use crate::state::grants::Grants;
use crate::state::platform::{Platform, State};
use crate::store::change::Change;

/// Why a change by a test was refused.
///
/// ```
/// use fake_klaviyo::{Server, TestControlError};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let klaviyo = Server::builder().bind("127.0.0.1:0").await?;
/// let refused = klaviyo.set_scopes("my-client-id", ["accounts:read"]);
/// assert_eq!(refused, Err(TestControlError::NoClient("my-client-id".to_owned())));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TestControlError {
    /// No app with this client id is registered.
    #[error("no app with client id {0:?} is registered; register it with Builder::client")]
    NoClient(String),
    /// There is no account with this id.
    #[error("no account with id {0:?}; add it with Builder::account")]
    NoAccount(String),
    /// The account has no such user.
    #[error("no user {user:?} in account {account:?}; add one with Builder::user")]
    NoUser {
        /// The user's e-mail address.
        user: String,
        /// The account.
        account: String,
    },
    /// The account has not installed the app.
    #[error("account {account:?} has not installed {client_id:?}; let it authorize and exchange its code first")]
    NotInstalled {
        /// The account.
        account: String,
        /// The app.
        client_id: String,
    },
    /// The fault makes no sense, for this reason.
    #[error("the fault cannot be armed: {0}")]
    BadFault(&'static str),
}

/// Where Klaviyo redirects a user after consent; see [`Server::callback_of`](crate::Server::callback_of). Holds secrets.
#[derive(Clone)]
pub struct Callback {
    /// The app's redirect URI.
    pub redirect_uri: String,
    /// A code that works.
    pub code: String,
    /// The `state` that the app sent.
    pub state: Option<String>,
}

impl std::fmt::Debug for Callback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Callback").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

impl Platform {
    /// Uninstalls the app from the account, as its user would on the integrations page (S); every user's install, where each has one.
    pub(crate) fn uninstall(&self, account: &AccountId, client_id: &str) -> Result<(), TestControlError> {
        let mut state = self.state();
        if state.client(client_id).is_none() {
            return Err(TestControlError::NoClient(client_id.to_owned()));
        }
        if state.account(account).is_none() {
            return Err(TestControlError::NoAccount(account.to_string()));
        }
        let installs = state.grants.of(account, client_id);
        if installs.is_empty() {
            return Err(TestControlError::NotInstalled {
                account: account.to_string(),
                client_id: client_id.to_owned(),
            });
        }
        for id in installs {
            self.end_install(&mut state, &id, UninstalledBy::Klaviyo);
        }
        Ok(())
    }

    /// Removes a user from an account, suspends the user there or changes the role. Each ends the user's own installs; those of the
    /// account stay (D).
    pub(crate) fn change_user(
        &self,
        email: &str,
        account: &AccountId,
        change: UserChange,
    ) -> Result<(), TestControlError> {
        let mut state = self.state();
        let user = state.users.get_mut(&email.to_ascii_lowercase()).filter(|user| user.accounts.contains(account));
        let Some(user) = user else {
            return Err(TestControlError::NoUser { user: email.to_owned(), account: account.to_string() });
        };
        let email = user.email.to_ascii_lowercase();
        match change {
            UserChange::Removed => user.accounts.retain(|id| id != account),
            UserChange::Suspended => state.members.suspend(&email, account),
            UserChange::Role(role) => state.members.set_role(&email, account, role),
        }
        self.record_event(KlaviyoEvent::UserChanged { user: email.clone(), account: account.to_string(), change });
        for id in state.grants.of_user(&email, account) {
            self.end_install(&mut state, &id, UninstalledBy::Klaviyo);
        }
        Ok(())
    }

    /// Changes the scopes in an app's settings; installs keep theirs (S).
    pub(crate) fn set_scopes(&self, client_id: &str, scopes: Vec<String>) -> Result<(), TestControlError> {
        let mut state = self.state();
        let client = state.clients.iter_mut().find(|client| client.id == client_id);
        let client = client.ok_or_else(|| TestControlError::NoClient(client_id.to_owned()))?;
        client.scopes.clone_from(&scopes);
        self.change_log.note(|| Change::Scopes { client_id: client_id.to_owned(), scopes: scopes.clone() });
        drop(state);
        self.record_event(KlaviyoEvent::ScopesChanged { client_id: client_id.to_owned(), scopes });
        Ok(())
    }

    /// Arms a fault, unless it makes no sense.
    pub(crate) fn arm(&self, fault: Fault) -> Result<(), TestControlError> {
        use crate::model::fault::Endpoint::{Api, Operation, Token, Write};
        if fault.times == 0 {
            return Err(TestControlError::BadFault("`times` must be at least 1"));
        }
        if matches!(fault.kind, FaultKind::Status { status, .. } if !(200..=599).contains(&status)) {
            return Err(TestControlError::BadFault("`status` must be from 200 to 599"));
        }
        if matches!(fault.kind, FaultKind::RotatedRefresh | FaultKind::CodeExpired) && fault.on != Token {
            return Err(TestControlError::BadFault(
                "rotated refresh tokens and expired codes can only be armed `on` the token endpoint",
            ));
        }
        if fault.account.is_some() && !matches!(fault.on, Api | Write | Operation(_)) {
            return Err(TestControlError::BadFault("`account` can only be set for the API"));
        }
        if let Operation(id) = &fault.on
            && !crate::api::spec::operations::operations().iter().any(|operation| operation.id == *id)
        {
            return Err(TestControlError::BadFault("no such operation; ids are in tables/operations.csv"));
        }
        let mut state = self.state();
        if let Some(account) = &fault.account
            && state.account(account).is_none()
        {
            return Err(TestControlError::NoAccount(account.to_string()));
        }
        self.record_event(KlaviyoEvent::FaultArmed(KlaviyoFault { times: Some(fault.times), ..fault.recorded() }));
        state.faults.arm(fault);
        Ok(())
    }

    /// The callback of an attempt: with the code that was exchanged for it or, before that, with a new code for this
    /// account. The user's decision is not affected.
    pub(crate) fn callback_of(&self, attempt: &str, account: &AccountId) -> Option<Callback> {
        let mut state = self.state();
        let attempt = state.attempts.get(attempt).cloned()?;
        let used = state.codes.used_of(&attempt.id).map(str::to_owned);
        let code = used.unwrap_or_else(|| {
            let first = || state.users.values().find(|user| user.accounts.contains(account));
            let asked = attempt.user.clone().or_else(|| first().map(|user| user.email.to_ascii_lowercase()));
            let asked = asked.unwrap_or_default();
            let scopes = state.granted(&attempt.request.scopes, &attempt.request.client_id, &asked, account);
            let consent = Consent { account: account.clone(), user: asked, scopes };
            state.codes.issue(&attempt, consent, self.settings.code_life_s).0
        });
        self.recorder.secret("code", &code);
        Some(Callback { redirect_uri: attempt.request.redirect_uri, code, state: attempt.request.state })
    }

    /// Expires every unused code, and returns how many there were.
    pub(crate) fn expire_codes(&self) -> usize {
        let now_ms = self.clock.now_ms();
        self.state().codes.expire_all(now_ms)
    }

    /// Removes attempts, codes, installs, tokens, sessions, API data and faults. Apps, accounts, users with their roles and the clock
    /// stay.
    pub(crate) fn reset(&self) {
        let mut state = self.state();
        let clients = std::mem::take(&mut state.clients);
        let accounts = std::mem::take(&mut state.accounts);
        let users = std::mem::take(&mut state.users);
        let members = std::mem::take(&mut state.members);
        let grants = Grants::new(self.change_log.clone());
        let codes = Codes::new(self.change_log.clone());
        *state = State { clients, accounts, users, members, codes, grants, ..State::default() };
        self.change_log.note(|| Change::Reset);
    }
}
