//! Mock authorization servers from npm beside the fake Klaviyo: start, memory, token requests per second.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::load::Ask;
use super::measure::{median, print, resident};
use super::mock::block_on;
use super::page::tell;
use super::{peers, serve};

const STARTS: usize = 5;
const TURNS: usize = 3;
/// Requests after which each is weighed: the same number for all, since what is on record weighs.
const WEIGHED_AFTER: usize = 10_000;

/// A running server, and what to ask it.
struct Peer {
    name: &'static str,
    process: Child,
    ask: Ask,
    rates: Vec<f64>,
}

pub(crate) fn measure() {
    block_on(async {
        let mut peers = vec![ours().await, oauth2_mock_server(), oidc_provider()];
        let mut weights = Vec::new();
        for peer in &peers {
            peer.ask.times(WEIGHED_AFTER).await;
            weights.push(resident(peer.process.id()).unwrap_or(f64::NAN));
        }
        for _ in 0..TURNS {
            for peer in &mut peers {
                peer.rates.push(peer.ask.rate().await.per_second);
            }
        }
        let mut seen = Vec::new();
        for (peer, weight) in peers.iter_mut().zip(weights) {
            let rate = median(&mut peer.rates);
            tell(peer.name, format!("{rate:.0} token requests/s; {weight:.0} MiB after the first {WEIGHED_AFTER}"));
            seen.push((rate, weight));
            peer.process.kill().expect("it can be ended");
            peer.process.wait().expect("it ends");
        }
        let (ours, theirs) = seen.split_first().expect("we are among them");
        let best = theirs.iter().max_by(|one, other| one.0.total_cmp(&other.0)).expect("there are others");
        let (rate, weight) = (ours.0 / best.0, ours.1 / best.1);
        tell(
            "flowcheck beside the faster of the others",
            format!("{rate:.1} times its rate, {weight:.2} of its memory"),
        );
    });
    print("flowcheck serve, start to first answer", &starts(|| serve::start().process));
    for (name, script) in [("oauth2-mock-server", "oauth2-mock-server.mjs"), ("oidc-provider", "oidc-provider.mjs")] {
        print(&format!("{name}, start to first answer"), &starts(|| start(script).0));
    }
}

fn starts(start: impl Fn() -> Child) -> Vec<Duration> {
    (0..STARTS)
        .map(|_| {
            let began = Instant::now();
            let mut process = start();
            let took = began.elapsed();
            process.kill().expect("it can be ended");
            process.wait().expect("it ends");
            took
        })
        .collect()
}

/// `flowcheck serve` with an app that has installed, as another program would use it.
async fn ours() -> Peer {
    let (process, ask) = serve::with_install().await;
    Peer { name: "flowcheck serve, journal on", process, ask, rates: Vec::new() }
}

fn oauth2_mock_server() -> Peer {
    let (process, port) = start("oauth2-mock-server.mjs");
    let ask =
        Ask::form(([127, 0, 0, 1], port).into(), "/token", "peer", "peer-secret", "grant_type=client_credentials");
    Peer { name: "oauth2-mock-server", process, ask, rates: Vec::new() }
}

fn oidc_provider() -> Peer {
    let (process, port) = start("oidc-provider.mjs");
    let ask =
        Ask::form(([127, 0, 0, 1], port).into(), "/token", "peer", "peer-secret", "grant_type=client_credentials");
    Peer { name: "oidc-provider", process, ask, rates: Vec::new() }
}

/// Starts a peer, and waits until it answers.
fn start(script: &str) -> (Child, u16) {
    let mut process = Command::new("node")
        .arg(script)
        .current_dir(peers::folder())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("node is installed, and `npm ci` was run in benches/peers");
    let mut lines = BufReader::new(process.stdout.take().expect("it speaks")).lines();
    let port = lines
        .find_map(|line| line.ok()?.strip_prefix("listening on ")?.split(' ').next()?.parse().ok())
        .expect("it says where it listens");
    std::thread::spawn(move || lines.for_each(drop));
    serve::first_answer(port);
    (process, port)
}
