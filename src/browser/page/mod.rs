//! What a user sees.
//!
//! - `read_page` runs the page reader's script in the document and its `frames`, which `frame_switch` goes into.
//! - `recognise` decides what a page is; `overrides` says how `flowcheck.yaml` wants a part found, `overridden_part` what was found so. The
//!   result is a `page_snapshot`.
//! - `navigation` follows the browser from page to page; `wait_until_idle` waits until a page has come to rest, and one that does not
//!   is `stalled`.
//! - `might_go_on` tells which pages at rest still go on by themselves; `front_window` goes from window to window.
//! - `screenshot` takes pictures, `probe` requests an address in the background, `secret_search` looks for secrets.
//! - `fuzz_targets` plays any answer of the page reader and any value that a browser keeps.
//! - `tab_health` tells a tab that its own page blocks from a browser that does not work.

pub(in crate::browser) mod frame_switch;
pub(in crate::browser) mod frames;
pub(in crate::browser) mod front_window;
#[cfg(any(test, fuzzing))]
pub mod fuzz_targets;
pub(in crate::browser) mod might_go_on;
pub(in crate::browser) mod navigation;
pub(in crate::browser) mod overridden_part;
pub(in crate::browser) mod overrides;
pub(in crate::browser) mod page_snapshot;
pub(in crate::browser) mod probe;
pub(in crate::browser) mod read_page;
pub(in crate::browser) mod recognise;
pub(in crate::browser) mod screenshot;
pub(in crate::browser) mod secret_search;
pub(in crate::browser) mod stalled;
pub(in crate::browser) mod tab_health;
pub(in crate::browser) mod wait_until_idle;
