//! The thread that commits.

use std::sync::mpsc::{Receiver, channel};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::watch;

use crate::store::change_log::ChangeLog;
use crate::store::change_log::{Group, Progress};

/// Groups that one commit takes at most, so that the first of them does not wait for ever.
const TOGETHER: usize = 512;

/// Begins to write to a file, and returns what to note changes in.
pub(crate) fn start(connection: Connection) -> std::io::Result<ChangeLog> {
    let (to, groups) = channel();
    let (progress, watched) = watch::channel(Progress::default());
    std::thread::Builder::new().name("state file".to_owned()).spawn(move || write(connection, &groups, &progress))?;
    Ok(ChangeLog::new(to, watched))
}

/// Commits until nobody hands over any more, or the file takes no more.
fn write(mut connection: Connection, groups: &Receiver<Group>, progress: &watch::Sender<Progress>) {
    while let Ok(first) = groups.recv() {
        let mut batch = vec![first];
        batch.extend(groups.try_iter().take(TOGETHER - 1));
        let last = batch.last().map_or(0, |group| group.number);
        match commit(&mut connection, &batch) {
            Ok(()) => drop(progress.send_replace(Progress { committed: last, failed: None })),
            Err(error) => {
                // What was committed before stays good; nothing after it is answered.
                progress.send_modify(|progress| progress.failed = Some(error.to_string()));
                return;
            }
        }
    }
    // A file that cannot be tidied up is tidied up when it is opened next.
    let _ = connection.close();
}

fn commit(connection: &mut Connection, batch: &[Group]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for change in batch.iter().flat_map(|group| &group.changes) {
        change.write(&transaction)?;
    }
    transaction.commit()
}
