//! Everything that one fake Klaviyo is and knows.

use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;
use url::Url;

use flowcheck_evidence::{ConfiguredSecret, Event, Installs, KlaviyoEvent, Recorder, TokenState, UninstalledBy};

use crate::api::data::all_accounts::AllAccounts;
use crate::api::rate_limits::RateLimits;
use crate::http::request::Request;
use crate::model::account::{Account, AccountId, User};
use crate::model::client::Client;
use crate::model::confidential::Confidential;
use crate::model::fault::{Endpoint, Fault, FaultKind};
use crate::model::settings::Settings;
use crate::state::armed_faults::ArmedFaults;
use crate::state::attempts::Attempts;
use crate::state::clock::Clock;
use crate::state::codes::Codes;
use crate::state::feed_slots::FeedSlots;
use crate::state::grants::Grants;
use crate::state::jwt::TokenSigner;
use crate::state::members::Members;
use crate::state::sessions::{RequestSession, Sessions};
use crate::state::token_status::TokenStatus;
use crate::store::change_log::ChangeLog;
use crate::store::snapshot::Snapshot;

/// One fake Klaviyo, as request handlers receive it. None of its methods wait.
#[derive(Debug)]
pub(crate) struct Platform {
    /// Records the timeline.
    pub(crate) recorder: Recorder,
    /// The configured behaviour.
    pub(crate) settings: Settings,
    /// Klaviyo's clock.
    pub(crate) clock: Clock,
    /// Signs access tokens.
    pub(crate) mint: TokenSigner,
    /// The Bearer token of the control API.
    pub(crate) control_secret: Confidential,
    /// The address at which the server listens.
    pub(crate) address: SocketAddr,
    /// How many responses are delayed now, by clients that still wait for them.
    pub(crate) delayed: Arc<AtomicUsize>,
    /// The limit of sandbox pages that follow the journal.
    pub(crate) feeds: FeedSlots,
    /// Logs the changes that are kept in the state file.
    pub(crate) change_log: ChangeLog,
    state: Mutex<State>,
}

/// The locked state. Dropping it submits the changes logged meanwhile as one group.
#[derive(Debug)]
pub(crate) struct StateGuard<'a> {
    state: MutexGuard<'a, State>,
    change_log: &'a ChangeLog,
}

/// Everything that changes while the server runs.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Registered apps.
    pub(crate) clients: Vec<Client>,
    /// Accounts.
    pub(crate) accounts: IndexMap<AccountId, Account>,
    /// Users, by e-mail address in lower case.
    pub(crate) users: IndexMap<String, User>,
    /// Users' roles in accounts, and who is suspended there.
    pub(crate) members: Members,
    /// Browser sessions.
    pub(crate) sessions: Sessions,
    /// Authorization attempts.
    pub(crate) attempts: Attempts,
    /// Authorization codes.
    pub(crate) codes: Codes,
    /// Installs and tokens.
    pub(crate) grants: Grants,
    /// Armed faults.
    pub(crate) faults: ArmedFaults,
    /// The API's data of every account.
    pub(crate) account_data: AllAccounts,
    /// Requests counted against rate limits.
    pub(crate) limits: RateLimits,
}

impl Platform {
    /// A platform at this address with these apps, accounts and users. Their secrets are registered with the recorder
    /// before anything is recorded.
    pub(crate) fn new(recorder: Recorder, settings: Settings, address: SocketAddr, state: State) -> Self {
        let (clock, mint) = (Clock::new(recorder.clone()), TokenSigner::new());
        Self::with(recorder, settings, address, state, clock, mint, ChangeLog::default())
    }

    /// A platform that continues from a state file's snapshot.
    pub(crate) fn restored(
        recorder: Recorder,
        settings: Settings,
        address: SocketAddr,
        mut state: State,
        kept: Snapshot,
    ) -> Self {
        let change_log = kept.change_log;
        kept.refresh.keys().for_each(|text| recorder.hide("refresh_token", text));
        kept.codes.keys().for_each(|text| recorder.hide("code", text));
        state.accounts = kept.accounts.into_iter().map(|account| (account.id.clone(), account)).collect();
        state.grants = Grants::restored(kept.installs, kept.refresh, kept.access, change_log.clone());
        state.codes = Codes::restored(kept.codes, change_log.clone());
        let clock = Clock::with_offset(kept.offset_ms, recorder.clone(), change_log.clone());
        Self::with(recorder, settings, address, state, clock, TokenSigner::with_key(&kept.signing_key), change_log)
    }

    fn with(
        recorder: Recorder,
        settings: Settings,
        address: SocketAddr,
        state: State,
        clock: Clock,
        mint: TokenSigner,
        change_log: ChangeLog,
    ) -> Self {
        let control_secret = crate::model::random_id::alphanumeric(43);
        let clients = state.clients.iter().map(|client| ("client_secret", &client.id, &client.secret));
        let users = state.users.values().map(|user| ("password", &user.email, &user.password));
        let secrets =
            clients.chain(users).map(|(label, of, secret)| ConfiguredSecret::new(label, secret.reveal()).of(of));
        let control = ConfiguredSecret::new("control secret", &control_secret);
        recorder.configure(&secrets.chain([control]).collect::<Vec<_>>());
        Self {
            clock,
            recorder,
            settings,
            mint,
            control_secret: Confidential::from(control_secret),
            address,
            delayed: Arc::default(),
            feeds: FeedSlots::default(),
            change_log,
            state: Mutex::new(state),
        }
    }

