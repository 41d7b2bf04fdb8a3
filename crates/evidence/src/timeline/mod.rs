//! What can stand on the timeline: entries, and what each kind of event holds.

pub(crate) mod act;
pub(crate) mod browser_window;
pub(crate) mod exchange;
pub(crate) mod gesture;
pub(crate) mod hop;
pub(crate) mod hostile_input;
pub(crate) mod klaviyo_fault;
pub(crate) mod mail;
pub(crate) mod page;
pub(crate) mod page_part;
pub(crate) mod secret_search;
pub(crate) mod sent_data;
pub(crate) mod step;
pub(crate) mod step_problem;
pub(crate) mod tampering;
#[expect(clippy::module_inception, reason = "the folder is named for its main noun")]
pub(crate) mod timeline;
