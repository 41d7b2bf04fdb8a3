//! `flowcheck watchdog`, hidden: a process that flowcheck starts to release its resources in case it is killed.

use std::path::Path;
use std::time::Duration;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::app::remove_shared_memory;
use crate::browser::{give_back, give_back_named};
use crate::cli::Exit;
use crate::watchdog::{Resource, STARTED_AS, leftover_resources, spawn};

/// How often removing a folder is tried: the processes that write to it were killed a moment ago.
const TRIES: u32 = 50;
/// How often what was being started is looked for.
const LOOKS: u32 = 5;
const TRY_AGAIN: Duration = Duration::from_millis(40);

/// Starts this process's watchdog. Without one flowcheck still runs, but leaves processes and folders behind when it is killed.
pub(in crate::cli) fn spawn_watchdog() {
    if let Err(error) = std::env::current_exe().and_then(|program| spawn(&program)) {
        tracing::warn!(%error, "the watchdog could not be started; if flowcheck is killed, processes and temporary folders stay behind");
    }
}

/// Waits until flowcheck has ended, and releases what is left.
pub(in crate::cli) async fn watchdog() -> Exit {
    // Signals that end flowcheck must not end its watchdog; a handler, even one that is never read, replaces the default action.
    let _deaf = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(signal);
    let left = leftover_resources(std::io::stdin().lock());
    for resource in &left {
        // An error only says that it is gone already.
        let _ = match resource {
            Resource::ProcessGroup(group) => {
                let group = Pid::from_raw(*group);
                killpg(group, Signal::SIGKILL).inspect(|()| remove_shared_memory(group))
            }
            Resource::Process(id) => kill(Pid::from_raw(*id), Signal::SIGTERM),
            _ => Ok(()),
        };
    }
    let mut ending = JoinSet::new();
    for resource in left {
        ending.spawn(async move {
            // There is no one to report errors to.
            match resource {
                Resource::ProcessGroup(_) | Resource::Process(_) => {}
                Resource::Folder(folder) => remove(&folder).await,
                Resource::Session { remote_end, id } => drop(give_back(&remote_end, &id).await),
                Resource::Starting(mark) => end_started_as(&mark).await,
                Resource::PendingSession { remote_end, name } => drop(give_back_named(&remote_end, &name).await),
            }
        });
    }
    ending.join_all().await;
    Exit::Good
}

/// Kills what was being started. A few times: it may not have its own environment yet, and start others.
async fn end_started_as(mark: &str) {
    let variable = format!("{STARTED_AS}={mark}");
    for _ in 0..LOOKS {
        for id in processes() {
            // Another user's cannot be read, and is not flowcheck's.
            let environment = std::fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
            if environment.split(|byte| *byte == 0).any(|one| one == variable.as_bytes()) {
                let _ = kill(Pid::from_raw(id), Signal::SIGKILL);
            }
        }
        sleep(TRY_AGAIN).await;
    }
}

/// The ids of all processes; none on a system without `/proc`.
fn processes() -> impl Iterator<Item = i32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

async fn remove(folder: &Path) {
    for _ in 0..TRIES {
        if std::fs::remove_dir_all(folder).is_ok() || !folder.exists() {
            return;
        }
        sleep(TRY_AGAIN).await;
    }
}
