//! An admitted request: the operation, and the data to perform it on.

use hyper::http::StatusCode;
use serde_json::Value;

use crate::http::request::Request;

use crate::api::data::account_data::AccountData;
use crate::api::errors::ApiError;
use crate::api::spec::operations::Operation;
use crate::api::spec::revisions::Revision;

/// The response of an operation: its status, and its body if it has one.
pub(crate) type OperationResult = Result<(StatusCode, Option<Value>), ApiError>;

/// An admitted request.
#[derive(Debug)]
pub(crate) struct OperationContext<'a> {
    /// The requested operation.
    pub(crate) operation: &'static Operation,
    /// The revision that the request asked for.
    pub(crate) revision: Revision,
    /// The id in its path; empty where there is none.
    pub(crate) id: String,
    /// The account's data.
    pub(crate) records: &'a mut AccountData,
    /// The request.
    pub(crate) request: &'a Request,
    /// Scheme and host of the links in responses.
    pub(crate) base: &'a str,
    /// Klaviyo's time, in milliseconds since the epoch.
    pub(crate) now_ms: i64,
}

impl OperationContext<'_> {
    /// Success with this body.
    #[expect(clippy::unnecessary_wraps, reason = "it ends what can fail before")]
    pub(crate) fn with_body(&self, body: Value) -> OperationResult {
        Ok((self.operation.success, Some(body)))
    }

    /// Success without a body.
    #[expect(clippy::unnecessary_wraps, reason = "it ends what can fail before")]
    pub(crate) fn no_body(&self) -> OperationResult {
        Ok((self.operation.success, None))
    }
}
