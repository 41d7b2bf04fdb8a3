//! An install: an app that an account has authorized.

use serde::Serialize;

use flowcheck_evidence::UninstalledBy;

use crate::model::account::AccountId;

/// An app that is installed in an account; see [`Server::installs`](crate::Server::installs).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Install {
    /// The install's id; a new one when the app is installed again after an uninstall.
    pub id: String,
    /// The account.
    pub account: AccountId,
    /// The app.
    pub client_id: String,
    /// The scopes granted last.
    pub scopes: Vec<String>,
    /// When the user authorized last, in seconds since the epoch on Klaviyo's clock.
    pub installed_s: i64,
    /// Which side uninstalled the app, if it is uninstalled.
    #[serde(skip)]
    pub(crate) ended: Option<UninstalledBy>,
}

impl Install {
    /// Account and app; an account has at most one current install of an app.
    pub(crate) fn held_by(&self) -> (AccountId, String) {
        (self.account.clone(), self.client_id.clone())
    }
}
