//! What a user sees.
//!
//! - `read_page` runs the page reader's script in the document and its `frames`; `messages` reports messages that vanish.
//! - `recognise` decides what a page is; `overrides` says how `flowcheck.yaml` wants a part found. The result is a `page_snapshot`.
//! - `wait_until_idle` waits until a page has come to rest; `navigation_tracker` follows navigations and requests.
//! - `screenshot` takes pictures, `probe` requests an address in the background, `secret_search` looks for secrets.

pub(in crate::browser) mod frames;
pub(in crate::browser) mod messages;
pub(in crate::browser) mod navigation_tracker;
pub(in crate::browser) mod overrides;
pub(in crate::browser) mod page_snapshot;
pub(in crate::browser) mod probe;
pub(in crate::browser) mod read_page;
pub(in crate::browser) mod recognise;
pub(in crate::browser) mod screenshot;
pub(in crate::browser) mod secret_search;
pub(in crate::browser) mod wait_until_idle;
