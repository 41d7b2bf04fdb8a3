//! Everything that one fake Klaviyo is and knows.

use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;
use url::Url;

use flowcheck_evidence::{ConfiguredSecret, Event, KlaviyoEvent, Recorder, TokenState};

use super::api::{Limits, Records};
use super::attempts::Attempts;
use super::call::Call;
use super::codes::Codes;
use super::faults::{Endpoint, Fault, FaultKind, Faults};
use super::grants::{Grants, Shown};
use super::jwt::Mint;
use super::routes::Routes;
use super::sandbox::Feeds;
use super::session::{Sessions, Visit};
use super::store::{Kept, Ledger};
use super::{Account, AccountId, Client, Clock, Confidential, Settings, User};

/// One fake Klaviyo. Handlers get it by reference; nothing in it waits.
#[derive(Debug)]
pub(crate) struct Platform {
    /// Writes the timeline.
    pub(crate) recorder: Recorder,
    /// The knobs.
    pub(crate) settings: Settings,
    /// The time.
    pub(crate) clock: Clock,
    /// Signs access tokens.
    pub(crate) mint: Mint,
    /// What the control API asks for.
    pub(crate) control_secret: Confidential,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Path to handler.
    pub(crate) routes: Routes,
    /// Who reads the journal as it is written.
    pub(crate) feeds: Feeds,
    /// Where changes that outlive a restart are noted.
    pub(crate) ledger: Ledger,
    state: Mutex<State>,
}

/// What changes, while it is locked. When let go, what was noted meanwhile is handed over as one group.
#[derive(Debug)]
pub(crate) struct Held<'a> {
    state: MutexGuard<'a, State>,
    ledger: &'a Ledger,
}

/// What changes while it runs; one owner, one lock.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Apps.
    pub(crate) clients: Vec<Client>,
    /// Accounts.
    pub(crate) accounts: IndexMap<AccountId, Account>,
    /// People, by e-mail address in small letters.
    pub(crate) users: IndexMap<String, User>,
    /// Browser sessions.
    pub(crate) sessions: Sessions,
    /// Authorization attempts.
    pub(crate) attempts: Attempts,
    /// Authorization codes.
    pub(crate) codes: Codes,
    /// Installs and tokens.
    pub(crate) grants: Grants,
    /// Faults that are armed.
    pub(crate) faults: Faults,
    /// What the API knows of each account.
    pub(crate) records: Records,
    /// Calls counted against rate limits.
    pub(crate) limits: Limits,
}

impl Platform {
    /// A platform at this address with these apps, accounts and people; secrets are registered before anything is
    /// recorded.
    pub(crate) fn new(recorder: Recorder, settings: Settings, address: SocketAddr, state: State) -> Self {
        let (clock, mint) = (Clock::new(recorder.clone()), Mint::new());
        Self::with(recorder, settings, address, state, clock, mint, Ledger::default())
    }

    /// The same, going on from what was kept.
    pub(crate) fn going_on(
        recorder: Recorder,
        settings: Settings,
        address: SocketAddr,
        mut state: State,
        kept: Kept,
    ) -> Self {
        let ledger = kept.ledger;
        kept.refresh.keys().for_each(|text| recorder.hide("refresh_token", text));
        kept.codes.keys().for_each(|text| recorder.hide("code", text));
        state.accounts = kept.accounts.into_iter().map(|account| (account.id.clone(), account)).collect();
        state.grants = Grants::kept(kept.installs, kept.refresh, kept.access, ledger.clone());
        state.codes = Codes::kept(kept.codes, ledger.clone());
        let clock = Clock::ahead_by(kept.offset_ms, recorder.clone(), ledger.clone());
        Self::with(recorder, settings, address, state, clock, Mint::with_key(&kept.signing_key), ledger)
    }

