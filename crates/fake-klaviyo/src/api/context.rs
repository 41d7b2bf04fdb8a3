//! One admitted call: what to do, and whose data to do it on.

use hyper::http::StatusCode;
use serde_json::Value;

use crate::http::request::Call;

use crate::api::data::account_data::Shelf;
use crate::api::errors::ApiError;
use crate::api::spec::operations::Operation;

/// What an operation answers: status, and a body where there is one.
pub(crate) type Done = Result<(StatusCode, Option<Value>), ApiError>;

/// One admitted call.
#[derive(Debug)]
pub(crate) struct Task<'a> {
    /// The operation asked for.
    pub(crate) operation: &'static Operation,
    /// The id in its path; empty where there is none.
    pub(crate) id: String,
    /// The account's data.
    pub(crate) shelf: &'a mut Shelf,
    /// The call.
    pub(crate) call: &'a Call,
    /// Scheme and host that links begin with.
    pub(crate) base: &'a str,
    /// Klaviyo's time.
    pub(crate) now_ms: i64,
}

impl Task<'_> {
    /// Done, with this body.
    #[expect(clippy::unnecessary_wraps, reason = "it ends what can fail before")]
    pub(crate) fn with(&self, body: Value) -> Done {
        Ok((self.operation.success, Some(body)))
    }

    /// Done, with nothing to say.
    #[expect(clippy::unnecessary_wraps, reason = "it ends what can fail before")]
    pub(crate) fn silent(&self) -> Done {
        Ok((self.operation.success, None))
    }
}
