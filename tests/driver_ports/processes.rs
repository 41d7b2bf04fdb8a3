//! What the system knows of the processes that this test started: not what flowcheck says of them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;

/// `st` of a listening socket in /proc/net/tcp.
const LISTENS: &str = "0A";

/// TCP ports on which drivers and browsers listen.
pub(crate) fn listening_ports() -> Vec<u16> {
    let sockets: HashSet<String> = descendants().into_iter().flat_map(sockets_of).collect();
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
    let ports: BTreeSet<u16> = tables
        .iter()
        .flat_map(|table| table.lines().skip(1))
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (address, state, socket) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
            let port = u16::from_str_radix(address.rsplit(':').next()?, 16).ok()?;
            (*state == LISTENS && sockets.contains(*socket)).then_some(port)
        })
        .collect();
    ports.into_iter().collect()
}

/// This process' children, theirs, and so on.
fn descendants() -> Vec<u32> {
    let mut children = HashMap::<u32, Vec<u32>>::new();
    for process in fs::read_dir("/proc").expect("this test needs Linux").flatten() {
        let Some(id) = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // The program's name comes before, in brackets, and may hold anything.
        let stat = fs::read_to_string(process.path().join("stat")).unwrap_or_default();
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        children.entry(parent.unwrap_or_default()).or_default().push(id);
    }
    let mut found = vec![std::process::id()];
    let mut next = 0;
    while next < found.len() {
        found.extend(children.remove(&found[next]).unwrap_or_default());
        next += 1;
    }
    found.split_off(1)
}

/// Numbers of a process' sockets.
fn sockets_of(process: u32) -> Vec<String> {
    let open = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    let links = open.filter_map(|open| fs::read_link(open.path()).ok()?.to_str().map(str::to_owned));
    links.filter_map(|link| Some(link.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())).collect()
}
