//! BiDi's commands in Chromium's own protocol.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::http::uri::InvalidUri;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::socket::{ANSWER, Call, Socket, slow};
use super::translation::Translation;
use crate::browser::BrowserError;

/// What the type of the process that speaks with the network contains.
const NETWORK: &str = "NetworkService";

/// A Chromium of this machine.
#[derive(Debug)]
pub(super) struct Chromium {
    socket: Socket,
    translation: Arc<Mutex<Translation>>,
}

impl Chromium {
    pub(super) async fn connect(
        debugger: &str,
        mut on_event: impl FnMut(&str, &Value) + Send + 'static,
    ) -> Result<Self, BrowserError> {
        let failed =
            |error: DebuggerError| BrowserError::Bidi { method: "connect".to_owned(), message: error.to_string() };
        let url = timeout(ANSWER, address(debugger)).await.map_err(|_| slow("connect"))?.map_err(failed)?;
        let translation = Arc::<Mutex<Translation>>::default();
        let hears = translation.clone();
        let socket = Socket::connect(&url, move |message| {
            let (events, calls) = hears.lock().unwrap_or_else(PoisonError::into_inner).take(message);
            for (method, params) in &events {
                on_event(method, params);
            }
            calls
        })
        .await?;
        let chromium = Self::over(socket, translation);
        // Tells of tabs that crash.
        let pages = json!([{ "type": "page" }, { "exclude": true }]);
        chromium.ask(Call::new("Target.setDiscoverTargets", json!({ "discover": true, "filter": pages }))).await?;
        Ok(chromium)
    }

    /// The id of the process that speaks with the network; none where it has not started yet, or has ended.
    pub(super) async fn network_process(&self) -> Result<Option<u64>, BrowserError> {
        let all = self.ask(Call::new("SystemInfo.getProcessInfo", json!({}))).await?;
        let mut all = all["processInfo"].as_array().into_iter().flatten();
        let network = all.find(|process| process["type"].as_str().is_some_and(|kind| kind.contains(NETWORK)));
        Ok(network.and_then(|process| process["id"].as_u64()))
    }

    /// A Chromium whose messages go to `translation` as they come.
    pub(super) fn over(socket: Socket, translation: Arc<Mutex<Translation>>) -> Self {
        Self { socket, translation }
    }

