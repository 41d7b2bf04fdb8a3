//! Rate limits: fixed windows per account, app and operation (S, D).

use std::collections::HashMap;

use crate::api::spec::limits::Limits;

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// Requests counted so far, by install, operation, and the parameter that brings limits of its own.
#[derive(Debug, Default)]
pub(crate) struct RateLimits {
    counted: HashMap<(String, &'static str, Option<&'static str>), Windows>,
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
    pub(crate) fn count(
        &mut self,
        install: &str,
        operation: &'static str,
        limits: &Limits,
        now_ms: i64,
    ) -> Result<(), u32> {
        let windows = self.counted.entry((install.to_owned(), operation, limits.because_of)).or_default();
        let mut all = [
            (&mut windows.burst, SECOND_MS, Some(limits.burst)),
            (&mut windows.steady, MINUTE_MS, Some(limits.steady)),
            (&mut windows.daily, DAY_MS, limits.daily),
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
    pub(crate) fn quota(&self, install: &str, operation: &'static str, limits: &Limits, now_ms: i64) -> Quota {
        let key = (install.to_owned(), operation, limits.because_of);
        let mut windows = self.counted.get(&key).copied().unwrap_or_default();
        windows.steady.roll(MINUTE_MS, now_ms);
        Quota {
            limit: format!("{0}, {0};w=1, {1};w=60", limits.burst, limits.steady),
            remaining: limits.steady.saturating_sub(windows.steady.calls),
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

/// Whole seconds after which the window has ended. Rounded up: who waits as long as told must not be refused again.
fn left_s(length_ms: i64, now_ms: i64) -> i64 {
    let left_ms = length_ms - now_ms.rem_euclid(length_ms);
    left_ms.div_euclid(SECOND_MS) + i64::from(left_ms % SECOND_MS > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn limits(burst: u32, steady: u32, daily: Option<u32>) -> Limits {
        Limits { burst, steady, daily, because_of: None }
    }

    #[test]
    fn each_window_fills_and_empties_by_itself() {
        let mut counted = RateLimits::default();
        let mut count = |install: &str, now_ms: i64| counted.count(install, "op", &limits(1, 2, Some(3)), now_ms);
        assert_eq!(count("in", 0), Ok(()));
        assert_eq!(count("in", 500), Err(1));
        assert_eq!(count("other", 500), Ok(()));
        assert_eq!(count("in", 1_000), Ok(()));
        assert_eq!(count("in", 30_000), Err(30));
        assert_eq!(count("in", 60_000), Ok(()));
        assert_eq!(count("in", 120_000), Err(86_280));
        assert_eq!(count("in", 86_400_000), Ok(()));
    }

    #[test]
    fn a_parameter_with_limits_of_its_own_is_counted_apart() {
        let mut counted = RateLimits::default();
        let own = Limits { because_of: Some("list"), ..limits(1, 15, None) };
        assert_eq!(counted.count("in", "op", &own, 0), Ok(()));
        assert_eq!(counted.count("in", "op", &limits(75, 750, None), 0), Ok(()));
        assert_eq!(counted.count("in", "op", &own, 0), Err(1));
        assert_eq!(counted.quota("in", "op", &own, 0).remaining, 14);
        assert_eq!(counted.quota("in", "op", &limits(75, 750, None), 0).remaining, 749);
    }

    #[test]
    fn the_headers_tell_of_the_steady_window() {
        let mut counted = RateLimits::default();
        assert_eq!(counted.count("in", "op", &limits(1, 15, None), 61_000), Ok(()));
        let quota = counted.quota("in", "op", &limits(1, 15, None), 61_000);
        assert_eq!((quota.limit.as_str(), quota.remaining, quota.reset_s), ("1, 1;w=1, 15;w=60", 14, 59));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_window_ever_lets_through_more_than_its_limit(
            (burst, steady, daily) in (1..4_u32, 1..8_u32, prop::option::of(1..20_u32)),
            waits in prop::collection::vec(prop_oneof![0..400_i64, 0..70_000_i64, 0..90_000_000_i64], 1..200),
        ) {
            let (mut counted, mut now_ms) = (RateLimits::default(), 0);
            let mut let_through: Vec<i64> = Vec::new();
            for wait in waits {
                now_ms += wait;
                match counted.count("in", "op", &limits(burst, steady, daily), now_ms) {
                    Ok(()) => let_through.push(now_ms),
                    Err(wait_s) => prop_assert!(wait_s >= 1),
                }
            }
            let windows = [(SECOND_MS, Some(burst)), (MINUTE_MS, Some(steady)), (DAY_MS, daily)];
            for (length_ms, most) in windows.into_iter().filter_map(|(length, most)| Some((length, most?))) {
                for at in &let_through {
                    let same = let_through.iter().filter(|other| *other / length_ms == at / length_ms).count();
                    prop_assert!(same <= most as usize, "{same} of {most} within {length_ms} ms");
                }
            }
        }

        #[test]
        fn who_waits_as_long_as_told_is_let_through(
            (burst, steady, daily) in (1..4_u32, 1..8_u32, prop::option::of(1..20_u32)),
            waits in prop::collection::vec(0..400_i64, 1..60),
        ) {
            let (mut counted, mut now_ms) = (RateLimits::default(), 0);
            for wait in waits {
                now_ms += wait;
                if let Err(wait_s) = counted.count("in", "op", &limits(burst, steady, daily), now_ms) {
                    now_ms += i64::from(wait_s) * SECOND_MS;
                    prop_assert_eq!(counted.count("in", "op", &limits(burst, steady, daily), now_ms), Ok(()));
                }
            }
        }
    }
}
