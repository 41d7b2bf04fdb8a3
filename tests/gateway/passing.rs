//! Requests for hosts other than Klaviyo's are forwarded unread, or refused.

use std::os::unix::fs::PermissionsExt as _;

use flowcheck::gateway::{Options, RefusedTarget};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::scene::{answer, scene, scene_with};

fn hermetic() -> Options {
    Options { hermetic: true, ..Options::default() }
}

/// A server on loopback that answers each connection with the first line it was sent; its port.
async fn echo_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = [0; 1_024];
            let length = stream.read(&mut bytes).await.unwrap_or_default();
            let line = String::from_utf8_lossy(&bytes[..length]).lines().next().unwrap_or_default().to_owned();
            let answer =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{line}", line.len());
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    port
}

#[tokio::test]
async fn a_hermetic_gateway_still_forwards_to_this_machine() {
    let scene = scene_with(hermetic()).await;
    let port = echo_server().await;
    for host in ["127.0.0.1", "localhost", "app.localhost"] {
        let request = format!("GET http://{host}:{port}/path?q HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = scene.send(request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("GET /path?q HTTP/1.1"), "{answer}");

        let mut tunnel = TcpStream::connect(scene.gateway.addr()).await.expect("connects");
        let connect = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n");
        tunnel.write_all(connect.as_bytes()).await.expect("sent");
        let mut granted = [0; 12];
        tunnel.read_exact(&mut granted).await.expect("answered");
        assert_eq!(&granted, b"HTTP/1.1 200", "{host}");
        tunnel.write_all(b"anything at all\n").await.expect("sent");
        assert!(self::answer(tunnel).await.ends_with("anything at all"), "{host}");
    }
    assert_eq!(scene.gateway.refused(), []);
    assert!(scene.exchanges().is_empty(), "what passes through is not journaled");
    assert_eq!(scene.gateway.request_counts().total(), 0);
    scene.stop().await;
}

#[tokio::test]
async fn a_hermetic_gateway_refuses_external_hosts_at_once_and_lists_them() {
    let scene = scene_with(hermetic()).await;
    for request in [
        "CONNECT shop.example:443 HTTP/1.1\r\nHost: shop.example:443\r\n\r\n",
        "CONNECT shop.example:443 HTTP/1.1\r\nHost: a.klaviyo.com\r\n\r\n",
        "GET http://pay.example/ HTTP/1.1\r\nHost: pay.example\r\nConnection: close\r\n\r\n",
        "GET https://klaviyo.com.example/ HTTP/1.1\r\nHost: klaviyo.com\r\nConnection: close\r\n\r\n",
    ] {
        let answer = scene.send(request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("hermetic"), "{request}: {answer}");
    }
    let refused = |target: &str, times| RefusedTarget { target: target.to_owned(), times };
    let expected =
        [refused("shop.example:443", 2), refused("pay.example:80", 1), refused("klaviyo.com.example:443", 1)];
    assert_eq!(scene.gateway.refused(), expected);
    assert!(scene.exchanges().is_empty());
    scene.stop().await;
}

#[tokio::test]
async fn a_host_that_cannot_be_reached_is_a_bad_gateway() {
    let scene = scene().await;
    let taken_and_let_go = TcpListener::bind("127.0.0.1:0").await.expect("binds").local_addr().expect("bound");
    for request in [
        format!("CONNECT {taken_and_let_go} HTTP/1.1\r\nHost: {taken_and_let_go}\r\n\r\n"),
        format!("GET http://{taken_and_let_go}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
    ] {
        let answer = scene.send(request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 502") && answer.contains("cannot reach"), "{answer}");
    }
    scene.stop().await;
}

#[tokio::test]
async fn the_folder_is_private_and_removed_with_the_gateway() {
    for stopped in [true, false] {
        let scene = scene().await;
        let folder = scene.gateway.ca_file().parent().expect("a folder").to_owned();
        let mode = |path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(folder.clone()), 0o700);
        for file in std::fs::read_dir(&folder).expect("it can be read") {
            let file = file.expect("an entry").path();
            assert_eq!(mode(file.clone()), 0o600, "{}", file.display());
            let bytes = std::fs::read(&file).expect("it can be read");
            assert!(!bytes.windows(11).any(|part| part == b"PRIVATE KEY"), "keys stay in memory");
        }
        if stopped {
            scene.stop().await;
        } else {
            drop(scene);
        }
        assert!(!folder.exists());
    }
}
