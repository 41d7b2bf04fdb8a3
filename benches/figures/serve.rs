//! `flowcheck serve`, from its start to its first answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use super::client::{CHALLENGE, VERIFIER, authorize, field, http, location, parameter, text, tokens};
use super::load::Ask;
use super::measure::print;

const TIMES: usize = 15;
// The sandbox's own app and user.
pub(crate) const APP: &str = "sandbox-client-id";
pub(crate) const SECRET: &str = "sandbox-client-secret";
pub(crate) const CALLBACK: &str = "http://localhost:3000/klaviyo/callback";
pub(crate) const USER: &str = "owner@sandbox.example";
pub(crate) const PASSWORD: &str = "sandbox-password";

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
    let browser = http(address, true);
    let www = format!("http://www.klaviyo.localhost:{}", sandbox.port);
    let get = async |path: &str| text(browser.get(format!("{www}{path}")).send().await.expect("Klaviyo answers")).await;
    let post = async |path: &str, form: &[(&str, &str)]| {
        browser.post(format!("{www}{path}")).form(form).send().await.expect("Klaviyo answers")
    };
    let csrf = field(&get("/login").await, "csrf");
    post("/login", &[("csrf", &csrf), ("email", USER), ("password", PASSWORD)]).await;
    let changes =
        [("client_id", APP), ("redirect_uri", CALLBACK), ("scope", "accounts:read"), ("code_challenge", CHALLENGE)];
    let consent = get(&authorize(&changes)).await;
    let hidden = ["csrf", "attempt", "account"].map(|name| (name, field(&consent, name)));
    let mut form: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form.push(("decision", "allow"));
    let back = location(&post("/oauth/authorize/decision", &form).await).parse().expect("an address");
    let code = parameter(&back, "code").expect("a code");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("code_verifier", VERIFIER),
        ("redirect_uri", CALLBACK),
    ];
    let answer =
        browser.post(format!("http://{address}/oauth/token")).basic_auth(APP, Some(SECRET)).form(&form).send().await;
    let (_, refresh) = tokens(answer.expect("Klaviyo answers")).await;
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    (sandbox.process, Ask::form(address, "/oauth/token", APP, SECRET, &form))
}

/// Waits for one answer, of any status.
pub(crate) fn first_answer(port: u16) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("it takes a request");
    stream.read_exact(&mut [0; 12]).expect("it answers");
}
