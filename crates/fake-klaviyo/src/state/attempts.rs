//! Authorization attempts: one app asking one user once.

use std::collections::{HashMap, VecDeque};

use crate::model::account::AccountId;
use crate::model::random_id;

/// How many attempts are kept; the oldest are dropped.
const MAX_ATTEMPTS: usize = 10_000;

/// What an app asked for at `/oauth/authorize`.
#[derive(Debug, Clone)]
pub(crate) struct AuthorizationRequest {
    /// The app.
    pub(crate) client_id: String,
    /// Where Klaviyo redirects the user afterwards.
    pub(crate) redirect_uri: String,
    /// Returned to the app unchanged.
    pub(crate) state: Option<String>,
    /// The scopes that will be granted: those requested and declared, and always `accounts:read` (D).
    pub(crate) scopes: Vec<String>,
    /// The PKCE challenge (S256).
    pub(crate) challenge: Option<String>,
    /// Path and query of the request, to return to after login or account choice.
    pub(crate) target: String,
}

/// One attempt.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// Its id; the same client and `state` have the same id.
    pub(crate) id: String,
    /// The latest request.
    pub(crate) request: AuthorizationRequest,
    /// When it began, in milliseconds on Klaviyo's clock.
    pub(crate) started_ms: i64,
    /// Whether the user has allowed or denied it.
    pub(crate) decided: bool,
    /// The account chosen for it by a user who has several.
    pub(crate) account: Option<AccountId>,
    /// The user who was asked last, by e-mail address.
    pub(crate) user: Option<String>,
}

/// All attempts.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    by_id: HashMap<String, Attempt>,
    /// From client and `state` to id.
    ids: HashMap<(String, Option<String>), String>,
    oldest_first: VecDeque<(String, Option<String>)>,
}

impl Attempts {
    /// Begins an attempt, or continues it where the app has asked before.
    ///
    /// A code's five minutes (S) start when its attempt, that is this client with this `state`, first reaches
    /// Klaviyo; further requests do not renew them. A user who leaves the page, returns late and clicks Allow
    /// therefore delivers an expired code. Once the user has decided, the same client and `state` begin a new
    /// attempt, which serves apps that always send the same `state` or none. This is an assumption (A), and this
    /// function is the only place that makes it.
    pub(crate) fn begin(&mut self, request: AuthorizationRequest, now_ms: i64) -> &Attempt {
        let key = (request.client_id.clone(), request.state.clone());
        let known = self.ids.get(&key).cloned();
        let id = known.unwrap_or_else(|| self.new_id(key));
        let attempt = self.by_id.entry(id).or_insert_with_key(|id| Attempt {
            id: id.clone(),
            request: request.clone(),
            started_ms: now_ms,
            decided: false,
            account: None,
            user: None,
        });
        if attempt.decided {
            attempt.started_ms = now_ms;
            attempt.decided = false;
            attempt.account = None;
        }
        attempt.request = request;
        attempt
    }

    /// The attempt that began last.
    pub(crate) fn latest(&self) -> Option<&Attempt> {
        self.by_id.values().max_by_key(|attempt| attempt.started_ms)
    }

    /// The attempt with this id.
    pub(crate) fn get(&self, id: &str) -> Option<&Attempt> {
        self.by_id.get(id)
    }

    /// The attempt with this id, mutably.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Attempt> {
        self.by_id.get_mut(id)
    }

    /// The values of `state` that an app sent, the newest first.
    pub(crate) fn latest_states(&self, client_id: &str) -> impl Iterator<Item = &str> {
        self.oldest_first
            .iter()
            .rev()
            .filter(move |(client, _)| client == client_id)
            .filter_map(|(_, state)| state.as_deref())
    }

    fn new_id(&mut self, key: (String, Option<String>)) -> String {
        if self.oldest_first.len() >= MAX_ATTEMPTS
            && let Some(oldest) = self.oldest_first.pop_front()
            && let Some(id) = self.ids.remove(&oldest)
        {
            self.by_id.remove(&id);
        }
        let id = format!("at_{}", random_id::alphanumeric(8));
        self.ids.insert(key.clone(), id.clone());
        self.oldest_first.push_back(key);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(state: Option<&str>) -> AuthorizationRequest {
        AuthorizationRequest {
            client_id: "app".to_owned(),
            redirect_uri: "http://localhost/cb".to_owned(),
            state: state.map(str::to_owned),
            scopes: vec![],
            challenge: None,
            target: String::new(),
        }
    }

    #[test]
    fn reloading_does_not_renew_an_attempt_but_deciding_ends_it() {
        let mut attempts = Attempts::default();
        let id = attempts.begin(request(Some("s")), 1_000).id.clone();
        let again = attempts.begin(request(Some("s")), 9_000);
        assert_eq!((again.id.as_str(), again.started_ms), (id.as_str(), 1_000));
        assert_ne!(attempts.begin(request(Some("other")), 9_000).id, id);
        attempts.get_mut(&id).expect("it is there").decided = true;
        let afresh = attempts.begin(request(Some("s")), 20_000);
        assert_eq!((afresh.id.as_str(), afresh.started_ms, afresh.decided), (id.as_str(), 20_000, false));
    }
}
