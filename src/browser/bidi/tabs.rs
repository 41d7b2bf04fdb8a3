//! The tabs of a Chromium, and what each session of one is asked to tell.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::event::Event;
use super::socket::Call;

#[derive(Debug, Default)]
pub(super) struct Tabs {
    /// By their ids, which are those of their main frames, too.
    open: HashMap<String, Tab>,
    /// The tab of each session: its own, those of frames in other processes, those of workers.
    sessions: HashMap<String, String>,
    preloads: Vec<Preload>,
    /// Each user, and whether they take any certificate.
    users: HashMap<String, bool>,
    /// What every page is to be told about the browser, where that is not the truth.
    agent: Option<Value>,
}

/// A tab that flowcheck opened, or a page from there.
#[derive(Debug)]
pub(super) struct Tab {
    pub(super) session: String,
    pub(super) user: String,
    headers: Map<String, Value>,
    /// Bytes of answers to be kept of it, where any are.
    kept: Option<u64>,
    /// Navigations that set out in it so far.
    pub(super) set_out: watch::Sender<u64>,
    /// The document that was loaded last.
    pub(super) loaded: watch::Sender<String>,
}

/// A script that runs before a page's own.
#[derive(Debug)]
struct Preload {
    /// What it tells comes under this name.
    channel: String,
    source: String,
}

impl Tabs {
    /// Notes a user; `trusting` ones take any certificate.
    pub(super) fn user(&mut self, user: &str, trusting: bool) {
        self.users.insert(user.to_owned(), trusting);
    }

    /// From now on every page takes the browser for another.
    pub(super) fn pose_as(&mut self, agent: Value) {
        self.agent = Some(agent);
    }

    /// Forgets a user and what was theirs.
    pub(super) fn forget_user(&mut self, user: &str) {
        self.users.remove(user);
        self.open.retain(|_, tab| tab.user != user);
        self.sessions.retain(|_, tab| self.open.contains_key(tab));
    }

    /// Notes a tab, and says what its session is to be asked.
    pub(super) fn open(&mut self, id: &str, session: &str, user: &str) -> Vec<Call> {
        let other = self.open.values().find(|tab| tab.user == user);
        let tab = Tab {
            session: session.to_owned(),
            user: user.to_owned(),
            headers: other.map(|other| other.headers.clone()).unwrap_or_default(),
            kept: other.and_then(|other| other.kept),
            set_out: watch::Sender::default(),
            loaded: watch::Sender::default(),
        };
        let asked = self.wanted_of(&tab, session);
        self.open.insert(id.to_owned(), tab);
        self.sessions.insert(session.to_owned(), id.to_owned());
        asked
    }

    /// What is answered once a tab has taken in all that it was asked before: asked again, it changes nothing.
    pub(super) fn once_enabled(&self, id: &str) -> Option<Call> {
        self.open.get(id).map(|tab| network_of(tab).to(&tab.session))
    }

    pub(super) fn tab(&self, id: &str) -> Option<&Tab> {
        self.open.get(id)
    }

    /// The tab that a session is of.
    pub(super) fn of(&self, session: &str) -> Option<(&str, &Tab)> {
        let id = self.sessions.get(session)?;
        Some((id, self.open.get(id)?))
    }

    /// The browser has a page with a session of its own: a tab that was asked for, or what a page opened. It waits to be let go on.
    pub(super) fn found(&mut self, params: &Value) -> (Vec<Event>, Vec<Call>) {
        let (target, Some(session)) = (&params["targetInfo"], params["sessionId"].as_str()) else {
            return (Vec::new(), Vec::new());
        };
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (id, user) = (word(&target["targetId"]), word(&target["browserContextId"]));
        let goes_on = Call::new("Runtime.runIfWaitingForDebugger", json!({})).to(session);
        let is_shown = target["type"] == "page" && target["subtype"].as_str().unwrap_or_default() != "prerender";
        if !is_shown || !self.users.contains_key(&user) || self.open.contains_key(&id) {
            // Somebody else's, or a page that is rendered in case the user goes there, of which its own page tells.
            let let_go = Call::new("Target.detachFromTarget", json!({ "sessionId": session }));
            return (Vec::new(), vec![goes_on, let_go]);
        }
        let mut asked = self.open(&id, session, &user);
        asked.push(goes_on);
        let (opener, none) = (&target["openerId"], Value::Null);
        let created = json!({ "context": id, "parent": none, "originalOpener": opener, "userContext": user });
        (vec![("browsingContext.contextCreated", created)], asked)
    }

