//! Apps as they are registered at Klaviyo.

use flowcheck_evidence::{ACCOUNTS_READ, Installs};

use crate::model::confidential::Confidential;

/// An app as it is registered at Klaviyo.
///
/// ```
/// use fake_klaviyo::Client;
///
/// let app = Client::new("my-client-id", "my-client-secret")
///     .named("Parcel Post")
///     .scopes(["accounts:read lists:read"])
///     .redirect_uri("http://localhost:3000/callback")
///     .install_url("http://localhost:3000/install");
/// assert_eq!(app.scopes, ["accounts:read", "lists:read"]);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a client does nothing until it is given to `Builder::client`"]
pub struct Client {
    /// OAuth client id.
    pub id: String,
    /// OAuth client secret.
    pub secret: Confidential,
    /// The name on the listing and on the consent page.
    pub name: String,
    /// The publisher on the listing.
    pub publisher: String,
    /// One sentence on the listing.
    pub summary: String,
    /// The scopes declared in its settings.
    pub scopes: Vec<String>,
    /// The registered redirect URIs.
    pub redirect_uris: Vec<String>,
    /// The target of the listing's Install link; none for an app that cannot be installed from there.
    pub install_url: Option<String>,
    /// The target of the Settings link on the integrations page of an account that has installed the app (T).
    pub settings_url: Option<String>,
    /// Whether Klaviyo has reviewed the app; the consent page warns of apps that it has not (D).
    pub reviewed: bool,
    /// Whether accounts install it, or each of their users (D).
    pub installs: Installs,
}

impl Client {
    /// An app that may only read the account, without a redirect URI yet.
    ///
    /// ```
    /// use fake_klaviyo::Client;
    ///
    /// let app = Client::new("my-client-id", "my-client-secret");
    /// assert_eq!(app.scopes, ["accounts:read"]);
    /// ```
    pub fn new(id: impl Into<String>, secret: impl Into<Confidential>) -> Self {
        let id = id.into();
        Self {
            name: id.clone(),
            id,
            secret: secret.into(),
            publisher: "An app developer".to_owned(),
            summary: "Connects your shop with Klaviyo.".to_owned(),
            scopes: vec![ACCOUNTS_READ.to_owned()],
            redirect_uris: Vec::new(),
            install_url: None,
            settings_url: None,
            reviewed: false,
            installs: Installs::PerAccount,
        }
    }

    /// Sets the name.
    ///
    /// ```
    /// use fake_klaviyo::Client;
    ///
    /// let app = Client::new("my-client-id", "my-client-secret").named("Parcel Post");
    /// assert_eq!(app.name, "Parcel Post");
    /// ```
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// Sets the declared scopes. Each item may hold several, separated by spaces.
    ///
    /// ```
    /// use fake_klaviyo::Client;
    ///
    /// let app = Client::new("my-client-id", "my-client-secret").scopes(["accounts:read lists:read", "events:write"]);
    /// assert_eq!(app.scopes.len(), 3);
    /// ```
    pub fn scopes<T: AsRef<str>>(self, scopes: impl IntoIterator<Item = T>) -> Self {
        let scopes = scopes.into_iter();
        let scopes = scopes.flat_map(|some| some.as_ref().split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        Self { scopes: scopes.collect(), ..self }
    }

    /// Adds a redirect URI.
    ///
    /// ```
    /// use fake_klaviyo::Client;
    ///
    /// let app = Client::new("my-client-id", "my-client-secret").redirect_uri("http://localhost:3000/callback");
    /// assert_eq!(app.redirect_uris, ["http://localhost:3000/callback"]);
    /// ```
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uris.push(uri.into());
        self
    }

    /// Sets the target of the listing's Install link.
    ///
    /// ```
    /// use fake_klaviyo::Client;
    ///
    /// let app = Client::new("my-client-id", "my-client-secret").install_url("http://localhost:3000/install");
    /// assert!(app.install_url.is_some());
    /// ```
    pub fn install_url(self, url: impl Into<String>) -> Self {
        Self { install_url: Some(url.into()), ..self }
    }

    /// Makes it a user-scoped app: each user of an account installs it for themselves.
    ///
    /// ```
    /// use fake_klaviyo::{Client, Installs};
    ///
    /// let app = Client::new("my-client-id", "my-client-secret").per_user();
    /// assert_eq!(app.installs, Installs::PerUser);
    /// ```
    pub fn per_user(self) -> Self {
        Self { installs: Installs::PerUser, ..self }
    }

    /// Sets the target of the Settings link on the integrations page.
    ///
    /// ```
    /// use fake_klaviyo::Client;
    ///
    /// let app = Client::new("my-client-id", "my-client-secret").settings_url("http://localhost:3000/settings");
    /// assert!(app.settings_url.is_some());
    /// ```
    pub fn settings_url(self, url: impl Into<String>) -> Self {
        Self { settings_url: Some(url.into()), ..self }
    }

    /// Marks the app as reviewed by Klaviyo.
    ///
    /// ```
    /// use fake_klaviyo::Client;
    ///
    /// assert!(Client::new("my-client-id", "my-client-secret").reviewed().reviewed);
    /// ```
    pub fn reviewed(self) -> Self {
        Self { reviewed: true, ..self }
    }
}
