//! An endpoint that other machines can reach serves only flowcheck's browsers, which request the probe, an unguessable URL, first.

use flowcheck::gateway::Options;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::scene::{answer, scene_with};

#[tokio::test]
async fn clients_are_refused_until_the_probe_has_been_requested_from_their_address() {
    let scene = scene_with(Options { browser_bind: Some([127, 0, 0, 1].into()), ..Options::default() }).await;
    let klaviyo = scene.klaviyo.addr();
    let ask = async |request: String| {
        let mut stream = TcpStream::connect(scene.gateway.browser_addr()).await.expect("connects");
        stream.write_all(request.as_bytes()).await.expect("sent");
        answer(stream).await
    };
    let get = |url: &str| format!("GET {url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let barred = [
        get(&format!("http://{klaviyo}/")),
        get("http://www.klaviyo.com/"),
        get("http://shop.example/"),
        get(&format!("http://localhost:{}/_flowcheck/probe/guessed", klaviyo.port())),
        format!("CONNECT {klaviyo} HTTP/1.1\r\nHost: {klaviyo}\r\nConnection: close\r\n\r\n"),
    ];
    for request in &barred {
        let answer = ask(request.clone()).await;
        assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("flowcheck's own browsers"), "{request}{answer}");
    }
    assert_eq!(scene.gateway.request_counts().total(), 0);
    assert!(scene.exchanges().is_empty(), "nothing came through to Klaviyo");

    let proof = ask(get(&scene.gateway.loopback_probe_url())).await;
    assert!(proof.ends_with(scene.gateway.probe().answer()), "{proof}");
    let let_in = ask(barred[0].clone()).await;
    assert!(let_in.starts_with("HTTP/1.1") && !let_in.contains("flowcheck's own browsers"), "{let_in}");
    scene.stop().await;
}
