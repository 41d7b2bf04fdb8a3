//! Installs and their tokens.

use std::collections::VecDeque;
use std::sync::Arc;

use foldhash::HashMap;
use foldhash::fast::RandomState;
use indexmap::IndexMap;

use flowcheck_evidence::{Installs, TokenState, UninstalledBy};

use crate::model::account::AccountId;
use crate::model::authorization_code::Code;
use crate::model::install::{Holder, Install};
use crate::model::random_id;
use crate::model::token::{AccessToken, RefreshToken};
use crate::state::jwt::Claims;
use crate::state::token_status::{TokenKind, TokenListing, TokenStatus, claims, token_state};
use crate::store::change::Change;
use crate::store::change_log::ChangeLog;

/// Tokens of an install that are kept, the newest of each kind, live or not. Of an older one is said that it was never issued.
const KEPT_REFRESH: usize = 100;
const KEPT_ACCESS: usize = 1_000;
/// Installs that have ended and are kept, with their tokens.
const KEPT_ENDED: usize = 1_000;

/// Installs and tokens.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    /// By id, oldest first.
    installs: IndexMap<String, Arc<Install>, RandomState>,
    /// The id of each current install, by what holds it.
    current: HashMap<Holder, String>,
    refresh: HashMap<String, RefreshToken>,
    /// By `jti`.
    access: HashMap<Arc<str>, AccessToken>,
    /// Each install's tokens, by its id.
    tokens: HashMap<Arc<str>, Tokens>,
    /// Ids of the installs that have ended, the one that ended first in front.
    ended: VecDeque<String>,
    change_log: ChangeLog,
}

/// The keys of an install's tokens.
#[derive(Debug, Default)]
struct Tokens {
    /// Oldest first.
    refresh: VecDeque<String>,
    access: VecDeque<Arc<str>>,
}

impl Grants {
    /// An empty table, whose changes are logged.
    pub(crate) fn new(change_log: ChangeLog) -> Self {
        Self { change_log, ..Self::default() }
    }

    /// The installs and tokens of a snapshot; changes are logged.
    pub(crate) fn restored(
        installs: Vec<Install>,
        refresh: HashMap<String, RefreshToken>,
        access: HashMap<Arc<str>, AccessToken>,
        change_log: ChangeLog,
    ) -> Self {
        let current = installs.iter().filter(|install| install.ended.is_none());
        let current = current.map(|install| (install.held_by(), install.id.clone())).collect();
        let mut tokens: HashMap<Arc<str>, Tokens> = HashMap::default();
        let mut by_age: Vec<_> = refresh.iter().collect();
        by_age.sort_unstable_by_key(|(_, token)| (!token.revoked, token.last_used_ms));
        for (text, token) in by_age {
            tokens.entry(token.install.clone()).or_default().refresh.push_back(text.clone());
        }
        let mut by_age: Vec<_> = access.iter().collect();
        by_age.sort_unstable_by_key(|(_, token)| token.issued_ms);
        for (jti, token) in by_age {
            tokens.entry(token.install.clone()).or_default().access.push_back(jti.clone());
        }
        let ended =
            installs.iter().filter(|install| install.ended.is_some()).map(|install| install.id.clone()).collect();
        let installs = installs.into_iter().map(|install| (install.id.clone(), Arc::new(install))).collect();
        Self { installs, current, refresh, access, tokens, ended, change_log }
    }

    /// The current installs, oldest first.
    pub(crate) fn installed(&self) -> impl Iterator<Item = &Install> {
        self.all().filter(|install| install.ended.is_none())
    }

