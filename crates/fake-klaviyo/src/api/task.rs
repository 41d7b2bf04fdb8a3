//! One admitted call: what to do, and whose data to do it on.

use hyper::http::StatusCode;
use serde_json::Value;

use crate::call::Call;

use super::errors::ApiError;
use super::operations::Operation;
use super::records::Shelf;

/// What an operation answers: status, and a body where there is one.
pub(super) type Done = Result<(StatusCode, Option<Value>), ApiError>;

/// One admitted call.
#[derive(Debug)]
pub(super) struct Task<'a> {
    /// The operation asked for.
    pub(super) operation: &'static Operation,
    /// The id in its path; empty where there is none.
    pub(super) id: String,
    /// The account's data.
    pub(super) shelf: &'a mut Shelf,
    /// The call.
    pub(super) call: &'a Call,
    /// Scheme and host that links begin with.
    pub(super) base: &'a str,
    /// Klaviyo's time.
    pub(super) now_ms: i64,
}

impl Task<'_> {
    /// Done, with this body.
    #[expect(clippy::unnecessary_wraps, reason = "it ends what can fail before")]
    pub(super) fn with(&self, body: Value) -> Done {
        Ok((self.operation.success, Some(body)))
    }

    /// Done, with nothing to say.
    #[expect(clippy::unnecessary_wraps, reason = "it ends what can fail before")]
    pub(super) fn silent(&self) -> Done {
        Ok((self.operation.success, None))
    }
}
