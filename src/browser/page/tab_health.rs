//! Whether a tab and its browser still work: what does not answer may be the page's doing or the browser's.

use std::time::Duration;

use serde_json::json;
use tokio::time::timeout;

use crate::browser::{BrowserError, User};

/// How long the browser may take over what it answers at once.
const AT_ONCE: Duration = Duration::from_secs(3);
/// What browsers say of a tab that ended by itself; one that was killed is another matter.
const BY_ITSELF: [&str; 3] = ["crashed", "oom", "abnormal"];

impl User {
    /// How the tab in front crashed, where it has.
    pub fn crashed(&self) -> Option<BrowserError> {
        let how = self.tracker.crashed()?;
        let by_itself = BY_ITSELF.contains(&how.as_str());
        Some(BrowserError::Crashed { how, by_itself })
    }

    /// Ends the page's own script, where that keeps the tab from answering; whether it did.
    ///
    /// A browser that takes in that the script is to end, and answers from then on, was well: it was the script. One that answers
    /// neither has trouble of its own.
    pub async fn end_blocking_script(&self) -> bool {
        if self.context.is_none() || self.answers().await {
            return false;
        }
        self.answers_to("script.terminate").await && self.answers().await
    }

    /// The id of the browser's process that speaks with the network, where the browser tells. Another one was started because that ended,
    /// and with it went what pages had asked for, and how this user reaches the network.
    pub async fn network_process(&self) -> Result<Option<u64>, BrowserError> {
        match &self.context {
            Some(context) => context.bidi.network_process().await,
            None => Ok(None),
        }
    }

    /// Fails where the browser itself does not reach the network: its cookies are kept by the process that does.
    pub(in crate::browser) async fn prove_network(&self) -> Result<(), BrowserError> {
        let Some(context) = &self.context else { return Ok(()) };
        let of_tab = json!({ "partition": { "type": "context", "context": context.tab } });
        match timeout(AT_ONCE, context.bidi.send("storage.getCookies", &of_tab)).await {
            Ok(_) => Ok(()),
            Err(_) => Err(BrowserError::Timeout { what: "say which cookies it has".to_owned(), after: AT_ONCE }),
        }
    }

    /// Whether the page in front runs what it is asked to run.
    async fn answers(&self) -> bool {
        self.answers_to("script.evaluate").await
    }

    async fn answers_to(&self, method: &'static str) -> bool {
        let Some(context) = &self.context else { return false };
        let target = json!({ "context": context.tab });
        let asked = json!({ "context": context.tab, "target": target, "expression": "1", "awaitPromise": false });
        matches!(timeout(AT_ONCE, context.bidi.send(method, &asked)).await, Ok(Ok(_)))
    }
}
