//! `flowcheck serve` under 64 clients for minutes: whether it grows, and whether it slows.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::measure::resident;
use super::mock::block_on;
use super::page::tell;
use super::sandbox_user::SandboxUser;
use super::serve::start;

const CLIENTS: u64 = 64;
/// How many periods the whole time has; the first is what the others are compared with.
const PERIODS: u32 = 10;
/// How long it goes on, in seconds, unless `FLOWCHECK_SOAK` says otherwise.
const SECONDS: u64 = 600;
/// Percent that the processor time for an installation may grow from the first period to the last, and memory from the middle on: until then what
/// is kept fills up. Processor time, as the rate depends on what else the machine does.
const TOLERATED: f64 = 5.0;
/// Milliseconds in a tick of the system's clock, by which it counts processor time.
const TICK_MS: f64 = 10.0;

/// What was measured in one period.
#[derive(Debug, Clone, Copy)]
struct Period {
    /// Installations a second.
    rate: f64,
    /// Processor time of the server for one, in milliseconds.
    cost_ms: f64,
    /// MiB that the server holds at its end.
    weight: f64,
}

pub(crate) fn measure() {
    let seconds = std::env::var("FLOWCHECK_SOAK").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(SECONDS);
    let span = Duration::from_secs(seconds) / PERIODS;
    let mut sandbox = start();
    let process = sandbox.process.id();
    let address = SocketAddr::from(([127, 0, 0, 1], sandbox.port));
    let periods: Vec<Period> = block_on(async {
        let done = Arc::new(AtomicU32::new(0));
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| tokio::spawn(install_without_end(address, client, done.clone()))).collect();
        let mut periods = Vec::new();
        for number in 1..=PERIODS {
            let (before, ticks, began) = (done.load(Ordering::Relaxed), ticks(process), Instant::now());
            sleep(span).await;
            let installed = f64::from(done.load(Ordering::Relaxed) - before);
            let period = Period {
                rate: installed / began.elapsed().as_secs_f64(),
                cost_ms: (self::ticks(process) - ticks) * TICK_MS / installed,
                weight: resident(process).expect("Linux says what it weighs"),
            };
            let Period { rate, cost_ms, weight } = period;
            println!(
                "{number}/{PERIODS}: {rate:.0} installations a second, {cost_ms:.2} ms of the processor each, {weight:.0} MiB"
            );
            periods.push(period);
        }
        clients.iter().for_each(tokio::task::JoinHandle::abort);
        periods
    });
    sandbox.stop();
    let [first, .., last] = periods[..] else { return };
    let middle = periods[periods.len() / 2 - 1];
    tell(
        format!("{CLIENTS} clients that install, {seconds} s: rate in the first and the last tenth"),
        format!("{:.0}/s, {:.0}/s", first.rate, last.rate),
    );
    tell("processor time for one, then", format!("{:.2} ms, {:.2} ms", first.cost_ms, last.cost_ms));
    tell("memory in the middle and at the end", format!("{:.0} MiB, {:.0} MiB", middle.weight, last.weight));
    let slower = 100.0 * last.cost_ms / first.cost_ms - 100.0;
    let grown = 100.0 * last.weight / middle.weight - 100.0;
    assert!(slower <= TOLERATED, "an installation takes {slower:.1} % more of the processor");
    assert!(grown <= TOLERATED, "memory grew by {grown:.1} %");
}

/// Processor time that a process has had, in ticks of the system's clock.
fn ticks(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("Linux says so");
    // The name, in brackets, may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(") ").expect("a name").1.split(' ').collect();
    [11, 12].iter().map(|at| fields[*at].parse::<f64>().expect("a number")).sum()
}

/// Installs one time after the other, with a `state` of its own each time.
async fn install_without_end(address: SocketAddr, client: u64, done: Arc<AtomicU32>) {
    let user = SandboxUser::signed_in(address).await;
    for number in 0_u64.. {
        // As some libraries make it: with characters that make it a phrase.
        let state = format!("state of {client}/{number}: {:016x}", number * 0x9e37_79b9);
        user.install(Some(&state)).await;
        done.fetch_add(1, Ordering::Relaxed);
    }
}
