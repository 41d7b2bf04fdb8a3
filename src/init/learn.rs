//! What was seen goes into the draft.

use super::tenants::find_keys;
use super::{Around, Draft, DraftTenant, Installed};
use crate::evidence::{ACCOUNTS_READ, Tenancy};

impl Draft {
    /// Takes over what looking around has shown; what the user has said stays.
    pub fn learn_around(&mut self, around: &Around) {
        if self.name.is_empty() {
            self.name = around.name.clone().unwrap_or_default();
        }
        let otherwise = |said: &mut Option<String>, seen: &Option<String>| {
            if said.is_none() {
                said.clone_from(seen);
            }
        };
        otherwise(&mut self.login, &around.login);
        otherwise(&mut self.home, &around.home);
        otherwise(&mut self.settings, &around.settings);
        self.sign_up = around.sign_up;
        self.noticed.connect.clone_from(&around.connect);
        let Some(asked) = &around.request else { return };
        otherwise(&mut self.client_id, &asked.client_id);
        otherwise(&mut self.redirect_uri, &asked.redirect_uri);
        if self.scopes.is_empty() {
            self.scopes.clone_from(&asked.scopes);
            self.scopes.sort();
            self.scopes.dedup();
            self.scopes_copied = true;
        }
        self.noticed.lacks_needed_scope = !asked.scopes.iter().any(|scope| scope == ACCOUNTS_READ);
    }

    /// Takes over what an installation by this user has shown.
    pub fn learn_install(&mut self, user: usize, installed: &Installed) {
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

    /// Puts tenants' keys and their place in the settings' address, where that can be told from what each user saw. False where the
    /// app has several tenants, and it cannot.
    pub fn learn_keys(&mut self, seen: &[Around]) -> bool {
        if matches!(self.tenancy, None | Some(Tenancy::Single)) {
            return true;
        }
        if self.settings.as_ref().is_some_and(|page| page.contains("{tenant}")) {
            return true;
        }
        let settings: Vec<_> = seen.iter().map(|around| around.settings.clone()).collect();
        let links: Vec<_> = seen.iter().flat_map(|around| around.links.iter().cloned()).collect();
        self.settings = find_keys(&mut self.users, &settings, &links);
        self.settings.is_some()
    }
}
