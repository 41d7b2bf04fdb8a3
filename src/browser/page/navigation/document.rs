//! What is known of the latest document of a tab.

/// What a tracker knows of the latest document.
#[derive(Debug, Clone, Default)]
pub(in crate::browser) struct Document {
    pub(in crate::browser) status: Option<u16>,
    pub(in crate::browser) media_type: Option<String>,
    /// The browser's words when no answer came.
    pub(in crate::browser) error: Option<String>,
    /// Its address when no answer came, with secrets replaced: the browser's error page has another.
    pub(in crate::browser) failed_at: Option<String>,
}