    /// A page's session is gone, and the page with it.
    pub(super) fn lost(&mut self, session: &str) -> Option<Event> {
        let id = self.sessions.get(session)?.clone();
        self.open.remove(&id).filter(|tab| tab.session == session)?;
        self.sessions.retain(|_, tab| *tab != id);
        Some(("browsingContext.contextDestroyed", json!({ "context": id })))
    }

    /// Something of a tab has a session of its own from now on, and waits to be let go on.
    pub(super) fn attached(&mut self, tab: &str, params: &Value) -> Vec<Call> {
        let Some(session) = params["sessionId"].as_str() else { return Vec::new() };
        self.sessions.insert(session.to_owned(), tab.to_owned());
        let mut asked = match self.open.get(tab) {
            Some(tab) if params["targetInfo"]["type"] == "iframe" => self.wanted_of(tab, session),
            // What workers fetch is fetched, too.
            Some(_) => vec![Call::new("Network.enable", json!({})).to(session)],
            None => Vec::new(),
        };
        asked.push(Call::new("Runtime.runIfWaitingForDebugger", json!({})).to(session));
        asked
    }

    pub(super) fn detached(&mut self, session: &str) {
        self.sessions.remove(session);
    }

    /// Has a script run in every page from now on, before the page's own: a function that is given how to tell something.
    pub(super) fn preload(&mut self, function: &str, channel: &str) {
        // The page finds nothing of it.
        let name = json!(channel);
        let source = format!("(() => {{ const tell = self[{name}]; delete self[{name}]; ({function})(tell); }})()");
        self.preloads.push(Preload { channel: channel.to_owned(), source });
    }

    /// From now on sends these headers, and says what is to be asked for it.
    pub(super) fn carry(&mut self, id: &str, headers: Map<String, Value>) -> Vec<Call> {
        let Some(tab) = self.open.get_mut(id) else { return Vec::new() };
        tab.headers = headers;
        vec![headers_of(tab).to(&tab.session)]
    }

    /// From now on keeps so many bytes of what each of a user's tabs receives, and says what is to be asked for it.
    pub(super) fn keep_answers(&mut self, user: &str, bytes: u64) -> Vec<Call> {
        let theirs = self.open.values_mut().filter(|tab| tab.user == user);
        theirs
            .map(|tab| {
                tab.kept = Some(bytes);
                network_of(tab).to(&tab.session)
            })
            .collect()
    }

    /// What a session of a tab, or of a frame in it, is to be asked.
    fn wanted_of(&self, tab: &Tab, session: &str) -> Vec<Call> {
        let mut asked = vec![
            Call::new("Page.enable", json!({})),
            Call::new("Page.setLifecycleEventsEnabled", json!({ "enabled": true })),
            network_of(tab),
            Call::new(
                "Target.setAutoAttach",
                json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true }),
            ),
        ];
        if self.users.get(&tab.user) == Some(&true) {
            asked.push(Call::new("Security.setIgnoreCertificateErrors", json!({ "ignore": true })));
        }
        if let Some(agent) = &self.agent {
            asked.push(Call::new("Emulation.setUserAgentOverride", agent.clone()));
        }
        if !tab.headers.is_empty() {
            asked.push(headers_of(tab));
        }
        if !self.preloads.is_empty() {
            asked.push(Call::new("Runtime.enable", json!({})));
        }
        for Preload { channel, source } in &self.preloads {
            asked.push(Call::new("Runtime.addBinding", json!({ "name": channel })));
            asked.push(Call::new("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })));
        }
        asked.into_iter().map(|call| call.to(session)).collect()
    }
}

fn network_of(tab: &Tab) -> Call {
    // Durable: beyond the page that asked.
    let durable = |bytes| json!({ "enableDurableMessages": true, "maxTotalBufferSize": bytes });
    let wanted = tab.kept.map_or(json!({}), durable);
    Call::new("Network.enable", wanted)
}

fn headers_of(tab: &Tab) -> Call {
    Call::new("Network.setExtraHTTPHeaders", json!({ "headers": tab.headers }))
}
