//! Whose the browser's events are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use crate::browser::page::navigation::navigation_tracker::NavigationTracker;
use crate::browser::page::navigation::network_event::Follow;
use crate::browser::page::navigation::windows::Windows;

/// The trackers of all users of a browser.
#[derive(Debug, Default)]
pub(in crate::browser) struct AllTrackers {
    by_context: HashMap<String, (Arc<NavigationTracker>, Follow)>,
    by_user: HashMap<String, Arc<Windows>>,
    /// The windows that each top-level context is one of.
    windows: HashMap<String, Arc<Windows>>,
}

pub(in crate::browser) type Trackers = Arc<Mutex<AllTrackers>>;

impl AllTrackers {
    /// From now on, events of a browsing context go to this tracker.
    pub(in crate::browser) fn follow(&mut self, context: String, tracker: Arc<NavigationTracker>, of: Follow) {
        self.by_context.insert(context, (tracker, of));
    }

    /// From now on, what is opened in a user context is one of these windows.
    pub(in crate::browser) fn of_user(&mut self, user: String, windows: Arc<Windows>) {
        windows.ids().into_iter().for_each(|id| drop(self.windows.insert(id, windows.clone())));
        self.by_user.insert(user, windows);
    }

    fn created(&mut self, context: &str, params: &Value) {
        if let Some(parent) = params["parent"].as_str() {
            if let Some((tracker, _)) = self.by_context.get(parent).cloned() {
                self.follow(context.to_owned(), tracker, Follow::Frame);
            }
            return;
        }
        let opener = params["originalOpener"].as_str();
        let user = params["userContext"].as_str();
        // Not every driver says whose a window is; who opened it, each does.
        let windows = user.and_then(|user| self.by_user.get(user)).or_else(|| self.windows.get(opener?)).cloned();
        let Some(windows) = windows else { return };
        if let Some(tracker) = windows.opened(context, opener) {
            self.follow(context.to_owned(), tracker, Follow::Tab);
        }
        self.windows.insert(context.to_owned(), windows);
    }

    /// Takes in an event, and comes back with whose it is.
    fn take(&mut self, method: &str, params: &Value) -> Option<(Arc<NavigationTracker>, Follow)> {
        let context = params["context"].as_str().or(params["source"]["context"].as_str()).unwrap_or_default();
        match method {
            "browsingContext.contextCreated" => self.created(context, params),
            "browsingContext.contextDestroyed" => {
                if let Some(windows) = self.windows.remove(context) {
                    windows.closed(context);
                }
                return self.by_context.remove(context);
            }
            _ => {}
        }
        self.by_context.get(context).cloned()
    }
}

/// Hands events to the trackers of their contexts, and frames to those of their tabs.
pub(in crate::browser) fn follower(trackers: Trackers) -> impl FnMut(&str, &Value) + Send + 'static {
    move |method, params| {
        let followed = trackers.lock().unwrap_or_else(PoisonError::into_inner).take(method, params);
        if let Some((tracker, of)) = followed {
            tracker.take(method, params, of);
        }
    }
}
