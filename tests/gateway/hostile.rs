//! Malformed and hostile input gets a correct response or a closed connection, and the next client is served.

use std::time::Duration;

use flowcheck::gateway::Options;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::scene::{Scene, answer, scene, scene_with};

const API: &str = "https://a.klaviyo.com/api/accounts";
/// curl's exit code for a TLS handshake that failed.
const NO_HANDSHAKE: i32 = 35;

async fn lives(scene: &Scene) {
    let said = scene.said_by("curl", &["-sS", "-o", "/dev/null", "-w", "%{http_code}", API]).await;
    assert_eq!(said, "401");
}

#[tokio::test]
async fn each_kind_of_bad_request_has_its_own_response() {
    let scene = scene_with(Options { hermetic: true, ..Options::default() }).await;
    let huge = "x".repeat(200_000);
    let get = |target: &str, host: &str| format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let connect = |target: &str, after: &str| format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n{after}");
    for (name, request, expected) in [
        ("not HTTP", "hello\r\n\r\n".to_owned(), "400"),
        ("huge header", get("http://a.klaviyo.com/", &huge), "431"),
        ("CONNECT to another port of Klaviyo", connect("a.klaviyo.com:8443", ""), "403"),
        ("CONNECT to Klaviyo in clear", connect("a.klaviyo.com:80", ""), "403"),
        ("CONNECT without a port", connect("a.klaviyo.com", ""), "400"),
        ("CONNECT to a port that is none", connect("a.klaviyo.com:66666", ""), "400"),
        ("CONNECT to no host", connect(":443", ""), "400"),
        ("CONNECT to a name that only begins like Klaviyo's", connect("a.klaviyo.com.example:443", ""), "403"),
        ("no TLS in a tunnel", connect("a.klaviyo.com:443", "GET / HTTP/1.1\r\n\r\n"), "200"),
        ("broken TLS in a tunnel", connect("a.klaviyo.com:443", "\x16\x03\x01\x00\x04oops"), "200"),
        ("another port in the URL", get("https://a.klaviyo.com:8443/", "a.klaviyo.com"), "403"),
        ("a port in the URL that is none", get("https://a.klaviyo.com:99999/", "a.klaviyo.com"), "400"),
        ("another scheme in the URL", get("ftp://a.klaviyo.com/", "a.klaviyo.com"), "400"),
        ("the URL counts, not Host", get(API, "evil.example"), "401"),
        ("Klaviyo's Host makes no URL Klaviyo's", get("https://evil.example/", "a.klaviyo.com"), "403"),
        ("who only calls itself Klaviyo", get("https://a.klaviyo.com@evil.example/", "a.klaviyo.com"), "403"),
        ("straight, for another host", get("/", "evil.example"), "421"),
        ("straight, for the gateway itself", get("/", "127.0.0.1"), "421"),
        ("straight, for a strange host", get("/", "]["), "400"),
        ("straight, for nobody", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(), "400"),
        (
            "a URL without Host",
            "GET https://a.klaviyo.com/api/accounts HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
            "400",
        ),
        ("straight, for Klaviyo", get("/api/accounts", "a.klaviyo.com"), "401"),
        ("the control API", get("https://klaviyo.com/_flowcheck/clock", "127.0.0.1"), "403"),
    ] {
        let answer = scene.send(request.as_bytes()).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {expected}")),
            "{name}: {}",
            answer.lines().next().unwrap_or("closed")
        );
    }
    let answer = scene.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert_eq!(answer, "", "HTTP/2 in clear has no form of refusal, so the connection is closed");
    lives(&scene).await;
    scene.stop().await;
}

