//! Ports of this machine that are closed to browsers, such as those of their drivers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use flowcheck::gateway::Options;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use crate::scene::{answer, scene_with};

#[tokio::test]
async fn a_browser_is_not_taken_to_a_closed_port_of_this_machine_by_any_name() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let port = closed.local_addr().expect("bound").port();
    let open = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let other = open.local_addr().expect("bound").port();
    let came = [counted(closed), counted(open)];
    // A gateway has them for good, as flowcheck's list is.
    let closed_ports: &'static [u16] = vec![port].leak();
    let scene = scene_with(Options { closed_ports, ..Options::default() }).await;
    let mut hosts =
        ["127.0.0.1", "127.0.0.2", "localhost", "shop.localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433"]
            .map(str::to_owned)
            .to_vec();
    hosts.extend(names_of_loopback());
    for host in &hosts {
        for request in [
            format!(
                "POST http://{host}:{port}/session HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
            ),
            format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        ] {
            let mut stream = TcpStream::connect(scene.gateway.browser_addr()).await.expect("connects");
            stream.write_all(request.as_bytes()).await.expect("sent");
            let answer = answer(stream).await;
            assert!(answer.starts_with("HTTP/1.1 502") && answer.contains("is closed to pages"), "{request}{answer}");
        }
    }
    assert_eq!(came[0].load(Ordering::SeqCst), 0);
    // An app's own requests have nothing to do with pages, and other ports are open to both.
    for (door, port, closed) in [
        (scene.gateway.addr(), port, false),
        (scene.gateway.addr(), other, false),
        (scene.gateway.browser_addr(), other, false),
        (scene.gateway.browser_addr(), port, true),
    ] {
        let mut stream = TcpStream::connect(door).await.expect("connects");
        let request = format!("CONNECT localhost:{port} HTTP/1.1\r\nHost: x\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let answer = answer(stream).await;
        assert_eq!(answer.contains("is closed to pages"), closed, "{port}: {answer}");
    }
    assert_eq!(came.map(|came| came.load(Ordering::SeqCst)), [1, 2]);
    scene.stop().await;
}

/// Counts who comes, and closes.
fn counted(listener: TcpListener) -> Arc<AtomicU32> {
    let came = Arc::<AtomicU32>::default();
    let count = Arc::clone(&came);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    came
}

/// Names that this machine's hosts file gives to its loopback address, such as its own.
fn names_of_loopback() -> Vec<String> {
    let file = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    let lines = file.lines().filter_map(|line| line.split('#').next()?.strip_prefix("127.0."));
    lines.flat_map(|line| line.split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>()).collect()
}
