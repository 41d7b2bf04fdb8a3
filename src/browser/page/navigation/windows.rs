//! The windows of a user: the tabs that the user opened, and what the app opens from them.
//!
//! Who clicks a control that opens a window is in that window from then on, and where it was opened again once it is closed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::browser::page::navigation::held_requests::HeldRequests;
use crate::browser::page::navigation::navigation_tracker::NavigationTracker;
use crate::browser::page::navigation::network_event::Received;
use crate::evidence::{BrowserWindow, Event, Recorder, WindowChange};

/// The windows of one user.
#[derive(Debug)]
pub(in crate::browser) struct Windows {
    user: String,
    recorder: Recorder,
    held: HeldRequests,
    state: Mutex<State>,
    /// Counts what was opened and closed.
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    /// Oldest first.
    open: Vec<Window>,
    /// Whether a tab that is told of now is one that the user opens.
    opening: bool,
    keeps_answers: bool,
    /// Answers that windows received which are closed by now.
    received: Vec<Received>,
}

#[derive(Debug)]
struct Window {
    id: String,
    /// The window that it was opened from; none of a tab of the user's own.
    opener: Option<String>,
    tracker: Arc<NavigationTracker>,
    /// Whether the user closes it.
    is_left: bool,
}

impl Windows {
    pub(in crate::browser) fn new(user: &str, recorder: Recorder, held: HeldRequests) -> Self {
        Self { user: user.to_owned(), recorder, held, state: Mutex::default(), changes: watch::Sender::default() }
    }

    /// Tells of windows that are opened and closed.
    pub(in crate::browser) fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// From here on, a window that is told of is a tab that the user opens, until [`tab`](Self::tab) says which.
    pub(in crate::browser) fn expect_tab(&self) {
        self.state().opening = true;
    }

    /// The user opened this tab.
    pub(in crate::browser) fn tab(&self, id: &str) -> Arc<NavigationTracker> {
        let tracker = self.add(id, None);
        self.state().opening = false;
        tracker
    }

    /// A window was opened, by the app unless a tab was expected; `opener` is where, as far as the browser says. Comes back with
    /// its tracker, where it was not known yet.
    pub(in crate::browser) fn opened(&self, id: &str, opener: Option<&str>) -> Option<Arc<NavigationTracker>> {
        let opener = {
            let state = self.state();
            if state.opening || state.open.iter().any(|window| window.id == id) {
                return None;
            }
            let known = |id: &str| state.open.iter().any(|window| window.id == id);
            let newest = state.open.last().map(|window| window.id.clone());
            opener.filter(|opener| known(opener)).map(str::to_owned).or(newest)?
        };
        let tracker = self.add(id, Some(opener));
        self.record(WindowChange::Opened);
        Some(tracker)
    }

    /// A window was closed. What it said last is what its opener's user heard.
    pub(in crate::browser) fn closed(&self, id: &str) {
        let mut state = self.state();
        let Some(at) = state.open.iter().position(|window| window.id == id) else { return };
        let window = state.open.remove(at);
        let mut received = window.tracker.received();
        state.received.append(&mut received);
        for other in state.open.iter_mut().filter(|other| other.opener.as_deref() == Some(id)) {
            other.opener.clone_from(&window.opener);
        }
        let opener = window.opener.as_deref().and_then(|opener| state.open.iter().find(|other| other.id == opener));
        if let Some(opener) = opener {
            opener.tracker.hear(&window.tracker);
        }
        drop(state);
        if window.opener.is_some() && !window.is_left {
            self.record(WindowChange::Closed);
        }
        self.changes.send_modify(|count| *count += 1);
    }

    /// The user closes a window that the app opened, as soon as the browser does.
    pub(in crate::browser) fn leave(&self, id: &str) {
        let mut state = self.state();
        for window in state.open.iter_mut().filter(|window| window.id == id) {
            window.is_left = true;
        }
        drop(state);
        self.record(WindowChange::ClosedByUser);
    }

    /// The window in front of a user who is in this tab: the newest of those that were opened from it.
    pub(in crate::browser) fn front(&self, tab: &str) -> Option<(String, Arc<NavigationTracker>)> {
        let state = self.state();
        let front = state.open.iter().rev().find(|window| state.tab_of(window) == tab);
        front.map(|window| (window.id.clone(), window.tracker.clone()))
    }

    /// Whether the app opened it.
    pub(in crate::browser) fn is_apps(&self, id: &str) -> bool {
        self.state().open.iter().any(|window| window.id == id && window.opener.is_some())
    }

    /// The window that it was opened from.
    pub(in crate::browser) fn opener_of(&self, id: &str) -> Option<String> {
        self.state().open.iter().find(|window| window.id == id)?.opener.clone()
    }

    /// Every window that is open, oldest first.
    pub(in crate::browser) fn ids(&self) -> Vec<String> {
        self.state().open.iter().map(|window| window.id.clone()).collect()
    }

