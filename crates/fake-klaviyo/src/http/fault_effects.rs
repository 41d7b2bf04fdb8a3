//! What a fault does to a response.

use std::time::Duration;

use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::http::StatusCode;
use serde_json::json;

use crate::api::errors::ApiError;
use crate::http::response::Answer;
use crate::model::fault::FaultKind;

impl FaultKind {
    /// The answer to give instead of doing anything; none for faults that let things take their course.
    pub(crate) fn instead(&self) -> Option<Answer> {
        match self {
            Self::Status { status, body } => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let body = body.clone().unwrap_or_else(|| format!("{status}\n"));
                let looks_like_json = body.starts_with('{') || body.starts_with('[');
                let mut answer = Answer::text(status, body);
                if looks_like_json {
                    let json = HeaderValue::from_static("application/json");
                    answer.headers.insert(CONTENT_TYPE, json);
                }
                Some(answer)
            }
            Self::Drop => Some(Answer { dropped: true, ..Answer::empty(StatusCode::OK) }),
            Self::Throttle { retry_after_s } => Some(ApiError::throttled(*retry_after_s).answer()),
            Self::Delay { .. } | Self::MalformedJson | Self::RotatedRefresh | Self::CodeExpired => None,
        }
    }

    /// Spoils an answer that is otherwise right.
    pub(crate) fn spoil(&self, answer: &mut Answer) {
        match self {
            Self::Delay { ms } => answer.delay += Duration::from_millis((*ms).min(600_000)),
            Self::MalformedJson => {
                let whole =
                    if answer.body.is_empty() { json!({"data": []}).to_string().into() } else { answer.body.clone() };
                answer.body = whole.slice(..whole.len() / 2);
                answer.cut_short = true;
            }
            _ => {}
        }
    }
}
