//! `flowcheck guard`: what flowcheck starts beside itself, to end what it leaves when it is killed; not for people.

use std::path::Path;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::browser::{give_back, give_back_named};
use crate::cli::Exit;
use crate::guard::{Resource, left_by, post};

/// How often a folder is tried: those who write to it were killed a moment ago.
const TRIES: u32 = 50;
const TRY_AGAIN: Duration = Duration::from_millis(40);

/// Starts the guard of this process. Without one it runs as well, but leaves things behind when it is killed.
pub(in crate::cli) fn post_beside() {
    if let Err(error) = std::env::current_exe().and_then(|program| post(&program)) {
        tracing::warn!(%error, "there is no guard to clean up should this be killed");
    }
}

/// Waits until nobody speaks any more, and ends what is left.
pub(in crate::cli) async fn guard() -> Exit {
    // What ends flowcheck is not to end its guard too. That they are listened for is enough.
    let _deaf = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(signal);
    let left = left_by(std::io::stdin().lock());
    for charge in &left {
        if let Resource::Group(group) = charge {
            // An error only says that the group is gone already.
            let _ = killpg(Pid::from_raw(*group), Signal::SIGKILL);
        }
    }
    let mut ending = JoinSet::new();
    for charge in left {
        ending.spawn(async move {
            // Nobody is there to be told where something cannot be ended.
            match charge {
                Resource::Group(_) => {}
                Resource::Folder(folder) => remove(&folder).await,
                Resource::Session { end, id } => drop(give_back(&end, &id).await),
                Resource::Request { end, name } => drop(give_back_named(&end, &name).await),
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
