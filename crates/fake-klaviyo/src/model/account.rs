//! Klaviyo accounts and their users.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::address::Address;
use crate::model::confidential::Confidential;
use crate::model::random_id;

/// An account's id: six letters and digits (O), which are its public API key too.
///
/// ```
/// use fake_klaviyo::AccountId;
///
/// assert_eq!(AccountId::from("HaRb01").to_string(), "HaRb01");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(String);

impl AccountId {
    /// A random id.
    ///
    /// ```
    /// use fake_klaviyo::AccountId;
    ///
    /// assert_eq!(AccountId::random().as_str().len(), 6);
    /// ```
    pub fn random() -> Self {
        Self(random_id::short_id())
    }

    /// The id as text.
    ///
    /// ```
    /// use fake_klaviyo::AccountId;
    ///
    /// assert_eq!(AccountId::from("HaRb01").as_str(), "HaRb01");
    /// ```
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
///
/// ```
/// use fake_klaviyo::Account;
///
/// let account = Account { currency: "SEK".to_owned(), ..Account::named("Harbour Books") };
/// assert!(account.test);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "an account does nothing until it is given to `Builder::account`"]
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
    /// An account with this organisation name, a random id, and a sender, a site and an address of its own.
    ///
    /// ```
    /// use fake_klaviyo::Account;
    ///
    /// let account = Account::named("Harbour Books");
    /// assert_eq!(account.name, "Harbour Books");
    /// ```
    pub fn named(name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            id: AccountId::random(),
            sender_email: format!("hello@{}", domain(&name)),
            name,
            test: true,
            timezone: "Europe/Lisbon".to_owned(),
            currency: "EUR".to_owned(),
            locale: "en-GB".to_owned(),
        }
    }

    /// The site of its shop.
    pub(crate) fn website(&self) -> String {
        format!("https://{}", domain(&self.name))
    }

    /// Its postal address.
    pub(crate) fn address(&self) -> Address {
        Address::of(&self.name)
    }

    /// Sets the id.
    ///
    /// ```
    /// use fake_klaviyo::Account;
    ///
    /// let account = Account::named("Harbour Books").with_id("HaRb01");
    /// assert_eq!(account.id.as_str(), "HaRb01");
    /// ```
    pub fn with_id(self, id: impl Into<AccountId>) -> Self {
        Self { id: id.into(), ..self }
    }
}

/// The host of the site of a company of this name: `harbour-books.example`.
fn domain(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    format!("{}.example", if slug.is_empty() { "shop" } else { &slug })
}

/// A user of Klaviyo: the owner of each account, unless [`Builder::role`](crate::Builder::role) says otherwise.
///
/// ```
/// use fake_klaviyo::User;
///
/// let ada = User {
///     email: "ada@harbour.example".to_owned(),
///     password: "correct horse battery".into(),
///     accounts: vec!["HaRb01".into()],
/// };
/// # drop(ada);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a user does nothing until it is given to `Builder::user`"]
pub struct User {
    /// E-mail address, used to sign in; case is ignored.
    pub email: String,
    /// Password.
    pub password: Confidential,
    /// The accounts they may act for, in the order in which they are offered.
    pub accounts: Vec<AccountId>,
}
