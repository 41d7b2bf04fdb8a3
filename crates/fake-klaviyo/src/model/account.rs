//! Klaviyo accounts and their users.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::confidential::Confidential;
use crate::model::random_id;

/// An account's id: six letters and digits (O), the same as its public API key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(String);

impl AccountId {
    /// A new one, at random.
    pub fn random() -> Self {
        Self(random_id::short_id())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for AccountId {
    fn from(id: T) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A company's account at Klaviyo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// The organisation's name.
    pub name: String,
    /// The sender address of its e-mails.
    pub sender_email: String,
    /// Whether it is a test account.
    pub test: bool,
    /// IANA time zone.
    pub timezone: String,
    /// ISO 4217 currency.
    pub currency: String,
    /// BCP 47 locale.
    pub locale: String,
}

impl Account {
    /// An account with this organisation's name and an id at random.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            id: AccountId::random(),
            name: name.into(),
            sender_email: "hello@shop.example".to_owned(),
            test: true,
            timezone: "Europe/Lisbon".to_owned(),
            currency: "EUR".to_owned(),
            locale: "en-GB".to_owned(),
        }
    }

    /// With this id.
    pub fn with_id(self, id: impl Into<AccountId>) -> Self {
        Self { id: id.into(), ..self }
    }
}

/// Someone who can sign in to Klaviyo.
#[derive(Debug, Clone)]
pub struct User {
    /// E-mail address, used to sign in; case is ignored.
    pub email: String,
    /// Password.
    pub password: Confidential,
    /// The accounts they may act for, in the order in which they are offered.
    pub accounts: Vec<AccountId>,
}