    pub(super) async fn send(&self, method: &'static str, params: &Value) -> Result<Value, BrowserError> {
        match method {
            // Everything that can be told is told.
            "session.subscribe" => Ok(json!({})),
            "browser.createUserContext" => self.create_user(params).await,
            "browser.removeUserContext" => {
                let user = text(&params["userContext"]);
                self.ask(Call::new("Target.disposeBrowserContext", json!({ "browserContextId": user }))).await?;
                self.known().tabs.forget_user(&user);
                Ok(json!({}))
            }
            "browsingContext.create" => self.create_tab(&text(&params["userContext"])).await,
            "browsingContext.close" => {
                self.ask(Call::new("Target.closeTarget", json!({ "targetId": params["context"] }))).await
            }
            "emulation.setUserAgentOverride" => {
                let brands = params["brands"].clone();
                let hints = json!({ "brands": brands, "platform": params["platform"], "platformVersion": "", "architecture": "", "model": "", "mobile": false });
                let agent = json!({ "userAgent": params["userAgent"], "userAgentMetadata": hints });
                self.known().tabs.pose_as(agent);
                Ok(json!({}))
            }
            "browsingContext.setViewport" => {
                let (width, height) = (&params["viewport"]["width"], &params["viewport"]["height"]);
                let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 0, "mobile": false });
                self.ask_tab(params, "Emulation.setDeviceMetricsOverride", metrics).await
            }
            "browsingContext.navigate" => self.navigate(params).await,
            "browsingContext.captureScreenshot" => {
                let quality = params["format"]["quality"].as_f64().unwrap_or(1.0) * 100.0;
                let wanted = json!({ "format": "jpeg", "quality": quality.round() });
                self.ask_tab(params, "Page.captureScreenshot", wanted).await
            }
            "input.performActions" => {
                let session = self.session_of(params)?;
                let actions = &params["actions"][0]["actions"];
                self.ask_all(mouse(actions).into_iter().map(|call| call.to(&session)).collect()).await
            }
            "script.addPreloadScript" => {
                let channel = text(&params["arguments"][0]["value"]["channel"]);
                self.known().tabs.preload(&text(&params["functionDeclaration"]), &channel);
                Ok(json!({}))
            }
            "script.evaluate" => {
                let wanted = json!({ "expression": params["expression"], "returnByValue": true });
                let answer = self.ask_tab(&params["target"], "Runtime.evaluate", wanted).await?;
                Ok(json!({ "result": answer["result"] }))
            }
            // None of BiDi's: the page's own script is ended, wherever it is.
            "script.terminate" => self.ask_tab(params, "Runtime.terminateExecution", json!({})).await,
            "network.setExtraHeaders" => {
                let headers = params["headers"].as_array().into_iter().flatten();
                let headers: Map<_, _> =
                    headers.map(|header| (text(&header["name"]), header["value"]["value"].clone())).collect();
                let asked = self.known().tabs.carry(&text(&params["contexts"][0]), headers);
                self.ask_all(asked).await
            }
            "network.addDataCollector" => {
                let bytes = params["maxEncodedDataSize"].as_u64().unwrap_or_default();
                let asked = {
                    let mut known = self.known();
                    known.requests.keep();
                    known.tabs.keep_answers(&text(&params["userContexts"][0]), bytes)
                };
                self.ask_all(asked).await?;
                Ok(json!({ "collector": "all" }))
            }
            "network.getData" => self.body(&text(&params["request"])).await,
            "storage.getCookies" => {
                let user = self.user_of(&params["partition"])?;
                let answer = self.ask(Call::new("Storage.getCookies", json!({ "browserContextId": user }))).await?;
                let cookies = answer["cookies"].as_array().into_iter().flatten().cloned().map(|mut cookie| {
                    cookie["value"] = json!({ "type": "string", "value": cookie["value"] });
                    cookie
                });
                Ok(json!({ "cookies": cookies.collect::<Vec<_>>() }))
            }
            "storage.setCookie" => {
                let user = self.user_of(&params["partition"])?;
                let mut cookie = params["cookie"].clone();
                cookie["value"] = cookie["value"]["value"].take();
                // BiDi writes it in lower case.
                cookie["sameSite"] = match cookie["sameSite"].as_str() {
                    Some("strict") => json!("Strict"),
                    Some("none") => json!("None"),
                    _ => json!("Lax"),
                };
                self.ask(Call::new("Storage.setCookies", json!({ "cookies": [cookie], "browserContextId": user })))
                    .await
            }
            _ => Err(failed(method, "flowcheck does not know how to ask for it".to_owned())),
        }
    }

    async fn create_user(&self, params: &Value) -> Result<Value, BrowserError> {
        let mut wanted = json!({ "disposeOnDetach": true });
        if let Some(proxy) = params["proxy"].as_object() {
            let server = |kind: &str| proxy.get(kind).and_then(Value::as_str);
            let servers = [("http", server("httpProxy")), ("https", server("sslProxy"))];
            let servers = servers.iter().filter_map(|(scheme, server)| Some(format!("{scheme}={}", (*server)?)));
            wanted["proxyServer"] = json!(servers.collect::<Vec<_>>().join(";"));
            let direct = proxy.get("noProxy").and_then(Value::as_array).into_iter().flatten();
            wanted["proxyBypassList"] = json!(direct.map(text).collect::<Vec<_>>().join(","));
        }
        let answer = self.ask(Call::new("Target.createBrowserContext", wanted)).await?;
        let user = text(&answer["browserContextId"]);
        self.known().tabs.user(&user, params["acceptInsecureCerts"] == true);
        // Every page is told of, and waits until it was asked for what it is to tell.
        let pages = json!([{ "type": "page" }, { "exclude": true }]);
        let wanted = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true, "filter": pages });
        self.ask(Call::new("Target.setAutoAttach", wanted)).await?;
        Ok(json!({ "userContext": user }))
    }

    async fn create_tab(&self, user: &str) -> Result<Value, BrowserError> {
        let wanted = json!({ "url": "about:blank", "browserContextId": user });
        let tab = text(&self.ask(Call::new("Target.createTarget", wanted)).await?["targetId"]);
        // Chromium tells of a page before it answers that it is there.
        let enabled = self.known().tabs.once_enabled(&tab);
        let no_tab = || failed("browsingContext.create", "the browser did not tell of its tab".to_owned());
        // A page that went elsewhere before it had taken in what it is to tell would tell the half of it.
        self.ask(enabled.ok_or_else(no_tab)?).await?;
        Ok(json!({ "context": tab }))
    }

    /// Goes to an address: until it has set out, or until the page is loaded, as is wanted.
    async fn navigate(&self, params: &Value) -> Result<Value, BrowserError> {
        let (session, mut set_out, mut loaded) = {
            let known = self.known();
            let tab = known.tabs.tab(&text(&params["context"])).ok_or(BrowserError::Lost)?;
            (tab.session.clone(), tab.set_out.subscribe(), tab.loaded.subscribe())
        };
        let asked = self.ask(Call::new("Page.navigate", json!({ "url": params["url"] })).to(&session));
        let answer = if params["wait"] == "none" {
            tokio::select! {
                // First, so that it is asked before anything is waited for.
                biased;
                answer = asked => answer?,
                Ok(()) = set_out.changed() => return Ok(json!({})),
            }
        } else {
            asked.await?
        };
        if let Some(error) = answer["errorText"].as_str() {
            return Err(failed("browsingContext.navigate", error.to_owned()));
        }
        if params["wait"] == "complete"
            && let Some(document) = answer["loaderId"].as_str()
        {
            let there = timeout(ANSWER, loaded.wait_for(|loaded| loaded == document)).await;
            there.map_err(|_| slow("browsingContext.navigate"))?.map_err(|_| BrowserError::Lost)?;
        }
        Ok(json!({}))
    }

    async fn body(&self, request: &str) -> Result<Value, BrowserError> {
        let none = || failed("network.getData", "there is no such answer".to_owned());
        let session = self.known().requests.kept_by(request).ok_or_else(none)?;
        let wanted = Call::new("Network.getResponseBody", json!({ "requestId": request })).to(&session);
        let answer = self.ask(wanted).await?;
        let kind = if answer["base64Encoded"] == true { "base64" } else { "string" };
        Ok(json!({ "bytes": { "type": kind, "value": answer["body"] } }))
    }

    fn user_of(&self, partition: &Value) -> Result<String, BrowserError> {
        let known = self.known();
        known.tabs.tab(&text(&partition["context"])).map(|tab| tab.user.clone()).ok_or(BrowserError::Lost)
    }

    /// Asks the tab that `of` names as its context.
    async fn ask_tab(&self, of: &Value, method: &'static str, params: Value) -> Result<Value, BrowserError> {
        let session = self.session_of(of)?;
        self.ask(Call::new(method, params).to(&session)).await
    }

    fn session_of(&self, of: &Value) -> Result<String, BrowserError> {
        self.known().tabs.tab(&text(&of["context"])).map(|tab| tab.session.clone()).ok_or(BrowserError::Lost)
    }

    /// Asks for all of it at once.
    async fn ask_all(&self, calls: Vec<Call>) -> Result<Value, BrowserError> {
        futures_util::future::try_join_all(calls.into_iter().map(|call| self.ask(call))).await?;
        Ok(json!({}))
    }

    async fn ask(&self, call: Call) -> Result<Value, BrowserError> {
        let method = call.method;
        let mut answer = self.socket.ask(call).await?;
        if let Some(message) = answer["error"]["message"].as_str() {
            return Err(failed(method, message.to_owned()));
        }
        Ok(answer["result"].take())
    }

    fn known(&self) -> MutexGuard<'_, Translation> {
        self.translation.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A pointer's actions as Chromium's mouse takes them: moving, pressing and letting go of the left button.
