//! Rate limits: fixed windows per account, app and operation (S, D).

use std::collections::HashMap;

use crate::api::spec::operations::Operation;

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// Requests counted so far, by install and operation.
#[derive(Debug, Default)]
pub(crate) struct RateLimits {
    counted: HashMap<(String, &'static str), Windows>,
}

/// The windows of one install and operation: burst, steady, daily.
#[derive(Debug, Default, Clone, Copy)]
struct Windows {
    burst: Window,
    steady: Window,
    daily: Window,
}

#[derive(Debug, Default, Clone, Copy)]
struct Window {
    number: i64,
    calls: u32,
}

/// The `RateLimit` headers (O): the quota, and the rest of the steady window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quota {
    /// `RateLimit-Limit`.
    pub(crate) limit: String,
    /// `RateLimit-Remaining`.
    pub(crate) remaining: u32,
    /// `RateLimit-Reset`, in seconds.
    pub(crate) reset_s: i64,
}

impl RateLimits {
    /// Counts a request unless it is refused. The error is how many seconds to wait: the longest of all full windows.
    pub(crate) fn count(&mut self, install: &str, operation: &Operation, now_ms: i64) -> Result<(), u32> {
        let windows = self.counted.entry((install.to_owned(), operation.id)).or_default();
        let mut all = [
            (&mut windows.burst, SECOND_MS, Some(operation.burst)),
            (&mut windows.steady, MINUTE_MS, Some(operation.steady)),
            (&mut windows.daily, DAY_MS, operation.daily),
        ];
        let mut wait_s = None;
        for (window, length_ms, allowed) in &mut all {
            window.roll(*length_ms, now_ms);
            if allowed.is_some_and(|allowed| window.calls >= allowed) {
                wait_s = wait_s.max(u32::try_from(left_s(*length_ms, now_ms)).ok());
            }
        }
        if let Some(wait_s) = wait_s {
            return Err(wait_s);
        }
        for (window, ..) in &mut all {
            window.calls = window.calls.saturating_add(1);
        }
        Ok(())
    }

    /// The headers after the last counted request.
    pub(crate) fn quota(&self, install: &str, operation: &Operation, now_ms: i64) -> Quota {
        let mut windows = self.counted.get(&(install.to_owned(), operation.id)).copied().unwrap_or_default();
        windows.steady.roll(MINUTE_MS, now_ms);
        Quota {
            limit: format!("{0}, {0};w=1, {1};w=60", operation.burst, operation.steady),
            remaining: operation.steady.saturating_sub(windows.steady.calls),
            reset_s: left_s(MINUTE_MS, now_ms),
        }
    }
}

impl Window {
    /// Starts the next window when the time of this one is over.
    fn roll(&mut self, length_ms: i64, now_ms: i64) {
        let number = now_ms.div_euclid(length_ms);
        if number != self.number {
            *self = Self { number, calls: 0 };
        }
    }
}

/// Whole seconds until the window ends, at least one.
fn left_s(length_ms: i64, now_ms: i64) -> i64 {
    (length_ms - now_ms.rem_euclid(length_ms)).div_euclid(SECOND_MS).max(1)
}

#[cfg(test)]
mod tests {
    use hyper::http::StatusCode;

    use super::*;
    use crate::api::spec::revisions::newest;

    fn operation(burst: u32, steady: u32, daily: Option<u32>) -> Operation {
        Operation {
            id: "op",
            method: "GET",
            path: "/api/op",
            success: StatusCode::OK,
            scopes: vec![],
            burst,
            steady,
            daily,
            first: newest(),
            last: None,
            beta: false,
        }
    }

    #[test]
    fn each_window_fills_and_empties_by_itself() {
        let mut limits = RateLimits::default();
        let op = operation(1, 2, Some(3));
        assert_eq!(limits.count("in", &op, 0), Ok(()));
        assert_eq!(limits.count("in", &op, 500), Err(1));
        assert_eq!(limits.count("other", &op, 500), Ok(()));
        assert_eq!(limits.count("in", &op, 1_000), Ok(()));
        assert_eq!(limits.count("in", &op, 30_000), Err(30));
        assert_eq!(limits.count("in", &op, 60_000), Ok(()));
        assert_eq!(limits.count("in", &op, 120_000), Err(86_280));
        assert_eq!(limits.count("in", &op, 86_400_000), Ok(()));
    }

    #[test]
    fn the_headers_tell_of_the_steady_window() {
        let mut limits = RateLimits::default();
        let op = operation(1, 15, None);
        assert_eq!(limits.count("in", &op, 61_000), Ok(()));
        let quota = limits.quota("in", &op, 61_000);
        assert_eq!((quota.limit.as_str(), quota.remaining, quota.reset_s), ("1, 1;w=1, 15;w=60", 14, 59));
    }
}
