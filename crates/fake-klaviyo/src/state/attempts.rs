//! Authorization attempts: one app asking one user once.

use std::collections::{HashMap, VecDeque};

use crate::model::account::AccountId;
use crate::model::random_id;

/// How many attempts are kept; the oldest go first.
const KEPT: usize = 10_000;

/// What an app asked for when it sent the user here.
#[derive(Debug, Clone)]
pub(crate) struct AuthorizationRequest {
    /// The app.
    pub(crate) client_id: String,
    /// Where to send the user back to.
    pub(crate) redirect_uri: String,
    /// What the app wants back unchanged.
    pub(crate) state: Option<String>,
    /// What would be granted: asked for and declared, and `accounts:read`, which is always kept (D).
    pub(crate) scopes: Vec<String>,
    /// The PKCE challenge, S256.
    pub(crate) challenge: Option<String>,
    /// Path and query of the request, to come back to after login or account choice.
    pub(crate) target: String,
}

/// One attempt.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// Its id: the same for the same client and `state`.
    pub(crate) id: String,
    /// What was asked for last.
    pub(crate) request: AuthorizationRequest,
    /// When it began, on Klaviyo's clock.
    pub(crate) started_ms: i64,
    /// Whether the user has allowed or denied it.
    pub(crate) decided: bool,
    /// The account chosen for it, where the user has several.
    pub(crate) account: Option<AccountId>,
}

/// All attempts.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    by_id: HashMap<String, Attempt>,
    /// Client and state to id.
    ids: HashMap<(String, Option<String>), String>,
    oldest_first: VecDeque<(String, Option<String>)>,
}

impl Attempts {
    /// Takes note that an app asks.
    ///
    /// A code's five minutes (S) begin when its attempt, that is this client and this `state`, first reaches Klaviyo;
    /// asking again does not renew them, so a user who leaves the page, comes back late and clicks Allow delivers an
    /// expired code. Once decided, the same client and state begin afresh, for apps that always send the same `state`
    /// or none. This is our assumption (A), and this is the one place that makes it.
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

    /// The attempt of this id.
    pub(crate) fn get(&self, id: &str) -> Option<&Attempt> {
        self.by_id.get(id)
    }

    /// The same, to change it.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Attempt> {
        self.by_id.get_mut(id)
    }

    fn new_id(&mut self, key: (String, Option<String>)) -> String {
        if self.oldest_first.len() >= KEPT
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
