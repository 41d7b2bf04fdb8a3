//! Requests that a server holds open until it has news: nothing on the page waits for their end.
//!
//! Which they are shows once: a page that looks finished is waited for as long as any page, and what is still open then is one of
//! them. From then on, no page is waited for because of them, in any scenario of the run.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use url::Url;

/// An answer that comes sooner was not held back.
const SOON: Duration = Duration::from_millis(1500);

/// What is known of one browser's pages.
#[derive(Debug, Clone, Default)]
pub(in crate::browser) struct HeldRequests(Arc<Mutex<HashSet<String>>>);

impl HeldRequests {
    /// Whether requests for this address are held open.
    pub(in crate::browser) fn holds(&self, url: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&place(url))
    }

    /// A request for this address was held open.
    pub(in crate::browser) fn held(&self, url: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(place(url));
    }

    /// A request for this address was answered after so long.
    pub(in crate::browser) fn answered(&self, url: &str, after: Duration) {
        if after < SOON {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&place(url));
        }
    }
}

/// Host and path: ports differ from world to world, queries from request to request.
pub(super) fn place(url: &str) -> String {
    Url::parse(url)
        .map_or_else(|_| url.to_owned(), |url| format!("{}{}", url.host_str().unwrap_or_default(), url.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_held_once_is_held_in_every_world_until_it_is_answered_soon() {
        let held = HeldRequests::default();
        held.held("http://app.example:3000/news?since=1");
        assert!(held.clone().holds("http://app.example:4711/news?since=2"));
        assert!(!held.holds("http://app.example:4711/other"));
        held.answered("http://app.example/news", SOON);
        assert!(held.holds("http://app.example/news"), "that was not soon");
        held.answered("http://app.example/news", Duration::ZERO);
        assert!(!held.holds("http://app.example/news"));
    }
}
