//! Input that no honest client sends: always an HTTP answer or a closed connection, and the server lives on.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use flowcheck::evidence::{Event, Facts};
use flowcheck::klaviyo::{Server, Settings};
use proptest::prelude::{any, prop};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Scene, scene, scene_with};

/// Sends bytes, ends the sending side, and reads the answer to its end.
async fn send(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    // The server may close before it has read everything.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(3), stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "the server neither answered nor closed: {}", String::from_utf8_lossy(bytes));
    answer
}

async fn lives(scene: &Scene) {
    let answer = scene.api("GET", "/").send().await.expect("the server still answers");
    assert_eq!(answer.status(), 200);
}

fn status(answer: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(answer.get(..12)?).ok()?;
    text.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()
}

fn no_trouble(scene: &Scene) {
    let troubles = scene.recorder.since(0).into_iter().filter(|entry| matches!(entry.event, Event::HarnessError(_)));
    assert_eq!(troubles.count(), 0);
}

#[tokio::test]
async fn each_kind_of_bad_request_has_its_answer() {
    let scene = scene().await;
    let address = scene.klaviyo.addr();
    let long = "x".repeat(20_000);
    let huge = "x".repeat(200_000);
    let many = "H: x\r\n".repeat(500);
    let get = |target: &str, more: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{more}\r\n")
    };
    for (name, request, expected) in [
        ("not HTTP", "hello\r\n\r\n".to_owned(), 400),
        ("two hosts", get("/", "Host: evil.example\r\n"), 400),
        ("no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(), 400),
        ("foreign host", "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".to_owned(), 421),
        ("strange host", "GET / HTTP/1.1\r\nHost: ][\r\nConnection: close\r\n\r\n".to_owned(), 400),
        ("absolute form", get("http://a.klaviyo.com/api/accounts", ""), 401),
        ("absolute form, foreign", get("http://evil.example/", ""), 421),
        ("long address", get(&format!("/{long}"), ""), 414),
        ("address beyond all buffers", get(&format!("/{huge}"), ""), 431),
        ("huge header", get("/", &format!("X: {huge}\r\n")), 431),
        ("many headers", get("/", &many), 431),
        ("bad escapes in the path", get("/marketplace/apps/%ff%zz%", ""), 404),
        ("bad escapes in the query", get("/login?attempt=%ff&next=%", ""), 200),
        ("unknown method", "BREW / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".to_owned(), 405),
        (
            "connect",
            "CONNECT a.klaviyo.com:443 HTTP/1.1\r\nHost: a.klaviyo.com\r\nConnection: close\r\n\r\n".to_owned(),
            404,
        ),
        ("asterisk", "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".to_owned(), 404),
        ("options", "OPTIONS /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".to_owned(), 204),
        (
            "two lengths",
            "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"
                .to_owned(),
            400,
        ),
        (
            "too much body",
            "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999\r\n\r\n".to_owned(),
            413,
        ),
        (
            "bad chunks",
            "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_owned(),
            400,
        ),
        ("odd cookies", get("/integrations", "Cookie: ;;=; klaviyo_session; klaviyo_session=x\r\n"), 302),
        ("odd credentials", get("/api/accounts", "Authorization: \r\n"), 401),
    ] {
        let answer = send(address, request.as_bytes()).await;
        assert_eq!(status(&answer), Some(expected), "{name}: {}", String::from_utf8_lossy(&answer));
        lives(&scene).await;
    }
    no_trouble(&scene);
    let unreadable = scene.exchanges().into_iter().filter(|exchange| matches!(exchange.facts, Facts::Unknown(_)));
    assert!(unreadable.count() >= 10);
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut_off_and_one_that_breaks_off_is_refused() {
    let scene = scene().await;
    let head = "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("100000\r\n{}\r\n", "x".repeat(0x10_0000));
    let request = format!("{head}{}", chunk.repeat(6));
    let answer = send(scene.klaviyo.addr(), request.as_bytes()).await;
    // The reset that follows an unread body may outrun the answer.
    assert!(matches!(status(&answer), Some(413) | None), "{}", String::from_utf8_lossy(&answer));
    let broken = "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nx";
    assert!(matches!(status(&send(scene.klaviyo.addr(), broken.as_bytes()).await), Some(400) | None));
    lives(&scene).await;
}

#[tokio::test]
async fn any_bytes_at_all_leave_the_server_alive() {
    let scene = scene().await;
    let mut runner = TestRunner::deterministic();
    let line = prop::collection::vec(any::<u8>(), 0..200);
    let starts = [
        "",
        "GET ",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        "GET /oauth/authorize?",
        "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 64\r\n\r\n",
        "GET /oauth/authorize?client_id=app-client-id&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback%3Ffrom%3Dklaviyo&state=",
        "GET /api/profiles?filter=equals(",
    ];
    for _ in 0..60 {
        let bytes = line.new_tree(&mut runner).expect("a value").current();
        for start in starts {
            let whole =
                [start.as_bytes(), &bytes, b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"].concat();
            let answer = send(scene.klaviyo.addr(), &whole).await;
            assert!(answer.is_empty() || status(&answer).is_some(), "{}", String::from_utf8_lossy(&answer));
        }
    }
    lives(&scene).await;
    no_trouble(&scene);
}

#[tokio::test]
async fn any_query_and_any_form_are_answered() {
    let scene = scene().await;
    let mut runner = TestRunner::deterministic();
    let words =
        "(response_type|client_id|redirect_uri|scope|state|code|grant_type|token|filter|page\\[size\\])=[ -~]{0,20}";
    let pairs = prop::collection::vec(words, 0..6);
    let client = crate::client::http(scene.klaviyo.addr(), false);
    for _ in 0..100 {
        let text = pairs.new_tree(&mut runner).expect("a value").current().join("&");
        for path in ["/oauth/authorize", "/login", "/integrations", "/api/profiles"] {
            let Ok(url) = scene.klaviyo.api().join(&format!("{path}?{text}")) else { continue };
            assert!(client.get(url).send().await.expect("an answer").status().as_u16() < 500, "{text}");
        }
        for path in ["/oauth/token", "/oauth/revoke", "/login", "/oauth/authorize/decision"] {
            let call = client.post(scene.klaviyo.api().join(path).expect("a path"));
            let call = call.header("content-type", "application/x-www-form-urlencoded").body(text.clone());
            assert!(call.send().await.expect("an answer").status().as_u16() < 500, "{text}");
        }
    }
    no_trouble(&scene);
}

#[tokio::test]
async fn any_filter_and_any_json_of_an_installed_app_are_answered() {
    let settings = Settings { rate_limits: false, ..Settings::default() };
    let scene = scene_with(settings).await;
    let (access, _) = scene.installed_with("profiles:read profiles:write events:write lists:write lists:read").await;
    let mut runner = TestRunner::deterministic();
    let filter = "(equals|any|contains|less-than|x)?\\(?(id|email|created)?,?[ -~é]{0,20}\\)?,?";
    let value = "(null|1|\"x\"|\\[\\]|\\{\\}|\\[\\{\\}\\]|\\{\"data\":\\{\\}\\})";
    let members = "(type|id|attributes|properties|metric|profile|time|email|name)";
    let json = (members, value, members, value).prop_map(|(one, a, two, b)| {
        format!(r#"{{"data":{{"type":"profile","{one}":{a},"attributes":{{"{two}":{b}}}}}}}"#)
    });
    for _ in 0..40 {
        let filter = filter.new_tree(&mut runner).expect("a value").current();
        let query: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        for path in ["/api/profiles", "/api/lists"] {
            let answer = scene.call(&format!("{path}?filter={query}&page[cursor]={query}"), &access).await;
            assert!(matches!(answer.status().as_u16(), 200 | 400), "{filter}");
        }
        let body = json.new_tree(&mut runner).expect("a value").current();
        for kind in ["profile", "event", "list"] {
            let body = serde_json::from_str(&body.replace("\"profile\"", &format!("\"{kind}\""))).expect("JSON");
            let answer = scene.send("POST", &format!("/api/{kind}s"), &access, &body).await;
            assert!(matches!(answer.status().as_u16(), 201 | 202 | 400 | 409), "{body}");
        }
    }
    no_trouble(&scene);
}

#[tokio::test]
async fn a_request_for_a_foreign_host_is_on_record_with_what_it_asked_for() {
    let scene = scene().await;
    let call = scene.api("POST", "/oauth/token?code=a-secret-code").header("host", "api.klaviyo.example");
    assert_eq!(call.send().await.expect("an answer").status(), 421);
    let exchange = scene.exchanges().pop().expect("an exchange");
    assert_eq!((exchange.method.as_str(), exchange.path.as_str()), ("POST", "/oauth/token"));
    assert_eq!((exchange.host.as_str(), exchange.status), ("api.klaviyo.example", 421));
    assert!(exchange.query[0].1.starts_with("‹code "), "{:?}", exchange.query);
}

#[tokio::test]
async fn slow_clients_hold_up_nobody() {
    let scene = scene().await;
    let mut slow = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(scene.klaviyo.addr()).await.expect("connects");
        stream.write_all(b"GET / HTTP/1.1\r\nHost: 127").await.expect("writes");
        slow.push(stream);
    }
    let began = Instant::now();
    lives(&scene).await;
    assert!(began.elapsed() < Duration::from_secs(1));
    // Nor do they hold up stopping.
    scene.klaviyo.stop().await;
    assert!(began.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn unfinished_requests_keep_nobody_out_and_memory_for_them_is_limited() {
    let scene = scene().await;
    allow_open_files(8_192);
    let large = format!(
        "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000000\r\n\r\n{}",
        "x".repeat(1 << 20)
    );
    for (name, connections, bytes) in [
        ("silence", 1_500, ""),
        ("half a head", 1_500, "GET / HTTP/1.1\r\nHost: 127"),
        ("half a body", 1_500, "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nx"),
        ("200 MB of unfinished bodies", 200, large.as_str()),
    ] {
        let before = resident_bytes();
        let mut open = Vec::new();
        for _ in 0..connections {
            let mut stream = TcpStream::connect(scene.klaviyo.addr()).await.expect("connects");
            // The server may have closed it again.
            let _ = stream.write_all(bytes.as_bytes()).await;
            open.push(stream);
        }
        let answer = tokio::time::timeout(Duration::from_secs(5), lives(&scene)).await;
        assert!(answer.is_ok(), "{name}: no answer");
        let grown = resident_bytes().saturating_sub(before);
        assert!(grown < 150 << 20, "{name}: {grown} bytes");
    }
    no_trouble(&scene);
}

/// What this process, test and server, holds in memory.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").expect("Linux says so");
    let pages: u64 = status.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number");
    pages * 4_096
}

/// The clients' ends and those that the server keeps are in this process.
fn allow_open_files(wanted: u64) {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("limits can be read");
    if soft < wanted {
        setrlimit(Resource::RLIMIT_NOFILE, wanted.min(hard), hard).expect("limits can be raised to the hard one");
    }
}

#[tokio::test]
async fn a_server_says_when_its_address_is_taken_and_gives_it_back_when_stopped() {
    let scene = scene().await;
    let address = scene.klaviyo.addr().to_string();
    let error = Server::builder().bind(&address).await.expect_err("it is taken").to_string();
    assert!(error.contains(&address) && error.contains("port 0"), "{error}");
    scene.klaviyo.stop().await;
    let again = Server::builder().bind(&address).await.expect("it is free again");
    drop(again);
    assert!(Server::builder().bind("0.0.0.0:0").await.is_err());
    assert!(Server::builder().bind("nonsense").await.is_err());
}