    fn with(
        recorder: Recorder,
        settings: Settings,
        address: SocketAddr,
        state: State,
        clock: Clock,
        mint: Mint,
        ledger: Ledger,
    ) -> Self {
        let control_secret = super::opaque::alphanumeric(43);
        recorder.hide("control secret", &control_secret);
        let clients = state.clients.iter().map(|client| ("client_secret", &client.id, &client.secret));
        let users = state.users.values().map(|user| ("password", &user.email, &user.password));
        let secrets =
            clients.chain(users).map(|(label, of, secret)| ConfiguredSecret::new(label, secret.reveal()).of(of));
        recorder.configure(&secrets.collect::<Vec<_>>());
        Self {
            clock,
            recorder,
            settings,
            mint,
            control_secret: Confidential::from(control_secret),
            address,
            routes: Routes::new(),
            feeds: Feeds::default(),
            ledger,
            state: Mutex::new(state),
        }
    }

    /// What changes, for as long as the guard is held; never across an await.
    pub(crate) fn state(&self) -> Held<'_> {
        // Handlers change the state in small whole steps; after a panic in one the rest is still good.
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Held { state, ledger: &self.ledger }
    }

    /// Puts an event on the timeline.
    pub(crate) fn tell(&self, event: KlaviyoEvent) {
        self.recorder.record(Event::Klaviyo(event));
    }

    /// An address on one of our hosts, such as `www`.
    pub(crate) fn url(&self, subdomain: &str, path: &str) -> Url {
        let port = self.address.port();
        let text = if self.settings.own_hosts {
            format!("https://{subdomain}.klaviyo.com{path}")
        } else {
            format!("http://{subdomain}.klaviyo.localhost:{port}{path}")
        };
        Url::parse(&text).unwrap_or_else(|_| unreachable_url(port))
    }

    /// Where it listens, as an address.
    pub(crate) fn loopback(&self) -> Url {
        let mut url = unreachable_url(self.address.port());
        // An address is a host that any URL of this scheme takes.
        let _ = url.set_ip_host(self.address.ip());
        url
    }

    /// The session of a request; its secrets are registered.
    pub(crate) fn visit(&self, state: &mut State, call: &Call) -> Visit {
        let visit = state.sessions.visit(call);
        self.know(&visit);
        visit
    }

    /// Registers a session's secrets.
    pub(crate) fn know(&self, visit: &Visit) {
        self.recorder.hide("session", &visit.id);
        self.recorder.hide("csrf", &visit.session.csrf);
    }

    /// The fault that applies here, if one does; its use is recorded.
    pub(crate) fn fault(
        &self,
        state: &mut State,
        at: &[Endpoint],
        account: Option<&AccountId>,
        fits: impl Fn(&FaultKind) -> bool,
    ) -> Option<Fault> {
        let fault = state.faults.fire(at, account, fits)?;
        self.tell(KlaviyoEvent::FaultFired(fault.to_string()));
        Some(fault)
    }

    /// What a text is as an access token.
    pub(crate) fn shown_access(&self, state: &State, token: &str) -> Shown {
        let unknown = Shown { state: TokenState::Unknown, install: None, scopes: Arc::default() };
        match self.mint.read(token) {
            Some(claims) => state.grants.shown_access(&claims.jti, self.clock.now_ms()).unwrap_or(unknown),
            None => unknown,
        }
    }

    /// What a text is as a refresh token.
    pub(crate) fn shown_refresh(&self, state: &State, token: &str) -> Option<Shown> {
        state.grants.shown_refresh(token, self.settings.refresh_life_days, self.clock.now_ms())
    }
}

impl Deref for Held<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // Before the lock goes, so that groups keep the order of what happened.
        self.ledger.hand_over();
    }
}

impl State {
    /// The app of this id.
    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// The account of this id.
    pub(crate) fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.get(id)
    }

    /// The person of this e-mail address.
    pub(crate) fn user(&self, email: &str) -> Option<&User> {
        self.users.get(&email.to_ascii_lowercase())
    }

    /// The accounts of a person, in order.
    pub(crate) fn accounts_of(&self, email: &str) -> Vec<Account> {
        let ids = self.user(email).map(|user| user.accounts.as_slice()).unwrap_or_default();
        ids.iter().filter_map(|id| self.account(id)).cloned().collect()
    }
}

/// Where a path was no path; there is always a home.
fn unreachable_url(port: u16) -> Url {
    let mut home = Url::parse("http://127.0.0.1/").expect("a constant that is a URL");
    // A URL with a host takes any port.
    let _ = home.set_port(Some(port));
    home
}
