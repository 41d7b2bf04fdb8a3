//! One admitted call: what to do, and whose data to do it on.

use hyper::http::StatusCode;
use serde_json::Value;

use crate::http::request::Request;

use crate::api::data::account_data::AccountData;
use crate::api::errors::ApiError;
use crate::api::spec::operations::Operation;

/// What an operation answers: status, and a body where there is one.
pub(crate) type OperationResult = Result<(StatusCode, Option<Value>), ApiError>;

/// One admitted call.
#[derive(Debug)]
pub(crate) struct OperationContext<'a> {
    /// The operation asked for.
    pub(crate) operation: &'static Operation,
    /// The id in its path; empty where there is none.
    pub(crate) id: String,
    /// The account's data.
    pub(crate) records: &'a mut AccountData,
    /// The call.
    pub(crate) request: &'a Request,
    /// Scheme and host that links begin with.
    pub(crate) base: &'a str,
    /// Klaviyo's time.
    pub(crate) now_ms: i64,
}

impl OperationContext<'_> {
    /// Done, with this body.
    #[expect(clippy::unnecessary_wraps, reason = "it ends what can fail before")]
    pub(crate) fn with_body(&self, body: Value) -> OperationResult {
        Ok((self.operation.success, Some(body)))
    }

    /// Done, with nothing to say.
    #[expect(clippy::unnecessary_wraps, reason = "it ends what can fail before")]
    pub(crate) fn no_body(&self) -> OperationResult {
        Ok((self.operation.success, None))
    }
}
