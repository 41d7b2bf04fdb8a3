//! Free ports for apps.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

/// Below the ephemeral range, so that the system does not assign one of these ports between the check and the app's use.
const RANGE: std::ops::Range<u16> = 15_000..30_000;
/// Ports that a process takes at once.
const BLOCK: u16 = 100;
const TRIES: usize = 200;

static OWN: Mutex<Blocks> = Mutex::new(Blocks { held: Vec::new(), left: Vec::new() });

/// Blocks of ports that belong to this process. It listens at the first port of each for as long as it lives, so that another flowcheck
/// beside it takes others: an app binds its port only some time after it was found free.
#[derive(Debug)]
struct Blocks {
    held: Vec<TcpListener>,
    /// Those of them that were not given out; no two worlds get the same.
    left: Vec<u16>,
}

impl Blocks {
    fn next(&mut self) -> io::Result<u16> {
        for _ in 0..TRIES {
            match self.left.pop() {
                Some(port) if is_free(port) => return Ok(port),
                Some(_) => {}
                None => self.take_block(),
            }
        }
        Err(io::Error::new(io::ErrorKind::AddrInUse, format!("none of {TRIES} ports tried is free")))
    }

    /// Takes another block; none where its first port is taken, by another flowcheck or whoever.
    fn take_block(&mut self) {
        let first = RANGE.start + BLOCK * rand::random_range(0..RANGE.len().try_into().unwrap_or(u16::MAX) / BLOCK);
        if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, first)) {
            self.held.push(listener);
            self.left = (first + 1..first + BLOCK).collect();
        }
    }
}

/// A port without a listener.
pub fn free_port() -> io::Result<u16> {
    OWN.lock().unwrap_or_else(PoisonError::into_inner).next()
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
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ports_are_free_and_given_once() {
        let ports: HashSet<u16> = (0..250).map(|_| free_port().unwrap()).collect();
        assert_eq!(ports.len(), 250);
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, *ports.iter().next().unwrap())).unwrap();
        assert!(!is_free(taken.local_addr().unwrap().port()));
    }

    #[test]
    fn two_processes_never_get_the_same_port_while_both_live() {
        // Of 150 blocks, two of 40 draws are surely the same where nobody holds any.
        let mut all = [(); 40].map(|()| Blocks { held: Vec::new(), left: Vec::new() });
        let ports: Vec<u16> = (0..3).flat_map(|_| all.each_mut().map(|process| process.next().unwrap())).collect();
        assert_eq!(ports.iter().collect::<HashSet<_>>().len(), ports.len());
    }
}
