//! Asking for a document only to see whether it is answered.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, timeout_at};

use crate::browser::page::navigation::document::Document;
use crate::browser::{BrowserError, User};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Status of the answer, of the last one where there were redirects; none where none came.
    pub status: Option<u16>,
    /// What happened instead of an answer.
    pub error: Option<String>,
}

/// How long a page's own requests may take without a sign, once the page is there.
const HELD: Duration = Duration::from_secs(5);

/// What browsers say of a request that they gave up themselves, because a script of the page before went elsewhere meanwhile.
pub(in crate::browser) const ABORTED: [&str; 2] = ["net::ERR_ABORTED", "NS_BINDING_ABORTED"];
/// How often such a request is sent, and for how long the page must be quiet before it is sent again: its scripts go on until the next
/// page is there.
const TRIES: usize = 4;
const QUIET: Duration = Duration::from_millis(300);

/// Sends a form of these parameters from the page in front of the user.
const FORM: &str = r#"
const [action, query] = arguments;
const form = document.createElement("form");
form.method = "post";
form.action = action;
for (const pair of query.split("&").filter(Boolean)) {
  const field = document.createElement("input");
  const at = pair.indexOf("=");
  field.type = "hidden";
  field.name = at < 0 ? pair : pair.slice(0, at);
  field.value = at < 0 ? "" : pair.slice(at + 1);
  form.append(field);
}
(document.body || document.documentElement).append(form);
HTMLFormElement.prototype.submit.call(form);
"#;

impl User {
    /// Goes to an address and waits until it is answered. Its hops stay off the record.
    pub async fn probe(&mut self, url: &str, patience: Duration) -> Result<Answered, BrowserError> {
        self.ask_until_answered(url, None, patience).await
    }

    /// Sends a form to an address, as a page's own script would, and waits until it is answered.
    pub async fn probe_by_form(
        &mut self,
        url: &str,
        query: &str,
        patience: Duration,
    ) -> Result<Answered, BrowserError> {
        self.ask_until_answered(url, Some(query), patience).await
    }

    /// Asks once more where the browser itself gave the request up.
    async fn ask_until_answered(
        &mut self,
        url: &str,
        form: Option<&str>,
        patience: Duration,
    ) -> Result<Answered, BrowserError> {
        self.tracker.mute(true);
        let mut answered = self.ask(url, form, patience).await;
        for _ in 1..TRIES {
            match &answered {
                Ok(Answered { status: None, error: Some(error) }) if ABORTED.contains(&error.as_str()) => {}
                _ => break,
            }
            self.settled(patience).await;
            answered = self.ask(url, form, patience).await;
        }
        self.tracker.mute(false);
        answered
    }

    /// Waits until the page in front asks for nothing any more.
    async fn settled(&self, patience: Duration) {
        let deadline = Instant::now() + patience;
        let mut activities = self.tracker.watch();
        while Instant::now() < deadline {
            let limit = if activities.borrow_and_update().is_busy() { deadline } else { Instant::now() + QUIET };
            if timeout_at(limit, activities.changed()).await.is_err() {
                return;
            }
        }
    }

    async fn ask(&mut self, url: &str, form: Option<&str>, patience: Duration) -> Result<Answered, BrowserError> {
        if let Some(query) = form {
            let arguments = vec![json!(url), json!(query)];
            self.command("send a form", |client| async move { client.execute(FORM, arguments).await }).await?;
        } else {
            self.go_to(url).await?;
        }
        self.answered(patience).await
    }

    async fn answered(&self, patience: Duration) -> Result<Answered, BrowserError> {
        if self.context.is_none() {
            // Without events the command itself has waited for the page.
            let page = self.read().await?.page;
            return Ok(Answered { status: page.status, error: None });
        }
        let deadline = Instant::now() + patience;
        let mut activities = self.tracker.watch();
        loop {
            let activity = *activities.borrow_and_update();
            let busy = activity.is_busy();
            let Document { status, error, .. } = self.tracker.last_document();
            if !busy && (status.is_some() || error.is_some()) {
                return Ok(Answered { status, error });
            }
            // What the page itself asks for then is waited for as well, but not where the server only holds it open.
            let asks_on = !activity.loading && (status.is_some() || error.is_some());
            let limit = if asks_on { deadline.min(activity.last + HELD) } else { deadline };
            if timeout_at(limit, activities.changed()).await.is_err() {
                if asks_on {
                    self.tracker.hold();
                    self.tracker.give_up();
                    return Ok(Answered { status, error });
                }
                self.tracker.give_up();
                let error = error.unwrap_or_else(|| format!("no answer within {patience:?}"));
                return Ok(Answered { status, error: Some(error).filter(|_| status.is_none()) });
            }
        }
    }
}
