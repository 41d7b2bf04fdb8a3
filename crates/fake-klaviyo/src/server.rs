//! A running server: how it starts and stops, and its addresses.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use url::Url;

use flowcheck_evidence::Recorder;

use crate::bind_error::BindError;
use crate::builder::Builder;
use crate::http::handler::HttpHandler;
use crate::http::host::WWW;
use crate::http::listener::Listener;
use crate::model::account::{Account, User};
use crate::state::clock;
use crate::state::platform::Platform;

/// How many entries the server's own recorder keeps.
const KEPT_ENTRIES: usize = 2_000;
/// How long [`Server::stop`] waits for responses that are being sent.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// A fake Klaviyo that is running.
///
/// Dropping it ends it at once; [`Server::stop`] lets responses finish.
///
/// ```
/// use fake_klaviyo::{Client, Server};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let klaviyo = Server::builder()
///     .client(Client::new("my-client-id", "my-client-secret").redirect_uri("http://localhost:3000/callback"))
///     .bind("127.0.0.1:0")
///     .await?;
/// println!("{}oauth/authorize", klaviyo.www());
/// klaviyo.stop().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a server ends as soon as it is dropped"]
pub struct Server {
    http_handler: HttpHandler,
    listener: Listener,
}

impl Builder {
    /// Starts the server at a loopback address; port 0 is replaced by a free port.
    ///
    /// Without an account there is one, "Harbour Books". Without a user there is one who may act for all accounts,
    /// `owner@klaviyo.example` with the password `owner-of-klaviyo`.
    ///
    /// ```
    /// use fake_klaviyo::Server;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = Server::builder().bind("127.0.0.1:0").await?;
    /// assert_eq!(klaviyo.accounts()[0].name, "Harbour Books");
    /// # Ok(())
    /// # }
    /// ```
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
                let snapshot = file.load(&accounts, &mut self.state.clients, clock::system_time_ms())?;
                Platform::restored(recorder, self.settings, address, self.state, snapshot)
            }
            None => Platform::new(recorder, self.settings, address, self.state),
        };
        let http_handler = HttpHandler::new(Arc::new(platform));
        let listener = Listener::start(listener, http_handler.clone());
        Ok(Server { http_handler, listener })
    }
}

impl Server {
    /// Describes a server before it starts.
    ///
    /// ```
    /// use fake_klaviyo::{Client, Server};
    ///
    /// let builder = Server::builder().client(Client::new("my-client-id", "my-client-secret"));
    /// # drop(builder);
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Stops listening, gives responses that are being sent up to two seconds to finish, and closes every connection.
    ///
    /// ```
    /// use fake_klaviyo::Server;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = Server::builder().bind("127.0.0.1:0").await?;
    /// klaviyo.stop().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stop(self) {
        let Self { http_handler, listener } = self;
        http_handler.platform().feeds.close();
        listener.stop(STOP_WITHIN).await;
        http_handler.platform().change_log.close().await;
    }

    /// Waits until the state file cannot be written any more, and returns the reason. Never returns while all is well,
    /// nor without a state file. Every request after such a failure is answered with 500.
    ///
    /// ```no_run
    /// use fake_klaviyo::{Server, StateFile};
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let file = StateFile::open("klaviyo.state".as_ref())?;
    /// let klaviyo = Server::builder().state_file(file).bind("127.0.0.1:0").await?;
    /// eprintln!("{}", klaviyo.state_file_failure().await);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn state_file_failure(&self) -> String {
        self.platform().change_log.failure().await.to_string()
    }

    /// The handler of requests that another program has accepted: see [`embed`](crate::embed).
    ///
    /// ```
    /// use fake_klaviyo::Server;
    /// use fake_klaviyo::embed::{ConnInfo, Scheme};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = Server::builder().bind("127.0.0.1:0").await?;
    /// let (_client, server_side) = tokio::io::duplex(1_024);
    /// let stop_at_once = std::future::ready(());
    /// klaviyo.http_handler().serve(server_side, ConnInfo { scheme: Scheme::Https }, stop_at_once).await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn http_handler(&self) -> HttpHandler {
        self.http_handler.clone()
    }

    /// The address at which the server listens.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// assert!(klaviyo.addr().ip().is_loopback() && klaviyo.addr().port() != 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn addr(&self) -> SocketAddr {
        self.platform().address
    }

    /// The base URL of Klaviyo's site, for browsers: `http://www.klaviyo.localhost:PORT/`, or Klaviyo's own address
    /// with [`Settings::own_hosts`](crate::Settings::own_hosts).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// assert_eq!(klaviyo.www().host_str(), Some("www.klaviyo.localhost"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn www(&self) -> Url {
        self.platform().url(WWW, "/")
    }

    /// The App Marketplace's own subdomain, which serves the same site: `http://marketplace.klaviyo.localhost:PORT/`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// assert_ne!(klaviyo.marketplace().host_str(), klaviyo.www().host_str());
    /// # Ok(())
    /// # }
    /// ```
    pub fn marketplace(&self) -> Url {
        self.platform().url("marketplace", "/")
    }

    /// The base URL of tokens and the API, for programs: `http://127.0.0.1:PORT/`, or Klaviyo's own address with
    /// [`Settings::own_hosts`](crate::Settings::own_hosts).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// let token_endpoint = klaviyo.api().join("oauth/token")?;
    /// assert_eq!(token_endpoint.path(), "/oauth/token");
    /// # Ok(())
    /// # }
    /// ```
    pub fn api(&self) -> Url {
        let mut url = self.platform().url("a", "/");
        if !self.platform().settings.own_hosts {
            // An address is a host that any URL of this scheme takes.
            let _ = url.set_ip_host(self.addr().ip());
        }
        url
    }

    /// The page of an app in the App Marketplace, with its Install link.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// assert_eq!(klaviyo.listing_url("my-client-id").path(), "/marketplace/apps/my-client-id");
    /// # Ok(())
    /// # }
    /// ```
    pub fn listing_url(&self, client_id: &str) -> Url {
        let mut url = self.www();
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(["marketplace", "apps", client_id]);
        }
        url
    }

    /// The page with the apps that the signed-in user's account has installed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// assert_eq!(klaviyo.integrations_url().path(), "/integrations");
    /// # Ok(())
    /// # }
    /// ```
    pub fn integrations_url(&self) -> Url {
        self.platform().url(WWW, "/integrations")
    }

    /// The sandbox's page. The URL carries the control secret in its fragment, which browsers do not send.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// assert_eq!(klaviyo.sandbox_link().fragment(), Some(klaviyo.control_secret()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn sandbox_link(&self) -> Url {
        let mut url = self.platform().loopback();
        url.set_path("/_flowcheck/sandbox");
        url.set_fragment(Some(self.control_secret()));
        url
    }

    pub(crate) fn platform(&self) -> &Platform {
        self.http_handler.platform()
    }
}
