//! What a test changes in a running server, and reads from it.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use url::Url;

use flowcheck_evidence::{Recorder, UserChange};

use crate::http::host::WWW;
use crate::model::account::{Account, AccountId, User};
use crate::model::fault::Fault;
use crate::model::install::Install;
use crate::server::Server;
use crate::state::clock::Clock;
use crate::state::test_control::{Callback, TestControlError};

impl Server {
    /// A URL that signs this user in once and redirects to `next`, a path. It shows an error page where no user has
    /// this e-mail address. Only tests can make such a URL; Klaviyo itself has none.
    ///
    /// ```
    /// use fake_klaviyo::Server;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = Server::builder().bind("127.0.0.1:0").await?;
    /// let link = klaviyo.sign_in_link("owner@klaviyo.example", "/integrations");
    /// println!("open {link} in a browser");
    /// # Ok(())
    /// # }
    /// ```
    pub fn sign_in_link(&self, user_email: &str, next: &str) -> Url {
        let platform = self.platform();
        let ticket = platform.state().sessions.issue_ticket(user_email, next);
        platform.recorder.secret("ticket", &ticket);
        platform.url(WWW, &format!("/login/ticket/{ticket}"))
    }

    /// Klaviyo's clock.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// let before = klaviyo.clock().now();
    /// klaviyo.clock().advance(Duration::from_secs(3_600));
    /// assert!(klaviyo.clock().now() >= before + Duration::from_secs(3_600));
    /// # Ok(())
    /// # }
    /// ```
    pub fn clock(&self) -> &Clock {
        &self.platform().clock
    }

