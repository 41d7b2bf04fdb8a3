//! `flowcheck bridge`: what flowcheck starts in an app's own network; not for people.

use std::path::PathBuf;

use crate::cli::Exit;
use crate::cli::command_error::CommandError;
use crate::cli::terminal::console;
use crate::gateway::parse_inner_bridge;

/// Serves until it is ended with the app.
pub(in crate::cli) async fn bridge(folder: PathBuf, ports: &str, addresses: &str) -> Result<Exit, CommandError> {
    let bridge = parse_inner_bridge(folder, ports, addresses)
        .ok_or_else(|| CommandError::usage("`bridge` is flowcheck's own, and takes a folder, ports and addresses"))?;
    let tasks = bridge
        .serve_inside()
        .await
        .map_err(|error| CommandError::environment(format!("could not bridge the app's network: {error}")))?;
    console::print_line("ready");
    tasks.join_all().await;
    Ok(Exit::Good)
}
