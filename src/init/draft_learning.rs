//! Adds what was seen to the draft.

use super::tenants::find_keys;
use super::{Draft, DraftTenant, Exploration, Installation};
use crate::evidence::{ACCOUNTS_READ, AuthorizeCall, Tenancy};

impl Draft {
    /// Adds what exploring showed; values that the user gave are kept.
    pub fn learn_from_exploration(&mut self, exploration: &Exploration) {
        if self.name.is_empty() {
            self.name = exploration.name.clone().unwrap_or_default();
        }
        let otherwise = |said: &mut Option<String>, seen: &Option<String>| {
            if said.is_none() {
                said.clone_from(seen);
            }
        };
        otherwise(&mut self.login, &exploration.login);
        otherwise(&mut self.home, &exploration.home);
        otherwise(&mut self.settings, &exploration.settings);
        self.sign_up = exploration.sign_up;
        self.noticed.connect.clone_from(&exploration.connect);
        if let Some(asked) = &exploration.request {
            self.learn_from_request(asked);
        }
    }

    /// Adds what the app's authorization request names; values that the user gave are kept.
    pub fn learn_from_request(&mut self, asked: &AuthorizeCall) {
        self.client_id = self.client_id.take().or_else(|| asked.client_id.clone());
        self.redirect_uri = self.redirect_uri.take().or_else(|| asked.redirect_uri.clone());
        if self.scopes.is_empty() {
            self.scopes.clone_from(&asked.scopes);
            self.scopes.sort();
            self.scopes.dedup();
            self.scopes_copied = true;
        }
        self.noticed.lacks_needed_scope = !asked.scopes.iter().any(|scope| scope == ACCOUNTS_READ);
    }

    /// Adds what an installation by this user showed.
    pub fn learn_from_installation(&mut self, user: usize, installed: &Installation) {
        if installed.shown.is_some() {
            self.noticed.installed.clone_from(&installed.shown);
            self.noticed.disconnect.clone_from(&installed.disconnect);
            self.noticed.whole = true;
        }
        let Some((tenancy, names)) = &installed.tenants else { return };
        self.tenancy.get_or_insert(*tenancy);
        let tenants = &mut self.users[user].tenants;
        for name in names {
            if !tenants.iter().any(|known| known.name == *name) {
                tenants.push(DraftTenant { name: name.clone(), key: None, url: None });
            }
        }
    }

    /// Adds tenants' keys, and `{tenant}` to the settings page's URL, according to what each user saw. False where the app has several
    /// tenants and their keys cannot be told.
    pub fn learn_keys(&mut self, seen: &[Exploration]) -> bool {
        if matches!(self.tenancy, None | Some(Tenancy::Single)) {
            return true;
        }
        if self.settings.as_ref().is_some_and(|page| page.contains("{tenant}")) {
            return true;
        }
        let settings: Vec<_> = seen.iter().map(|exploration| exploration.settings.clone()).collect();
        let links: Vec<_> = seen.iter().flat_map(|exploration| exploration.links.iter().cloned()).collect();
        self.settings = find_keys(&mut self.users, &settings, &links);
        self.settings.is_some()
    }
}
