//! The app whose page is hostile.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use tokio::sync::mpsc;

const PAGE: &str = include_str!("page.html");

/// A site of one page, which redirects and takes the page's report.
#[derive(Debug)]
pub(crate) struct Site {
    port: u16,
    reports: mpsc::UnboundedReceiver<Vec<String>>,
}

impl Site {
    /// Serves the page, which tries these ports with this body.
    pub(crate) fn serving(ports: &[u16], payload: &str) -> Self {
        let settings = serde_json::json!({ "ports": ports, "payload": payload }).to_string();
        let page = PAGE.replace("SETTINGS", &settings.replace('<', "\\u003c"));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let (told, reports) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (page, told) = (page.clone(), told.clone());
                std::thread::spawn(move || answer(stream, &page, &told));
            }
        });
        Self { port, reports }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// What the page says that it reached.
    pub(crate) async fn report(mut self, patience: Duration) -> Option<Vec<String>> {
        tokio::time::timeout(patience, self.reports.recv()).await.ok().flatten()
    }
}

/// Sends a body to a driver as the page would, and waits for what comes of it.
pub(crate) fn send(port: u16, body: &str) {
    let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return };
    let length = body.len();
    let head = format!(
        "POST /session HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: text/plain\r\nContent-Length: {length}"
    );
    stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n{body}").as_bytes()).expect("it takes it");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("it can be set");
    // Answered or not, the program has been started by then.
    let _ = stream.read(&mut [0; 1024]);
}

fn answer(stream: TcpStream, page: &str, told: &mpsc::UnboundedSender<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        (reader.read_line(&mut head).ok()? > 0).then_some(())?;
    }
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let target = head.split(' ').nth(1)?;
    let answer = if let Some((status, to)) = target.strip_prefix("/redirect/").and_then(|rest| rest.split_once('/')) {
        format!("HTTP/1.1 {status} Elsewhere\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    } else if target == "/report" {
        told.send(serde_json::from_slice(&body).expect("the page reports a list")).ok()?;
        "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_owned()
    } else {
        let length = page.len();
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{page}"
        )
    };
    reader.get_mut().write_all(answer.as_bytes()).ok()
}
