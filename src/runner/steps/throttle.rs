//! Klaviyo throttling the app: arming it, and waiting it out.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::evidence::{Entry, Event, Facts, StepPhase, StepProblem};
use crate::klaviyo::{AccountId, Endpoint, Fault, FaultKind};
use crate::runner::world::step_error::StepError;
use crate::runner::world::world::World;

/// What `Retry-After` says: short, since the app waits by its own clock.
const RETRY_AFTER_S: u32 = 1;
/// The same, where the app meets the pause between two steps, which must not be over `Retry-After` already.
const RETRY_AFTER_PAUSES_S: u32 = 5;
/// Added when it is waited out: many apps count whole seconds, and round up.
const SLACK: Duration = Duration::from_millis(1_100);

impl World {
    /// Refuses the next write of the account that is chosen now.
    pub(in crate::runner) fn throttle(&mut self) -> Result<StepPhase, StepError> {
        let account = AccountId::from(self.accounts.chosen().id.as_str());
        self.arm_throttle(Endpoint::Write, account)?;
        Ok(StepPhase::Done)
    }

    /// Where a write is to be throttled, and the app has only read since a place on the timeline: refuses its next call of any
    /// kind instead. Whether it does.
    pub(in crate::runner) fn throttle_reads(&mut self, since: u32) -> bool {
        let waits = |fault: &Fault| fault.on == Endpoint::Write && matches!(fault.kind, FaultKind::Throttle { .. });
        let Some(account) = self.klaviyo.armed().into_iter().find(waits).and_then(|fault| fault.account) else {
            return false;
        };
        if !self.recorder.scan(since, |entries| entries.iter().any(|entry| reads(entry, &account))) {
            return false;
        }
        self.klaviyo.disarm();
        self.arm_throttle(Endpoint::Api, account).is_ok()
    }

    /// Refuses the next call there with 429.
    fn arm_throttle(&self, on: Endpoint, account: AccountId) -> Result<(), StepProblem> {
        let retry_after_s = if self.passes_for_the_app() { RETRY_AFTER_PAUSES_S } else { RETRY_AFTER_S };
        let kind = FaultKind::Throttle { retry_after_s };
        let armed = self.klaviyo.arm(Fault { kind, on, times: 1, account: Some(account) });
        armed.map_err(|error| StepProblem::NotArranged(error.to_string()))
    }

    /// Waits until `Retry-After` of the last 429 is over.
    pub(in crate::runner) async fn wait_out(&mut self) -> StepPhase {
        let found = self.recorder.scan(0, |entries| {
            entries.iter().rev().find_map(|entry| throttled(entry).map(|(at_ms, wait_s)| (entry.seq, at_ms, wait_s)))
        });
        let Some((seq, at_ms, wait_s)) = found else {
            return StepPhase::Skipped(StepProblem::NothingThrottled);
        };
        let wait = Duration::from_secs(wait_s);
        let passed = Duration::from_millis(self.recorder.now_ms().saturating_sub(at_ms));
        let over = Instant::now() + (wait + SLACK).saturating_sub(passed);
        if self.app.clock_follows() {
            self.let_pass(wait).await;
            // An app that sleeps meanwhile sleeps in real time, whatever its clock shows.
            self.until_called_again(seq, over).await;
        } else {
            sleep_until(over).await;
        }
        StepPhase::Done
    }

    /// Waits until the app has called the API since a place on the timeline, or until a moment.
    async fn until_called_again(&self, since: u32, over: Instant) {
        let mut changes = self.recorder.watch();
        let again = |entries: &[Entry]| entries.iter().any(|entry| entry.seq > since && is_api_call(entry));
        while !self.recorder.scan(since, again) {
            // An error means that the recorder is gone, and with it all news.
            match timeout_at(over, changes.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return,
            }
        }
    }
}

fn is_api_call(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Api(_)))
}

/// Whether an account's data was read.
fn reads(entry: &Entry, account: &AccountId) -> bool {
    matches!(&entry.event, Event::Exchange(exchange) if exchange.status < 300
        && matches!(&exchange.facts, Facts::Api(call) if call.account.as_deref() == Some(account.as_str())))
}

/// When a call was refused with 429, and the seconds it was told to wait.
fn throttled(entry: &Entry) -> Option<(u64, u64)> {
    let Event::Exchange(exchange) = &entry.event else { return None };
    if exchange.status != 429 || !matches!(exchange.facts, Facts::Api(_)) {
        return None;
    }
    let (_, wait) = exchange.response_headers.iter().find(|(name, _)| name == "retry-after")?;
    Some((entry.at_ms, wait.parse().ok()?))
}
