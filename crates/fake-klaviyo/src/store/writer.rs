//! The thread that commits changes to the state file.

use std::sync::mpsc::{Receiver, channel};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::watch;

use crate::store::change_log::ChangeLog;
use crate::store::change_log::{Group, Progress};

/// Maximum number of groups in one commit, so that the first of them does not wait for long.
const MAX_GROUPS: usize = 512;

/// Starts the writer thread, and returns the log that feeds it.
pub(crate) fn start(connection: Connection) -> std::io::Result<ChangeLog> {
    let (to, groups) = channel();
    let (progress, watched) = watch::channel(Progress::default());
    std::thread::Builder::new().name("state file".to_owned()).spawn(move || write(connection, &groups, &progress))?;
    Ok(ChangeLog::new(to, watched))
}

/// Commits until the log is closed or a commit fails.
fn write(mut connection: Connection, groups: &Receiver<Group>, progress: &watch::Sender<Progress>) {
    while let Ok(first) = groups.recv() {
        let mut batch = vec![first];
        batch.extend(groups.try_iter().take(MAX_GROUPS - 1));
        let last = batch.last().map_or(0, |group| group.number);
        match commit(&mut connection, &batch) {
            Ok(()) => drop(progress.send_replace(Progress { committed: last, failed: None })),
            Err(error) => {
                // Earlier commits stay valid; no later change is reported as committed.
                progress.send_modify(|progress| progress.failed = Some(error.to_string()));
                return;
            }
        }
    }
    // A write-ahead log that is left behind is merged when the file is opened next.
    let _ = connection.close();
}

fn commit(connection: &mut Connection, batch: &[Group]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for change in batch.iter().flat_map(|group| &group.changes) {
        change.write(&transaction)?;
    }
    transaction.commit()
}
