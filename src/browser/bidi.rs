//! WebDriver BiDi: commands with answers, and events, over one WebSocket.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hyper::header::AUTHORIZATION;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::BrowserError;
use super::remote::basic;

/// How long a command may take.
const ANSWER: Duration = Duration::from_secs(30);

/// A BiDi connection. Dropping it closes the socket.
#[derive(Debug)]
pub(super) struct Bidi {
    commands: mpsc::UnboundedSender<Command>,
    next: AtomicU64,
}

#[derive(Debug)]
struct Command {
    id: u64,
    text: String,
    answer: oneshot::Sender<Value>,
}

impl Bidi {
    /// Connects, and hands every event (its method and parameters) to `on_event`, in order.
    pub(super) async fn connect(
        url: &str,
        mut on_event: impl FnMut(&str, &Value) + Send + 'static,
    ) -> Result<Self, BrowserError> {
        let failed = |message: String| BrowserError::Bidi { method: "connect".to_owned(), message };
        let mut request = url.into_client_request().map_err(|error| failed(error.to_string()))?;
        let credentials = url::Url::parse(url).ok().and_then(|url| basic(&url));
        if let Some(credentials) = credentials.and_then(|text| text.parse().ok()) {
            request.headers_mut().insert(AUTHORIZATION, credentials);
        }
        let (socket, _) = timeout(ANSWER, connect_async(request))
            .await
            .map_err(|_| slow("open BiDi"))?
            .map_err(|error| failed(error.to_string()))?;
        let (mut sink, mut stream) = socket.split();
        let (commands, mut waiting) = mpsc::unbounded_channel::<Command>();
        tokio::spawn(async move {
            let mut open: HashMap<u64, oneshot::Sender<Value>> = HashMap::new();
            loop {
                tokio::select! {
                    command = waiting.recv() => match command {
                        Some(command) => {
                            open.insert(command.id, command.answer);
                            if sink.send(Message::text(command.text)).await.is_err() {
                                break;
                            }
                        }
                        None => break,
                    },
                    message = stream.next() => match message {
                        Some(Ok(Message::Text(text))) => {
                            let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
                            if let Some(answer) = value["id"].as_u64().and_then(|id| open.remove(&id)) {
                                // The asker may have given up by now.
                                let _ = answer.send(value);
                            } else if let Some(method) = value["method"].as_str() {
                                on_event(method, &value["params"]);
                            }
                        }
                        Some(Ok(_)) => {}
                        Some(Err(_)) | None => break,
                    },
                }
            }
            // Dropping the open answers tells their askers that the connection is lost.
        });
        Ok(Self { commands, next: AtomicU64::new(1) })
    }

    /// Sends a command and returns its result.
    pub(super) async fn send(&self, method: &str, params: &Value) -> Result<Value, BrowserError> {
        tracing::trace!("asked the browser: {method}");
        let (answer, answered) = oneshot::channel();
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let text = json!({ "id": id, "method": method, "params": params }).to_string();
        self.commands.send(Command { id, text, answer }).map_err(|_| BrowserError::Lost)?;
        let mut value = timeout(ANSWER, answered).await.map_err(|_| slow(method))?.map_err(|_| BrowserError::Lost)?;
        if value["type"] == "error" {
            let words = [&value["error"], &value["message"]].map(|part| part.as_str().unwrap_or_default());
            return Err(BrowserError::Bidi { method: method.to_owned(), message: words.join(": ") });
        }
        Ok(value["result"].take())
    }
}

fn slow(what: &str) -> BrowserError {
    BrowserError::Timeout { what: what.to_owned(), after: ANSWER }
}
