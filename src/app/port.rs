//! Free ports for apps.

use std::collections::HashSet;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

/// Below the ephemeral range, so that the system does not assign one of these ports between the check and the app's use.
const RANGE: std::ops::Range<u16> = 15_000..30_000;
const TRIES: usize = 200;

/// Ports given out by this process; no two worlds get the same.
static GIVEN: Mutex<Option<HashSet<u16>>> = Mutex::new(None);

/// A port without a listener.
pub fn free_port() -> io::Result<u16> {
    for _ in 0..TRIES {
        let port = rand::random_range(RANGE);
        let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
        if is_free(port) && given.get_or_insert_default().insert(port) {
            return Ok(port);
        }
    }
    Err(io::Error::new(io::ErrorKind::AddrInUse, format!("none of {TRIES} ports tried is free")))
}

/// Also checks IPv6, where some apps listen for `localhost`.
fn is_free(port: u16) -> bool {
    let on_v6 = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
        Ok(_) => true,
        Err(error) => error.kind() != io::ErrorKind::AddrInUse,
    };
    on_v6 && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_free_and_given_once() {
        let ports: HashSet<u16> = (0..50).map(|_| free_port().unwrap()).collect();
        assert_eq!(ports.len(), 50);
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, *ports.iter().next().unwrap())).unwrap();
        assert!(!is_free(taken.local_addr().unwrap().port()));
    }
}
