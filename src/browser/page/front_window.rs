//! Going from window to window: by the app, which opens and closes some, and as the user does.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::browser::page::navigation::network_event::Follow;
use crate::browser::session::browser::resize;
use crate::browser::{BrowserError, User};
use crate::evidence::WindowChange;

/// How long a window may take to close.
const CLOSES: Duration = Duration::from_secs(2);

impl User {
    /// Whether the app opened the window in front of the user.
    pub fn is_in_apps_window(&self) -> bool {
        self.windows.is_apps(&self.front)
    }

    /// Whether the user has opened a second tab.
    pub fn has_second_tab(&self) -> bool {
        self.windows.next_tab(&self.tab).is_some_and(|next| next != self.tab)
    }

    /// Goes to where the app has led: a window that it opened, or from one that it closed to the window around it. Whether the
    /// user is in another window now.
    pub(in crate::browser) async fn follow(&mut self) -> Result<bool, BrowserError> {
        if self.context.is_none() {
            self.look_for_windows().await?;
        }
        Ok(self.go_to_front())
    }

    /// Closes what the app opened, as people do who want to go on without it: the user is in the tab of their own then.
    pub async fn leave_apps_windows(&mut self) -> Result<(), BrowserError> {
        self.follow().await?;
        while self.is_in_apps_window() {
            let window = self.front.clone();
            self.windows.leave(&window);
            if let Some(context) = &self.context {
                let closed = context.bidi.send("browsingContext.close", &json!({ "context": window })).await;
                if let Err(error) = closed {
                    tracing::debug!(%error, "a window was gone already");
                }
                self.session.forget_window().await;
            } else {
                self.command("close the window", |client| async move { client.close_window().await }).await.ok();
                self.session.forget_window().await;
                self.windows.closed(&window);
            }
            let by = Instant::now() + CLOSES;
            while self.windows.ids().contains(&window) && Instant::now() < by {
                sleep(Duration::from_millis(10)).await;
            }
            // One that stays is left where it is.
            self.windows.closed(&window);
            self.follow().await?;
        }
        Ok(())
    }

    /// Whether the window from which the one in front was opened shows something else than when the user left it.
    pub async fn opener_changed(&mut self) -> Result<bool, BrowserError> {
        let Some(opener) = self.windows.opener_of(&self.front) else { return Ok(false) };
        let Some(left) = self.elsewhere.get(&opener).cloned() else { return Ok(false) };
        let front = std::mem::replace(&mut self.front, opener);
        let now = self.read_all().await;
        self.front = front;
        Ok(now.is_ok_and(|now| now.began != left.began || now.text != left.text))
    }

    /// Opens a second tab, in front of the user.
    pub async fn open_tab(&mut self) -> Result<(), BrowserError> {
        self.windows.expect_tab();
        let id = if let Some(context) = &self.context {
            let wanted = json!({ "type": "tab", "userContext": context.user });
            let created = context.bidi.send("browsingContext.create", &wanted).await?;
            let id = created["context"].as_str().unwrap_or_default().to_owned();
            resize(&context.bidi, &id).await?;
            let tracker = self.windows.tab(&id);
            let mut trackers = context.trackers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            trackers.follow(id.clone(), tracker, Follow::Tab);
            trackers.of_user(context.user.clone(), self.windows.clone());
            id
        } else {
            let opened = self.command("open a tab", |client| async move { client.new_window(true).await }).await?;
            let id = String::from(opened.handle);
            self.windows.tab(&id);
            id
        };
        self.windows.record(WindowChange::TabOpened);
        self.tab = id;
        self.go_to_front();
        self.carry_on().await
    }

    /// Goes to the next tab of those that the user opened.
    pub fn switch_tab(&mut self) -> Result<(), BrowserError> {
        let next = self.windows.next_tab(&self.tab).ok_or_else(|| BrowserError::Gone("its tab".to_owned()))?;
        self.windows.record(WindowChange::TabChosen);
        self.tab = next;
        self.acted = Instant::now();
        self.go_to_front();
        Ok(())
    }

    fn go_to_front(&mut self) -> bool {
        let Some((front, tracker)) = self.windows.front(&self.tab).filter(|(front, _)| *front != self.front) else {
            return false;
        };
        let left = std::mem::replace(&mut self.front, front.clone());
        let before = self.elsewhere.remove(&front);
        if let Some(seen) = std::mem::replace(&mut self.before, before) {
            self.elsewhere.insert(left, seen);
        }
        if let Some(context) = &mut self.context {
            context.tab = front;
        }
        self.tracker = tracker;
        self.in_front_since = Instant::now();
        true
    }

    /// Without events: asks which windows there are.
    async fn look_for_windows(&self) -> Result<(), BrowserError> {
        let asked = self.session.command(None, "list the windows", |client| async move { client.windows().await });
        let there: Vec<String> = asked.await?.into_iter().map(String::from).collect();
        for gone in self.windows.ids().into_iter().filter(|id| !there.contains(id)) {
            self.windows.closed(&gone);
            self.session.forget_window().await;
        }
        for window in &there {
            self.windows.opened(window, Some(&self.front));
        }
        Ok(())
    }
}
