//! A call of Klaviyo's API.

use flowcheck_evidence::{ApiCall, Exchange};

use crate::verdict::Value;

/// A call of Klaviyo's API, with its place on the timeline.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ApiRequest<'a> {
    /// The entry's position.
    pub(crate) seq: u32,
    /// Real time of the answer, in milliseconds since the recording began.
    pub(crate) at_ms: u64,
    /// Request and answer.
    pub(crate) exchange: &'a Exchange,
    /// What Klaviyo made of it.
    pub(crate) facts: &'a ApiCall,
}

impl ApiRequest<'_> {
    /// Its method and path.
    pub(crate) fn request(&self) -> Value {
        Value::request(self.exchange)
    }

    /// Whether Klaviyo did what was asked.
    pub(crate) fn succeeded(&self) -> bool {
        (200..300).contains(&self.exchange.status)
    }

    /// Whether the edge before Klaviyo answered with a challenge; Klaviyo itself never saw the call.
    pub(crate) fn is_challenged(&self) -> bool {
        let mut headers = self.exchange.response_headers.iter();
        headers.any(|(name, text)| name.eq_ignore_ascii_case("cf-mitigated") && text == "challenge")
    }

    /// Whether a browser asks if a page may make the call.
    pub(crate) fn is_preflight(&self) -> bool {
        self.exchange.method == "OPTIONS"
    }
}
