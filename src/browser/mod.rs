//! The browser: a real one, driven as a person would drive it.
//!
//! - [`find`] looks for a browser and its driver; [`Driver`] starts the driver and ends its whole process group. Its port and the
//!   browser's debugger's are among the [`DRIVER_PORTS`], which no page can open.
//! - [`Remote`] is a WebDriver end that somebody else runs, such as a Selenium Grid; [`Source`] is one or the other.
//! - [`Browser`] is a WebDriver session, with WebDriver BiDi beside it where the driver has it.
//! - [`User`] is one person's isolated browser context: goes to addresses, clicks, types, and waits until a page has
//!   come to [`await_page`](User::await_page). Its hops go to the recorder by themselves.
//! - [`User::search`] looks for secrets in all that the browser received and keeps.
//! - [`Route`] is a user's way to the network, proven before it is used.
//! - [`SiteAccess`] is what a user has on them for a site that is not public.
//! - [`Override`] is how `flowcheck.yaml` says that a part of a page is found.
//! - [`PageSnapshot`] is a page at rest: what a person sees, what it was recognised as, and handles to act on.
//! - `session` finds, starts and opens browsers, here and elsewhere; `bidi` speaks WebDriver BiDi with them; `input` clicks and types; `page`
//!   reads what a person sees and follows the browser from page to page.
//!
//! This room knows pages, not apps: what to do with a page is the runner's business, what it means the checklist's.

mod bidi;
mod error;
mod input;
mod page;
mod session;
mod user;

pub use error::BrowserError;
#[cfg(any(test, fuzzing))]
pub use page::fuzz_targets;
pub use page::overrides::Override;
pub use page::page_snapshot::{Confirmation, Constraints, PageSnapshot, Part, Parts, Tenants, Ways};
pub use page::probe::Answered;
pub use page::recognise::{
    backs_out, closes, confirms, leads_on, leads_to_disconnect, leads_to_integrations, marked_phrase,
    matches_authorize_again, matches_connect, matches_continue, matches_disconnect, matches_dismiss, matches_retry,
    matches_sign_in, matches_sign_out, matches_sign_up, quoted, says_to_retry,
};
pub use page::stalled::Stalled;
pub use session::browser::Browser;
pub use session::capabilities::Options;
pub use session::driver::Driver;
pub use session::driver_ports::{DRIVER_PORTS, opens_no_page};
pub use session::find_browser::{Engine, Found, NotFound, find};
pub use session::remote::{Remote, RemoteEndError, RemoteError, WayBack, give_back, give_back_named};
pub use session::route::Route;
pub use session::site_access::SiteAccess;
pub use session::source::Source;
pub use user::{Timeouts, User};
