//! How users stand to accounts: their roles, and who is suspended.

use foldhash::{HashMap, HashSet};

use flowcheck_evidence::Role;

use crate::model::account::AccountId;

/// The roles and suspensions that differ from the rule, which is that a user is the owner of each account.
#[derive(Debug, Default)]
pub(crate) struct Members {
    roles: HashMap<(String, AccountId), Role>,
    suspended: HashSet<(String, AccountId)>,
}

impl Members {
    /// The user's role in the account.
    pub(crate) fn role(&self, email: &str, account: &AccountId) -> Role {
        self.roles.get(&key(email, account)).copied().unwrap_or_default()
    }

    /// Sets it.
    pub(crate) fn set_role(&mut self, email: &str, account: &AccountId, role: Role) {
        self.roles.insert(key(email, account), role);
    }

    /// Whether the user is suspended in the account.
    pub(crate) fn is_suspended(&self, email: &str, account: &AccountId) -> bool {
        self.suspended.contains(&key(email, account))
    }

    /// Suspends the user.
    pub(crate) fn suspend(&mut self, email: &str, account: &AccountId) {
        self.suspended.insert(key(email, account));
    }
}

fn key(email: &str, account: &AccountId) -> (String, AccountId) {
    (email.to_ascii_lowercase(), account.clone())
}
