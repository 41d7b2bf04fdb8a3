//! What flowcheck knows, printed without running anything: items, scenarios, schemas.

pub(super) mod explain;
pub(super) mod list;
pub(super) mod schema;