    /// The tab after this one, of those that the user opened.
    pub(in crate::browser) fn next_tab(&self, tab: &str) -> Option<String> {
        let state = self.state();
        let tabs: Vec<&str> =
            state.open.iter().filter(|window| window.opener.is_none()).map(|window| window.id.as_str()).collect();
        let at = tabs.iter().position(|id| *id == tab)?;
        tabs.get((at + 1) % tabs.len()).map(|id| (*id).to_owned())
    }

    /// Records what happened to a window.
    pub(in crate::browser) fn record(&self, change: WindowChange) {
        self.recorder.record(Event::Window(BrowserWindow { user: self.user.clone(), change }));
    }

    /// From now on keeps answers, to be taken by [`received`](Self::received).
    pub(in crate::browser) fn keep_answers(&self) {
        let mut state = self.state();
        state.keeps_answers = true;
        state.open.iter().for_each(|window| window.tracker.keep_answers());
    }

    /// The answers kept since this was asked last.
    pub(in crate::browser) fn received(&self) -> Vec<Received> {
        let mut state = self.state();
        let mut all = std::mem::take(&mut state.received);
        for window in &state.open {
            all.append(&mut window.tracker.received());
        }
        all
    }

    fn add(&self, id: &str, opener: Option<String>) -> Arc<NavigationTracker> {
        let mut state = self.state();
        if let Some(known) = state.open.iter().find(|window| window.id == id) {
            return known.tracker.clone();
        }
        let tracker = Arc::new(NavigationTracker::new(&self.user, self.recorder.clone()).holding(self.held.clone()));
        if state.keeps_answers {
            tracker.keep_answers();
        }
        state.open.push(Window { id: id.to_owned(), opener, tracker: tracker.clone(), is_left: false });
        drop(state);
        self.changes.send_modify(|count| *count += 1);
        tracker
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The user's tab that a window was opened from, by however many others.
    fn tab_of<'a>(&'a self, window: &'a Window) -> &'a str {
        let mut at = window;
        // No longer than there are windows: a browser could tell of a circle.
        for _ in &self.open {
            let opener = at.opener.as_deref().and_then(|id| self.open.iter().find(|other| other.id == id));
            let Some(opener) = opener else { break };
            at = opener;
        }
        &at.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows() -> Windows {
        let windows = Windows::new("user", Recorder::new(), HeldRequests::default());
        windows.expect_tab();
        assert!(windows.opened("tab", None).is_none(), "the user opens it");
        windows.tab("tab");
        windows
    }

    fn front(windows: &Windows, tab: &str) -> String {
        windows.front(tab).expect("it is open").0
    }

    #[test]
    fn the_user_is_in_the_newest_window_and_at_its_opener_when_it_is_closed() {
        let windows = windows();
        assert!(windows.opened("popup", Some("tab")).is_some());
        assert!(windows.opened("popup", Some("tab")).is_none(), "it is known");
        assert!(windows.opened("second", Some("popup")).is_some());
        assert_eq!(front(&windows, "tab"), "second");
        windows.closed("popup");
        assert_eq!(front(&windows, "tab"), "second");
        assert_eq!(windows.opener_of("second").as_deref(), Some("tab"), "there is no nearer one");
        windows.closed("second");
        assert_eq!(front(&windows, "tab"), "tab");
    }

    #[test]
    fn a_window_whose_opener_is_not_told_is_opened_from_the_newest() {
        let windows = windows();
        windows.opened("popup", None);
        assert_eq!(front(&windows, "tab"), "popup");
    }

    #[test]
    fn tabs_of_the_user_are_apart_from_each_other() {
        let windows = windows();
        windows.expect_tab();
        windows.tab("other");
        windows.opened("popup", Some("tab"));
        assert_eq!((front(&windows, "tab"), front(&windows, "other")), ("popup".to_owned(), "other".to_owned()));
        assert_eq!(windows.next_tab("tab").as_deref(), Some("other"));
        assert_eq!(windows.next_tab("other").as_deref(), Some("tab"));
    }

    #[test]
    fn what_the_app_does_is_told_from_what_the_user_does() {
        let recorder = Recorder::new();
        let windows = Windows::new("user", recorder.clone(), HeldRequests::default());
        windows.tab("tab");
        for popup in ["first", "second"] {
            windows.opened(popup, Some("tab"));
        }
        windows.closed("first");
        windows.leave("second");
        windows.closed("second");
        let changes: Vec<_> = recorder
            .since(0)
            .into_iter()
            .filter_map(|entry| match entry.event {
                Event::Window(window) => Some(window.change),
                _ => None,
            })
            .collect();
        let due = [WindowChange::Opened, WindowChange::Opened, WindowChange::Closed, WindowChange::ClosedByUser];
        assert_eq!(changes, due);
    }
}
