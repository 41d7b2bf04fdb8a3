//! Numbered messages over one WebSocket: what is asked, answers to it, and what is told unasked.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hyper::header::AUTHORIZATION;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{Connector, connect_async_tls_with_config};

use crate::browser::BrowserError;
use crate::browser::session::remote::basic;
use crate::http_client::tls_config;

/// How long an answer may take.
pub(super) const ANSWER: Duration = Duration::from_secs(30);

/// A connection. Dropping it closes the socket.
#[derive(Debug)]
pub(super) struct Socket {
    asked: mpsc::UnboundedSender<Asked>,
    next: Arc<AtomicU64>,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) method: &'static str,
    pub(super) params: Value,
    /// Which of the sessions of one connection it is for, where there are several.
    pub(super) session: Option<String>,
    /// What its asker is told once it is answered, whatever the answer, where nothing waits for that.
    pub(super) then: Option<Value>,
}

#[derive(Debug)]
struct Asked {
    id: u64,
    text: String,
    answer: oneshot::Sender<Value>,
}

impl Call {
    pub(super) fn new(method: &'static str, params: Value) -> Self {
        Self { method, params, session: None, then: None }
    }

    pub(super) fn to(self, session: &str) -> Self {
        Self { session: Some(session.to_owned()), ..self }
    }

    pub(super) fn then(self, message: Value) -> Self {
        Self { then: Some(message), ..self }
    }

    fn message(&self, id: u64) -> String {
        let mut message = json!({ "id": id, "method": self.method, "params": self.params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        message.to_string()
    }
}

impl Socket {
    /// Connects, and hands over everything that is no answer, in order; what comes back is asked at once. Its answers are not
    /// handed over, but for what a call is to be followed by.
    pub(super) async fn connect(
        url: &str,
        mut on_message: impl FnMut(&Value) -> Vec<Call> + Send + 'static,
    ) -> Result<Self, BrowserError> {
        let failed = |message: String| BrowserError::Bidi { method: "connect".to_owned(), message };
        let mut request = url.into_client_request().map_err(|error| failed(error.to_string()))?;
        let credentials = url::Url::parse(url).ok().and_then(|url| basic(&url));
        if let Some(credentials) = credentials.and_then(|text| text.parse().ok()) {
            request.headers_mut().insert(AUTHORIZATION, credentials);
        }
        let by = match request.uri().scheme_str() {
            Some("wss") => Some(Connector::Rustls(Arc::new(tls_config().map_err(|error| failed(error.to_string()))?))),
            _ => None,
        };
        let (socket, _) = timeout(ANSWER, connect_async_tls_with_config(request, None, false, by))
            .await
            .map_err(|_| slow("open BiDi"))?
            .map_err(|error| failed(error.to_string()))?;
        let (mut sink, mut stream) = socket.split();
        let (asked, mut waiting) = mpsc::unbounded_channel::<Asked>();
        let next = Arc::new(AtomicU64::new(1));
        let numbers = next.clone();
        tokio::spawn(async move {
            let mut open: HashMap<u64, oneshot::Sender<Value>> = HashMap::new();
            let mut followed: HashMap<u64, Value> = HashMap::new();
            'connected: loop {
                tokio::select! {
                    asked = waiting.recv() => match asked {
                        Some(Asked { id, text, answer }) => {
                            open.insert(id, answer);
                            if sink.send(Message::text(text)).await.is_err() {
                                break;
                            }
                        }
                        None => break,
                    },
                    message = stream.next() => match message {
                        Some(Ok(Message::Text(text))) => {
                            let Ok(mut value) = serde_json::from_str::<Value>(&text) else { continue };
                            if let Some(id) = value["id"].as_u64() {
                                if let Some(answer) = open.remove(&id) {
                                    // The asker may have given up by now.
                                    let _ = answer.send(value);
                                    continue;
                                }
                                let Some(then) = followed.remove(&id) else { continue };
                                value = then;
                            }
                            for mut call in on_message(&value) {
                                let id = numbers.fetch_add(1, Ordering::Relaxed);
                                let text = call.message(id);
                                followed.extend(call.then.take().map(|then| (id, then)));
                                if sink.send(Message::text(text)).await.is_err() {
                                    break 'connected;
                                }
                            }
                        }
                        Some(Ok(_)) => {}
                        Some(Err(_)) | None => break,
                    },
                }
            }
            // Dropping the open answers tells their askers that the connection is lost.
        });
        Ok(Self { asked, next })
    }

    /// Asks, and comes back with the whole answer. It is on its way as soon as this is polled.
    pub(super) async fn ask(&self, call: Call) -> Result<Value, BrowserError> {
        let (answer, answered) = oneshot::channel();
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.asked.send(Asked { id, text: call.message(id), answer }).map_err(|_| BrowserError::Lost)?;
        timeout(ANSWER, answered).await.map_err(|_| slow(call.method))?.map_err(|_| BrowserError::Lost)
    }
}

pub(super) fn slow(what: &str) -> BrowserError {
    BrowserError::Timeout { what: what.to_owned(), after: ANSWER }
}
