//! The resources to release, and the lines by which the pipe carries them: one JSON document each.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A resource that must not outlive flowcheck.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// A process group, by its id.
    ProcessGroup(i32),
    /// What is being started, by the value of its variable [`STARTED_AS`](super::STARTED_AS): it is killed.
    Starting(String),
    /// A process, by its id: it is asked to end.
    Process(i32),
    /// A temporary folder and its contents.
    Folder(PathBuf),
    /// A session at a remote WebDriver end.
    Session {
        /// Base URL of the WebDriver end, with credentials where it needs them.
        remote_end: String,
        /// The session's id.
        id: String,
    },
    /// A session that was requested and may be created after flowcheck has ended.
    PendingSession {
        /// Base URL of the WebDriver end, with credentials where it needs them.
        remote_end: String,
        /// The session's name.
        name: String,
    },
}

/// A line: adds a resource to the list, or removes it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) number: u64,
    /// None removes it.
    pub(super) hold: Option<Resource>,
}

/// Reads until the other end of the pipe is closed, and returns what is on the list then, in the order of registration.
pub fn leftover_resources(pipe: impl BufRead) -> Vec<Resource> {
    let mut list = BTreeMap::new();
    // A line cut off by the end of its writer is ignored.
    for line in pipe.lines().map_while(Result::ok).filter_map(|line| serde_json::from_str::<Line>(&line).ok()) {
        match line.hold {
            Some(resource) => list.insert(line.number, resource),
            None => list.remove(&line.number),
        };
    }
    list.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_that_were_not_removed_from_the_list_are_left_over() {
        let said = concat!(
            r#"{"number":1,"hold":{"folder":"/tmp/a"}}"#,
            "\n",
            r#"{"number":2,"hold":{"process_group":77}}"#,
            "\n",
            r#"{"number":3,"hold":{"session":{"remote_end":"http://grid:4444/","id":"x"}}}"#,
            "\n",
            r#"{"number":2,"hold":null}"#,
            "\n",
            r#"{"number":4,"hold":{"gro"#,
        );
        let session = Resource::Session { remote_end: "http://grid:4444/".to_owned(), id: "x".to_owned() };
        assert_eq!(leftover_resources(said.as_bytes()), [Resource::Folder("/tmp/a".into()), session]);
    }
}