    /// All installs, uninstalled ones too, oldest first.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &Install> {
        self.installs.values().map(Arc::as_ref)
    }

    /// All tokens: live ones first, then by how recently they were issued or used.
    pub(crate) fn listed(&self, life_days: u32, now_ms: i64) -> Vec<TokenListing> {
        let listed = |kind, install: &Install, scopes: &[String], revoked, since_ms, expires_ms| TokenListing {
            kind,
            account: install.account.to_string(),
            scopes: scopes.to_vec(),
            state: token_state(revoked, expires_ms, now_ms),
            since_ms,
            expires_ms,
        };
        let refresh = self.refresh.iter().filter_map(|(text, token)| {
            let (install, expires_ms) = (self.get(&token.install)?, token.expires_ms(life_days));
            let kind = TokenKind::Refresh(text.clone());
            Some(listed(kind, install, &token.scopes, token.revoked, token.last_used_ms, expires_ms))
        });
        let access = self.access.iter().filter_map(|(jti, token)| {
            let install = self.get(&token.install)?;
            let kind = TokenKind::Access(claims(jti, token, install));
            Some(listed(kind, install, &token.scopes, token.revoked, token.issued_ms, token.expires_ms))
        });
        let mut all: Vec<TokenListing> = refresh.chain(access).collect();
        all.sort_by_key(|token| std::cmp::Reverse((token.state == TokenState::Live, token.since_ms)));
        all
    }

    /// The ids of the account's current installs of the app: one, or one for each user.
    pub(crate) fn of(&self, account: &AccountId, client_id: &str) -> Vec<String> {
        let these = self.installed().filter(|install| install.account == *account && install.client_id == client_id);
        these.map(|install| install.id.clone()).collect()
    }

    /// The ids of the user's own current installs in an account.
    pub(crate) fn of_user(&self, email: &str, account: &AccountId) -> Vec<String> {
        let own = |install: &&Install| {
            install.installs == Installs::PerUser
                && install.account == *account
                && install.user.eq_ignore_ascii_case(email)
        };
        self.installed().filter(own).map(|install| install.id.clone()).collect()
    }

    /// The install with this id, current or not.
    pub(crate) fn get(&self, id: &str) -> Option<&Arc<Install>> {
        self.installs.get(id)
    }

    /// Installs the app for the account of a code, or for its user.
    ///
    /// Where there is such an install already, it is authorized again: the install keeps its id and gets the scopes
    /// granted now (S), its earlier refresh tokens are revoked, and its earlier access tokens stay valid until they
    /// expire, with their own scopes. That the new refresh token replaces the old one is an assumption (A), and this
    /// function is the only place that makes it.
    pub(crate) fn install(&mut self, code: &Code, installs: Installs, now_ms: i64) -> Arc<Install> {
        let install = Install {
            id: format!("in_{}", random_id::alphanumeric(8)),
            account: code.account.clone(),
            user: code.user.clone(),
            client_id: code.client_id.clone(),
            scopes: code.scopes.clone(),
            installed_s: now_ms.div_euclid(1_000),
            ended: None,
            installs,
        };
        let known = self.current.get(&install.held_by()).and_then(|id| self.installs.get_mut(id));
        if let Some(known) = known {
            let install = Arc::make_mut(known);
            code.scopes.clone_into(&mut install.scopes);
            code.user.clone_into(&mut install.user);
            install.installed_s = now_ms.div_euclid(1_000);
            let install = Arc::clone(known);
            self.change_log.note(|| Change::Install(install.clone()));
            self.revoke_refresh_tokens_of(&install.id);
            return install;
        }
        let install = Arc::new(install);
        self.change_log.note(|| Change::Install(install.clone()));
        self.current.insert(install.held_by(), install.id.clone());
        self.installs.insert(install.id.clone(), install.clone());
        install
    }

    /// Uninstalls the app and revokes every token of the install (S); none where it is uninstalled already.
    pub(crate) fn uninstall(&mut self, id: &str, by: UninstalledBy) -> Option<Arc<Install>> {
        let known = self.installs.get_mut(id).filter(|install| install.ended.is_none())?;
        Arc::make_mut(known).ended = Some(by);
        let install = Arc::clone(known);
        self.current.remove(&install.held_by());
        self.change_log.note(|| Change::Install(install.clone()));
        self.revoke_tokens_of(id);
        self.ended.push_back(id.to_owned());
        if self.ended.len() > KEPT_ENDED
            && let Some(first) = self.ended.pop_front()
        {
            self.forget(&first);
        }
        Some(install)
    }

    /// Forgets an install that has ended, and its tokens.
    fn forget(&mut self, id: &str) {
        self.installs.shift_remove(id);
        self.change_log.note(|| Change::ForgetInstall(id.to_owned()));
        let tokens = self.tokens.remove(id).unwrap_or_default();
        for text in tokens.refresh {
            self.refresh.remove(&text);
            self.change_log.note(|| Change::ForgetRefresh(text));
        }
        for jti in tokens.access {
            self.access.remove(&jti);
            self.change_log.note(|| Change::ForgetAccess(jti));
        }
    }

    /// Revokes every token of an install, which stays current.
    pub(crate) fn revoke_tokens_of(&mut self, install: &str) {
        self.revoke_refresh_tokens_of(install);
        for jti in self.tokens.get(install).into_iter().flat_map(|tokens| &tokens.access) {
            if let Some(token) = self.access.get_mut(jti).filter(|token| !token.revoked) {
                token.revoked = true;
                self.change_log.note(|| Change::Access(jti.clone(), token.clone()));
            }
        }
    }

    fn revoke_refresh_tokens_of(&mut self, install: &str) {
        for text in self.tokens.get(install).into_iter().flat_map(|tokens| &tokens.refresh) {
            if let Some(token) = self.refresh.get_mut(text).filter(|token| !token.revoked) {
                token.revoked = true;
                self.change_log.note(|| Change::Refresh(text.clone(), token.clone()));
            }
        }
    }

    /// Issues a refresh token, and returns its text and scopes.
    pub(crate) fn issue_refresh(&mut self, install: &Install, now_ms: i64) -> (String, Arc<[String]>) {
        let text = random_id::alphanumeric(64);
        let scopes: Arc<[String]> = install.scopes.as_slice().into();
        let token = RefreshToken {
            install: self.shared(&install.id),
            scopes: Arc::clone(&scopes),
            last_used_ms: now_ms,
            revoked: false,
        };
        self.insert_refresh(&text, token);
        (text, scopes)
    }

    /// Records the use of a live refresh token, which extends its life, or replaces it if tokens rotate. Returns the
    /// token to send.
    pub(crate) fn refresh(&mut self, text: &str, rotate: bool, now_ms: i64) -> String {
        let Some(token) = self.refresh.get_mut(text) else { return text.to_owned() };
        token.last_used_ms = now_ms;
        token.revoked = rotate;
        self.change_log.note(|| Change::Refresh(text.to_owned(), token.clone()));
        if !rotate {
            return text.to_owned();
        }
        let token = RefreshToken { revoked: false, ..token.clone() };
        let text = random_id::alphanumeric(64);
        self.insert_refresh(&text, token);
        text
    }

    fn insert_refresh(&mut self, text: &str, token: RefreshToken) {
        self.change_log.note(|| Change::Refresh(text.to_owned(), token.clone()));
        let of_install = &mut self.tokens.entry(token.install.clone()).or_default().refresh;
        of_install.push_back(text.to_owned());
        if of_install.len() > KEPT_REFRESH
            && let Some(oldest) = of_install.pop_front()
        {
            self.refresh.remove(&oldest);
            self.change_log.note(|| Change::ForgetRefresh(oldest));
        }
        self.refresh.insert(text.to_owned(), token);
    }

    /// Issues an access token, and returns its claims, which are still to be signed.
    pub(crate) fn issue_access(
        &mut self,
        install: &Install,
        scopes: &Arc<[String]>,
        life_s: u32,
        now_ms: i64,
    ) -> Claims {
        let expires_ms = now_ms + i64::from(life_s) * 1_000;
        let jti: Arc<str> = random_id::alphanumeric(22).into();
        let token = AccessToken {
            install: self.shared(&install.id),
            scopes: Arc::clone(scopes),
            issued_ms: now_ms,
            expires_ms,
            revoked: false,
        };
        let claims = claims(&jti, &token, install);
        self.change_log.note(|| Change::Access(jti.clone(), token.clone()));
        let of_install = &mut self.tokens.entry(token.install.clone()).or_default().access;
        of_install.push_back(jti.clone());
        if of_install.len() > KEPT_ACCESS
            && let Some(oldest) = of_install.pop_front()
        {
            self.access.remove(&oldest);
            self.change_log.note(|| Change::ForgetAccess(oldest));
        }
        self.access.insert(jti, token);
        claims
    }

    /// The install's id as its tokens share it.
    fn shared(&self, install: &str) -> Arc<str> {
        match self.tokens.get_key_value(install) {
            Some((id, _)) => Arc::clone(id),
            None => Arc::from(install),
        }
    }

    /// The status of a refresh token. It expires after `life_days` without use (D).
    pub(crate) fn refresh_token_status(&self, text: &str, life_days: u32, now_ms: i64) -> Option<TokenStatus> {
        let token = self.refresh.get(text)?;
        Some(self.token_status(&token.install, &token.scopes, token.revoked, token.expires_ms(life_days), now_ms))
    }

    /// The status of an access token, by its `jti`.
    pub(crate) fn access_token_status(&self, jti: &str, now_ms: i64) -> Option<TokenStatus> {
        let token = self.access.get(jti)?;
        Some(self.token_status(&token.install, &token.scopes, token.revoked, token.expires_ms, now_ms))
    }

    fn token_status(
        &self,
        install: &str,
        scopes: &Arc<[String]>,
        revoked: bool,
        expires_ms: i64,
        now_ms: i64,
    ) -> TokenStatus {
        let state = token_state(revoked, expires_ms, now_ms);
        TokenStatus { state, install: self.get(install).cloned(), scopes: Arc::clone(scopes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A code by which an app is allowed.
    fn code_of(client_id: &str) -> Code {
        Code {
            attempt: String::new(),
            client_id: client_id.to_owned(),
            redirect_uri: String::new(),
            challenge: None,
            account: AccountId::from("ABC123".to_owned()),
            user: "owner@abc.example".to_owned(),
            scopes: vec!["accounts:read".to_owned()],
            expires_ms: 0,
            used_for: None,
        }
    }

    #[test]
    fn an_install_keeps_its_newest_tokens_of_each_kind() {
        let mut grants = Grants::default();
        let (mut texts, mut ids) = (Vec::new(), Vec::new());
        for now_ms in 0..5_000 {
            let install = grants.install(&code_of("app"), Installs::PerAccount, now_ms);
            let (text, scopes) = grants.issue_refresh(&install, now_ms);
            texts.push(text);
            ids.push(grants.issue_access(&install, &scopes, 3_600, now_ms).jti);
        }
        let refresh = |text: &String| grants.refresh_token_status(text, 90, 5_000).map(|status| status.state);
        let access = |jti: &String| grants.access_token_status(jti, 5_000).map(|status| status.state);
        assert_eq!(refresh(&texts[4_999]), Some(TokenState::Live));
        assert_eq!((refresh(&texts[4_900]), refresh(&texts[4_899])), (Some(TokenState::Revoked), None));
        assert_eq!((access(&ids[4_000]), access(&ids[3_999])), (Some(TokenState::Live), None));
        assert_eq!((grants.refresh.len(), grants.access.len(), grants.tokens.len()), (KEPT_REFRESH, KEPT_ACCESS, 1));
    }

    #[test]
    fn installs_that_ended_are_forgotten_with_their_tokens_the_first_first() {
        let mut grants = Grants::default();
        let mut ids = Vec::new();
        for now_ms in 0..3_000 {
            let install = grants.install(&code_of("app"), Installs::PerAccount, now_ms);
            let (_, scopes) = grants.issue_refresh(&install, now_ms);
            grants.issue_access(&install, &scopes, 3_600, now_ms);
            grants.uninstall(&install.id, UninstalledBy::App);
            ids.push(install.id.clone());
        }
        let stays = grants.install(&code_of("other"), Installs::PerAccount, 3_000);
        assert!(
            grants.get(&ids[1_999]).is_none() && grants.get(&ids[2_000]).is_some() && grants.get(&stays.id).is_some()
        );
        assert_eq!((grants.all().count(), grants.refresh.len(), grants.access.len()), (1_001, KEPT_ENDED, KEPT_ENDED));
    }
}
