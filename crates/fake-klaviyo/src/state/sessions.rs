//! Browser sessions at Klaviyo: who is signed in, and the token that proves a form is ours.

use std::collections::{HashMap, VecDeque};

use crate::http::request::{Request, Scheme};
use crate::model::account::AccountId;
use crate::model::confidential::Confidential;
use crate::model::random_id;

/// The cookie's name.
pub(crate) const COOKIE: &str = "klaviyo_session";
/// How many sessions are kept; the oldest go first.
const KEPT: usize = 10_000;

/// One browser's session.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// Who is signed in, by e-mail.
    pub(crate) user: Option<String>,
    /// The account whose integrations are looked at.
    pub(crate) account: Option<AccountId>,
    /// What a form must carry.
    pub(crate) csrf: String,
}

/// A request's session, and the cookie to set where it has none yet.
#[derive(Debug)]
pub(crate) struct RequestSession {
    /// The session's id, which is the cookie's value.
    pub(crate) id: String,
    /// The session as it stands.
    pub(crate) session: Session,
    /// The `Set-Cookie` header for a session that has just begun.
    pub(crate) cookie: Option<String>,
}

/// All sessions.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_id: HashMap<String, Session>,
    oldest_first: VecDeque<String>,
    /// One-time tickets: who they sign in, and where they lead.
    tickets: HashMap<String, (String, String)>,
}

impl Sessions {
    /// The request's session; a new one, with nobody signed in, where it has none.
    pub(crate) fn session_of(&mut self, request: &Request) -> RequestSession {
        if let Some(id) = request.cookie(COOKIE)
            && let Some(session) = self.by_id.get(id)
        {
            return RequestSession { id: id.to_owned(), session: session.clone(), cookie: None };
        }
        self.begin(request, None)
    }

    /// Begins a session for this user under a new id, so that an id planted before is worth nothing; ends the old one.
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

    /// Looks at another account from now on.
    pub(crate) fn select_account(&mut self, id: &str, account: AccountId) {
        if let Some(session) = self.by_id.get_mut(id) {
            session.account = Some(account);
        }
    }

    /// Makes a ticket that signs this user in once and leads to `next`.
    pub(crate) fn issue_ticket(&mut self, user: &str, next: &str) -> String {
        let ticket = random_id::alphanumeric(43);
        self.tickets.insert(ticket.clone(), (user.to_owned(), next.to_owned()));
        ticket
    }

    /// Takes a ticket: who it signs in, and where it leads.
    pub(crate) fn redeem_ticket(&mut self, ticket: &str) -> Option<(String, String)> {
        self.tickets.remove(ticket)
    }

    fn begin(&mut self, request: &Request, user: Option<String>) -> RequestSession {
        let id = random_id::alphanumeric(43);
        let session = Session { user, account: None, csrf: random_id::alphanumeric(43) };
        if self.oldest_first.len() >= KEPT
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

/// The `Set-Cookie` header for a session of this id.
fn set_cookie(request: &Request, id: &str) -> String {
    let domain = request.host.cookie_domain.map_or_else(String::new, |domain| format!("; Domain={domain}"));
    let secure = if request.scheme == Scheme::Https { "; Secure" } else { "" };
    format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax{domain}{secure}")
}
