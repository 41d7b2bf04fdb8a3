//! The proof that klaviyo.com is ours: an address below it that only this gateway answers as it should.

use hyper::Request;
use rand::distr::{Alphanumeric, SampleString as _};

/// Characters of a path and an answer that nobody guesses.
const LENGTH: usize = 24;

/// A question that only one gateway knows the answer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    path: String,
    answer: String,
}

impl Probe {
    /// A new one, unlike any other.
    pub(crate) fn new() -> Self {
        let random = || Alphanumeric.sample_string(&mut rand::rng(), LENGTH);
        Self { path: format!("/_flowcheck/probe/{}", random()), answer: random() }
    }

    /// The address to open. It tells nothing to whoever else may answer there.
    pub fn url(&self) -> String {
        self.url_at("https://www.klaviyo.com")
    }

    /// The same below another base, which has no slash at its end.
    pub(crate) fn url_at(&self, base: &str) -> String {
        format!("{base}{}", self.path)
    }

    /// The text that is shown there, where klaviyo.com is this gateway.
    pub fn answer(&self) -> &str {
        &self.answer
    }

    /// Whether a request asks for it.
    pub(crate) fn is_asked_by<B>(&self, request: &Request<B>) -> bool {
        request.uri().path() == self.path
    }
}
