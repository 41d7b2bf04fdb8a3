//! Browser sessions: who is signed in, and the CSRF token of their forms.

use std::collections::{HashMap, VecDeque};

use crate::http::request::{Request, Scheme};
use crate::model::account::AccountId;
use crate::model::confidential::Confidential;
use crate::model::random_id;

/// The name of the session cookie.
pub(crate) const COOKIE: &str = "klaviyo_session";
/// How many sessions are kept; the oldest are dropped.
const MAX_SESSIONS: usize = 10_000;

/// One browser's session.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// The signed-in user's e-mail address.
    pub(crate) user: Option<String>,
    /// The account selected on the integrations page.
    pub(crate) account: Option<AccountId>,
    /// The token that a form must carry.
    pub(crate) csrf: String,
}

/// A request's session, and the cookie to set if it is new.
#[derive(Debug)]
pub(crate) struct RequestSession {
    /// The session's id, the value of the cookie.
    pub(crate) id: String,
    /// The session.
    pub(crate) session: Session,
    /// The `Set-Cookie` header of a new session.
    pub(crate) cookie: Option<String>,
}

/// All sessions.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_id: HashMap<String, Session>,
    oldest_first: VecDeque<String>,
    /// One-time sign-in tickets: the user's e-mail address, and the path to redirect to.
    tickets: HashMap<String, (String, String)>,
}

impl Sessions {
    /// The request's session, or a new one without a user.
    pub(crate) fn session_of(&mut self, request: &Request) -> RequestSession {
        if let Some(id) = request.cookie(COOKIE)
            && let Some(session) = self.by_id.get(id)
        {
            return RequestSession { id: id.to_owned(), session: session.clone(), cookie: None };
        }
        self.begin(request, None)
    }

    /// Replaces the request's session by one with a new id, so that a planted session id is useless.
    pub(crate) fn sign_in(&mut self, request: &Request, user: &str) -> RequestSession {
        self.end(request);
        self.begin(request, Some(user.to_owned()))
    }

    /// Ends the request's session.
    pub(crate) fn end(&mut self, request: &Request) {
        if let Some(id) = request.cookie(COOKIE) {
            self.by_id.remove(id);
            self.oldest_first.retain(|known| known != id);
        }
    }

    /// Selects the account that the integrations page shows.
    pub(crate) fn select_account(&mut self, id: &str, account: AccountId) {
        if let Some(session) = self.by_id.get_mut(id) {
            session.account = Some(account);
        }
    }

    /// Issues a ticket that signs this user in once and redirects to `next`.
    pub(crate) fn issue_ticket(&mut self, user: &str, next: &str) -> String {
        let ticket = random_id::alphanumeric(43);
        self.tickets.insert(ticket.clone(), (user.to_owned(), next.to_owned()));
        ticket
    }

    /// Redeems a ticket: the user's e-mail address, and the path to redirect to.
    pub(crate) fn redeem_ticket(&mut self, ticket: &str) -> Option<(String, String)> {
        self.tickets.remove(ticket)
    }

    fn begin(&mut self, request: &Request, user: Option<String>) -> RequestSession {
        let id = random_id::alphanumeric(43);
        let session = Session { user, account: None, csrf: random_id::alphanumeric(43) };
        if self.oldest_first.len() >= MAX_SESSIONS
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.by_id.remove(&oldest);
        }
        self.by_id.insert(id.clone(), session.clone());
        self.oldest_first.push_back(id.clone());
        let cookie = Some(set_cookie(request, &id));
        RequestSession { id, session, cookie }
    }
}

impl Session {
    /// Whether a form carries this session's token.
    pub(crate) fn accepts_csrf(&self, csrf: Option<&str>) -> bool {
        csrf.is_some_and(|csrf| Confidential::from(self.csrf.as_str()).matches(csrf))
    }
}

/// The `Set-Cookie` header of a session.
fn set_cookie(request: &Request, id: &str) -> String {
    let domain = request.host.cookie_domain.map_or_else(String::new, |domain| format!("; Domain={domain}"));
    let secure = if request.scheme == Scheme::Https { "; Secure" } else { "" };
    format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax{domain}{secure}")
}
