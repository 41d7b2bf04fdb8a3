//! Who BiDi is spoken with.

use serde_json::Value;

use super::chromium::Chromium;
use super::socket::{Call, Socket};
use crate::browser::BrowserError;

/// WebDriver BiDi: commands with answers, and events. Dropping it ends the connection.
#[derive(Debug)]
pub(in super::super) struct Bidi {
    end: End,
}

#[derive(Debug)]
enum End {
    Driver(Socket),
    Chromium(Chromium),
}

impl Bidi {
    /// Connects to a driver, and hands every event (its method and parameters) to `on_event`, in order.
    pub(in super::super) async fn connect(
        url: &str,
        mut on_event: impl FnMut(&str, &Value) + Send + 'static,
    ) -> Result<Self, BrowserError> {
        let on_message = move |message: &Value| {
            if let Some(method) = message["method"].as_str() {
                on_event(method, &message["params"]);
            }
            Vec::new()
        };
        Ok(Self { end: End::Driver(Socket::connect(url, on_message).await?) })
    }

    /// Connects to a Chromium of this machine itself, by the host and port that its session named.
    pub(in super::super) async fn in_chromium(
        debugger: &str,
        on_event: impl FnMut(&str, &Value) + Send + 'static,
    ) -> Result<Self, BrowserError> {
        Ok(Self { end: End::Chromium(Chromium::connect(debugger, on_event).await?) })
    }

    /// Whether commands go to the browser itself, where several are under way at once.
    pub(in super::super) fn is_direct(&self) -> bool {
        matches!(self.end, End::Chromium(_))
    }

    /// The id of the browser's process that speaks with the network, where the browser tells.
    pub(in super::super) async fn network_process(&self) -> Result<Option<u64>, BrowserError> {
        match &self.end {
            End::Chromium(chromium) => chromium.network_process().await,
            End::Driver(_) => Ok(None),
        }
    }

    /// Sends a command and returns its result.
    pub(in super::super) async fn send(&self, method: &'static str, params: &Value) -> Result<Value, BrowserError> {
        tracing::trace!("asked the browser: {method}");
        match &self.end {
            End::Chromium(chromium) => chromium.send(method, params).await,
            End::Driver(socket) => {
                let mut answer = socket.ask(Call::new(method, params.clone())).await?;
                if answer["type"] == "error" {
                    let words = [&answer["error"], &answer["message"]].map(|part| part.as_str().unwrap_or_default());
                    return Err(BrowserError::Bidi { method: method.to_owned(), message: words.join(": ") });
                }
                Ok(answer["result"].take())
            }
        }
    }
}
