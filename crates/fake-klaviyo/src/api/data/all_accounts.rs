//! The data of all accounts.

use std::collections::HashMap;

use crate::api::data::account_data::AccountData;
use crate::api::data::first_resources;
use crate::model::account::AccountId;

/// The data of all accounts.
#[derive(Debug, Default)]
pub(crate) struct AllAccounts {
    by_account: HashMap<AccountId, AccountData>,
}

impl AllAccounts {
    /// One account's data, created on first use.
    pub(crate) fn of(&mut self, account: &AccountId, now_ms: i64) -> &mut AccountData {
        self.by_account.entry(account.clone()).or_insert_with(|| {
            let mut fresh = AccountData::default();
            first_resources::seed(&mut fresh, account.as_str(), now_ms);
            fresh
        })
    }
}
