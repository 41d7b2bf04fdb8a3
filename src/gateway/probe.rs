//! The probe: a URL of klaviyo.com that only this gateway answers correctly.

use hyper::Request;
use rand::distr::{Alphanumeric, SampleString as _};

/// Characters of the path's and the answer's random part.
const LENGTH: usize = 24;

/// A random path and the random text that the gateway answers there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    path: String,
    answer: String,
}

impl Probe {
    /// A new random probe.
    pub(crate) fn new() -> Self {
        let random = || Alphanumeric.sample_string(&mut rand::rng(), LENGTH);
        Self { path: format!("/_flowcheck/probe/{}", random()), answer: random() }
    }

    /// The URL to open. It gives nothing away to another server that may answer there.
    pub fn url(&self) -> String {
        self.url_at("https://www.klaviyo.com")
    }

    /// The probe's URL below another base URL, which has no trailing slash.
    pub(crate) fn url_at(&self, base: &str) -> String {
        format!("{base}{}", self.path)
    }

    /// The text that the gateway answers there.
    pub fn answer(&self) -> &str {
        &self.answer
    }

    /// Whether a request is for the probe.
    pub(crate) fn is_asked_by<B>(&self, request: &Request<B>) -> bool {
        request.uri().path() == self.path
    }
}
