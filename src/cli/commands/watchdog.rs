//! `flowcheck watchdog`: what flowcheck starts beside itself, to end what it leaves when it is killed; not for people.

use std::path::Path;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::browser::{give_back, give_back_named};
use crate::cli::Exit;
use crate::watchdog::{Resource, leftover_resources, spawn};

/// How often a folder is tried: those who write to it were killed a moment ago.
const TRIES: u32 = 50;
const TRY_AGAIN: Duration = Duration::from_millis(40);

/// Starts the watchdog of this process. Without one it runs as well, but leaves things behind when it is killed.
pub(super) fn spawn_watchdog() {
    if let Err(error) = std::env::current_exe().and_then(|program| spawn(&program)) {
        tracing::warn!(%error, "there is no watchdog to clean up should this be killed");
    }
}

/// Waits until nobody speaks any more, and ends what is left.
pub(super) async fn watchdog() -> Exit {
    // What ends flowcheck is not to end its watchdog too. That they are listened for is enough.
    let _deaf = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(signal);
    let left = leftover_resources(std::io::stdin().lock());
    for resource in &left {
        if let Resource::ProcessGroup(group) = resource {
            // An error only says that the group is gone already.
            let _ = killpg(Pid::from_raw(*group), Signal::SIGKILL);
        }
    }
    let mut ending = JoinSet::new();
    for resource in left {
        ending.spawn(async move {
            // Nobody is there to be told where something cannot be ended.
            match resource {
                Resource::ProcessGroup(_) => {}
                Resource::Folder(folder) => remove(&folder).await,
                Resource::Session { remote_end, id } => drop(give_back(&remote_end, &id).await),
                Resource::PendingSession { remote_end, name } => drop(give_back_named(&remote_end, &name).await),
            }
        });
    }
    ending.join_all().await;
    Exit::Good
}

async fn remove(folder: &Path) {
    for _ in 0..TRIES {
        if std::fs::remove_dir_all(folder).is_ok() || !folder.exists() {
            return;
        }
        sleep(TRY_AGAIN).await;
    }
}
