//! Klaviyo's clock: system time plus an offset that only grows. It ticks, so `Retry-After` stays true.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;

use flowcheck_evidence::{Event, KlaviyoEvent, Recorder};

use crate::store::change::Change;
use crate::store::change_log::ChangeLog;

/// The largest single move in seconds: a hundred years.
const MAX_MOVE_S: u64 = 100 * 366 * 86_400;
/// The largest offset in milliseconds: a thousand years.
const MAX_OFFSET_MS: i64 = 1_000 * 366 * 86_400_000;

/// Klaviyo's clock; see [`Server::clock`](crate::Server::clock). Clones are the same clock.
#[derive(Debug, Clone)]
pub struct Clock {
    inner: Arc<Inner>,
    recorder: Recorder,
    change_log: ChangeLog,
}

#[derive(Debug)]
struct Inner {
    started: Instant,
    wall_at_start_ms: i64,
    offset_ms: AtomicI64,
}

impl Clock {
    pub(crate) fn new(recorder: Recorder) -> Self {
        Self::with_offset(0, recorder, ChangeLog::default())
    }

    /// A clock that is already ahead by this offset, and that logs further moves.
    pub(crate) fn with_offset(offset_ms: i64, recorder: Recorder, change_log: ChangeLog) -> Self {
        let inner = Inner {
            started: Instant::now(),
            wall_at_start_ms: system_time_ms(),
            offset_ms: AtomicI64::new(offset_ms.clamp(0, MAX_OFFSET_MS)),
        };
        Self { inner: Arc::new(inner), recorder, change_log }
    }

    /// Moves the clock forward by whole seconds, at most a hundred years, and records [`KlaviyoEvent::ClockMoved`].
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// klaviyo.clock().advance(Duration::from_secs(91 * 86_400));
    /// # Ok(())
    /// # }
    /// ```
    pub fn advance(&self, by: Duration) {
        let by_s = by.as_secs().min(MAX_MOVE_S);
        let step_ms = i64::try_from(by_s).unwrap_or(0) * 1_000;
        let moved = |offset: i64| Some((offset + step_ms).min(MAX_OFFSET_MS));
        // The closure always returns a value, so there is no error to handle.
        let _ = self.inner.offset_ms.fetch_update(Ordering::Relaxed, Ordering::Relaxed, moved);
        self.change_log.submit_one(|| Change::Clock { offset_ms: self.offset_ms() });
        self.recorder.record(Event::Klaviyo(KlaviyoEvent::ClockMoved { by_s }));
    }

    /// Klaviyo's time.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = fake_klaviyo::Server::builder().bind("127.0.0.1:0").await?;
    /// assert!(klaviyo.clock().now() <= std::time::SystemTime::now());
    /// # Ok(())
    /// # }
    /// ```
    pub fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(u64::try_from(self.now_ms()).unwrap_or(0))
    }

    /// Milliseconds since the epoch.
    pub(crate) fn now_ms(&self) -> i64 {
        let ticked = i64::try_from(self.inner.started.elapsed().as_millis()).unwrap_or(0);
        self.inner.wall_at_start_ms + ticked + self.offset_ms()
    }

    /// Seconds since the epoch by this clock, and by the system's, which an app may go by.
    pub(crate) fn times_of_apps_s(&self) -> [i64; 2] {
        let now_ms = self.now_ms();
        [now_ms, now_ms - self.offset_ms()].map(|ms| ms.div_euclid(1_000))
    }

    /// Milliseconds ahead of system time.
    pub(crate) fn offset_ms(&self) -> i64 {
        self.inner.offset_ms.load(Ordering::Relaxed)
    }

    /// Seconds since the epoch.
    pub(crate) fn now_s(&self) -> i64 {
        self.now_ms().div_euclid(1_000)
    }
}

/// System time in milliseconds since the epoch.
pub(crate) fn system_time_ms() -> i64 {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(wall.as_millis()).unwrap_or(i64::MAX / 2)
}

/// A time as the API writes it: `2026-11-21T20:06:00Z`.
pub(crate) fn rfc3339(at_ms: i64) -> String {
    OffsetDateTime::from_unix_timestamp(at_ms.div_euclid(1_000))
        .ok()
        .and_then(|at| at.format(&time::format_description::well_known::Rfc3339).ok())
        .unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_forward_and_says_so() {
        let recorder = Recorder::new();
        let clock = Clock::new(recorder.clone());
        let before = clock.now_ms();
        clock.advance(Duration::from_mins(6));
        assert!((360_000..361_000).contains(&(clock.now_ms() - before)));
        assert_eq!(recorder.next_seq(), 1);
    }

    #[test]
    fn absurd_moves_neither_panic_nor_turn_it_back() {
        let clock = Clock::new(Recorder::new());
        for _ in 0..20 {
            let before = clock.now_ms();
            clock.advance(Duration::MAX);
            assert!(clock.now_ms() >= before);
        }
        assert!(rfc3339(clock.now_ms()).ends_with('Z') && rfc3339(i64::MAX).ends_with('Z'));
    }
}
