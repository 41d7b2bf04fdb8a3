//! `flowcheck bridge`: what flowcheck starts in an app's own network; not for people.

use std::path::PathBuf;

use crate::cli::Exit;
use crate::cli::commands::main::complain;
use crate::cli::terminal::console;
use crate::gateway::inner_end;

/// Serves until it is ended with the app.
pub(in crate::cli) async fn bridge(folder: PathBuf, ports: &str, addresses: &str) -> Exit {
    let Some(bridge) = inner_end(folder, ports, addresses) else {
        return complain(Exit::Usage, "`bridge` is flowcheck's own, and takes a folder, ports and addresses");
    };
    match bridge.serve_inside().await {
        Ok(tasks) => {
            console::print_line("ready");
            tasks.join_all().await;
            Exit::Good
        }
        Err(error) => complain(Exit::Environment, &format!("could not bridge the app's network: {error}")),
    }
}
