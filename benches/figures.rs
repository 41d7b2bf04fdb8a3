//! The figures of docs/performance.md, measured in one run: `make bench`.
//!
//! - the whole standalone checklist against the fixture app, two scenarios side by side, browser start included;
//! - `flowcheck serve`, from its start to its first answer;
//! - the token endpoint's requests per second with the journal on, beside a bare hyper answer, and with a state file.
//!
//! Machines are noisy: medians of several runs, and ratios where there is something to compare with.

#![expect(dead_code, reason = "the mock tests' client has more than this needs")]

#[path = "../tests/mock/client.rs"]
mod client;

use std::convert::Infallible;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use flowcheck::klaviyo::{Server, StateFile};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

const CHECKLISTS: usize = 3;
const SERVES: usize = 15;
/// Connections that ask at the same time.
const CONNECTIONS: usize = 16;
/// How long each rate is measured for.
const MEASURED: Duration = Duration::from_secs(3);
/// Turns of the two rates, one after the other, so that a machine's mood hits both.
const TURNS: usize = 3;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|wish| name.contains(wish.as_str()));
    if wants("checklist") {
        checklist();
    }
    if wants("serve") {
        serve();
    }
    if wants("token") {
        tokio::runtime::Runtime::new().expect("a runtime starts").block_on(token());
    }
}

fn checklist() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = Path::new(env!("CARGO_BIN_EXE_flowcheck"));
    let partner = program.with_file_name("partner");
    let output = tempfile::tempdir().expect("there is room");
    let times = (0..CHECKLISTS).map(|_| {
        let began = Instant::now();
        let status = Command::new(program)
            .args(["run", "--quiet", "-j", "2", "--config", "fixtures/partner/flowcheck.yaml", "--output"])
            .arg(output.path())
            .env("PARTNER", &partner)
            .current_dir(folder)
            .stdout(Stdio::null())
            .status()
            .expect("flowcheck starts");
        assert!(status.success(), "the honest app passes");
        began.elapsed()
    });
    print("whole standalone checklist, -j 2", &mut times.collect::<Vec<_>>());
}

fn serve() {
    let times = (0..SERVES).map(|_| {
        let began = Instant::now();
        let mut server = Command::new(env!("CARGO_BIN_EXE_flowcheck"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("flowcheck starts");
        let mut lines = BufReader::new(server.stdout.take().expect("it speaks")).lines();
        let port = lines
            .find_map(|line| line.ok()?.strip_prefix("export KLAVIYO_API_URL=http://127.0.0.1:")?.parse::<u16>().ok())
            .expect("it says where it listens");
        let answer = std::net::TcpStream::connect(("127.0.0.1", port)).and_then(|mut stream| {
            use std::io::{Read, Write};
            stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
            stream.read_exact(&mut [0; 12])
        });
        let took = began.elapsed();
        answer.expect("it answers");
        server.kill().expect("it can be ended");
        server.wait().expect("it ends");
        took
    });
    print("flowcheck serve, start to first answer", &mut times.collect::<Vec<_>>());
}

async fn token() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = StateFile::open(&folder.path().join("state.db")).expect("a new file");
    let kept = client::open(Server::builder().keep_in(file)).await;
    let scene = client::scene().await;
    let form = async |scene: &client::Scene| {
        let (_, refresh) = scene.installed().await;
        Bytes::from(format!("grant_type=refresh_token&refresh_token={refresh}"))
    };
    let (refresh, kept_refresh) = (form(&scene).await, form(&kept).await);
    let credentials = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", client::APP, client::SECRET));
    let bare = bare().await;
    let (mut ours, mut theirs, mut keeping) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(rate(scene.klaviyo.addr(), &credentials, &refresh).await);
        theirs.push(rate(bare, &credentials, &refresh).await);
        keeping.push(rate(kept.klaviyo.addr(), &credentials, &kept_refresh).await);
    }
    let (ours, theirs, keeping) = (median(&mut ours), median(&mut theirs), median(&mut keeping));
    println!("token endpoint with a state file, each answer on the disk: {keeping:.0}/s");
    println!(
        "token endpoint, journal on: {ours:.0}/s; bare hyper answer beside it: {theirs:.0}/s; ratio {:.2}",
        ours / theirs
    );
}

/// A hyper server that answers anything with the same JSON.
async fn bare() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answer = hyper::service::service_fn(|request: Request<hyper::body::Incoming>| async move {
                let _ = request.into_body().collect().await;
                Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"{\"access_token\":\"x\"}"))))
            });
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    });
    address
}

/// Token requests per second over several kept connections.
async fn rate(address: SocketAddr, credentials: &str, form: &Bytes) -> f64 {
    let until = Instant::now() + MEASURED;
    let askers: Vec<_> = (0..CONNECTIONS)
        .map(|_| tokio::spawn(ask(address, format!("Basic {credentials}"), form.clone(), until)))
        .collect();
    let mut answered = 0_u32;
    for asker in askers {
        answered += asker.await.expect("an asker ends");
    }
    f64::from(answered) / MEASURED.as_secs_f64()
}

async fn ask(address: SocketAddr, authorization: String, form: Bytes, until: Instant) -> u32 {
    let stream = TcpStream::connect(address).await.expect("connects");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("speaks HTTP");
    tokio::spawn(connection);
    let mut answered = 0;
    while Instant::now() < until {
        let request = Request::post("/oauth/token")
            .header("host", address.to_string())
            .header("authorization", &authorization)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Full::new(form.clone()))
            .expect("a request");
        let answer = sender.send_request(request).await.expect("an answer");
        assert_eq!(answer.status(), 200);
        answer.into_body().collect().await.expect("a whole answer");
        answered += 1;
    }
    answered
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn print(what: &str, times: &mut [Duration]) {
    times.sort();
    let seconds = |time: Duration| time.as_secs_f64();
    println!(
        "{what}: median {:.3} s of {} (from {:.3} to {:.3})",
        seconds(times[times.len() / 2]),
        times.len(),
        seconds(times[0]),
        seconds(times[times.len() - 1])
    );
}
