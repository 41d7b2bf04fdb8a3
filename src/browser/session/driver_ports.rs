//! Ports for drivers and debuggers, which no page can open.
//!
//! A driver starts whatever program a session's capabilities name, and chromedriver asks nobody who they are: a page that reached its port
//! could run programs as the user. See docs/decisions/0013-driver-ports.md.

use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};

use crate::browser::BrowserError;

/// Ports that browsers block for every page (Fetch standard, section "port blocking"), and that any user may listen on. Two more are in the
/// standard, 4190 and 6679, which Chromium 148 opens nevertheless.
const BLOCKED: [u16; 17] =
    [1719, 1720, 1723, 2049, 3659, 4045, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6697, 10080];
/// Ports that flowcheck tells its own browsers to block. Below those that systems give to who asks for any, and apart from those that
/// flowcheck gives to apps.
const RESERVED: RangeInclusive<u16> = 14_900..=14_999;
const RESERVED_COUNT: usize = (*RESERVED.end() - *RESERVED.start()) as usize + 1;

/// Every port that a driver or a debugger may have.
pub static DRIVER_PORTS: [u16; BLOCKED.len() + RESERVED_COUNT] = all();

/// Whether flowcheck's browsers open no page there, whoever listens.
pub fn opens_no_page(port: u16) -> bool {
    DRIVER_PORTS.contains(&port)
}

/// Ports held by this process.
static HELD: Mutex<Option<HashSet<u16>>> = Mutex::new(None);

/// A port that this process holds, so that no other flowcheck on this machine takes it.
#[derive(Debug)]
pub(in crate::browser) struct DriverPort {
    number: u16,
    _claim: Claim,
}

impl DriverPort {
    /// A free port that every browser blocks; one that only flowcheck's own block, where those are taken.
    pub(in crate::browser) fn blocked() -> Result<Self, BrowserError> {
        Self::first_of(&BLOCKED).map_or_else(Self::reserved, Ok)
    }

    /// A free port that flowcheck's own browsers block, and other programs open: chromedriver speaks with its browser by the same
    /// network code as browsers have, which keeps to the standard's list as well.
    pub(in crate::browser) fn reserved() -> Result<Self, BrowserError> {
        Self::first_of(&RESERVED.collect::<Vec<_>>()).ok_or(BrowserError::NoPort)
    }

    /// Its number.
    pub(in crate::browser) fn number(&self) -> u16 {
        self.number
    }

    /// The first that is free, from a random one on: processes that start at the same moment seldom look at the same port.
    fn first_of(ports: &[u16]) -> Option<Self> {
        let start = rand::random_range(0..ports.len().max(1));
        ports.iter().cycle().skip(start).take(ports.len()).find_map(|port| Self::hold(*port))
    }

    fn hold(number: u16) -> Option<Self> {
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        let held = held.get_or_insert_default();
        if held.contains(&number) {
            return None;
        }
        let claim = claim(number).filter(|_| is_free(number))?;
        held.insert(number);
        Some(Self { number, _claim: claim })
    }
}

impl Drop for DriverPort {
    fn drop(&mut self) {
        if let Some(held) = &mut *HELD.lock().unwrap_or_else(PoisonError::into_inner) {
            held.remove(&self.number);
        }
    }
}

/// Rules by which Chromium finds no host at these ports, whatever its name or address. Requests that go by a proxy are the gateway's to
/// refuse.
pub(in crate::browser) fn chromium_rules() -> String {
    DRIVER_PORTS.map(|port| format!("MAP *:{port} ~NOTFOUND")).join(",")
}

/// The ports that Firefox does not block by itself, as its preference takes them.
pub(in crate::browser) fn firefox_banned() -> String {
    format!("{}-{}", RESERVED.start(), RESERVED.end())
}

const fn all() -> [u16; BLOCKED.len() + RESERVED_COUNT] {
    let mut ports = [0; BLOCKED.len() + RESERVED_COUNT];
    let (mut index, mut next) = (0, *RESERVED.start());
    while index < ports.len() {
        if index < BLOCKED.len() {
            ports[index] = BLOCKED[index];
        } else {
            ports[index] = next;
            next += 1;
        }
        index += 1;
    }
    ports
}

/// On IPv6 too: drivers listen on both, and chromedriver ends where one is taken.
fn is_free(port: u16) -> bool {
    let on_v6 = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
        Ok(_) => true,
        Err(error) => error.kind() != std::io::ErrorKind::AddrInUse,
    };
    on_v6 && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// What tells other processes that a port is about to be used: a name that only one of them can have, and that ends with it. Like
/// the port, the name is the network namespace's.
#[cfg(target_os = "linux")]
type Claim = Option<std::os::unix::net::UnixListener>;

/// None where another process has it.
#[cfg(target_os = "linux")]
fn claim(port: u16) -> Option<Claim> {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::net::{SocketAddr, UnixListener};

    let name = SocketAddr::from_abstract_name(format!("flowcheck-driver-port-{port}"));
    match name.and_then(|name| UnixListener::bind_addr(&name)) {
        Ok(listener) => Some(Some(listener)),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => None,
        // Where such names cannot be had, a port that two take at once is found out when the driver starts.
        Err(_) => Some(None),
    }
}

/// Other systems have no such names; a port that two take at once is found out when the driver starts.
#[cfg(not(target_os = "linux"))]
type Claim = ();

#[cfg(not(target_os = "linux"))]
fn claim(_port: u16) -> Option<Claim> {
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_port_is_held_once_and_is_free_again_afterwards() {
        let first = DriverPort::reserved().expect("one is free");
        let number = first.number();
        assert!(DriverPort::hold(number).is_none(), "this process holds it");
        assert!(RESERVED.contains(&number));
        drop(first);
        let again = DriverPort::hold(number).expect("it is free again");
        drop(again);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, number)).expect("nobody listens there");
        assert!(DriverPort::hold(number).is_none(), "another program listens there");
        drop(listener);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_port_that_another_flowcheck_holds_is_passed_over() {
        let port = DriverPort::reserved().expect("one is free");
        let number = port.number();
        assert!(claim(number).is_none(), "the name is taken, as another process would find it");
        drop(port);
        // Other tests, of this process and of others, take ports for a moment.
        let free = (0..100).any(|_| {
            let claimed = claim(number).is_some();
            if !claimed {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            claimed
        });
        assert!(free, "the name is free again");
    }

    #[test]
    fn where_the_blocked_ports_are_taken_one_of_the_reserved_comes_next() {
        let all: Vec<_> = BLOCKED.iter().filter_map(|port| DriverPort::hold(*port)).collect();
        let next = DriverPort::blocked().expect("a reserved one is free");
        assert!(RESERVED.contains(&next.number()), "{}", next.number());
        drop((all, next));
    }

    #[test]
    fn where_none_is_left_it_is_said_what_that_means() {
        let error = DriverPort::first_of(&[]).ok_or(BrowserError::NoPort).expect_err("there is none");
        assert!(error.to_string().contains("run programs"), "{error}");
        assert!(error.remedy().is_some_and(|remedy| remedy.contains("-j")), "{error}");
    }
}