fn mouse(actions: &Value) -> Vec<Call> {
    let (mut x, mut y) = (json!(0), json!(0));
    let mut calls = Vec::new();
    for action in actions.as_array().into_iter().flatten() {
        let (kind, button, clicks) = match action["type"].as_str() {
            Some("pointerDown") => ("mousePressed", "left", 1),
            Some("pointerUp") => ("mouseReleased", "left", 1),
            _ => {
                (x, y) = (action["x"].clone(), action["y"].clone());
                ("mouseMoved", "none", 0)
            }
        };
        let event = json!({ "type": kind, "x": x, "y": y, "button": button, "clickCount": clicks });
        calls.push(Call::new("Input.dispatchMouseEvent", event));
    }
    calls
}

/// A debugger's port that does not say where the browser can be reached.
#[derive(Debug, thiserror::Error)]
pub(super) enum DebuggerError {
    /// The driver named an address that is none.
    #[error(transparent)]
    Address(#[from] InvalidUri),
    /// Nothing answers there.
    #[error(transparent)]
    Connect(#[from] hyper_util::client::legacy::Error),
    /// The answer broke off.
    #[error(transparent)]
    Body(#[from] hyper::Error),
    /// The answer is not JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The answer names no address.
    #[error("it names no address")]
    NoAddress,
}

/// The WebSocket address of the whole browser.
pub(super) async fn address(debugger: &str) -> Result<String, DebuggerError> {
    let version = format!("http://{debugger}/json/version").parse()?;
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.get(version).await?;
    let body = answer.into_body().collect().await?.to_bytes();
    let version: Value = serde_json::from_slice(&body)?;
    version["webSocketDebuggerUrl"].as_str().map(str::to_owned).ok_or(DebuggerError::NoAddress)
}

fn failed(method: &str, message: String) -> BrowserError {
    BrowserError::Bidi { method: method.to_owned(), message }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
