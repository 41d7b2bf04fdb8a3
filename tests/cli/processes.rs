//! Processes that carry a mark: found in `/proc` by their environment, their command line, or who started them.

use std::collections::BTreeSet;
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long to wait for what is bound to happen, on however busy a machine.
const PATIENCE: Duration = Duration::from_mins(1);
/// Pause between two looks at `/proc`, which tells nobody of changes.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A living process, told from a later one with the same id by when it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Process {
    id: u32,
    parent: u32,
    began: u64,
    /// Its command line, the parts separated by spaces.
    pub(crate) command: String,
}

impl Process {
    /// Whether it is still there.
    pub(crate) fn is_alive(&self) -> bool {
        Self::read(self.id).is_some_and(|now| now.began == self.began)
    }

    pub(crate) fn kill(&self) {
        let id = i32::try_from(self.id).expect("ids are small");
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), nix::sys::signal::Signal::SIGKILL).expect("it is ours");
    }

    /// None where it has ended, as a zombie has.
    fn read(id: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name, in brackets, may hold anything.
        let (_, after) = stat.rsplit_once(") ")?;
        let fields: Vec<&str> = after.split(' ').collect();
        if matches!(fields.first(), Some(&("Z" | "X"))) {
            return None;
        }
        let command = fs::read(format!("/proc/{id}/cmdline")).ok()?;
        let command = String::from_utf8_lossy(&command).replace('\0', " ");
        Some(Self { id, parent: fields.get(1)?.parse().ok()?, began: fields.get(19)?.parse().ok()?, command })
    }

    fn carries(&self, mark: &str) -> bool {
        let environment = fs::read(format!("/proc/{}/environ", self.id)).unwrap_or_default();
        self.command.contains(mark) || String::from_utf8_lossy(&environment).contains(mark)
    }
}

/// Living processes that carry `mark`, and those that descend from one.
pub(crate) fn marked(mark: &str) -> Vec<Process> {
    let all: Vec<Process> = fs::read_dir("/proc")
        .expect("processes can be listed")
        .filter_map(|entry| Process::read(entry.ok()?.file_name().to_str()?.parse().ok()?))
        .collect();
    let mut family: BTreeSet<u32> =
        all.iter().filter(|process| process.carries(mark)).map(|process| process.id).collect();
    loop {
        let before = family.len();
        let children = all.iter().filter(|process| family.contains(&process.parent)).map(|process| process.id);
        family.extend(children.collect::<Vec<_>>());
        if family.len() == before {
            return all.into_iter().filter(|process| family.contains(&process.id)).collect();
        }
    }
}

/// Waits until something has happened.
pub(crate) fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !happened() {
        assert!(begin.elapsed() < PATIENCE, "waited in vain until {what}");
        sleep(LOOK_AGAIN);
    }
}
