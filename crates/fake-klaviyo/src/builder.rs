//! The description of a server before it starts.

use flowcheck_evidence::{Recorder, Role};

use crate::model::account::{Account, AccountId, User};
use crate::model::client::Client;
use crate::model::settings::Settings;
use crate::state::platform::State;
use crate::store::file::StateFile;

/// Describes a fake Klaviyo; [`Builder::bind`] starts it.
///
/// ```
/// use fake_klaviyo::{Account, Client, Server};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let klaviyo = Server::builder()
///     .client(Client::new("my-client-id", "my-client-secret").redirect_uri("http://localhost:3000/callback"))
///     .account(Account::named("Harbour Books"))
///     .bind("127.0.0.1:0")
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
#[must_use = "a builder starts nothing until `bind` is called and awaited"]
pub struct Builder {
    pub(crate) recorder: Option<Recorder>,
    pub(crate) settings: Settings,
    pub(crate) state: State,
    pub(crate) state_file: Option<StateFile>,
}

impl Builder {
    /// Sets the recorder of the timeline. Without one the server keeps the latest entries in a recorder of its own.
    ///
    /// ```
    /// use fake_klaviyo::{Server, evidence::Recorder};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let recorder = Recorder::new();
    /// let klaviyo = Server::builder().recorder(recorder.clone()).bind("127.0.0.1:0").await?;
    /// klaviyo.clock().advance(std::time::Duration::from_secs(60));
    /// assert_eq!(recorder.since(0).len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn recorder(self, recorder: Recorder) -> Self {
        Self { recorder: Some(recorder), ..self }
    }

    /// Sets the server's behaviour.
    ///
    /// ```
    /// use fake_klaviyo::{Refresh, Server, Settings};
    ///
    /// let rotating = Settings { refresh: Refresh::Rotate, ..Settings::default() };
    /// let builder = Server::builder().settings(rotating);
    /// # drop(builder);
    /// ```
    pub fn settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// Registers an app. May be called several times.
    ///
    /// ```
    /// use fake_klaviyo::{Client, Server};
    ///
    /// let app = Client::new("my-client-id", "my-client-secret").redirect_uri("http://localhost:3000/callback");
    /// let builder = Server::builder().client(app);
    /// # drop(builder);
    /// ```
    pub fn client(mut self, client: Client) -> Self {
        self.state.clients.push(client);
        self
    }

    /// Adds an account. May be called several times.
    ///
    /// ```
    /// use fake_klaviyo::{Account, Server};
    ///
    /// let builder = Server::builder()
    ///     .account(Account::named("Harbour Books").with_id("HaRb01"))
    ///     .account(Account::named("Lighthouse Teas").with_id("LiGh02"));
    /// # drop(builder);
    /// ```
    pub fn account(mut self, account: Account) -> Self {
        self.state.accounts.insert(account.id.clone(), account);
        self
    }

    /// Adds a user, who can sign in and act for the accounts named in it. May be called several times.
    ///
    /// ```
    /// use fake_klaviyo::{Account, Server, User};
    ///
    /// let books = Account::named("Harbour Books");
    /// let ada = User {
    ///     email: "ada@harbour.example".to_owned(),
    ///     password: "correct horse battery".into(),
    ///     accounts: vec![books.id.clone()],
    /// };
    /// let builder = Server::builder().account(books).user(ada);
    /// # drop(builder);
    /// ```
    pub fn user(mut self, user: User) -> Self {
        self.state.users.insert(user.email.to_ascii_lowercase(), user);
        self
    }

    /// Sets a user's role in an account.
    ///
    /// ```
    /// use fake_klaviyo::{Account, Role, Server, User};
    ///
    /// let books = Account::named("Harbour Books").with_id("HaRb01");
    /// let accounts = vec![books.id.clone()];
    /// let ada = User { email: "ada@harbour.example".to_owned(), password: "correct horse battery".into(), accounts };
    /// let builder = Server::builder().account(books).user(ada).role("ada@harbour.example", "HaRb01", Role::Analyst);
    /// # drop(builder);
    /// ```
    pub fn role(mut self, user_email: &str, account: impl Into<AccountId>, role: Role) -> Self {
        self.state.members.set_role(user_email, &account.into(), role);
        self
    }

    /// Keeps accounts, apps' scopes, installs, tokens, codes and the clock in this file across restarts. What the file
    /// already holds is restored.
    ///
    /// ```
    /// use fake_klaviyo::{Account, Server, StateFile};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("klaviyo.state");
    ///
    /// let klaviyo = Server::builder()
    ///     .account(Account::named("Harbour Books").with_id("HaRb01"))
    ///     .state_file(StateFile::open(&path)?)
    ///     .bind("127.0.0.1:0")
    ///     .await?;
    /// klaviyo.stop().await;
    ///
    /// let restarted = Server::builder().state_file(StateFile::open(&path)?).bind("127.0.0.1:0").await?;
    /// assert!(restarted.accounts().iter().any(|account| account.id.as_str() == "HaRb01"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn state_file(self, file: StateFile) -> Self {
        Self { state_file: Some(file), ..self }
    }
}