#[tokio::test]
async fn tls_without_a_name_or_for_another_host_is_refused_in_the_handshake() {
    let scene = scene().await;
    let address = scene.gateway.addr();
    let (straight, proxy) = (format!("::{address}"), format!("http://{address}"));
    let without_sni = format!("https://{address}/");
    for (name, words) in [
        ("no SNI", vec!["--noproxy", "*", &without_sni]),
        ("SNI of another host", vec!["--noproxy", "*", "--connect-to", &straight, "https://evil.example/"]),
        (
            "CONNECT to Klaviyo, SNI of another host",
            vec!["--proxy", &proxy, "--connect-to", "evil.example:443:a.klaviyo.com:443", "https://evil.example/"],
        ),
    ] {
        let output = scene.run("curl", &[vec!["-sS", "--insecure", "-o", "/dev/null"], words].concat()).await;
        assert_eq!(output.status.code(), Some(NO_HANDSHAKE), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(scene.gateway.request_counts().total(), 0);
    lives(&scene).await;
    scene.stop().await;
}

#[tokio::test]
async fn a_host_other_than_klaviyo_s_inside_klaviyo_s_tls_is_misdirected() {
    let scene = scene().await;
    for version in ["--http1.1", "--http2"] {
        for host in ["Host: evil.example", "Host: 127.0.0.1", "Host: localhost"] {
            let words = ["-sS", version, "-o", "/dev/null", "-w", "%{http_code}", "-H", host, API];
            assert_eq!(scene.said_by("curl", &words).await, "421", "{version} {host}");
        }
    }
    assert!(scene.exchanges().is_empty(), "what is not Klaviyo's is not journaled");
    lives(&scene).await;
    scene.stop().await;
}

#[tokio::test]
async fn a_client_that_lies_in_connect_sni_host_and_url_at_once_gets_what_its_url_asks_for() {
    let scene = scene().await;
    let proxy = format!("http://{}", scene.gateway.addr());
    let lies = |url: &'static str| {
        let words = ["-sS", "--http1.1", "-o", "/dev/null", "-w", "%{http_code}", "--proxy", &proxy].map(str::to_owned);
        let more = ["--connect-to", "a.klaviyo.com:443:www.klaviyo.com:443", "-H", "Host: evil.example"];
        let target = ["--request-target", url, "https://a.klaviyo.com/"];
        words.into_iter().chain(more.into_iter().chain(target).map(str::to_owned)).collect::<Vec<String>>()
    };
    for (url, expected) in [
        ("https://connect.klaviyo.com/login", "200"),
        ("https://a.klaviyo.com/api/accounts", "401"),
        ("https://evil.example/login", "421"),
        ("https://127.0.0.1/_flowcheck/clock", "421"),
        // In origin form it is Host that counts.
        ("/login", "421"),
    ] {
        let words = lies(url);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(scene.said_by("curl", &words).await, expected, "{url}");
    }
    let hosts: Vec<_> = scene.exchanges().into_iter().map(|exchange| exchange.host).collect();
    assert_eq!(hosts, ["connect.klaviyo.com", "a.klaviyo.com"], "only what was Klaviyo's is on record");
    lives(&scene).await;
    scene.stop().await;
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let scene = scene().await;
    let request = "GET https://a.klaviyo.com/api/accounts HTTP/1.1\r\nHost: x\r\n\r\n\
        GET https://evil.example:66666/ HTTP/1.1\r\nHost: x\r\n\r\n\
        GET https://www.klaviyo.com/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = scene.send(request.as_bytes()).await;
    let statuses: Vec<&str> = answer.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    assert_eq!(statuses, ["401", "400", "200"], "{answer}");
    scene.stop().await;
}

#[tokio::test]
async fn idle_connections_are_closed() {
    let scene = scene_with(Options { idle_timeout: Duration::from_millis(300), ..Options::default() }).await;
    for (name, bytes) in [
        ("nothing at all", ""),
        ("half a request line", "GET https://a.kla"),
        ("half the headers", "GET https://a.klaviyo.com/ HTTP/1.1\r\nHost: x\r\n"),
        ("half a handshake", "\x16\x03\x01\x02"),
        ("nothing in a tunnel", "CONNECT a.klaviyo.com:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("nothing after an answer", "GET https://a.klaviyo.com/api/accounts HTTP/1.1\r\nHost: x\r\n\r\n"),
    ] {
        let mut stream = TcpStream::connect(scene.gateway.addr()).await.expect("connects");
        stream.write_all(bytes.as_bytes()).await.expect("sent");
        // Comes to an end, though this side never closes.
        let answer = answer(stream).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 "), "{name}: {answer}");
    }
    lives(&scene).await;
    scene.stop().await;
}

#[tokio::test]
async fn ten_thousand_idle_connections_block_no_other_client() {
    let scene = scene().await;
    let mut idle = Vec::new();
    allow_open_files(16_384);
    for number in 0..10_000 {
        let stream = TcpStream::connect(scene.gateway.addr()).await;
        let why = "this test needs 12,000 open files";
        idle.push(stream.unwrap_or_else(|error| panic!("connection {number}: {error}; {why}")));
        if number % 2_500 == 2_499 {
            lives(&scene).await;
        }
    }
    drop(idle);
    lives(&scene).await;
    scene.stop().await;
}

#[tokio::test]
async fn connections_that_began_to_speak_block_no_other_client_either() {
    let scene = scene().await;
    allow_open_files(16_384);
    for (name, bytes) in [
        ("one byte", "G"),
        ("half a head", "GET https://a.klaviyo.com/ HTTP/1.1\r\nHost: x\r\n"),
        ("half a body", "POST https://a.klaviyo.com/oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx"),
        ("half a handshake", "\x16\x03\x01\x02"),
        ("a tunnel", "CONNECT a.klaviyo.com:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
    ] {
        let mut open = Vec::new();
        for number in 0..1_500 {
            let mut stream =
                TcpStream::connect(scene.gateway.addr()).await.unwrap_or_else(|error| panic!("{number}: {error}"));
            // The gateway may have closed it again.
            let _ = stream.write_all(bytes.as_bytes()).await;
            open.push(stream);
        }
        tokio::time::timeout(Duration::from_secs(5), lives(&scene))
            .await
            .unwrap_or_else(|_| panic!("{name}: no answer"));
    }
    scene.stop().await;
}

/// The clients' ends and those that the gateway keeps are in this process; many systems allow 1,024 files until one asks for more.
fn allow_open_files(wanted: u64) {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("limits can be read");
    if soft < wanted {
        setrlimit(Resource::RLIMIT_NOFILE, wanted.min(hard), hard).expect("limits can be raised to the hard one");
    }
}
