//! All items, in order.

use std::sync::LazyLock;

use super::{api, embedded, errors, install, oauth, probes, rate, scopes, uninstall};
use crate::Item;

/// Things a person has to see to before submitting: listed in every report, never passed by flowcheck.
pub const BY_HAND: &[&str] = &[
    "The listing's text and pictures describe the app as it is",
    "A demo video shows the installation and the main features",
    "Setup documentation is linked from the listing",
    "Testing instructions and a test account are given to the reviewer",
    "Five accounts have installed the app and use it",
    "The security and legal forms are filled in",
];

/// Every item, in Klaviyo's order.
pub fn catalogue() -> &'static [Item] {
    &ALL
}

/// The item of this id.
pub fn find(id: &str) -> Option<&'static Item> {
    catalogue().iter().find(|item| item.id == id)
}

static ALL: LazyLock<Vec<Item>> = LazyLock::new(|| {
    [
        install::ITEMS,
        embedded::ITEMS,
        errors::ITEMS,
        uninstall::ITEMS,
        rate::ITEMS,
        scopes::ITEMS,
        oauth::ITEMS,
        probes::ITEMS,
        api::ITEMS,
    ]
    .concat()
});
