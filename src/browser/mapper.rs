//! The tab that chromedriver speaks BiDi by.
//!
//! A script in it, the mapper, turns BiDi into Chromium's own protocol, and writes every message on the tab's page, where each is
//! laid out and painted: a fifth of what the whole browser does, and more the longer it runs. Nobody sees that page.

use std::time::Duration;

use fantoccini::wd::Capabilities;
use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// How long it may take; the browser works without it.
const PATIENCE: Duration = Duration::from_secs(5);
/// The tab's title.
const TITLE: &str = "BiDi-CDP Mapper";
/// Without its list, the script writes nothing down.
const NO_LIST: &str = "document.getElementById('logs')?.remove()";

/// Where Chromium itself can be asked, host and port, by what a session was granted.
pub(super) fn debugger(granted: &Capabilities) -> Option<String> {
    granted.get("goog:chromeOptions")?["debuggerAddress"].as_str().map(str::to_owned)
}

/// Takes the list of messages off the mapper's page, in a browser of this machine.
pub(super) async fn hush(address: &str) {
    match timeout(PATIENCE, take_list_off(address)).await {
        Ok(Ok(())) => {}
        Ok(Err(why)) => tracing::debug!(why, "the mapper writes on"),
        Err(_) => tracing::debug!("the mapper could not be reached in time, and writes on"),
    }
}

async fn take_list_off(address: &str) -> Result<(), String> {
    let words = |error: &dyn std::error::Error| error.to_string();
    let list = format!("http://{address}/json/list").parse().map_err(|error| words(&error))?;
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.get(list).await.map_err(|error| words(&error))?;
    let body = answer.into_body().collect().await.map_err(|error| words(&error))?.to_bytes();
    let tabs: Vec<Value> = serde_json::from_slice(&body).map_err(|error| words(&error))?;
    let mapper = tabs.iter().find(|tab| tab["title"] == TITLE).ok_or("there is no such tab")?;
    let socket = mapper["webSocketDebuggerUrl"].as_str().ok_or("its tab has no address")?;
    let (mut socket, _) = connect_async(socket).await.map_err(|error| words(&error))?;
    let command = json!({ "id": 1, "method": "Runtime.evaluate", "params": { "expression": NO_LIST } });
    socket.send(Message::text(command.to_string())).await.map_err(|error| words(&error))?;
    socket.next().await.ok_or("it said nothing")?.map_err(|error| words(&error))?;
    socket.close(None).await.map_err(|error| words(&error))
}
