//! `flowcheck bridge`: what flowcheck starts in an app's own network; not for people.

use std::path::PathBuf;

use super::main::complain;
use crate::cli::{Exit, screen};
use crate::gateway::parse_inner_bridge;

/// Serves until it is ended with the app.
pub(super) async fn bridge(folder: PathBuf, ports: &str, addresses: &str) -> Exit {
    let Some(bridge) = parse_inner_bridge(folder, ports, addresses) else {
        return complain(Exit::Usage, "`bridge` is flowcheck's own, and takes a folder, ports and addresses");
    };
    match bridge.serve_inside().await {
        Ok(tasks) => {
            screen::say("ready");
            tasks.join_all().await;
            Exit::Good
        }
        Err(error) => complain(Exit::Environment, &format!("could not bridge the app's network: {error}")),
    }
}
