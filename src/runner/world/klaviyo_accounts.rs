//! The Klaviyo accounts of a world.

use rand::distr::{Alphanumeric, SampleString};

use crate::evidence::{AccountSetup, Recorder};

/// Names of the accounts in a world; a person tells them apart at a glance.
const NAMES: [&str; 5] =
    ["Juniper Trading", "Fernhill Goods", "Saltwater Supply", "Lanternlight Market", "Copperfield Store"];

/// Klaviyo accounts that the users of a scenario may install for.
#[derive(Debug)]
pub(in crate::runner) struct KlaviyoAccounts {
    all: Vec<AccountSetup>,
    /// Which of them the user chooses; not the first at first, or an app that ignores the choice would look right.
    chosen: usize,
}

impl KlaviyoAccounts {
    /// So many, at least one.
    pub(in crate::runner) fn of(count: u8) -> Self {
        let names = NAMES.iter().take(usize::from(count.max(1)));
        let all: Vec<_> = names.map(|name| AccountSetup { id: account_id(), name: (*name).to_owned() }).collect();
        Self { chosen: all.len() - 1, all }
    }

    pub(in crate::runner) fn all(&self) -> &[AccountSetup] {
        &self.all
    }

    /// The account that the user chooses where there are several.
    pub(in crate::runner) fn chosen(&self) -> &AccountSetup {
        &self.all[self.chosen]
    }

    /// From now on, another one.
    pub(in crate::runner) fn switch(&mut self) {
        self.chosen = (self.chosen + 1) % self.all.len();
    }

    /// Tells the recorder what a secret must not be.
    pub(in crate::runner) fn introduce(&self, recorder: &Recorder) {
        for account in &self.all {
            recorder.known(&account.id, "the Klaviyo account's id");
        }
    }
}

/// Account ids are six characters (observed).
fn account_id() -> String {
    Alphanumeric.sample_string(&mut rand::rng(), 6)
}
