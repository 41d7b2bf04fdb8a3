//! Faults: Klaviyo misbehaving on purpose, so many times, at one kind of endpoint.

use std::fmt;
use std::time::Duration;

use hyper::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::api::errors::ApiError;
use crate::http::response::Answer;
use crate::model::account::AccountId;

/// A fault to arm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Where.
    pub on: Endpoint,
    /// How many times, before all is well again.
    #[serde(default = "once")]
    pub times: u32,
    /// Only for this account's calls of the API; any where none is named.
    #[serde(default)]
    pub account: Option<AccountId>,
}

fn once() -> u32 {
    1
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum FaultKind {
    /// The answer is right, but comes this many milliseconds late.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Nothing is done, and this is answered.
    Status {
        /// HTTP status, 100 to 599.
        status: u16,
        /// Body; a short text where none is given.
        #[serde(default)]
        body: Option<String>,
    },
    /// Nothing is done, and the connection is closed without an answer.
    Drop,
    /// What was asked for is done, but the answer breaks off in the middle of its JSON.
    MalformedJson,
    /// 429 as the API answers it.
    Throttle {
        /// Seconds that `Retry-After` says.
        retry_after_s: u32,
    },
    /// Refreshing issues a new refresh token and ends the one shown, whatever the settings say. At the token endpoint
    /// only.
    RotatedRefresh,
    /// The code counts as expired. At the token endpoint only.
    CodeExpired,
}

/// Where a fault applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// `GET /oauth/authorize`.
    Authorize,
    /// `POST /oauth/token`.
    Token,
    /// `POST /oauth/revoke`.
    Revoke,
    /// Every call of the API.
    Api,
    /// Calls of the API that change something: all but GET.
    Write,
    /// Calls of one operation, by its id.
    Operation(String),
}

/// The faults that are armed.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    armed: Vec<Fault>,
}

impl Faults {
    /// Arms one.
    pub(crate) fn arm(&mut self, fault: Fault) {
        self.armed.push(fault);
    }

    /// Those armed, oldest first.
    pub(crate) fn armed(&self) -> &[Fault] {
        &self.armed
    }

    /// Disarms all.
    pub(crate) fn clear(&mut self) {
        self.armed.clear();
    }

    /// The oldest fault that applies here and that `fits`, which is then one time less.
    pub(crate) fn fire(
        &mut self,
        at: &[Endpoint],
        account: Option<&AccountId>,
        fits: impl Fn(&FaultKind) -> bool,
    ) -> Option<Fault> {
        let applies = |fault: &Fault| {
            at.contains(&fault.on)
                && fits(&fault.kind)
                && fault.account.as_ref().is_none_or(|wanted| Some(wanted) == account)
        };
        let position = self.armed.iter().position(applies)?;
        let fault = &mut self.armed[position];
        fault.times -= 1;
        let fired = fault.clone();
        if fired.times == 0 {
            self.armed.remove(position);
        }
        Some(fired)
    }
}

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
                    let json = hyper::header::HeaderValue::from_static("application/json");
                    answer.headers.insert(hyper::header::CONTENT_TYPE, json);
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

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            FaultKind::Delay { ms } => write!(f, "a delay of {ms} ms")?,
            FaultKind::Status { status, .. } => write!(f, "status {status}")?,
            FaultKind::Drop => f.write_str("a dropped connection")?,
            FaultKind::MalformedJson => f.write_str("malformed JSON")?,
            FaultKind::Throttle { retry_after_s } => write!(f, "429 with Retry-After: {retry_after_s}")?,
            FaultKind::RotatedRefresh => f.write_str("a rotated refresh token")?,
            FaultKind::CodeExpired => f.write_str("an expired code")?,
        }
        match &self.on {
            Endpoint::Authorize => f.write_str(" at authorize")?,
            Endpoint::Token => f.write_str(" at token")?,
            Endpoint::Revoke => f.write_str(" at revoke")?,
            Endpoint::Api => f.write_str(" at the API")?,
            Endpoint::Write => f.write_str(" at a write of the API")?,
            Endpoint::Operation(id) => write!(f, " at {id}")?,
        }
        match &self.account {
            Some(account) => write!(f, " for account {account}"),
            None => Ok(()),
        }
    }
}
