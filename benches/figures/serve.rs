//! `flowcheck serve`, from its start to its first answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use super::load::Ask;
use super::measure::print;
use super::sandbox_user::{APP, SECRET, SandboxUser};

const TIMES: usize = 15;

pub(crate) fn measure() {
    let times: Vec<_> = (0..TIMES)
        .map(|_| {
            let began = Instant::now();
            let mut sandbox = start();
            first_answer(sandbox.port);
            let took = began.elapsed();
            sandbox.stop();
            took
        })
        .collect();
    print("flowcheck serve, start to first answer", &times);
}

/// A running sandbox.
pub(crate) struct Sandbox {
    pub(crate) process: Child,
    pub(crate) port: u16,
}

/// Starts one, and reads where it listens.
pub(crate) fn start() -> Sandbox {
    let mut process = Command::new(env!("CARGO_BIN_EXE_flowcheck"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("flowcheck starts");
    let mut lines = BufReader::new(process.stdout.take().expect("it speaks")).lines();
    let port = lines
        .find_map(|line| line.ok()?.strip_prefix("export KLAVIYO_API_URL=http://127.0.0.1:")?.parse::<u16>().ok())
        .expect("it says where it listens");
    // Read on, or its next line would find nobody.
    std::thread::spawn(move || lines.for_each(drop));
    Sandbox { process, port }
}

impl Sandbox {
    pub(crate) fn stop(&mut self) {
        self.process.kill().expect("it can be ended");
        self.process.wait().expect("it ends");
    }
}

/// A sandbox with one installed app, and the request that refreshes its token.
pub(crate) async fn with_install() -> (Child, Ask) {
    let sandbox = start();
    let address = SocketAddr::from(([127, 0, 0, 1], sandbox.port));
    let (_, refresh) = SandboxUser::signed_in(address).await.install(None).await;
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    (sandbox.process, Ask::form(address, "/oauth/token", APP, SECRET, &form))
}

/// Waits for one answer, of any status.
pub(crate) fn first_answer(port: u16) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("it takes a request");
    stream.read_exact(&mut [0; 12]).expect("it answers");
}
