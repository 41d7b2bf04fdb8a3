//! From page to page: what the browser tells of a window's documents and requests.
//!
//! - `navigation_tracker` follows one window: its hops, and whether it is still on the move, which is its `activity`. `network_event`
//!   reads what the browser tells, `document` is the latest of its documents.
//! - `held_requests` are those that no page waits for, `regular_requests` those that tell nothing of whether it is on the move; `messages` reports messages that vanish.
//! - `windows` are those of one user: the tabs, and what the app opens from them.

pub(in crate::browser) mod activity;
pub(in crate::browser) mod document;
pub(in crate::browser) mod held_requests;
pub(in crate::browser) mod messages;
pub(in crate::browser) mod navigation_tracker;
pub(in crate::browser) mod network_event;
mod regular_requests;
pub(in crate::browser) mod windows;
