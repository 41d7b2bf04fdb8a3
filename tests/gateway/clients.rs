//! Each client makes the calls of an app, with Klaviyo's own addresses and no setting but its environment.

use crate::scene::{Scene, scene};

/// Method, address, and the status and a piece of the answer.
const CALLS: [(&str, &str, &str, &str); 5] = [
    ("GET", AUTHORIZE, "302", ""),
    ("POST", "https://a.klaviyo.com/oauth/token", "401", "invalid_client"),
    ("POST", "https://a.klaviyo.com/oauth/revoke", "401", "invalid_client"),
    ("GET", "https://a.klaviyo.com/api/accounts", "401", "not_authenticated"),
    ("POST", "https://www.klaviyo.com/oauth/token", "403", "<html"),
];
const AUTHORIZE: &str = "https://www.klaviyo.com/oauth/authorize?response_type=code&client_id=app-id\
    &redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback&scope=accounts%3Aread&state=s\
    &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
/// The credentials of nobody, in each client's words.
const FORM: &str = "grant_type=refresh_token&refresh_token=x&token=x";

/// Makes every call with a client, which is given method and address last, and says status and body.
async fn makes_every_call(scene: &Scene, program: &str, words: &[&str]) {
    for (method, address, status, piece) in CALLS {
        let said = scene.said_by(program, &[words, &[method, address]].concat()).await;
        assert!(said.starts_with(status), "{program}: {method} {address}: {said}");
        assert!(said.contains(piece), "{program}: {method} {address}: {said}");
    }
    assert_eq!(scene.gateway.reached().total(), CALLS.len() as u64);
    let hosts: Vec<String> = scene.exchanges().into_iter().map(|exchange| exchange.host).collect();
    let klaviyo_s = CALLS.map(|(_, address, ..)| address.split('/').nth(2).expect("a host").to_owned());
    assert_eq!(hosts, klaviyo_s, "each call is on the timeline under the host that the client asked for");
}

/// curl in the shell, with more options; says status and body.
fn curl(options: &str) -> String {
    format!(
        r#"for form in "$0"; do [ "$1" = POST ] || form=; done
        curl -sS {options} -w '\n%{{http_code}}' -X "$1" ${{form:+-d "$form" -u nobody:nothing}} "$2" > "$SSL_CERT_FILE.out" || exit
        tail -n 1 "$SSL_CERT_FILE.out"; cat "$SSL_CERT_FILE.out""#
    )
}

#[tokio::test]
async fn curl_comes_through_its_proxy() {
    let scene = scene().await;
    makes_every_call(&scene, "sh", &["-c", &curl("--http1.1"), FORM]).await;
    assert_eq!(scene.gateway.reached().connect, CALLS.len() as u64);
    scene.stop().await;
}

#[tokio::test]
async fn curl_speaks_http_2_through_its_proxy() {
    let scene = scene().await;
    makes_every_call(&scene, "sh", &["-c", &curl("--http2"), FORM]).await;
    let version = ["-sS", "-o", "/dev/null", "-w", "%{http_version}", "https://a.klaviyo.com/api/accounts"];
    assert_eq!(scene.said_by("curl", &version).await, "2");
    scene.stop().await;
}

#[tokio::test]
async fn curl_comes_straight_where_klaviyo_s_names_lead_to_the_gateway() {
    let scene = scene().await;
    let options = format!("--noproxy '*' --connect-to ::{}", scene.gateway.addr());
    makes_every_call(&scene, "sh", &["-c", &curl(&options), FORM]).await;
    assert_eq!(scene.gateway.reached().sni, CALLS.len() as u64);
    scene.stop().await;
}

#[tokio::test]
async fn names_deep_below_klaviyo_com_are_vouched_for_too() {
    let scene = scene().await;
    let said = scene
        .said_by("curl", &["-sS", "-o", "/dev/null", "-w", "%{http_code}", "https://eu.static.klaviyo.com/"])
        .await;
    assert_eq!(said, "200");
    scene.stop().await;
}

