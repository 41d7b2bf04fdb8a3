//! Listeners that write down what comes.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Long enough for a request's first bytes.
const PATIENCE: Duration = Duration::from_secs(2);
const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// A listener on both loopback addresses.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) port: u16,
    came: Arc<Mutex<Vec<String>>>,
}

impl Listener {
    /// At the first of these ports that is free.
    pub(crate) fn among(ports: &[u16]) -> Self {
        // From the end: drivers of other tests come from anywhere.
        ports.iter().rev().find_map(|port| Self::at(*port)).expect("one of the ports is free")
    }

    /// At a port that the system chooses.
    pub(crate) fn anywhere() -> Self {
        Self::at(0).expect("a port is free")
    }

    fn at(port: u16) -> Option<Self> {
        let on_v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
        let port = on_v4.local_addr().ok()?.port();
        // Machines without IPv6 have one fewer.
        let on_v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).ok();
        let came = Arc::<Mutex<Vec<String>>>::default();
        for listener in [Some(on_v4), on_v6].into_iter().flatten() {
            let came = Arc::clone(&came);
            std::thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let came = Arc::clone(&came);
                    std::thread::spawn(move || came.lock().expect("no thread panics").push(first_line(stream)));
                }
            });
        }
        Some(Self { port, came })
    }

    /// First lines of what came so far; a connection that said nothing is an empty one.
    pub(crate) fn came(&self) -> Vec<String> {
        self.came.lock().expect("no thread panics").clone()
    }

    /// Counts anew.
    pub(crate) fn forget(&self) {
        self.came.lock().expect("no thread panics").clear();
    }
}

fn first_line(mut stream: TcpStream) -> String {
    let mut bytes = [0; 1024];
    stream.set_read_timeout(Some(PATIENCE)).expect("it can be set");
    let length = stream.read(&mut bytes).unwrap_or_default();
    // Whoever came may have gone.
    let _ = stream.write_all(ANSWER);
    String::from_utf8_lossy(&bytes[..length]).lines().next().unwrap_or_default().to_owned()
}
