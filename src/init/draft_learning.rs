//! Adds what was seen to the draft.

use super::tenants::find_keys;
use super::{Draft, DraftTenant, Exploration, Installation};
use crate::evidence::{ACCOUNTS_READ, AuthorizeCall, Tenancy};

impl Draft {
    /// Adds what exploring showed; values that were said are kept.
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
        if self.no_page.is_none() {
            otherwise(&mut self.settings, &exploration.settings);
        }
        self.sign_up = self.sign_up.or(exploration.sign_up);
        self.noticed.connect.clone_from(&exploration.connect);
        if let Some(asked) = &exploration.request {
            self.learn_from_request(asked);
        }
    }

    /// Adds what the app's authorization request names; values that were said are kept.
    pub fn learn_from_request(&mut self, asked: &AuthorizeCall) {
        for (what, said, seen) in [
            ("client id", &mut self.client_id, &asked.client_id),
            ("redirect URI", &mut self.redirect_uri, &asked.redirect_uri),
        ] {
            let Some(seen) = seen else { continue };
            let said = said.get_or_insert_with(|| seen.clone());
            // A file may have several redirect URIs.
            let on_file = self.on_file.as_ref().is_some_and(|file| file.text.contains(seen.as_str()));
            let told = (what, format!("stays {said}, as was said; the app was seen with {seen}"));
            if said != seen && !on_file && !self.kept.contains(&told) {
                self.kept.push(told);
            }
        }
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
        if self.noticed.calls.is_none() {
            self.noticed.calls.clone_from(&installed.calls);
        }
        let Some((tenancy, names)) = &installed.tenants else {
            self.noticed.asks_for_no_tenant |= installed.led && user == 0;
            return;
        };
        self.noticed.asks_for_no_tenant = false;
        self.tenancy.get_or_insert(*tenancy);
        let Some(user) = self.users.get_mut(user) else { return };
        for name in names {
            if !user.tenants.iter().any(|known| known.name == *name) {
                user.tenants.push(DraftTenant { name: name.clone(), key: None, url: None });
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

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(client: &str, uri: &str) -> AuthorizeCall {
        AuthorizeCall {
            client_id: Some(client.to_owned()),
            redirect_uri: Some(uri.to_owned()),
            ..AuthorizeCall::default()
        }
    }

    #[test]
    fn what_was_said_stays_and_is_told_once_where_the_app_does_otherwise() {
        let mut draft = Draft { client_id: Some("said".to_owned()), ..Draft::new("http://localhost:3000") };
        draft.learn_from_request(&asked("seen", "http://localhost:3000/callback"));
        draft.learn_from_request(&asked("seen", "http://localhost:3000/callback"));
        assert_eq!(draft.client_id.as_deref(), Some("said"));
        assert_eq!(draft.redirect_uri.as_deref(), Some("http://localhost:3000/callback"));
        let [("client id", stays)] = draft.kept.as_slice() else { panic!("{:?}", draft.kept) };
        assert!(stays.contains("said") && stays.contains("seen"), "{stays}");
    }
}
