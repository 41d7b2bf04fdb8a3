//! An install: an app that an account has authorized.

use serde::Serialize;

use flowcheck_evidence::UninstalledBy;

use crate::model::account::AccountId;

/// An app installed by an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Install {
    /// Its id; a new one when the app is installed again after it was uninstalled.
    pub id: String,
    /// The account.
    pub account: AccountId,
    /// The app.
    pub client_id: String,
    /// What was granted last.
    pub scopes: Vec<String>,
    /// When, in seconds since the epoch on Klaviyo's clock; renewed when the user authorizes again.
    pub installed_s: i64,
    /// Which side ended it, where it has ended.
    #[serde(skip)]
    pub(crate) ended: Option<UninstalledBy>,
}

impl Install {
    /// Whose it is: an account has an app at most once.
    pub(crate) fn held_by(&self) -> (AccountId, String) {
        (self.account.clone(), self.client_id.clone())
    }
}
