//! Browsers and the sessions that are open in them.
//!
//! - `find_browser` finds a browser of this machine with its driver; `remote` is one on a Grid or another machine; `source` is either.
//! - `driver` runs the driver's process on one of the `driver_ports`, which no page can open.
//! - `capabilities` are what a session is asked for, `open_session` opens one; `browser` holds the `webdriver_session`
//!   and gives each user a context in it.
//! - `user_agent` is what a headless browser says that it is; `trackers` knows whose its events are.
//! - `route` is a user's way to the network; `site_access` lets a user in to a site that is not public; `third_party_cookies` tries
//!   whether cookies of framed sites are blocked.
//! - `cdp_command` is a command of Chromium's own protocol, sent through the driver.

pub(in crate::browser) mod browser;
pub(in crate::browser) mod capabilities;
pub(in crate::browser) mod cdp_command;
pub(in crate::browser) mod driver;
pub(in crate::browser) mod driver_ports;
pub(in crate::browser) mod find_browser;
pub(in crate::browser) mod open_session;
pub(in crate::browser) mod remote;
pub(in crate::browser) mod route;
pub(in crate::browser) mod site_access;
pub(in crate::browser) mod source;
pub(in crate::browser) mod third_party_cookies;
pub(in crate::browser) mod trackers;
pub(in crate::browser) mod user_agent;
pub(in crate::browser) mod webdriver_session;
