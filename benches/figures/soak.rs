//! `flowcheck serve` under 64 clients for minutes: whether it grows, and whether it slows.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::client::{CHALLENGE, VERIFIER, authorize, field, http, location, parameter, text, tokens};
use super::measure::resident;
use super::mock::block_on;
use super::page::tell;
use super::serve::{APP, CALLBACK, PASSWORD, SECRET, USER, start};

const CLIENTS: u64 = 64;
/// How many periods the whole time has; the first is what the others are compared with.
const PERIODS: u32 = 10;
/// How long it goes on, in seconds, unless `FLOWCHECK_SOAK` says otherwise.
const SECONDS: u64 = 600;
/// Percent that the rate may fall from the first period to the last, and memory grow from the middle on: until then what is kept fills up.
const TOLERATED: f64 = 5.0;

pub(crate) fn measure() {
    let seconds = std::env::var("FLOWCHECK_SOAK").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(SECONDS);
    let period = Duration::from_secs(seconds) / PERIODS;
    let mut sandbox = start();
    let process = sandbox.process.id();
    let address = SocketAddr::from(([127, 0, 0, 1], sandbox.port));
    let periods: Vec<(u64, f64)> = block_on(async {
        let done = Arc::new(AtomicU64::new(0));
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| tokio::spawn(install_without_end(address, client, done.clone()))).collect();
        let mut periods = Vec::new();
        for number in 1..=PERIODS {
            let (before, began) = (done.load(Ordering::Relaxed), Instant::now());
            sleep(period).await;
            let rate = (done.load(Ordering::Relaxed) - before) * 1_000
                / u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            let weight = resident(process).expect("Linux says what it weighs");
            println!("{number}/{PERIODS}: {rate} installations a second, {weight:.0} MiB");
            periods.push((rate, weight));
        }
        clients.iter().for_each(tokio::task::JoinHandle::abort);
        periods
    });
    sandbox.stop();
    let [(first_rate, _), .., (last_rate, last_weight)] = periods[..] else { return };
    let (_, middle_weight) = periods[periods.len() / 2 - 1];
    tell(
        format!("{CLIENTS} clients that install, {seconds} s"),
        format!(
            "first {first_rate}/s, last {last_rate}/s; {middle_weight:.0} MiB in the middle, {last_weight:.0} MiB at the end"
        ),
    );
    // Both are small numbers.
    #[expect(clippy::cast_precision_loss, reason = "rates are small")]
    let slowed = 100.0 - 100.0 * last_rate as f64 / first_rate as f64;
    let grown = 100.0 * last_weight / middle_weight - 100.0;
    assert!(slowed <= TOLERATED, "the rate fell by {slowed:.1} %");
    assert!(grown <= TOLERATED, "memory grew by {grown:.1} %");
}

/// Authorizes, exchanges and refreshes, with a `state` of its own each time.
async fn install_without_end(address: SocketAddr, client: u64, done: Arc<AtomicU64>) {
    let browser = http(address, true);
    let www = format!("http://www.klaviyo.localhost:{}", address.port());
    let get = async |path: &str| text(browser.get(format!("{www}{path}")).send().await.expect("Klaviyo answers")).await;
    let post = async |path: &str, form: &[(&str, &str)]| {
        browser.post(format!("{www}{path}")).form(form).send().await.expect("Klaviyo answers")
    };
    let token = async |form: &[(&str, &str)]| {
        let request = browser.post(format!("http://{address}/oauth/token")).basic_auth(APP, Some(SECRET));
        tokens(request.form(form).send().await.expect("Klaviyo answers")).await
    };
    let csrf = field(&get("/login").await, "csrf");
    post("/login", &[("csrf", &csrf), ("email", USER), ("password", PASSWORD)]).await;
    for number in 0_u64.. {
        // As some libraries make it: with characters that make it a phrase.
        let state = format!("state of {client}/{number}: {:016x}", number * 0x9e37_79b9);
        let changes = [
            ("client_id", APP),
            ("redirect_uri", CALLBACK),
            ("scope", "accounts:read"),
            ("code_challenge", CHALLENGE),
            ("state", &state),
        ];
        let consent = get(&authorize(&changes)).await;
        let hidden = ["csrf", "attempt", "account"].map(|name| (name, field(&consent, name)));
        let mut form: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
        form.push(("decision", "allow"));
        let back = location(&post("/oauth/authorize/decision", &form).await).parse().expect("an address");
        let code = parameter(&back, "code").expect("a code");
        let exchange = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", CALLBACK),
        ];
        token(&exchange).await;
        done.fetch_add(1, Ordering::Relaxed);
    }
}
