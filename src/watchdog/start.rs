//! Processes that do not outlive flowcheck, whenever it is killed: even between their start and the note of their id.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::process::{Child, Command};

use super::cleanup_guard::{CleanupGuard, register};
use super::resource::Resource;

/// A variable of what flowcheck starts. While the id is not known yet, the watchdog finds it by that.
pub const STARTED_AS: &str = "FLOWCHECK_STARTED_AS";

static NEXT: AtomicU64 = AtomicU64::new(0);

/// Starts a process, on the watchdog's list from before it runs. `held_as` says what its id is to be on the list as.
pub fn start(
    command: &mut Command,
    held_as: impl FnOnce(i32) -> Resource,
) -> io::Result<(Child, Option<CleanupGuard>)> {
    let mark = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let starting = register(Resource::Starting(mark.clone()));
    let child = command.env(STARTED_AS, mark).spawn()?;
    let held = child.id().and_then(|id| i32::try_from(id).ok()).map(|id| register(held_as(id)));
    drop(starting);
    Ok((child, held))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::Duration;

    use super::*;
    use crate::watchdog::spawn;

    #[tokio::test]
    async fn a_process_is_on_the_list_before_it_runs_and_until_it_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let (script, list) = (folder.path().join("watchdog"), folder.path().join("list"));
        fs::write(&script, format!("#!/bin/sh\nexec cat >{}\n", list.display())).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
        spawn(&script).unwrap();
        let mut echo = Command::new("sh");
        echo.args(["-c", &format!("echo ${STARTED_AS}")]).stdout(std::process::Stdio::piped()).kill_on_drop(true);
        let (child, held) = start(&mut echo, Resource::Process).unwrap();
        let id = child.id().unwrap();
        let output = child.wait_with_output().await.unwrap();
        drop(held);
        let mark = String::from_utf8(output.stdout).unwrap();
        let starting = format!("\"hold\":{{\"starting\":\"{}\"}}", mark.trim());
        let process = format!("\"hold\":{{\"process\":{id}}}");
        let told = async {
            loop {
                let text = fs::read_to_string(&list).unwrap_or_default();
                let lines: Vec<&str> = text.lines().collect();
                let at = |wanted: &str| lines.iter().position(|line| line.contains(wanted));
                let removed = lines.iter().filter(|line| line.contains("\"hold\":null")).count();
                if let (Some(starting), Some(process)) = (at(&starting), at(&process))
                    && removed >= 2
                {
                    return starting < process;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let in_order = tokio::time::timeout(Duration::from_secs(20), told).await.expect("the watchdog is told of it");
        assert!(in_order);
    }
}
