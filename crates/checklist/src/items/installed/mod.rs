//! What an app shows once it is installed: of itself, and where Klaviyo links its settings.
//!
//! One file per item.

pub(crate) mod settings_url;
pub(crate) mod shown;
