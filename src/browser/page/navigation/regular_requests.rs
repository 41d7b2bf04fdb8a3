//! Requests that a page makes at regular intervals for as long as it is open: a heartbeat, a question whether there is news. They do
//! not tell that it is on the move.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::browser::page::navigation::held_requests::place;

/// Requests by which an interval is known to be regular.
const KNOWN_BY: usize = 3;
/// What is asked for more often belongs to what a page is doing.
const SHORTEST: Duration = Duration::from_millis(500);
/// By which part of itself an interval may differ from the one before.
const MAY_DIFFER: u32 = 4;

/// When a document asked for what.
#[derive(Debug, Default)]
pub(super) struct RegularRequests {
    latest: HashMap<String, Vec<Instant>>,
    known: bool,
}

impl RegularRequests {
    /// Notes a request; whether it came as regularly as those before it.
    pub(super) fn is_one(&mut self, method: &str, url: &str, now: Instant) -> bool {
        let latest = self.latest.entry(format!("{method} {}", place(url))).or_default();
        latest.push(now);
        if latest.len() > KNOWN_BY {
            latest.remove(0);
        }
        let [first, second, third] = latest[..] else { return false };
        let (before, interval) = (second - first, third - second);
        let is_regular = interval >= SHORTEST && interval.abs_diff(before) <= interval / MAY_DIFFER;
        self.known |= is_regular;
        is_regular
    }

    /// Whether there were some.
    pub(super) fn known(&self) -> bool {
        self.known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the last of requests for one address is a regular one, by the milliseconds at which they set out.
    fn last_is_regular(at: &[u64]) -> bool {
        let (mut requests, began) = (RegularRequests::default(), Instant::now());
        let set_out = at.iter().map(|at| requests.is_one("GET", "http://app/news", began + Duration::from_millis(*at)));
        set_out.last() == Some(true)
    }

    #[test]
    fn regular_is_what_comes_thrice_after_the_same_time() {
        for at in [&[0, 1_000, 2_000][..], &[0, 2_000, 4_100], &[50, 60, 2_060, 4_060], &[0, 5_000, 10_400, 15_500]] {
            assert!(last_is_regular(at), "{at:?}");
        }
        for at in [
            &[0][..],
            &[0, 2_000],
            // A page at work: calls one after the other, and tries that are further and further apart.
            &[0, 90, 180],
            &[0, 1_000, 3_000],
            &[0, 2_000, 4_000, 4_100],
        ] {
            assert!(!last_is_regular(at), "{at:?}");
        }
    }

    #[test]
    fn each_address_has_its_own_intervals_whatever_its_query() {
        let (mut requests, began) = (RegularRequests::default(), Instant::now());
        let mut ask = |method: &str, url: &str, at: u64| requests.is_one(method, url, began + Duration::from_secs(at));
        for (at, url) in [(0, "http://app/news?since=1"), (2, "http://app/news?since=2")] {
            assert!(!ask("GET", url, at) && !ask("POST", "http://app/beat", at));
        }
        assert!(ask("GET", "http://app/news?since=3", 4));
        assert!(!ask("GET", "http://app/other", 4) && !ask("POST", "http://app/news", 4));
        assert!(requests.known());
    }
}
