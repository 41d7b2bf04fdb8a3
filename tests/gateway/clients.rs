//! HTTP clients that partners' apps use reach the gateway at Klaviyo's own URLs, configured by their environment only. Each sends an
//! authorization request, a token request, an API call and a revocation, by a script in `clients/`; `scripts/install-clients`
//! installs what the scripts need.

use std::path::Path;

use flowcheck::gateway::{Gateway, Options, RequestCounts};
use nix::unistd::geteuid;
use tokio::process::Command;

use crate::installed::{Installed, installed};
use crate::scene::{Scene, scene, scene_with};

/// What each of them says.
const SAID: &str = "authorize 302\ntoken 200\napi 200\nrevoke 200\n";
/// Where each of them goes.
const CALLS: [(&str, &str, &str); 4] = [
    ("GET", "www.klaviyo.com", "/oauth/authorize"),
    ("POST", "a.klaviyo.com", "/oauth/token"),
    ("GET", "a.klaviyo.com", "/api/accounts"),
    ("POST", "a.klaviyo.com", "/oauth/revoke"),
];

/// A client: the words of its command, with `{clients}` for their folder and `{gateway}` for the gateway's address, and the way
/// that it comes.
type Row = (&'static str, fn(u64) -> RequestCounts);

/// By environment variables.
const BY_VARIABLES: [Row; 22] = [
    ("sh {clients}/curl.sh --http1.1", connect),
    ("sh {clients}/curl.sh --http2", connect),
    ("sh {clients}/curl.sh --noproxy * --connect-to ::{gateway}", sni),
    ("node {clients}/fetch.mjs", sni),
    ("node {clients}/https.mjs", sni),
    ("node {clients}/axios.mjs axios-1.7", absolute),
    ("node {clients}/axios.mjs axios-current", connect),
    ("{clients}/.venv/bin/python {clients}/with_requests.py", connect),
    ("{clients}/.venv/bin/python {clients}/with_httpx.py", connect),
    ("{clients}/.venv/bin/python {clients}/with_urllib.py", connect),
    ("{clients}/.venv/bin/python {clients}/with_urllib3.py", sni),
    ("ruby {clients}/net_http.rb", sni),
    ("perl {clients}/http_tiny.pl", connect),
    ("perl {clients}/lwp.pl", connect),
    ("perl {clients}/mojo.pl", connect),
    ("go run {clients}/plain.go", connect),
    ("java {clients}/Plain.java", connect),
    ("java {clients}/Plain.java connection", connect),
    ("php {clients}/with_curl.php", connect),
    ("php {clients}/with_guzzle.php", connect),
    ("{clients}/node_modules/.bin/bun {clients}/fetch.mjs", connect),
    ("{clients}/node_modules/.bin/deno run -A {clients}/fetch.mjs", connect),
];

/// By a hosts file, with no preload and no proxy: as root on Linux.
const BY_NAMES: [Row; 11] = [
    ("node {clients}/fetch.mjs", sni),
    ("{clients}/.venv/bin/python {clients}/with_urllib3.py", sni),
    ("ruby {clients}/net_http.rb", sni),
    ("perl {clients}/http_tiny.pl", sni),
    ("perl {clients}/lwp.pl", sni),
    ("perl {clients}/mojo.pl", sni),
    ("go run {clients}/plain.go", sni),
    ("java {clients}/Plain.java", sni),
    ("php {clients}/with_guzzle.php", sni),
    ("{clients}/node_modules/.bin/bun {clients}/fetch.mjs", sni),
    ("{clients}/node_modules/.bin/deno run -A {clients}/fetch.mjs", sni),
];

fn connect(calls: u64) -> RequestCounts {
    RequestCounts { connect: calls, ..RequestCounts::default() }
}

fn sni(calls: u64) -> RequestCounts {
    RequestCounts { sni: calls, ..RequestCounts::default() }
}

fn absolute(calls: u64) -> RequestCounts {
    RequestCounts { absolute: calls, ..RequestCounts::default() }
}

#[tokio::test]
async fn every_client_installs_calls_and_uninstalls_at_klaviyo_s_own_urls() {
    play_the_app(&BY_VARIABLES, Options::default()).await;
}

#[tokio::test]
async fn clients_that_ignore_proxies_do_so_too_with_a_hosts_file() {
    if geteuid().is_root() {
        play_the_app(&BY_NAMES, Options { hosts: true, ..Options::default() }).await;
    } else {
        eprintln!("left out: only root may give a command a hosts file of its own");
    }
}

async fn play_the_app(rows: &[Row], options: Options) {
    for (command, way) in rows {
        let scene = scene_with(options).await;
        let tokens = installed(&scene.klaviyo).await;
        let seen_before = scene.exchanges().len();
        assert_eq!(said_by(&scene, command, &tokens).await, SAID, "{command}");
        let exchanges = scene.exchanges();
        let calls =
            exchanges[seen_before..].iter().map(|one| (one.method.as_str(), one.host.as_str(), one.path.as_str()));
        assert_eq!(calls.collect::<Vec<_>>(), CALLS, "{command}");
        assert_eq!(scene.gateway.request_counts(), way(CALLS.len() as u64), "{command}");
        assert!(scene.klaviyo.installs().is_empty(), "{command} has revoked");
        scene.stop().await;
    }
}

/// What a client says.
async fn said_by(scene: &Scene, command: &str, tokens: &Installed) -> String {
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gateway/clients");
    let clients = clients.to_str().expect("text");
    let filled = command.replace("{clients}", clients).replace("{gateway}", &scene.gateway.addr().to_string());
    let words: Vec<&str> = filled.split(' ').collect();
    let variables = [
        ("AUTHORIZE", tokens.authorize.as_str()),
        ("CLIENT_ID", "app-id"),
        ("CLIENT_SECRET", "app-secret"),
        ("REFRESH_TOKEN", &tokens.refresh_token),
    ];
    scene.said_by_with(words[0], &words[1..], &variables).await
}

#[tokio::test]
async fn curl_speaks_http_2_with_the_gateway() {
    let scene = scene().await;
    let version = ["-sS", "-o", "/dev/null", "-w", "%{http_version}", "https://a.klaviyo.com/api/accounts"];
    assert_eq!(scene.said_by("curl", &version).await, "2");
    scene.stop().await;
}

#[tokio::test]
async fn the_token_endpoint_of_www_is_a_403_page_as_at_klaviyo() {
    let scene = scene().await;
    let words = ["-sS", "-w", " %{http_code}", "-d", "grant_type=refresh_token", "https://www.klaviyo.com/oauth/token"];
    let said = scene.said_by("curl", &words).await;
    assert!(said.contains("<html") && said.ends_with(" 403"), "{said}");
    scene.stop().await;
}

#[tokio::test]
async fn deep_subdomains_of_klaviyo_com_have_certificates_too() {
    let scene = scene().await;
    let said = scene
        .said_by("curl", &["-sS", "-o", "/dev/null", "-w", "%{http_code}", "https://eu.static.klaviyo.com/"])
        .await;
    assert_eq!(said, "200");
    scene.stop().await;
}

#[tokio::test]
async fn an_https_url_in_absolute_form_is_answered_as_over_tls() {
    let scene = scene().await;
    let request = "POST https://a.klaviyo.com/oauth/token HTTP/1.1\r\nHost: a.klaviyo.com\r\nConnection: close\r\n\
        Proxy-Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 24\r\n\r\n\
        grant_type=refresh_token";
    let answer = scene.send(request.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("invalid_client"), "{answer}");
    let answer =
        scene.send(b"GET https://www.klaviyo.com/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("; Secure"), "{answer}");
    assert_eq!(scene.gateway.request_counts().absolute, 2);
    scene.stop().await;
}

#[tokio::test]
async fn node_s_http2_is_redirected_by_the_preload() {
    let scene = scene().await;
    let script = "
    const session = require('node:http2').connect('https://a.klaviyo.com');
    const stream = session.request({ ':path': '/api/accounts' });
    stream.on('response', (headers) => { console.log(headers[':status']); session.close(); stream.resume(); });";
    assert_eq!(scene.said_by("node", &["-e", script]).await.trim(), "401");
    assert_eq!(scene.gateway.request_counts().sni, 1);
    scene.stop().await;
}

#[tokio::test]
async fn a_sitecustomize_that_python_s_preload_shadows_is_loaded_too() {
    let theirs = tempfile::tempdir().expect("there is room for a folder");
    let text = "import builtins; builtins.theirs = 'loaded'";
    std::fs::write(theirs.path().join("sitecustomize.py"), text).expect("it can be written");
    let scene = scene().await;
    let before = |name: &str| (name == "PYTHONPATH").then(|| theirs.path().into());
    let gateway = Gateway::start_with_environment(&scene.klaviyo, Options::default(), before).await.expect("starts");
    let mut python = Command::new("python3");
    let script = "import socket; print(theirs, socket.getaddrinfo.__module__, __import__('sitecustomize').__file__)";
    let output = python.args(["-c", script]).envs(gateway.environment().iter()).output().await.expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let file = theirs.path().join("sitecustomize.py");
    assert_eq!(said.trim(), format!("loaded sitecustomize {}", file.display()), "{output:?}");
    gateway.stop().await;
    scene.stop().await;
}