#[tokio::test]
async fn a_proxy_client_that_writes_the_whole_address_in_clear_is_answered_as_over_https() {
    let scene = scene().await;
    let request = "POST https://a.klaviyo.com/oauth/token HTTP/1.1\r\nHost: a.klaviyo.com\r\nConnection: close\r\n\
        Proxy-Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 24\r\n\r\n\
        grant_type=refresh_token";
    let answer = scene.send(request.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("invalid_client"), "{answer}");
    let answer =
        scene.send(b"GET https://www.klaviyo.com/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("; Secure"), "{answer}");
    assert_eq!(scene.gateway.reached().absolute, 2);
    scene.stop().await;
}

const NODE_FETCH: &str = "
const [form, method, address] = process.argv.slice(1);
const post = method === 'POST' ? { body: new URLSearchParams(form), headers: { authorization: 'Basic bm9ib2R5Om5vdGhpbmc=' } } : {};
fetch(address, { method, redirect: 'manual', ...post }).then(async (answer) => console.log(answer.status, await answer.text()));
";

#[tokio::test]
async fn node_s_fetch_comes_by_the_preload() {
    let scene = scene().await;
    makes_every_call(&scene, "node", &["-e", NODE_FETCH, FORM]).await;
    scene.stop().await;
}

const NODE_HTTPS: &str = "
const [form, method, address] = process.argv.slice(1);
const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Basic bm9ib2R5Om5vdGhpbmc=' };
const options = method === 'POST' ? { method, headers } : { method };
const request = require('node:https').request(address, options, (answer) => {
  process.stdout.write(`${answer.statusCode} `);
  answer.pipe(process.stdout);
});
request.end(method === 'POST' ? form : undefined);
";

#[tokio::test]
async fn node_s_https_comes_by_the_preload() {
    let scene = scene().await;
    makes_every_call(&scene, "node", &["-e", NODE_HTTPS, FORM]).await;
    scene.stop().await;
}

#[tokio::test]
async fn node_s_http2_comes_by_the_preload() {
    let scene = scene().await;
    let script = "
    const session = require('node:http2').connect('https://a.klaviyo.com');
    const stream = session.request({ ':path': '/api/accounts' });
    stream.on('response', (headers) => { console.log(headers[':status']); session.close(); stream.resume(); });";
    assert_eq!(scene.said_by("node", &["-e", script]).await.trim(), "401");
    assert_eq!(scene.gateway.reached().sni, 1);
    scene.stop().await;
}

const PYTHON_URLLIB: &str = "
import sys, urllib.request, urllib.error
form, method, address = sys.argv[1:]
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_): return None
post = method == 'POST'
headers = {'Authorization': 'Basic bm9ib2R5Om5vdGhpbmc='} if post else {}
request = urllib.request.Request(address, form.encode() if post else None, headers, method=method)
try: answer = urllib.request.build_opener(Stay).open(request)
except urllib.error.HTTPError as error: answer = error
print(answer.status, answer.read().decode())
";

#[tokio::test]
async fn python_s_urllib_comes_through_its_proxy() {
    let scene = scene().await;
    makes_every_call(&scene, "python3", &["-c", PYTHON_URLLIB, FORM]).await;
    assert_eq!(scene.gateway.reached().connect, CALLS.len() as u64);
    scene.stop().await;
}

const PYTHON_REQUESTS: &str = "
import sys, requests
form, method, address = sys.argv[1:]
post = {'data': dict(pair.split('=') for pair in form.split('&')), 'auth': ('nobody', 'nothing')} if method == 'POST' else {}
answer = requests.request(method, address, allow_redirects=False, **post)
print(answer.status_code, answer.text)
";

#[tokio::test]
async fn python_s_requests_come_through_their_proxy() {
    let scene = scene().await;
    if !scene.run("python3", &["-c", "import requests"]).await.status.success() {
        eprintln!("left out: Python's requests is not installed");
        return;
    }
    makes_every_call(&scene, "python3", &["-c", PYTHON_REQUESTS, FORM]).await;
    assert_eq!(scene.gateway.reached().connect, CALLS.len() as u64);
    scene.stop().await;
}
