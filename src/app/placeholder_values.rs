//! A world's values for the placeholders of `flowcheck.yaml`.

use crate::scenario::Placeholders;

/// What stands for `{port}`, `{host_port}`, `{data}`, `{smtp_port}`, `{klaviyo_www}` and `{klaviyo_api}` in one world.
#[derive(Debug, Clone)]
pub struct PlaceholderValues {
    /// A port that was free a moment ago.
    pub port: u16,
    /// Another one, for the host platform of an embedded app.
    pub host_port: u16,
    /// An empty folder of the world's own.
    pub data: String,
    /// Port of the world's letter box.
    pub smtp_port: u16,
    /// Base URL of the fake Klaviyo's pages, without a slash at its end.
    pub klaviyo_www: String,
    /// Base URL of the fake Klaviyo's token endpoint and API, without a slash at its end.
    pub klaviyo_api: String,
}

impl PlaceholderValues {
    /// `text` with its placeholders filled in.
    pub fn fill(&self, text: &str) -> String {
        self.fill_for(None, text)
    }

    /// The same, with `{tenant}` too.
    pub fn fill_for(&self, tenant: Option<&str>, text: &str) -> String {
        let Self { port, host_port, data, smtp_port, klaviyo_www, klaviyo_api } = self;
        let (port, host_port, smtp_port) = (*port, *host_port, *smtp_port);
        Placeholders { port, host_port, data, smtp_port, klaviyo_www, klaviyo_api, tenant }.fill(text)
    }
}
