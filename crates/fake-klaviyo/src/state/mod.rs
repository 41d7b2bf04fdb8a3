//! What one fake Klaviyo knows, behind one lock.
//!
//! - `platform` owns all of it and is what request handlers receive.
//! - `attempts`, `codes`, `grants` (installs and tokens) and `sessions` are the tables; `jwt` signs access tokens,
//!   and `token_status` is what is told of one.
//! - `members` are the roles of users in accounts, and who is suspended there.
//! - `armed_faults` are the faults to inject; `feed_slots` limits how many sandbox pages follow the journal.
//! - `clock` is Klaviyo's time, which tests move forward.
//! - `test_control` holds the changes that tests make from outside.

pub(crate) mod armed_faults;
pub(crate) mod attempts;
pub(crate) mod clock;
pub(crate) mod codes;
pub(crate) mod feed_slots;
pub(crate) mod grants;
pub(crate) mod jwt;
pub(crate) mod members;
pub(crate) mod platform;
pub(crate) mod sessions;
pub(crate) mod test_control;
pub(crate) mod token_status;
