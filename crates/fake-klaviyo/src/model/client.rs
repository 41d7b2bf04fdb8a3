//! Apps as they are registered at Klaviyo.

use flowcheck_evidence::ACCOUNTS_READ;

use crate::model::confidential::Confidential;

/// An app's settings at Klaviyo.
#[derive(Debug, Clone)]
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
    /// Whether Klaviyo has reviewed the app; the consent page warns of apps that it has not (D).
    pub reviewed: bool,
}

impl Client {
    /// An app that may only read the account, with no redirect URI yet.
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
            reviewed: false,
        }
    }

    /// With this name.
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// With these scopes in its settings, space separated or one by one.
    pub fn scopes<T: AsRef<str>>(self, scopes: impl IntoIterator<Item = T>) -> Self {
        let scopes = scopes.into_iter();
        let scopes = scopes.flat_map(|some| some.as_ref().split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        Self { scopes: scopes.collect(), ..self }
    }

    /// With one more redirect URI.
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uris.push(uri.into());
        self
    }

    /// With this place for Install to lead to.
    pub fn install_url(self, url: impl Into<String>) -> Self {
        Self { install_url: Some(url.into()), ..self }
    }

    /// As an app that Klaviyo has reviewed.
    pub fn reviewed(self) -> Self {
        Self { reviewed: true, ..self }
    }
}
