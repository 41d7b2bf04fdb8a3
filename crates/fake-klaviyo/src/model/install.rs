//! An install: an app that an account, or one of its users, has authorized.

use serde::Serialize;

use flowcheck_evidence::{Installs, UninstalledBy};

use crate::model::account::AccountId;

/// An app that is installed in an account; see [`Server::installs`](crate::Server::installs).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Install {
    /// The install's id; a new one when the app is installed again after an uninstall.
    pub id: String,
    /// The account.
    pub account: AccountId,
    /// The user who authorized last, by e-mail address in lower case.
    pub user: String,
    /// The app.
    pub client_id: String,
    /// The scopes granted last.
    pub scopes: Vec<String>,
    /// When the user authorized last, in seconds since the epoch on Klaviyo's clock.
    pub installed_s: i64,
    /// Which side uninstalled the app, if it is uninstalled.
    #[serde(skip)]
    pub(crate) ended: Option<UninstalledBy>,
    /// Whether it is that user's own, or the account's.
    #[serde(skip)]
    pub(crate) installs: Installs,
}

/// What has at most one current install of an app: an account, or a user of an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Holder {
    /// The account.
    pub(crate) account: AccountId,
    /// The user, for an app with installs of users.
    pub(crate) user: Option<String>,
    /// The app.
    pub(crate) client_id: String,
}

impl Install {
    /// What holds it.
    pub(crate) fn held_by(&self) -> Holder {
        Holder {
            account: self.account.clone(),
            user: (self.installs == Installs::PerUser).then(|| self.user.clone()),
            client_id: self.client_id.clone(),
        }
    }

    /// Whether a user of its account sees it on the integrations page: a user's own install is no other's affair (D).
    pub(crate) fn is_shown_to(&self, user: &str) -> bool {
        self.installs == Installs::PerAccount || self.user.eq_ignore_ascii_case(user)
    }
}
