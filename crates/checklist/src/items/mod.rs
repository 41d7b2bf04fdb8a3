//! The checklist: one file for each item, with its requirement, its source, its judge and all that is said about it.
//!
//! - An [`Item`] is the definition; its file is in the folder of its [`Group`]: `install` and `installed`, `embedded`, `user`, `errors`,
//!   `uninstall`, `rate`, `scopes`, `oauth` and `oauth_probes`, `api`, `data`.
//! - `list` puts all items in order, and finds one by its id. A new item is a new file and a line there.
//! - `usual_causes` are the known ways to go wrong: a pattern in the evidence, the cause it points to, and the remedy.
//! - `remedies` and `documents` hold what several items share; a [`Topic`] names the guidance that explains an item.

pub(crate) mod api;
pub(crate) mod data;
pub(crate) mod documents;
pub(crate) mod embedded;
pub(crate) mod errors;
pub(crate) mod install;
pub(crate) mod installed;
pub(crate) mod item;
pub(crate) mod list;
pub(crate) mod oauth;
pub(crate) mod oauth_probes;
pub(crate) mod rate;
pub(crate) mod remedies;
pub(crate) mod scopes;
pub(crate) mod uninstall;
pub(crate) mod user;
pub(crate) mod usual_causes;

pub use item::{Cause, Group, Item, Tier, Topic};
pub(crate) use list::is_gate;
pub use list::{BY_HAND, catalogue, find, remedy};
