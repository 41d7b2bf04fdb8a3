//! The server as the rest of flowcheck holds it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use url::Url;

use flowcheck_evidence::Recorder;

use crate::http::handler::HttpHandler;
use crate::http::host::WWW;
use crate::http::listener::Listener;
use crate::model::account::{Account, AccountId, User};
use crate::model::client::Client;
use crate::model::fault::Fault;
use crate::model::install::Install;
use crate::model::settings::Settings;
use crate::state::clock;
use crate::state::clock::Clock;
use crate::state::platform::{Platform, State};
use crate::state::test_control::{Callback, TestControlError};
use crate::store::file::{StateFile, StateFileError};

/// How many entries a timeline keeps that nobody handed in.
const KEPT_ENTRIES: usize = 2_000;
/// How long [`Server::stop`] waits for answers that are under way.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// A fake Klaviyo that is running. Dropping it ends it at once.
#[derive(Debug)]
pub struct Server {
    http_handler: HttpHandler,
    listener: Listener,
}

/// A fake Klaviyo to be.
#[derive(Debug, Default)]
pub struct Builder {
    recorder: Option<Recorder>,
    settings: Settings,
    state: State,
    state_file: Option<StateFile>,
}

/// Why a fake Klaviyo could not begin to listen.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program listens there.
    #[error("{address} is taken; end the program that listens there, or bind to port 0 to be given a free one")]
    Taken {
        /// The address.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// The address cannot be listened at for another reason.
    #[error("cannot listen at {address}; give a loopback address with a port, such as 127.0.0.1:0")]
    Unusable {
        /// The address.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// The address would let other machines in.
    #[error("{address} is not a loopback address; a fake Klaviyo listens on loopback only, such as 127.0.0.1:0")]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The state file cannot be used.
    #[error(transparent)]
    State(#[from] StateFileError),
}

impl Builder {
    /// Records on this timeline.
    pub fn recorder(self, recorder: Recorder) -> Self {
        Self { recorder: Some(recorder), ..self }
    }

    /// Behaves like this.
    pub fn settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// Knows this app.
    pub fn client(mut self, client: Client) -> Self {
        self.state.clients.push(client);
        self
    }

    /// Has this account.
    pub fn account(mut self, account: Account) -> Self {
        self.state.accounts.insert(account.id.clone(), account);
        self
    }

    /// Has this person.
    pub fn user(mut self, user: User) -> Self {
        self.state.users.insert(user.email.to_ascii_lowercase(), user);
        self
    }

    /// Keeps accounts, apps' scopes, installs, tokens, codes and the time in this file, and goes on from what is in it.
    pub fn state_file(self, file: StateFile) -> Self {
        Self { state_file: Some(file), ..self }
    }

    /// Begins to listen. Where no account was given there is one, "Harbour Books"; where no person was given there is
    /// one with all accounts, `owner@klaviyo.example` with password `owner-of-klaviyo`.
    pub async fn bind(mut self, address: &str) -> Result<Server, BindError> {
        let unusable = |source: io::Error| {
            let address = address.to_owned();
            match source.kind() {
                io::ErrorKind::AddrInUse => BindError::Taken { address, source },
                _ => BindError::Unusable { address, source },
            }
        };
        let listener = TcpListener::bind(address).await.map_err(unusable)?;
        let address = listener.local_addr().map_err(unusable)?;
        if !address.ip().is_loopback() {
            return Err(BindError::NotLoopback { address });
        }
        if self.state.accounts.is_empty() {
            self = self.account(Account::named("Harbour Books"));
        }
        if self.state.users.is_empty() {
            let accounts = self.state.accounts.keys().cloned().collect();
            let email = "owner@klaviyo.example".to_owned();
            self = self.user(User { email, password: "owner-of-klaviyo".into(), accounts });
        }
        let recorder = self.recorder.unwrap_or_else(|| Recorder::bounded(KEPT_ENTRIES));
        let platform = match self.state_file {
            Some(file) => {
                let accounts: Vec<Account> = self.state.accounts.values().cloned().collect();
                let kept = file.load(&accounts, &mut self.state.clients, clock::system_time_ms())?;
                Platform::restored(recorder, self.settings, address, self.state, kept)
            }
            None => Platform::new(recorder, self.settings, address, self.state),
        };
        let platform = Arc::new(platform);
        let http_handler = HttpHandler::new(platform);
        let listener = Listener::start(listener, http_handler.clone());
        Ok(Server { http_handler, listener })
    }
}

impl Server {
    /// Begins to describe one.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// How requests are answered; the gateway hands in those that it took for Klaviyo.
    pub fn http_handler(&self) -> HttpHandler {
        self.http_handler.clone()
    }

    /// The address it listens at.
    pub fn addr(&self) -> SocketAddr {
        self.platform().address
    }

    /// Klaviyo's site, for people: `http://www.klaviyo.localhost:PORT/`, or Klaviyo's own address where the
    /// [settings](Settings::own_hosts) say so.
    pub fn www(&self) -> Url {
        self.platform().url(WWW, "/")
    }

    /// The same on another subdomain: `http://connect.klaviyo.localhost:PORT/`.
    pub fn www_subdomain(&self) -> Url {
        self.platform().url("connect", "/")
    }

    /// Klaviyo's API, for programs: `http://127.0.0.1:PORT/`, or Klaviyo's own address.
    pub fn api(&self) -> Url {
        let mut url = self.platform().url("a", "/");
        if !self.platform().settings.own_hosts {
            // An address is a host that any URL of this scheme takes.
            let _ = url.set_ip_host(self.addr().ip());
        }
        url
    }

    /// The app's listing in the directory, with its Install link.
    pub fn listing_url(&self, client_id: &str) -> Url {
        let mut url = self.www();
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(["marketplace", "apps", client_id]);
        }
        url
    }

    /// The signed-in account's installed apps.
    pub fn integrations_url(&self) -> Url {
        self.platform().url(WWW, "/integrations")
    }

    /// An address that signs this person in to Klaviyo, once, and leads to `next` (a path). For arranging a scenario
    /// only; it is made nowhere else. Nobody of that name gives an address that says so.
    pub fn sign_in_link(&self, user_email: &str, next: &str) -> Url {
        let platform = self.platform();
        let ticket = platform.state().sessions.issue_ticket(user_email, next);
        platform.recorder.secret("ticket", &ticket);
        platform.url(WWW, &format!("/login/ticket/{ticket}"))
    }

    /// Klaviyo's clock.
    pub fn clock(&self) -> &Clock {
        &self.platform().clock
    }

    /// Uninstalls the app from the account, as its user would on the integrations page.
    pub fn uninstall(&self, account: &AccountId, client_id: &str) -> Result<(), TestControlError> {
        self.platform().uninstall(account, client_id)
    }

    /// Changes the scopes in the app's settings; existing installs keep theirs until their users authorize again (S).
    pub fn set_scopes<T: Into<String>>(
        &self,
        client_id: &str,
        scopes: impl IntoIterator<Item = T>,
    ) -> Result<(), TestControlError> {
        self.platform().set_scopes(client_id, scopes.into_iter().map(Into::into).collect())
    }

    /// Makes Klaviyo misbehave.
    pub fn arm(&self, fault: Fault) -> Result<(), TestControlError> {
        self.platform().arm(fault)
    }

    /// Makes Klaviyo behave again.
    pub fn disarm(&self) {
        self.platform().state().faults.clear();
    }

    /// The id of the authorization attempt that reached Klaviyo last.
    pub fn latest_attempt(&self) -> Option<String> {
        self.platform().state().attempts.latest().map(|attempt| attempt.id.clone())
    }

    /// The callback that an attempt leads to, with a code that works, or that worked where the attempt was completed.
    pub fn callback_of(&self, attempt: &str, account: &AccountId) -> Option<Callback> {
        self.platform().callback_of(attempt, account)
    }

    /// The apps that are installed now, oldest first.
    pub fn installs(&self) -> Vec<Install> {
        self.platform().state().grants.installed().cloned().collect()
    }

    /// Ends the life of every unused code, and says how many there were.
    pub fn expire_codes(&self) -> usize {
        self.platform().expire_codes()
    }

    /// Forgets attempts, codes, installs, tokens, sessions, data and faults. Apps, accounts, people and the time stay.
    pub fn reset(&self) {
        self.platform().reset();
    }

    /// The accounts there are.
    pub fn accounts(&self) -> Vec<Account> {
        self.platform().state().accounts.values().cloned().collect()
    }

    /// The people there are.
    pub fn users(&self) -> Vec<User> {
        self.platform().state().users.values().cloned().collect()
    }

    /// Where everything is recorded.
    pub fn recorder(&self) -> &Recorder {
        &self.platform().recorder
    }

    /// What the control API (`/_flowcheck/…`) wants as a Bearer token.
    pub fn control_secret(&self) -> &str {
        self.platform().control_secret.reveal()
    }

    /// The sandbox's page, for a person. The address carries the control secret behind its `#`, which no browser sends.
    pub fn sandbox_link(&self) -> Url {
        let mut url = self.platform().loopback();
        url.set_path("/_flowcheck/sandbox");
        url.set_fragment(Some(self.control_secret()));
        url
    }

    /// Stops listening, lets answers that are under way finish for up to two seconds, and closes every connection.
    pub async fn stop(self) {
        let Self { http_handler, listener } = self;
        http_handler.platform().feeds.close();
        listener.stop(STOP_WITHIN).await;
        http_handler.platform().change_log.close().await;
    }

    /// Waits until the state file cannot be written any more, and says why; for ever, where all goes well. Nothing is
    /// answered after that, so there is no use in going on.
    pub async fn state_file_failure(&self) -> String {
        self.platform().change_log.failure().await.to_string()
    }

    fn platform(&self) -> &Platform {
        self.http_handler.platform()
    }
}