    /// Injects a fault: Klaviyo misbehaves as it says, as many times as it says.
    ///
    /// ```
    /// use fake_klaviyo::{Endpoint, Fault, FaultKind, Server};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = Server::builder().bind("127.0.0.1:0").await?;
    /// let kind = FaultKind::Status { status: 503, body: None };
    /// klaviyo.arm(Fault { kind, on: Endpoint::Token, times: 2, account: None })?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn arm(&self, fault: Fault) -> Result<(), TestControlError> {
        self.platform().arm(fault)
    }

    /// The faults that are armed, oldest first, each with how many requests it still affects.
    ///
    /// ```
    /// use fake_klaviyo::{Endpoint, Fault, FaultKind};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// klaviyo.arm(Fault { kind: FaultKind::Drop, on: Endpoint::Token, times: 2, account: None })?;
    /// assert_eq!(klaviyo.armed()[0].times, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn armed(&self) -> Vec<Fault> {
        self.platform().state().faults.armed().to_vec()
    }

    /// Removes every fault that is armed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// klaviyo.disarm();
    /// # Ok(())
    /// # }
    /// ```
    pub fn disarm(&self) {
        self.platform().state().faults.clear();
    }

    /// Counts the responses that a fault delays now, and for which their clients still wait.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// assert_eq!(klaviyo.delayed_responses().load(std::sync::atomic::Ordering::Relaxed), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn delayed_responses(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.platform().delayed)
    }

    /// Changes the scopes in the app's settings. Installs keep theirs until their users authorize again (S).
    ///
    /// ```
    /// use fake_klaviyo::{Client, Server};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = Client::new("my-client-id", "my-client-secret");
    /// let klaviyo = Server::builder().client(app).bind("127.0.0.1:0").await?;
    /// klaviyo.set_scopes("my-client-id", ["accounts:read", "lists:read"])?;
    /// assert!(klaviyo.set_scopes("another-id", ["accounts:read"]).is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_scopes<T: Into<String>>(
        &self,
        client_id: &str,
        scopes: impl IntoIterator<Item = T>,
    ) -> Result<(), TestControlError> {
        self.platform().set_scopes(client_id, scopes.into_iter().map(Into::into).collect())
    }

    /// Uninstalls the app from the account, as its user would on the integrations page.
    ///
    /// ```
    /// use fake_klaviyo::{Client, Server, TestControlError};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = Client::new("my-client-id", "my-client-secret");
    /// let klaviyo = Server::builder().client(app).bind("127.0.0.1:0").await?;
    /// let account = klaviyo.accounts()[0].id.clone();
    /// // The app has not been installed yet.
    /// let uninstalled = klaviyo.uninstall(&account, "my-client-id");
    /// assert!(matches!(uninstalled, Err(TestControlError::NotInstalled { .. })));
    /// # Ok(())
    /// # }
    /// ```
    pub fn uninstall(&self, account: &AccountId, client_id: &str) -> Result<(), TestControlError> {
        self.platform().uninstall(account, client_id)
    }

    /// Removes a user from an account, suspends the user there or changes the role. Each ends the user's own installs of user-scoped
    /// apps; installs of the account stay (D).
    ///
    /// ```
    /// use fake_klaviyo::{Role, Server, UserChange};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = Server::builder().bind("127.0.0.1:0").await?;
    /// let account = klaviyo.accounts()[0].id.clone();
    /// klaviyo.change_user("owner@klaviyo.example", &account, UserChange::Role(Role::Analyst))?;
    /// klaviyo.change_user("owner@klaviyo.example", &account, UserChange::Removed)?;
    /// assert!(klaviyo.users()[0].accounts.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn change_user(
        &self,
        user_email: &str,
        account: &AccountId,
        change: UserChange,
    ) -> Result<(), TestControlError> {
        self.platform().change_user(user_email, account, change)
    }

    /// Expires every unused authorization code, and returns how many there were.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// assert_eq!(klaviyo.expire_codes(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn expire_codes(&self) -> usize {
        self.platform().expire_codes()
    }

    /// Removes attempts, codes, installs, tokens, sessions, API data and faults. Apps, accounts, users and the clock
    /// stay.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// klaviyo.reset();
    /// assert!(klaviyo.installs().is_empty() && !klaviyo.accounts().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn reset(&self) {
        self.platform().reset();
    }

    /// The id of the authorization attempt that reached Klaviyo last.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// assert_eq!(klaviyo.latest_attempt(), None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn latest_attempt(&self) -> Option<String> {
        self.platform().state().attempts.latest().map(|attempt| attempt.id.clone())
    }

    /// The callback of an attempt: with the code that the app exchanged or, before that, with a new code for this
    /// account. None for an unknown attempt. The user's decision is not affected.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// let account = klaviyo.accounts()[0].id.clone();
    /// let callback = klaviyo.latest_attempt().and_then(|attempt| klaviyo.callback_of(&attempt, &account));
    /// assert!(callback.is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn callback_of(&self, attempt: &str, account: &AccountId) -> Option<Callback> {
        self.platform().callback_of(attempt, account)
    }

    /// The current installs, oldest first.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// assert!(klaviyo.installs().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn installs(&self) -> Vec<Install> {
        self.platform().state().grants.installed().cloned().collect()
    }

    /// All accounts, in the order in which they were added.
    ///
    /// ```
    /// use fake_klaviyo::{Account, Server};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = Server::builder().account(Account::named("Lighthouse Teas")).bind("127.0.0.1:0").await?;
    /// assert_eq!(klaviyo.accounts()[0].name, "Lighthouse Teas");
    /// # Ok(())
    /// # }
    /// ```
    pub fn accounts(&self) -> Vec<Account> {
        self.platform().state().accounts.values().cloned().collect()
    }

    /// All users, in the order in which they were added.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// assert_eq!(klaviyo.users()[0].email, "owner@klaviyo.example");
    /// # Ok(())
    /// # }
    /// ```
    pub fn users(&self) -> Vec<User> {
        self.platform().state().users.values().cloned().collect()
    }

    /// The recorder of the timeline: every exchange and event, without secrets.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// klaviyo.clock().advance(std::time::Duration::from_secs(1));
    /// assert_eq!(klaviyo.recorder().since(0).len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn recorder(&self) -> &Recorder {
        &self.platform().recorder
    }

    /// The Bearer token of the control API, `/_flowcheck/…`; a new one in each run.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// println!("Authorization: Bearer {}", klaviyo.control_secret());
    /// # Ok(())
    /// # }
    /// ```
    pub fn control_secret(&self) -> &str {
        self.platform().control_secret.reveal()
    }
}
