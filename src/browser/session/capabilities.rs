//! What browsers are asked to be.

use std::path::Path;

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use crate::browser::session::driver_ports::{chromium_rules, firefox_banned};
use crate::browser::session::user_agent::UserAgent;
use crate::browser::{Engine, Found, Source};

/// How to start a browser.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// With a window that a person can watch.
    pub headed: bool,
    /// Without BiDi even where the driver has it: a session per user, hops without status.
    pub classic: bool,
}

/// Size of the page area, in CSS pixels.
pub(in crate::browser) const VIEWPORT: (u32, u32) = (1280, 900);

/// What is asked for, but for the way to the network. `agent` is what the browser is to say that it is. `debugger` is the port where a Chromium of this machine is spoken with itself.
pub(in crate::browser) fn capabilities(
    source: &Source,
    options: Options,
    debugger: Option<u16>,
    agent: Option<&UserAgent>,
) -> Capabilities {
    let mut capabilities = Capabilities::new();
    // With BiDi, loading is followed by events; commands that wait for it by themselves would only hold up.
    let strategy = if options.classic { "normal" } else { "none" };
    capabilities.insert("pageLoadStrategy".to_owned(), json!(strategy));
    capabilities.insert("unhandledPromptBehavior".to_owned(), json!("accept"));
    let here = match source {
        Source::Here(found) => Some(found),
        Source::There(remote) => {
            capabilities.insert("browserName".to_owned(), json!(remote.browser_name()));
            None
        }
    };
    // A Chromium of this machine is spoken with itself; see `bidi`.
    let by_driver = here.is_none() || source.engine() != Engine::Chromium;
    if by_driver && !options.classic {
        capabilities.insert("webSocketUrl".to_owned(), json!(true));
    }
    match source.engine() {
        Engine::Chromium => {
            let mut arguments: Vec<String> = [
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                // A frame for every document costs more than the document does. Pages can't tell.
                "--disable-features=RenderDocument",
                "--disable-gpu",
                "--disable-quic",
                "--disable-sync",
                "--no-first-run",
                "--password-store=basic",
                // Sites of one user share a process, which a new one would take longer to start than to show a page.
                "--renderer-process-limit=1",
                "--test-third-party-cookie-phaseout",
            ]
            .map(str::to_owned)
            .into();
            arguments.push(format!("--window-size={},{}", VIEWPORT.0, VIEWPORT.1));
            // Workers take it from here, and requests that no page makes.
            if let Some(agent) = agent {
                arguments.push(format!("--user-agent={}", agent.header()));
            }
            if !options.headed {
                arguments.push("--headless=new".to_owned());
            }
            // What other machines need is not known, and what they are sent to is the user's own app.
            if here.is_none() || needs_no_sandbox() {
                arguments.push("--no-sandbox".to_owned());
                arguments.push("--disable-dev-shm-usage".to_owned());
            }
            if here.is_some() {
                arguments.push(format!("--host-resolver-rules={}", chromium_rules()));
                // Without a port the driver speaks with its browser by a pipe.
                arguments.push(debugger.map_or_else(
                    || "--remote-debugging-pipe".to_owned(),
                    |port| format!("--remote-debugging-port={port}"),
                ));
            }
            // The full browser looks here, the headless shell at the flag above; whether it helps is tried before it matters.
            let prefs = json!({ "profile": { "cookie_controls_mode": 1, "block_third_party_cookies": true } });
            let wanted = json!({ "args": arguments, "prefs": prefs });
            capabilities.insert("goog:chromeOptions".to_owned(), with_program(wanted, here));
        }
        Engine::Firefox => {
            // Refuses all cookies of framed sites, as the other engine does.
            let mut prefs = json!({ "network.cookie.cookieBehavior": 1 });
            if here.is_none() {
                // The other engine has a word for it in the proxy's own settings.
                prefs["network.proxy.allow_hijacking_localhost"] = json!(true);
            } else {
                prefs["network.security.ports.banned"] = json!(firefox_banned());
                // Both open connections to any port that a page names, though they send nothing.
                prefs["network.preconnect"] = json!(false);
                prefs["network.predictor.enabled"] = json!(false);
            }
            let arguments: &[&str] = if options.headed { &[] } else { &["-headless"] };
            let wanted = json!({ "args": arguments, "prefs": prefs });
            capabilities.insert("moz:firefoxOptions".to_owned(), with_program(wanted, here));
        }
    }
    capabilities
}

/// Which program it is, other machines decide.
fn with_program(mut wanted: Value, here: Option<&Found>) -> Value {
    if let Some(found) = here {
        wanted["binary"] = json!(found.browser.display().to_string());
    }
    wanted
}

/// Chromium's sandbox works neither as root nor in most containers.
fn needs_no_sandbox() -> bool {
    nix::unistd::geteuid().is_root() || Path::new("/.dockerenv").exists() || Path::new("/run/.containerenv").exists()
}
