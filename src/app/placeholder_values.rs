//! A world's values for the placeholders of `flowcheck.yaml`.

use crate::scenario::Placeholders;

/// The values of `{port}`, `{host_port}`, `{data}`, `{smtp_port}`, `{klaviyo_www}` and `{klaviyo_api}` in one world.
#[derive(Debug, Clone)]
pub struct PlaceholderValues {
    /// A free port for the app.
    pub port: u16,
    /// A free port for the host platform of an embedded app.
    pub host_port: u16,
    /// An empty folder, one per world.
    pub data: String,
    /// Port of the world's SMTP sink.
    pub smtp_port: u16,
    /// Base URL of the fake Klaviyo's pages, without a trailing slash.
    pub klaviyo_www: String,
    /// Base URL of the fake Klaviyo's token endpoint and API, without a trailing slash.
    pub klaviyo_api: String,
}

impl PlaceholderValues {
    /// `text` with its placeholders replaced.
    pub fn fill(&self, text: &str) -> String {
        self.fill_for(None, text)
    }

    /// `text` with its placeholders replaced, `{tenant}` included.
    pub fn fill_for(&self, tenant: Option<&str>, text: &str) -> String {
        let Self { port, host_port, data, smtp_port, klaviyo_www, klaviyo_api } = self;
        let (port, host_port, smtp_port) = (*port, *host_port, *smtp_port);
        Placeholders { port, host_port, data, smtp_port, klaviyo_www, klaviyo_api, tenant }.fill(text)
    }
}