    /// Locks the state. The guard must not be held across an await.
    pub(crate) fn state(&self) -> StateGuard<'_> {
        // Handlers change the state in small complete steps, so it is consistent even after a panic.
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        StateGuard { state, change_log: &self.change_log }
    }

    /// Records an event on the timeline.
    pub(crate) fn record_event(&self, event: KlaviyoEvent) {
        self.recorder.record(Event::Klaviyo(event));
    }

    /// A URL on one of Klaviyo's subdomains, such as `www`.
    pub(crate) fn url(&self, subdomain: &str, path: &str) -> Url {
        let port = self.address.port();
        let text = if self.settings.own_hosts {
            format!("https://{subdomain}.klaviyo.com{path}")
        } else {
            format!("http://{subdomain}.klaviyo.localhost:{port}{path}")
        };
        Url::parse(&text).unwrap_or_else(|_| unreachable_url(port))
    }

    /// The base URL at the loopback address.
    pub(crate) fn loopback(&self) -> Url {
        let mut url = unreachable_url(self.address.port());
        // An address is a host that any URL of this scheme takes.
        let _ = url.set_ip_host(self.address.ip());
        url
    }

    /// The session of a request; its secrets are registered with the recorder.
    pub(crate) fn session_of(&self, state: &mut State, request: &Request) -> RequestSession {
        let current = state.sessions.session_of(request);
        self.redact_session(&current);
        current
    }

    /// Registers a session's secrets with the recorder.
    pub(crate) fn redact_session(&self, current: &RequestSession) {
        self.recorder.hide("session", &current.id);
        self.recorder.hide("csrf", &current.session.csrf);
    }

    /// The fault that affects this request, if there is one; it is recorded as fired.
    pub(crate) fn fire_fault(
        &self,
        state: &mut State,
        at: &[Endpoint],
        account: Option<&AccountId>,
        fits: impl Fn(&FaultKind) -> bool,
    ) -> Option<Fault> {
        let fault = state.faults.fire(at, account, fits)?;
        self.record_event(KlaviyoEvent::FaultApplied(fault.recorded()));
        Some(fault)
    }

    /// Uninstalls an app and records the event; false where it is uninstalled already.
    pub(crate) fn end_install(&self, state: &mut State, id: &str, by: UninstalledBy) -> bool {
        let Some(install) = state.grants.uninstall(id, by) else { return false };
        self.record_event(KlaviyoEvent::Uninstalled {
            install: install.id.clone(),
            account: install.account.to_string(),
            by,
        });
        true
    }

    /// The status of a text that was sent as an access token.
    pub(crate) fn access_token_status(&self, state: &State, token: &str) -> TokenStatus {
        let unknown = TokenStatus { state: TokenState::Unknown, install: None, scopes: Arc::default() };
        match self.mint.read(token) {
            Some(claims) => state.grants.access_token_status(&claims.jti, self.clock.now_ms()).unwrap_or(unknown),
            None => unknown,
        }
    }

    /// The status of a text that was sent as a refresh token; none where it was never issued.
    pub(crate) fn refresh_token_status(&self, state: &State, token: &str) -> Option<TokenStatus> {
        state.grants.refresh_token_status(token, self.settings.refresh_life_days, self.clock.now_ms())
    }
}

impl Deref for StateGuard<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for StateGuard<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Drop for StateGuard<'_> {
    fn drop(&mut self) {
        // Submitted before the lock is released, so that groups keep the order of events.
        self.change_log.submit();
    }
}

impl State {
    /// The app with this client id.
    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// The account with this id.
    pub(crate) fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.get(id)
    }

    /// The user with this e-mail address.
    pub(crate) fn user(&self, email: &str) -> Option<&User> {
        self.users.get(&email.to_ascii_lowercase())
    }

    /// The accounts that a user may act for, in the order in which they are offered.
    pub(crate) fn accounts_of(&self, email: &str) -> Vec<Account> {
        let ids = self.user(email).map(|user| user.accounts.as_slice()).unwrap_or_default();
        let acts = |id: &&AccountId| !self.members.is_suspended(email, id);
        ids.iter().filter(acts).filter_map(|id| self.account(id)).cloned().collect()
    }

    /// The scopes that a user's consent grants an app: what was requested, whatever the user's role, or, for an app with installs of
    /// users, what of it the role may do (D).
    pub(crate) fn granted(
        &self,
        requested: &[String],
        client_id: &str,
        user: &str,
        account: &AccountId,
    ) -> Vec<String> {
        let per_user = self.client(client_id).is_some_and(|client| client.installs == Installs::PerUser);
        let role = self.members.role(user, account);
        requested.iter().filter(|scope| !per_user || role.allows(scope)).cloned().collect()
    }
}

/// The URL used where a path cannot be parsed.
fn unreachable_url(port: u16) -> Url {
    let mut home = Url::parse("http://127.0.0.1/").expect("a constant that is a URL");
    // A URL with a host accepts any port.
    let _ = home.set_port(Some(port));
    home
}
